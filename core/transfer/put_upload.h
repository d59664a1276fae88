// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// PutUpload: one file by one PUT to a web server, under a name that was free.

#include "core/transfer/destination.h"
#include "core/transfer/part_grid.h"

namespace sendoff::transfer {

// The server's folder. A value; `net` outlives every use.
struct PutFolder {
    net::Net *net = nullptr;
    QString name; // in sentences
    QUrl url;
    QByteArray authorization; // "Basic …"; empty = none
    net::TrustPolicy trust;
    QByteArray limitGroup; // net::HttpRequest::limitGroup
    std::chrono::milliseconds stallTimeout{30'000};
};

class PutUpload final : public UploadSession {
public:
    // Under the first name of name, “name (2)”, … that the server does not have.
    static QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    create(PutFolder folder, UploadTarget target, std::stop_token stop);
    // Of resumeState(). UploadExpired where the server has nothing of it.
    static QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    restore(PutFolder folder, UploadTarget target, QJsonObject state, std::stop_token stop);
    static QCoro::Task<Result<bool>> isComplete(PutFolder folder, QJsonObject state, qint64 size,
                                                std::stop_token stop);

    const ByteRanges &confirmed() const override { return m_confirmed; }
    const PartGrid *grid() const override { return &m_grid; }
    QJsonObject resumeState() const override;
    QCoro::Task<Result<void>> refresh(std::stop_token stop) override;
    QCoro::Task<Result<void>> send(PartPlan part, std::stop_token stop) override;
    QCoro::Task<Result<Delivery>> finish(qint64 size, std::stop_token stop) override;
    QCoro::Task<Result<void>> discard(std::stop_token stop) override;

private:
    PutUpload(PutFolder folder, UploadTarget target, QUrl url);

    QCoro::Task<Result<void>> put(net::RequestBody body,
                                  std::shared_ptr<net::TransferProgress> progress,
                                  std::stop_token stop);

    PutFolder m_folder;
    UploadTarget m_target;
    QUrl m_url;
    PartGrid m_grid; // one part for everything
    bool m_hasBegun = false; // something of ours may lie there
    bool m_isDiscarded = false;
    ByteRanges m_confirmed;
};

} // namespace sendoff::transfer

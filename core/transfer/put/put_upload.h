// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// PutUpload: one file by one PUT to a web server, under a name that was free.

#include "core/transfer/destination.h"
#include "core/transfer/part_grid.h"
#include "core/transfer/put/put_look.h"

namespace sendoff::transfer {

class PutUpload final : public UploadSession {
public:
    // Under the first name of name, “name (2)”, … that the server does not have.
    static QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    create(PutFolder folder, UploadTarget target, std::stop_token stop);
    // Of resumeState(). UploadExpired where the server has nothing of it, or a file that took the
    // name: that one is neither replaced nor removed.
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
    PutUpload(PutFolder folder, UploadTarget target, QUrl url, PutHead head);

    QCoro::Task<Result<void>> put(net::RequestBody body,
                                  std::shared_ptr<net::TransferProgress> progress,
                                  std::stop_token stop);

    QCoro::Task<Result<void>> readBack(qint64 size, std::stop_token stop);

    PutFolder m_folder;
    UploadTarget m_target;
    QUrl m_url;
    PutHead m_head; // what shows that a file there is ours
    PartGrid m_grid; // one part for everything
    bool m_isBlind = false; // the server shows nothing of what it has
    QString m_verifiedBy; // Delivery::verifiedBy of what was read back since the last PUT
    bool m_hasBegun = false; // something of ours may lie there
    bool m_isDiscarded = false;
    ByteRanges m_confirmed;
};

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TusUpload: one upload by tus 1.0.0, new or restored. Shared by every destination that speaks it.

#include "core/transfer/destination.h"
#include "core/transfer/tus/tus_server.h"

namespace sendoff::transfer {

class TusUpload final : public UploadSession {
public:
    // Makes a remote upload (tus: Creation). Its length is deferred where the source's is not
    // known yet. DestinationLimit before a byte is sent where the file is over `offer`'s maximum.
    static QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    create(TusServer server, TusOffer offer, UploadTarget target, std::stop_token stop);
    // Of resumeState(); asks what the server has. UploadExpired where that is nothing, or `state`
    // is none of ours.
    static QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    restore(TusServer server, TusOffer offer, UploadTarget target, QJsonObject state,
            std::stop_token stop);
    // False where the server does not know it any more.
    static QCoro::Task<Result<bool>> isComplete(TusServer server, QJsonObject state, qint64 size,
                                                std::stop_token stop);

    const ByteRanges &confirmed() const override { return m_confirmed; }
    const PartGrid *grid() const override { return m_order ? &*m_order : nullptr; }
    // For a destination that sends other uploads in parallel parts: this one stays in one piece,
    // with one request at a time.
    void keepInOnePiece();
    ByteRange sentByOpening() const override { return m_sentByOpening; }
    QJsonObject resumeState() const override;
    QCoro::Task<Result<void>> refresh(std::stop_token stop) override;
    QCoro::Task<Result<void>> send(PartPlan part, std::stop_token stop) override;
    QCoro::Task<Result<Delivery>> finish(qint64 size, std::stop_token stop) override;
    QCoro::Task<Result<void>> discard(std::stop_token stop) override;

private:
    TusUpload(TusServer server, TusOffer offer, UploadTarget target, QUrl url);

    QCoro::Task<Result<void>> declareLength(qint64 size, std::stop_token stop);
    Result<void> take(const net::HttpReply &reply);

    TusServer m_server;
    TusOffer m_offer;
    UploadTarget m_target;
    QUrl m_url;
    bool m_isLengthKnown = true; // to the server
    QByteArray m_expires;
    QUrl m_link;
    ByteRanges m_confirmed;
    ByteRange m_sentByOpening;
    std::optional<PartGrid> m_order; // one part of everything
    bool m_isWholeByReply = false; // the server itself said so, in this session
};

} // namespace sendoff::transfer

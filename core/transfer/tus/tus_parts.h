// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TusParts: one file by tus 1.0.0 as several partial uploads side by side, which the server puts
// together in the end (tus: Concatenation). Each is made when its bytes are there and goes on at its
// own offset. Not for: files in one piece (tus_upload.h).

#include "core/transfer/destination.h"
#include "core/transfer/tus/tus_server.h"

#include <map>

namespace sendoff::transfer {

// Smaller files are not worth the requests more.
inline constexpr qint64 tusSmallestInParts = 64 << 20;

class TusParts final : public UploadSession {
public:
    // Where the parts of a file end: as many of one size as go at once where the size is known,
    // else growing ones, so that there are not too many of them to name.
    static PartGrid gridFor(std::optional<qint64> total, int atOnce);

    // Asks nothing: the first partial upload is made with the first part.
    static Result<std::unique_ptr<UploadSession>> create(TusServer server, TusOffer offer,
                                                         UploadTarget target, int atOnce);
    // Of resumeState(); asks how much each has. Partial uploads that the server has removed are
    // sent again; UploadExpired where it has none of them, or `state` is none of ours.
    static QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    restore(TusServer server, TusOffer offer, UploadTarget target, QJsonObject state,
            std::stop_token stop);
    static bool isStateOfParts(const QJsonObject &state);
    // False where the server does not know it any more.
    static QCoro::Task<Result<bool>> isComplete(TusServer server, QJsonObject state, qint64 size,
                                                std::stop_token stop);

    const PartGrid *grid() const override { return &m_grid; }
    const ByteRanges &confirmed() const override { return m_confirmed; }
    QJsonObject resumeState() const override;
    QCoro::Task<Result<void>> refresh(std::stop_token stop) override;
    QCoro::Task<Result<void>> prepare(ByteRange part, std::stop_token stop) override;
    QCoro::Task<Result<void>> send(PartPlan part, std::stop_token stop) override;
    // tus has no way to look for the reply where it is lost: the server may then keep a second, whole
    // copy, as it may keep a second empty upload where the reply to a creation is lost.
    QCoro::Task<Result<void>> assemble(qint64 size, std::stop_token stop) override;
    QCoro::Task<Result<Delivery>> finish(qint64 size, std::stop_token stop) override;
    QCoro::Task<Result<void>> discard(std::stop_token stop) override;

private:
    enum class IfRemoved { Fail, SendAgain };
    struct Partial {
        QUrl url;
        qint64 offset = 0; // confirmed
    };
    TusParts(TusServer server, TusOffer offer, UploadTarget target, PartGrid grid);

    QCoro::Task<Result<void>> askEach(IfRemoved removed, std::stop_token stop);
    QCoro::Task<Result<void>> concatenate(qint64 size, std::stop_token stop);
    QCoro::Task<Result<void>> checkWhole(qint64 size, std::stop_token stop);
    ByteRange rangeOf(int index) const;
    void confirmAll();

    TusServer m_server;
    TusOffer m_offer;
    UploadTarget m_target;
    PartGrid m_grid;
    std::map<int, Partial> m_partials; // by their place in the grid
    QUrl m_final; // empty until they were put together
    ByteRanges m_confirmed;
};

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/tus/tus_parts.h"

#include "core/transfer/tus/tus_bytes.h"
#include "core/transfer/tus/tus_creation.h"
#include "core/tus/tus.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace sendoff::transfer {

namespace {

constexpr qint64 mebi = 1 << 20;
constexpr std::chrono::minutes slowestConcatenation{30}; // of some hundred GB, copied by the server
constexpr auto protocolName = "tus-parts";

Error partsForgotten(const TusServer &server, const QString &detail)
{
    return Error(ErrorKind::UploadExpired, detail).with(argument::destination, server.name);
}

Error partsMismatch(const TusServer &server, const QString &detail, const QString &reason)
{
    return Error(ErrorKind::UploadMismatch, detail, RetryAdvice::backoff())
        .with(argument::destination, server.name)
        .with(argument::reason, reason);
}

} // namespace

PartGrid TusParts::gridFor(std::optional<qint64> total, int atOnce)
{
    if (total) {
        const qint64 each = (*total + atOnce - 1) / atOnce;
        return PartGrid::equal(std::max(mebi, (each + mebi - 1) / mebi * mebi)).goingOnInside();
    }
    constexpr int alike = 8;
    return PartGrid({{alike, 64 * mebi}, {alike, 256 * mebi}, {alike, 1024 * mebi}, {1, 8192 * mebi}})
        .goingOnInside();
}

TusParts::TusParts(TusServer server, TusOffer offer, UploadTarget target, PartGrid grid)
    : m_server(std::move(server))
    , m_offer(std::move(offer))
    , m_target(std::move(target))
    , m_grid(std::move(grid))
{
}

Result<std::unique_ptr<UploadSession>> TusParts::create(TusServer server, TusOffer offer,
                                                        UploadTarget target, int atOnce)
{
    const auto total = target.source->state().total;
    SO_TRY_VOID(tusCheckSize(server, offer, total));
    SO_TRY_VOID(tusMetadata(target)); // before a byte is sent
    return std::unique_ptr<UploadSession>(new TusParts(std::move(server), std::move(offer),
                                                       std::move(target), gridFor(total, atOnce)));
}

bool TusParts::isStateOfParts(const QJsonObject &state)
{
    return state[u"protocol"].toString() == QLatin1StringView(protocolName);
}

QCoro::Task<Result<std::unique_ptr<UploadSession>>>
TusParts::restore(TusServer server, TusOffer offer, UploadTarget target, QJsonObject state,
                  std::stop_token stop)
{
    const auto grid = PartGrid::fromJson(state[u"grid"].toArray());
    if (!isStateOfParts(state) || !grid)
        co_return failure(
            partsForgotten(server, QStringLiteral("the stored upload is not one of this server")));
    std::unique_ptr<TusParts> upload(new TusParts(std::move(server), std::move(offer),
                                                  std::move(target), grid->goingOnInside()));
    const QJsonObject parts = state[u"parts"].toObject();
    for (auto it = parts.begin(); it != parts.end(); ++it) {
        bool isNumber = false;
        const int index = it.key().toInt(&isNumber);
        const auto url = tusUploadUrl(upload->m_server, it.value());
        if (!isNumber || index < 0 || !url)
            co_return failure(partsForgotten(
                upload->m_server, QStringLiteral("the stored upload is not one of this server")));
        upload->m_partials[index].url = *url;
    }
    upload->m_final = tusUploadUrl(upload->m_server, state[u"final"]).value_or(QUrl());
    SO_CO_TRY_VOID(co_await upload->askEach(IfRemoved::SendAgain, stop));
    co_return std::unique_ptr<UploadSession>(std::move(upload));
}

QCoro::Task<Result<bool>> TusParts::isComplete(TusServer server, QJsonObject state, qint64 size,
                                               std::stop_token stop)
{
    return tusIsWhole(std::move(server), state[u"final"], size, std::move(stop));
}

QJsonObject TusParts::resumeState() const
{
    QJsonObject parts;
    for (const auto &[index, partial] : m_partials)
        parts.insert(QString::number(index), partial.url.toString(QUrl::FullyEncoded));
    QJsonObject state{{QStringLiteral("protocol"), QLatin1StringView(protocolName)},
                      {QStringLiteral("grid"), m_grid.toJson()},
                      {QStringLiteral("parts"), parts}};
    if (!m_final.isEmpty())
        state.insert(QStringLiteral("final"), m_final.toString(QUrl::FullyEncoded));
    return state;
}

ByteRange TusParts::rangeOf(int index) const
{
    return m_grid.part(index, m_target.source->state().total);
}

void TusParts::confirmAll()
{
    m_confirmed = {};
    for (const auto &[index, partial] : m_partials) {
        const qint64 begin = rangeOf(index).begin;
        m_confirmed.add(ByteRange{begin, begin + partial.offset});
    }
}

QCoro::Task<Result<void>> TusParts::refresh(std::stop_token stop)
{
    return askEach(IfRemoved::Fail, std::move(stop));
}

QCoro::Task<Result<void>> TusParts::askEach(IfRemoved removed, std::stop_token stop)
{
    const auto total = m_target.source->state().total;
    if (!m_final.isEmpty()) { // the partial ones may be gone by now
        auto asking = tusAskStatus(m_server, m_final, stop);
        SO_CO_TRY(const TusStatus status, co_await std::move(asking));
        m_confirmed = ByteRanges::upTo(status.length.value_or(status.offset));
        co_return Result<void>();
    }
    std::map<int, Partial> there;
    for (auto &[index, partial] : m_partials) {
        auto asking = tusAskStatus(m_server, partial.url, stop);
        const auto status = co_await std::move(asking);
        const bool isRemoved = !status && status.error().kind == ErrorKind::UploadExpired;
        if (isRemoved && removed == IfRemoved::SendAgain)
            continue;
        if (!status)
            co_return failure(status.error());
        // Another length than the part's: what is there is not a part of this file.
        const ByteRange range = rangeOf(index);
        const bool isOther = total && (range.isEmpty() || status->length.value_or(-1) != range.size());
        if (isOther)
            co_return failure(partsForgotten(
                m_server, QStringLiteral("Upload-Length %1 instead of %2")
                              .arg(status->length.value_or(-1))
                              .arg(range.size())));
        partial.offset = status->offset;
        there.insert({index, partial});
    }
    if (there.empty() && !m_partials.empty())
        co_return failure(partsForgotten(m_server, QStringLiteral("none of its parts is there")));
    m_partials = std::move(there);
    confirmAll();
    co_return Result<void>();
}

QCoro::Task<Result<void>> TusParts::prepare(ByteRange part, std::stop_token stop)
{
    const int index = m_grid.indexAt(part.begin);
    if (m_partials.contains(index))
        co_return Result<void>();
    auto request = tusCreationRequest(m_server);
    request.headers.append(net::Header(tus::header::uploadConcat, "partial"));
    request.headers.append(
        net::Header(tus::header::uploadLength, QByteArray::number(rangeOf(index).size())));
    auto creating = tusCreate(m_server, std::move(request), stop);
    SO_CO_TRY(TusCreated created, co_await std::move(creating));
    m_partials[index].url = std::move(created.url);
    co_return Result<void>();
}

QCoro::Task<Result<void>> TusParts::send(PartPlan part, std::stop_token stop)
{
    const int index = m_grid.indexAt(part.range.begin);
    const qint64 begin = rangeOf(index).begin;
    TusBytes bytes;
    bytes.upload = m_partials[index].url;
    bytes.offset = part.range.begin - begin;
    bytes.range = part.range;
    bytes.source = m_target.source;
    bytes.progress = part.progress;
    auto sending = tusSendBytes(m_server, m_offer.checksum, std::move(bytes), stop);
    SO_CO_TRY(const net::HttpReply reply, co_await std::move(sending));
    SO_CO_TRY(const auto offset, tusOffset(m_server, reply));
    if (!offset) // whoever answered so, the server is asked what it has
        co_return failure(partsMismatch(m_server, QStringLiteral("a reply without Upload-Offset"),
                                        QStringLiteral("it does not say how much it has")));
    m_partials[index].offset = *offset;
    confirmAll();
    co_return Result<void>();
}

// tus: Concatenation, “final”.
QCoro::Task<Result<void>> TusParts::concatenate(qint64 size, std::stop_token stop)
{
    SO_CO_TRY(QByteArray metadata, tusMetadata(m_target));
    auto request = tusCreationRequest(m_server);
    // It may copy all of it, without a word, before it answers; asked a second time it would make a
    // second copy.
    request.totalTimeout = slowestConcatenation;
    request.stallTimeout = slowestConcatenation;
    request.headers.append(net::Header(tus::header::uploadMetadata, std::move(metadata)));
    if (size == 0) { // of no parts at all
        request.headers.append(net::Header(tus::header::uploadLength, "0"));
    } else {
        tus::Concatenation final;
        final.kind = tus::Concatenation::Kind::Final;
        for (const auto &[index, partial] : m_partials)
            final.parts.append(partial.url.toEncoded());
        request.headers.append(
            net::Header(tus::header::uploadConcat, tus::formatConcatenation(final)));
    }
    auto creating = tusCreate(m_server, std::move(request), stop);
    SO_CO_TRY(TusCreated created, co_await std::move(creating));
    m_final = std::move(created.url);
    co_return Result<void>();
}

QCoro::Task<Result<void>> TusParts::checkWhole(qint64 size, std::stop_token stop)
{
    auto asking = tusAskStatus(m_server, m_final, stop);
    SO_CO_TRY(const TusStatus status, co_await std::move(asking));
    if (status.isBeingPutTogether)
        co_return failure(
            partsMismatch(m_server, QStringLiteral("the final upload has no offset yet"),
                          QStringLiteral("it is still putting the parts together")));
    const bool isWhole = status.offset == size && status.length.value_or(size) == size;
    if (!isWhole)
        co_return failure(partsMismatch(m_server,
                                        QStringLiteral("offset %1 of %2 after the parts were put "
                                                       "together")
                                            .arg(status.offset)
                                            .arg(size),
                                        QStringLiteral("it does not have all of it")));
    co_return Result<void>();
}

QCoro::Task<Result<void>> TusParts::assemble(qint64 size, std::stop_token stop)
{
    if (!m_final.isEmpty())
        co_return Result<void>();
    if (!m_confirmed.covers({0, size}) || int(m_partials.size()) != m_grid.count(size))
        co_return failure(partsMismatch(m_server, QStringLiteral("not all parts are there"),
                                        QStringLiteral("it does not have all of it")));
    co_return co_await concatenate(size, stop);
}

QCoro::Task<Result<Delivery>> TusParts::finish(qint64 size, std::stop_token stop)
{
    SO_CO_TRY_VOID(co_await checkWhole(size, stop));
    Delivery delivery;
    delivery.link = m_final;
    delivery.verifiedBy = QStringLiteral("offset");
    co_return delivery;
}

// tus: Termination, of all of them; the first error is told.
QCoro::Task<Result<void>> TusParts::discard(std::stop_token stop)
{
    Result<void> outcome;
    std::vector<QUrl> urls;
    for (const auto &[index, partial] : m_partials)
        urls.push_back(partial.url);
    if (!m_final.isEmpty())
        urls.push_back(m_final);
    for (const QUrl &url : urls) {
        auto removing = tusTerminate(m_server, url, stop);
        auto removed = co_await std::move(removing);
        if (!removed && outcome)
            outcome = std::move(removed);
    }
    co_return outcome;
}

} // namespace sendoff::transfer

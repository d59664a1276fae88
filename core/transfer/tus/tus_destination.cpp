// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/tus/tus_destination.h"

#include "core/transfer/server_memory.h"
#include "core/transfer/tus/tus_parts.h"
#include "core/transfer/tus/tus_upload.h"

#include <utility>

namespace sendoff::transfer {

namespace {

constexpr qint64 largestCheckedPart = 64 << 20;

} // namespace

TusDestination::TusDestination(DestinationConfig config, TusServer server, Capabilities known)
    : m_config(std::move(config))
    , m_server(std::move(server))
    , m_known(std::move(known))
{
}

QCoro::Task<Result<TusOffer>> TusDestination::askOffer(std::stop_token stop)
{
    if (m_server.memory) {
        if (auto offer = m_server.memory->tusOffers.find(m_server))
            co_return *std::move(offer);
    }
    auto asking = tusAskOffer(m_server, stop);
    auto offer = co_await std::move(asking);
    if (offer && m_server.memory)
        m_server.memory->tusOffers.note(m_server, *offer);
    co_return offer;
}

QCoro::Task<Result<Capabilities>> TusDestination::capabilities(std::stop_token stop)
{
    auto asking = askOffer(stop);
    SO_CO_TRY(m_offer, co_await std::move(asking));
    if (!m_server.sendsChecksums)
        m_offer.checksum.clear();
    Capabilities capabilities = m_known;
    capabilities.needsLengthFirst = !m_offer.canDeferLength;
    capabilities.maximumSize = m_offer.maximumSize;
    if (!m_offer.checksum.isEmpty()) {
        // A part is read for its checksum first, and what breaks of it is lost as a whole.
        capabilities.checksum = QString::fromLatin1(m_offer.checksum);
        capabilities.maximumPart = largestCheckedPart;
    }
    if (sendsParts()) {
        capabilities.takesAnyOrder = true;
        capabilities.partsAtOnce = m_server.partsAtOnce;
        capabilities.needsLengthFirst = false; // the length of each part is known
    }
    co_return capabilities;
}

QCoro::Task<Result<std::unique_ptr<UploadSession>>>
TusDestination::open(UploadTarget target, QJsonObject resumeState, std::stop_token stop)
{
    if (TusParts::isStateOfParts(resumeState)) {
        auto restoring = TusParts::restore(m_server, m_offer, std::move(target),
                                           std::move(resumeState), std::move(stop));
        co_return co_await std::move(restoring);
    }
    const auto total = target.source->state().total;
    if (resumeState.isEmpty() && sendsParts() && total.value_or(tusSmallestInParts) >= tusSmallestInParts)
        co_return TusParts::create(m_server, m_offer, std::move(target), m_server.partsAtOnce);
    auto opening = openWhole(std::move(target), std::move(resumeState), std::move(stop));
    co_return co_await std::move(opening);
}

QCoro::Task<Result<std::unique_ptr<UploadSession>>>
TusDestination::openWhole(UploadTarget target, QJsonObject resumeState, std::stop_token stop)
{
    std::unique_ptr<UploadSession> session;
    if (resumeState.isEmpty()) {
        auto creating = TusUpload::create(m_server, m_offer, std::move(target), std::move(stop));
        SO_CO_TRY(session, co_await std::move(creating));
    } else {
        auto restoring = TusUpload::restore(m_server, m_offer, std::move(target),
                                            std::move(resumeState), std::move(stop));
        SO_CO_TRY(session, co_await std::move(restoring));
    }
    if (sendsParts()) // the uploader takes it for one that may go in any order
        static_cast<TusUpload &>(*session).keepInOnePiece();
    co_return session;
}

QCoro::Task<Result<bool>> TusDestination::isStillDelivered(QJsonObject resumeState, qint64 size,
                                                           std::stop_token stop)
{
    if (TusParts::isStateOfParts(resumeState))
        return TusParts::isComplete(m_server, std::move(resumeState), size, std::move(stop));
    return TusUpload::isComplete(m_server, std::move(resumeState), size, std::move(stop));
}

} // namespace sendoff::transfer

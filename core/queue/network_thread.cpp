// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/network_thread.h"

#include "core/base/posted_call.h"
#include "core/base/run_on.h"
#include "core/transfer/limits/timed_limits.h"
#include "core/transfer/net/net.h"
#include "core/transfer/server_memory.h"
#include "core/transfer/server_options.h"

#include <QThread>

namespace sendoff::queue {

namespace {

transfer::UploadPolicy policyFor(NetworkThread::Persistence persistence)
{
    transfer::UploadPolicy policy;
    policy.attemptsWithoutProgress = 6;
    if (persistence == NetworkThread::Persistence::Queue)
        policy.attemptsUnanswered = 1;
    if (persistence == NetworkThread::Persistence::Probe)
        policy.attemptsUnanswered = 0;
    return policy;
}

} // namespace

struct NetworkThread::Inside {
    net::Net net;
    transfer::TimedLimits limits{[this](const QByteArray &group, qint64 bytesPerSecond) {
        net.setUploadLimit(group, bytesPerSecond);
    }};
    activity::LoopLag lag;
    transfer::DestinationContext destinations;
    activity::Recorder *recorder = nullptr;
};

NetworkThread::NetworkThread(WorkerPool *io, activity::Recorder *recorder)
    : m_thread(std::make_unique<QThread>()), m_context(std::make_unique<QObject>())
{
    m_thread->setObjectName(QStringLiteral("network"));
    m_context->moveToThread(m_thread.get());
    m_thread->start();
    callAndWait(m_thread.get(), [this, io, recorder] {
        m_inside = std::make_unique<Inside>();
        m_inside->recorder = recorder;
        m_inside->destinations.net = &m_inside->net;
        m_inside->destinations.io = io;
        m_inside->destinations.memory = std::make_shared<transfer::ServerMemory>();
        if (recorder)
            recorder->attachThisThread(QStringLiteral("network"), activity::ThreadRole::Network);
        m_inside->lag.start();
    });
}

NetworkThread::~NetworkThread()
{
    callAndWait(m_thread.get(), [this] {
        if (m_inside->recorder)
            m_inside->recorder->detachThisThread();
        m_inside.reset();
    });
    m_thread->quit();
    m_thread->wait();
}

QCoro::Task<Result<transfer::UploadResult>> NetworkThread::upload(
    transfer::DestinationConfig config, transfer::UploadRequest request, Persistence persistence,
    std::stop_token stop)
{
    return runOn(
        m_context.get(),
        [this, config = std::move(config), request = std::move(request), persistence, stop] {
            return uploadInside(config, request, persistence, stop);
        },
        WaitReason::Network);
}

QCoro::Task<Result<transfer::UploadResult>> NetworkThread::uploadInside(
    transfer::DestinationConfig config, transfer::UploadRequest request, Persistence persistence,
    std::stop_token stop)
{
    SO_CO_TRY(const auto destination,
              transfer::createDestination(std::move(config), m_inside->destinations));
    request.io = m_inside->destinations.io;
    request.memory = m_inside->destinations.memory;
    auto sending =
        transfer::upload(destination.get(), std::move(request), policyFor(persistence), stop);
    co_return co_await std::move(sending);
}

QCoro::Task<Result<void>> NetworkThread::discard(transfer::DestinationConfig config,
                                                 QJsonObject resumeState, std::stop_token stop)
{
    return runOn(
        m_context.get(),
        [this, config = std::move(config), state = std::move(resumeState), stop] {
            return discardInside(config, state, stop);
        },
        WaitReason::Network);
}

QCoro::Task<Result<void>> NetworkThread::discardInside(transfer::DestinationConfig config,
                                                       QJsonObject resumeState,
                                                       std::stop_token stop)
{
    SO_CO_TRY(const auto destination,
              transfer::createDestination(std::move(config), m_inside->destinations));
    auto discarding = transfer::discardUpload(destination.get(), std::move(resumeState), stop);
    co_return co_await std::move(discarding);
}

QCoro::Task<Result<transfer::Capabilities>> NetworkThread::capabilities(
    transfer::DestinationConfig config, std::stop_token stop)
{
    return runOn(
        m_context.get(),
        [this, config = std::move(config), stop] { return capabilitiesInside(config, stop); },
        WaitReason::Network);
}

QCoro::Task<Result<transfer::Capabilities>> NetworkThread::capabilitiesInside(
    transfer::DestinationConfig config, std::stop_token stop)
{
    SO_CO_TRY(const auto destination,
              transfer::createDestination(std::move(config), m_inside->destinations));
    co_return co_await destination->capabilities(stop);
}

QCoro::Task<Result<bool>> NetworkThread::isStillDelivered(transfer::DestinationConfig config,
                                                          QJsonObject receipt, qint64 size,
                                                          std::stop_token stop)
{
    return runOn(
        m_context.get(),
        [this, config = std::move(config), receipt = std::move(receipt), size, stop] {
            return isStillDeliveredInside(config, receipt, size, stop);
        },
        WaitReason::Network);
}

QCoro::Task<Result<bool>> NetworkThread::isStillDeliveredInside(
    transfer::DestinationConfig config, QJsonObject receipt, qint64 size, std::stop_token stop)
{
    SO_CO_TRY(const auto destination,
              transfer::createDestination(std::move(config), m_inside->destinations));
    co_return co_await destination->isStillDelivered(std::move(receipt), size, stop);
}

QCoro::Task<Result<QList<transfer::CheckStep>>> NetworkThread::check(
    transfer::DestinationConfig config, std::stop_token stop)
{
    return runOn(
        m_context.get(),
        [this, config = std::move(config), stop] { return checkInside(config, stop); },
        WaitReason::Network);
}

QCoro::Task<Result<QList<transfer::CheckStep>>> NetworkThread::checkInside(
    transfer::DestinationConfig config, std::stop_token stop)
{
    transfer::DestinationContext context = m_inside->destinations;
    context.memory.reset(); // a check asks
    SO_CO_TRY(const auto destination, transfer::createDestination(std::move(config), context));
    auto checking = transfer::checkDestination(destination.get(), context, stop);
    co_return co_await std::move(checking);
}

QCoro::Task<Result<QList<transfer::Leftover>>> NetworkThread::leftovers(
    transfer::DestinationConfig config, std::stop_token stop)
{
    return runOn(
        m_context.get(),
        [this, config = std::move(config), stop] { return leftoversInside(config, stop); },
        WaitReason::Network);
}

QCoro::Task<Result<QList<transfer::Leftover>>> NetworkThread::leftoversInside(
    transfer::DestinationConfig config, std::stop_token stop)
{
    const QString name = config.name;
    SO_CO_TRY(const auto destination,
              transfer::createDestination(std::move(config), m_inside->destinations));
    SO_CO_TRY(const transfer::Capabilities rules, co_await destination->capabilities(stop));
    if (!rules.canListLeftovers) {
        const QString reason = QStringLiteral("it cannot list unfinished uploads; servers of its "
                                              "kind remove them by themselves");
        co_return failure(Error(ErrorKind::Refused, reason)
                              .with(argument::destination, name)
                              .with(argument::reason, reason));
    }
    co_return co_await destination->leftovers(stop);
}

QCoro::Task<Result<net::HttpReply>> NetworkThread::fetch(net::HttpRequest request,
                                                         std::stop_token stop)
{
    return runOn(
        m_context.get(),
        [this, request = std::move(request), stop] { return m_inside->net.send(request, stop); },
        WaitReason::Network);
}

void NetworkThread::setShelf(transfer::DestinationContext::Shelf shelf)
{
    postCall(m_thread.get(), [this, shelf = std::move(shelf)] {
        m_inside->destinations.shelf = shelf;
    });
}

void NetworkThread::setUploadLimit(transfer::LimitTimetable limit)
{
    postCall(m_thread.get(), [this, limit = std::move(limit)] { m_inside->limits.set({}, limit); });
}

void NetworkThread::setUploadLimit(qint64 bytesPerSecond)
{
    setUploadLimit(transfer::LimitTimetable::always(bytesPerSecond));
}

void NetworkThread::applyLiveSettings(const transfer::DestinationConfig &config)
{
    postCall(m_thread.get(), [this, name = config.name, limit = transfer::uploadLimitOf(config),
                              parts = transfer::partsAtOnceOf(config)] {
        m_inside->limits.set(name.toUtf8(), limit);
        if (parts)
            m_inside->destinations.memory->partsAtOnce.insert(name, *parts);
    });
}

activity::LagSummary NetworkThread::loopLag() const
{
    return m_inside->lag.summary();
}

} // namespace sendoff::queue

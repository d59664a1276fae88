// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/parts_in_flight.h"

#include "core/base/crash_point.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace sendoff::transfer {

PartsInFlight::PartsInFlight(std::shared_ptr<UploadProgress> shown)
    : m_shown(std::move(shown))
{
    QObject::connect(&m_timer, &QTimer::timeout, [this] { show(); });
    m_timer.setInterval(std::chrono::milliseconds(100));
}

void PartsInFlight::start(UploadSession *session, PartPlan part, std::stop_token stop)
{
    if (m_flights.empty())
        m_busySince = Clock::now();
    part.progress = std::make_shared<net::TransferProgress>();
    m_flights.push_back({part.range, part.progress});
    if (!m_timer.isActive())
        m_timer.start();
    auto flown = std::make_shared<PartPlan>(std::move(part));
    m_tasks.spawn(
        [this, session, flown](std::stop_token token) {
            return fly(session, std::move(*flown), std::move(token));
        },
        std::move(stop), currentActivity());
}

QCoro::Task<void> PartsInFlight::fly(UploadSession *session, PartPlan part, std::stop_token stop)
{
    const ByteRange range = part.range;
    const auto started = Clock::now();
    const auto counters = part.progress;
    // Either the upload or this alone is stopped.
    std::stop_source own;
    const auto end = std::function<void()>([&own] { own.request_stop(); });
    const std::stop_callback<std::function<void()>> byUpload(std::move(stop), end);
    const std::stop_callback<std::function<void()>> byStop(m_stop.get_token(), end);
    auto sending = session->send(std::move(part), own.get_token());
    auto outcome = co_await std::move(sending);
    crashPoint("upload-part-sent");
    const qint64 handedOver = std::min(range.size(), counters->handedOver.load());
    m_flights.remove_if([&counters](const Flight &flight) { return flight.counters == counters; });
    if (m_flights.empty()) {
        m_busy += Clock::now() - m_busySince;
        m_timer.stop();
    }
    m_landed.push_back({range, handedOver, Clock::now() - started, std::move(outcome)});
    show();
    m_landing.request_stop();
}

ByteRanges PartsInFlight::ranges() const
{
    ByteRanges ranges;
    for (const Flight &flight : m_flights)
        ranges.add(flight.range);
    return ranges;
}

std::vector<PartsInFlight::Landed> PartsInFlight::takeLanded()
{
    m_landing = std::stop_source();
    return std::exchange(m_landed, {});
}

PartPace::Seconds PartsInFlight::takeBusyTime()
{
    const auto now = Clock::now();
    if (!m_flights.empty())
        m_busy += now - m_busySince;
    m_busySince = now;
    return std::exchange(m_busy, PartPace::Seconds(0));
}

void PartsInFlight::show()
{
    qint64 acknowledged = 0;
    for (const Flight &flight : m_flights)
        acknowledged += flight.counters->acknowledged.load(std::memory_order_relaxed);
    m_shown->inFlight.store(acknowledged, std::memory_order_relaxed);
}

QCoro::Task<void> PartsInFlight::stop()
{
    m_stop.request_stop();
    co_await m_tasks.join();
    m_stop = std::stop_source();
}

} // namespace sendoff::transfer

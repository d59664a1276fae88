// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/destination_board.h"

#include <QDateTime>
#include <QRandomGenerator>

#include <algorithm>

namespace sendoff::queue {

namespace {

using Health = DestinationState::Health;

Health healthAfter(const Error &error)
{
    if (error.kind == ErrorKind::SignInNeeded)
        return Health::SignInNeeded;
    return error.kind == ErrorKind::DestinationFull ? Health::Full : Health::Unreachable;
}

} // namespace

WaitFor waitFor(const DestinationState &state)
{
    switch (state.health) {
    case Health::Ready:
        return WaitFor::Slot;
    case Health::SignInNeeded:
        return WaitFor::SignIn;
    case Health::Unreachable:
    case Health::Full:
        return WaitFor::Destination;
    }
    Q_UNREACHABLE();
}

bool isAboutDestination(const Error &error)
{
    switch (error.kind) {
    case ErrorKind::DestinationUnreachable:
    case ErrorKind::FolderUnreachable:
    case ErrorKind::DestinationBusy:
    case ErrorKind::DestinationTrouble:
    case ErrorKind::DestinationFull:
    case ErrorKind::SignInNeeded:
        return true;
    default:
        return error.retry.when == RetryAdvice::When::WhenDestination;
    }
}

DestinationBoard::DestinationBoard(int uploadsAtOnce, Timing timing)
    : m_uploadsAtOnce(uploadsAtOnce), m_timing(std::move(timing))
{
    if (!m_timing.delay) {
        m_timing.delay = [](std::chrono::milliseconds duration, std::stop_token stop) {
            return sleepFor(duration, std::move(stop));
        };
    }
    if (!m_timing.random)
        m_timing.random = [] { return QRandomGenerator::global()->generateDouble(); };
}

DestinationBoard::Entry &DestinationBoard::entry(const QString &place)
{
    std::unique_ptr<Entry> &entry = m_entries[place];
    if (!entry) {
        entry = std::make_unique<Entry>(m_uploadsAtOnce);
        entry->state.place = place;
    }
    return *entry;
}

SlotGate &DestinationBoard::gate(const QString &place)
{
    return entry(place).gate;
}

bool DestinationBoard::isReady(const QString &place) const
{
    const auto found = m_entries.find(place);
    return found == m_entries.end() || found->second->state.health == Health::Ready;
}

DestinationState DestinationBoard::state(const QString &place) const
{
    const auto found = m_entries.find(place);
    if (found != m_entries.end())
        return found->second->state;
    DestinationState ready;
    ready.place = place;
    return ready;
}

QList<DestinationState> DestinationBoard::states() const
{
    QList<DestinationState> states;
    for (const auto &[place, entry] : m_entries)
        states.append(entry->state);
    return states;
}

// One pause at a time for each destination: what was begun before ends.
void DestinationBoard::spawn(Entry &entry,
                             std::function<QCoro::Task<void>(std::stop_token)> start)
{
    entry.waiting.request_stop();
    entry.waiting = std::stop_source();
    if (!m_tasks.token().stop_requested())
        m_tasks.spawn(std::move(start), entry.waiting.get_token(), 0);
}

void DestinationBoard::failed(const QString &place, const Error &error)
{
    Entry &known = entry(place);
    known.state.error = error;
    if (known.isPausing)
        return; // another of its uploads, which ended later
    known.gate.setSlots(0);
    known.state.health = healthAfter(error);
    const auto pause = pauseAfter(error, known.failures++);
    known.state.nextTryMs = 0;
    known.isPausing = true;
    if (known.state.health != Health::SignInNeeded) {
        known.state.nextTryMs = QDateTime::currentMSecsSinceEpoch() + pause.count();
        spawn(known, [this, place, pause](std::stop_token stop) {
            return tryLater(place, pause, std::move(stop));
        });
    }
    Q_EMIT changed(place);
}

// Between half of first · 2ⁿ and all of it, so that many programs do not come back at the same
// instant; where the server named a time, a little after that.
std::chrono::milliseconds DestinationBoard::pauseAfter(const Error &error, int failures) const
{
    const auto backoff =
        std::min(m_timing.longest, m_timing.first * (1 << std::min(failures, 10)));
    const auto jittered = std::chrono::milliseconds(
        qint64(double(backoff.count()) * (0.5 + 0.5 * m_timing.random())));
    if (error.kind == ErrorKind::DestinationFull)
        return m_timing.longest;
    if (error.retry.when != RetryAdvice::When::At)
        return jittered;
    const auto until = std::chrono::ceil<std::chrono::milliseconds>(
        error.retry.at - std::chrono::system_clock::now());
    return std::max(until, std::chrono::milliseconds(0)) + jittered;
}

QCoro::Task<void> DestinationBoard::tryLater(QString place, std::chrono::milliseconds pause,
                                             std::stop_token stop)
{
    const bool hasPassed = co_await m_timing.delay(pause, stop);
    if (hasPassed)
        tryNow(place);
}

void DestinationBoard::tryNow(const QString &place)
{
    Entry &known = entry(place);
    if (known.state.health == Health::Ready || !known.isPausing)
        return; // one tries already
    known.isPausing = false;
    known.state.nextTryMs = 0;
    Q_EMIT changed(place);
    known.gate.setSlots(known.gate.taken() + 1);
}

void DestinationBoard::answered(const QString &place)
{
    Entry &known = entry(place);
    known.failures = 0;
    if (known.state.health == Health::Ready)
        return;
    known.state.health = Health::Ready;
    known.state.error.reset();
    known.state.nextTryMs = 0;
    known.isPausing = false;
    Q_EMIT changed(place);
    spawn(known, [this, place](std::stop_token stop) { return openUp(place, std::move(stop)); });
}

// One more at a time.
QCoro::Task<void> DestinationBoard::openUp(QString place, std::stop_token stop)
{
    SlotGate &opening = gate(place);
    int places = std::max(1, opening.taken());
    opening.setSlots(places);
    while (places < m_uploadsAtOnce) {
        const double spread = 0.5 + m_timing.random();
        const auto pause =
            std::chrono::milliseconds(qint64(double(m_timing.between.count()) * spread));
        const bool hasPassed = co_await m_timing.delay(pause, stop);
        if (!hasPassed)
            co_return;
        opening.setSlots(++places);
    }
}

void DestinationBoard::setUploadsAtOnce(int number)
{
    m_uploadsAtOnce = number;
    for (const auto &[place, known] : m_entries) {
        if (known->state.health == Health::Ready)
            known->gate.setSlots(number);
    }
}

QCoro::Task<void> DestinationBoard::close()
{
    m_tasks.cancel();
    for (const auto &[place, known] : m_entries)
        known->waiting.request_stop();
    co_await m_tasks.join();
}

} // namespace sendoff::queue

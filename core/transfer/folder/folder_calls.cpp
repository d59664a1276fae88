// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/folder/folder_calls.h"

#include <system_error>
#include <thread>

namespace sendoff::transfer {

namespace {

constexpr std::chrono::milliseconds lookInterval{100};

} // namespace

bool FolderCall::end()
{
    if (!m_isAnswered.exchange(true))
        return true;
    m_stuck->remove();
    return false;
}

bool FolderCall::giveUp()
{
    m_stuck->add(); // before the call could end and take itself off
    if (m_isAnswered.exchange(true)) {
        m_stuck->remove();
        return false;
    }
    stop.request_stop();
    return true;
}

FolderCallWatch::FolderCallWatch(std::shared_ptr<FolderCall> call, FolderPatience patience,
                                 Limit limit, std::shared_ptr<net::TransferProgress> progress,
                                 std::stop_token stop, std::function<void(bool)> givenUp)
    : m_call(std::move(call))
    , m_patience(patience)
    , m_limit(limit)
    , m_progress(std::move(progress))
    , m_stop(stop)
    , m_givenUp(std::move(givenUp))
    , m_onStop(std::move(stop), [call = m_call] { call->stop.request_stop(); })
{
    QObject::connect(&m_timer, &QTimer::timeout, [this] { look(); });
    m_timer.start(lookInterval);
}

void FolderCallWatch::look()
{
    const auto now = Clock::now();
    const qint64 moved = m_progress ? m_progress->acknowledged.load() : 0;
    if (std::exchange(m_moved, moved) != moved)
        m_movedAt = now;
    if (m_stop.stop_requested() && !m_stoppedAt)
        m_stoppedAt = now;
    const bool isStopped = m_stoppedAt && now - *m_stoppedAt >= m_patience.afterStop;
    const bool isSilent = m_limit == Limit::Silence && now - m_movedAt >= m_patience.silence;
    if (!isStopped && !isSilent)
        return;
    m_timer.stop();
    if (m_call->giveUp())
        m_givenUp(m_stoppedAt.has_value());
}

bool startFolderThread(std::function<void()> call)
{
    try {
        std::thread(std::move(call)).detach();
        return true;
    } catch (const std::system_error &) {
        return false;
    }
}

Error noThreadError()
{
    return Error(ErrorKind::OutOfMemory, QStringLiteral("no thread for a copy"));
}

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The blocking calls into a folder, each on a thread of its own. A disk or a file server that does
// not answer keeps a call for as long as it likes, in a sleep that no signal ends: in the I/O pool
// a few of those would stop the whole program. Such a call is given up and left to itself; it works
// only with what it holds. Not for: the source's file, which the I/O pool reads.

#include "core/base/file_path.h"
#include "core/base/run_on.h"
#include "core/transfer/folder/folder_error.h"
#include "core/transfer/net/http.h"

#include <QTimer>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace sendoff::transfer {

// How many calls into one folder were given up and have not ended. Any thread.
class StuckCalls {
public:
    bool any() const { return m_number > 0; }
    void add() { ++m_number; }
    void remove() { --m_number; }

private:
    std::atomic<int> m_number{0};
};

// How long a call may go on. Network thread, or that of whoever awaits.
struct FolderPatience {
    std::chrono::milliseconds afterStop{1'000};
    std::chrono::milliseconds silence{60'000}; // without an end, or a byte that went on
};

// What every call into a folder needs.
struct FolderCallContext {
    FilePath folder;
    std::shared_ptr<StuckCalls> stuck; // not null
    FolderPatience patience;
};

// Between the thread that calls and the one that awaits: who is first, the end or the giving up.
class FolderCall {
public:
    explicit FolderCall(std::shared_ptr<StuckCalls> stuck) : m_stuck(std::move(stuck)) {}

    std::stop_source stop; // what the call watches
    bool end(); // true where somebody still waits for it
    bool giveUp(); // true where it had not ended

private:
    std::shared_ptr<StuckCalls> m_stuck;
    std::atomic<bool> m_isAnswered{false};
};

// Looks after one call while it is awaited. Awaiting thread, whose event loop runs.
class FolderCallWatch {
public:
    enum class Limit {
        Silence, // as FolderPatience says
        None, // a sync may take minutes, of which nothing is seen
    };
    // `progress` may be null. `givenUp` is called where the call was, and told whether that was
    // because it was to stop.
    FolderCallWatch(std::shared_ptr<FolderCall> call, FolderPatience patience, Limit limit,
                    std::shared_ptr<net::TransferProgress> progress, std::stop_token stop,
                    std::function<void(bool isStopped)> givenUp);

private:
    using Clock = std::chrono::steady_clock;
    void look();

    std::shared_ptr<FolderCall> m_call;
    FolderPatience m_patience;
    Limit m_limit;
    std::shared_ptr<net::TransferProgress> m_progress;
    std::stop_token m_stop;
    std::function<void(bool)> m_givenUp;
    std::stop_callback<std::function<void()>> m_onStop;
    Clock::time_point m_movedAt = Clock::now();
    qint64 m_moved = 0;
    std::optional<Clock::time_point> m_stoppedAt;
    QTimer m_timer;
};

// False where there is no thread to be had.
bool startFolderThread(std::function<void()> call);
Error noThreadError();

// Runs `work`, a function of the stop token that it has to watch returning Result<T>. Cancelled
// when stopped, where it does not end in time without waiting for it; FolderUnreachable where it
// is silent for too long, or an earlier call into the folder still is.
template <typename Work>
auto callFolder(FolderCallContext context, Work work, std::stop_token stop,
                FolderCallWatch::Limit limit = FolderCallWatch::Limit::Silence,
                std::shared_ptr<net::TransferProgress> progress = {})
    -> QCoro::Task<std::invoke_result_t<Work, std::stop_token>>
{
    using Value = std::invoke_result_t<Work, std::stop_token>;
    const QString reason = QStringLiteral("it does not answer");
    if (stop.stop_requested())
        co_return failure(Error::cancelled());
    if (context.stuck->any())
        co_return failure(awayError(context.folder, reason, QStringLiteral("nor did it before")));
    auto handOver = std::make_shared<detail::HandOver<Value>>();
    auto call = std::make_shared<FolderCall>(context.stuck);
    auto held = std::make_shared<std::optional<Work>>(std::move(work));
    const bool isStarted = startFolderThread([handOver, call, held] {
        Value value = (**held)(call->stop.get_token());
        held->reset();
        if (call->end())
            handOver->deliver(std::move(value));
    });
    if (!isStarted)
        co_return failure(noThreadError());
    held.reset(); // what it holds ends on its own thread
    const auto givenUp = [handOver, reason, folder = context.folder](bool isStopped) {
        handOver->deliver(failure(isStopped ? Error::cancelled()
                                            : awayError(folder, reason, reason)));
    };
    const FolderCallWatch watch(std::move(call), context.patience, limit, std::move(progress),
                                std::move(stop), givenUp);
    auto awaiting = detail::awaitHandOver<Value>(std::move(handOver), WaitReason::Disk);
    co_return co_await std::move(awaiting);
}

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/output_feed.h"

#include "core/base/resumption.h"

#include <utility>

namespace sendoff {

namespace {

class FeedAwaiter {
public:
    using Enlist = std::function<bool(std::shared_ptr<Resumption>)>;

    FeedAwaiter(Enlist enlist, std::stop_token stop)
        : m_enlist(std::move(enlist))
        , m_stop(std::move(stop))
    {
    }
    bool await_ready() const { return m_stop.stop_requested(); }
    bool await_suspend(std::coroutine_handle<> coroutine)
    {
        const auto resumption = Resumption::create(coroutine, WaitReason::Export);
        if (!m_enlist(resumption)) {
            noteWait(WaitReason::None);
            return false; // it has changed already
        }
        resumption->postOnStop(m_stop);
        return true;
    }
    void await_resume() const {}

private:
    Enlist m_enlist;
    std::stop_token m_stop;
};

} // namespace

OutputFeed::OutputFeed(quint64 lastGeneration)
{
    m_state.generation = lastGeneration;
}

std::shared_ptr<OutputFeed> OutputFeed::ofFinishedFile(const FilePath &path, qint64 size,
                                                       QByteArray sha256, quint64 generation,
                                                       std::optional<FileIdentity> hashed)
{
    auto feed = std::make_shared<OutputFeed>(generation - 1);
    feed->begin(path, 0);
    feed->complete(size, std::move(sha256), std::move(hashed));
    return feed;
}

OutputFeed::State OutputFeed::state() const
{
    const std::lock_guard lock(m_mutex);
    return m_state;
}

void OutputFeed::begin(const FilePath &path, qint64 headReserve)
{
    change([&](State &state) {
        const quint64 generation = state.generation + 1;
        const quint64 revision = state.revision;
        state = State{};
        state.generation = generation;
        state.revision = revision;
        state.path = path;
        state.headReserve = headReserve;
    });
}

void OutputFeed::seal(ByteRange range)
{
    change([&](State &state) { state.sealed.add(range); });
}

void OutputFeed::complete(qint64 size, QByteArray sha256, std::optional<FileIdentity> hashed)
{
    change([&](State &state) {
        state.sealed = ByteRanges::upTo(size);
        state.total = size;
        state.sha256 = std::move(sha256);
        state.hashed = std::move(hashed);
    });
}

void OutputFeed::fail(Error error)
{
    change([&](State &state) { state.failed = std::move(error); });
}

QCoro::Task<Result<void>> OutputFeed::waitForMore(quint64 seen, std::stop_token stop)
{
    FeedAwaiter awaiter([this, seen](auto waiter) { return enlist(seen, std::move(waiter)); },
                        stop);
    co_await std::move(awaiter);
    if (stop.stop_requested())
        co_return failure(Error::cancelled());
    co_return Result<void>();
}

void OutputFeed::change(const std::function<void(State &)> &apply)
{
    std::vector<std::shared_ptr<Resumption>> waiters;
    {
        const std::lock_guard lock(m_mutex);
        apply(m_state);
        ++m_state.revision;
        waiters = std::exchange(m_waiters, {});
    }
    for (const auto &waiter : waiters)
        waiter->post();
}

bool OutputFeed::enlist(quint64 seen, std::shared_ptr<Resumption> waiter)
{
    const std::lock_guard lock(m_mutex);
    if (m_state.revision > seen)
        return false;
    m_waiters.push_back(std::move(waiter));
    return true;
}

} // namespace sendoff

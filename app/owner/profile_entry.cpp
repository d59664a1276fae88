// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/owner/profile_entry.h"

#include "app/exit_code.h"
#include "core/base/sleep.h"

#include <QDeadlineTimer>
#include <QLoggingCategory>

namespace sendoff::app {

namespace {

Q_LOGGING_CATEGORY(ownerLog, "sendoff.owner")

constexpr std::chrono::milliseconds betweenTries{20};

Error unusable(const Error &inUse, const QString &reason)
{
    return Error(ErrorKind::OwnerUnusable, inUse.detail)
        .with(argument::folder, inUse[argument::folder])
        .with(argument::reason,
              QStringLiteral("%1 (process %2)").arg(reason, inUse[argument::name]));
}

// One process at the door.
class Entrance {
public:
    Entrance(EntryRequest request, Output *output, std::function<void(EntryNews)> tell)
        : m_request(std::move(request)),
          m_output(output),
          m_tell(std::move(tell)),
          m_deadline(m_request.patience)
    {
    }

    QCoro::Task<Result<Entry>> enter(std::stop_token stop)
    {
        SO_CO_TRY(const Profile profile, Profile::open(m_request.profileFolder));
        while (!stop.stop_requested()) {
            auto lock = profile.lock();
            if (lock) {
                co_return Entry(ownershipOf(profile, std::move(*lock)));
            }
            if (lock.error().kind != ErrorKind::ProfileInUse)
                co_return tl::unexpected(std::move(lock).error());
            auto trying = handOverTo(profile.ownerSocket(), m_request.handOver, m_output,
                                     m_request.patience, stop);
            const HandOverResult result = co_await std::move(trying);
            const auto code = judge(result, lock.error());
            if (!code)
                co_return tl::unexpected(code.error());
            if (*code)
                co_return Entry(**code);
            co_await sleepFor(betweenTries, stop);
        }
        co_return Entry(int(ExitCode::Stopped));
    }

private:
    // A file system without sockets costs the hand-over, not the work.
    static Ownership ownershipOf(const Profile &profile, std::unique_ptr<ProcessLock> lock)
    {
        auto server = OwnerServer::listen(profile.ownerSocket());
        if (!server)
            qCWarning(ownerLog, "no socket in the profile: %s", qPrintable(server.error().detail));
        return Ownership{profile, std::move(lock),
                         server ? std::move(*server) : OwnerServer::deaf()};
    }

    // An exit code, an error, or nothing: try again.
    Result<std::optional<int>> judge(const HandOverResult &result, const Error &inUse)
    {
        if (const auto *exit = std::get_if<OwnerExit>(&result))
            return std::optional<int>(exit->code);
        if (const auto *refusal = std::get_if<OwnerRefusal>(&result)) {
            if (*refusal == OwnerRefusal::Closing)
                return ownerEnded();
            return failure(unusable(inUse, QStringLiteral("it is another version of Sendoff")));
        }
        switch (std::get<HandOverEnd>(result)) {
        case HandOverEnd::Stopped:
            m_tell(EntryNews::LeftBehind);
            return std::optional<int>(int(ExitCode::Stopped));
        case HandOverEnd::Lost:
            return ownerEnded();
        case HandOverEnd::Silent:
            return failure(unusable(inUse, QStringLiteral("it does not answer")));
        case HandOverEnd::NotTaken:
            break;
        }
        if (m_deadline.hasExpired())
            return failure(
                unusable(inUse, QStringLiteral("it takes no commands")));
        return std::optional<int>();
    }

    Result<std::optional<int>> ownerEnded()
    {
        if (m_request.ifOwnerEnds == EntryRequest::OwnerEnds::GiveUp)
            return failure(ErrorKind::OwnerGone);
        m_tell(EntryNews::OwnerEnded);
        m_deadline = QDeadlineTimer(m_request.patience);
        return std::optional<int>();
    }

    EntryRequest m_request;
    Output *m_output;
    std::function<void(EntryNews)> m_tell;
    QDeadlineTimer m_deadline;
};

} // namespace

QCoro::Task<Result<Entry>> enterProfile(EntryRequest request, Output *output,
                                        std::function<void(EntryNews)> tell, std::stop_token stop)
{
    Entrance entrance(std::move(request), output, std::move(tell));
    auto entering = entrance.enter(std::move(stop));
    co_return co_await std::move(entering);
}

} // namespace sendoff::app

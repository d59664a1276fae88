// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// BusyProgram: threads that record what Sendoff's threads record: two workers that compute without
// a break and one loop whose uploads take turns. For tests of what shows it.

#include "core/activity/recorder.h"
#include "core/activity/thread_record.h"
#include "core/base/segment_hook.h"

#include <QString>

#include <chrono>
#include <thread>
#include <vector>

namespace sendoff::test {

inline void spinFor(std::chrono::microseconds duration)
{
    const auto end = std::chrono::steady_clock::now() + duration;
    while (std::chrono::steady_clock::now() < end) {}
}

// For its lifetime the calling thread is the window's.
class AttachedWindow {
public:
    explicit AttachedWindow(activity::Recorder &recorder) : m_recorder(recorder)
    {
        m_recorder.attachThisThread(QStringLiteral("main"), activity::ThreadRole::Window);
    }
    ~AttachedWindow() { m_recorder.detachThisThread(); }
    AttachedWindow(const AttachedWindow &) = delete;
    AttachedWindow &operator=(const AttachedWindow &) = delete;

private:
    activity::Recorder &m_recorder;
};

class BusyProgram {
public:
    BusyProgram(activity::Recorder &recorder, int workers, int uploads)
    {
        for (int number = 1; number <= workers; ++number) {
            m_threads.emplace_back([&recorder, number](const std::stop_token &stop) {
                work(recorder, number, stop);
            });
        }
        m_threads.emplace_back([&recorder, uploads](const std::stop_token &stop) {
            takeTurns(recorder, uploads, stop);
        });
    }

private:
    static void work(activity::Recorder &recorder, int number, const std::stop_token &stop)
    {
        recorder.attachThisThread(QStringLiteral("export %1").arg(number),
                                  activity::ThreadRole::Worker);
        const QString title = QStringLiteral("Clip %1.mkv").arg(number);
        const ActivityId id =
            recorder.registerActivity(title, activity::ActivityRole::Export, title);
        recorder.setCodecThreads(id, 1);
        {
            const WorkSpan span(id);
            constexpr int sleepsPerSegment = 500;
            for (int sleeps = 0; !stop.stop_requested(); ++sleeps) {
                if (sleeps % sleepsPerSegment == 0)
                    noteSegment(1 + sleeps / sleepsPerSegment);
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        }
        recorder.detachThisThread();
    }

    static void takeTurns(activity::Recorder &recorder, int uploads, const std::stop_token &stop)
    {
        recorder.attachThisThread(QStringLiteral("network"), activity::ThreadRole::Network);
        std::vector<ActivityId> ids;
        for (int number = 1; number <= uploads; ++number) {
            const QString title = QStringLiteral("Upload %1.mp4").arg(number);
            ids.push_back(recorder.registerActivity(title, activity::ActivityRole::Upload, title));
        }
        while (!stop.stop_requested()) {
            const qint64 posted = monotonicNs();
            for (const ActivityId id : ids) {
                const Turn turn(id, posted);
                spinFor(std::chrono::microseconds(200));
                noteWait(WaitReason::Network);
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        recorder.detachThisThread();
    }

    std::vector<std::jthread> m_threads;
};

} // namespace sendoff::test

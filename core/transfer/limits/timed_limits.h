// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TimedLimits: has the limits of uploads change when their timetables say so, while uploads run. Not
// for: the limits themselves (net/upload_limits.h).

#include "core/transfer/limits/limit_timetable.h"

#include <QByteArray>
#include <QDateTime>
#include <QTimer>

#include <chrono>
#include <functional>
#include <map>

namespace sendoff::transfer {

// Lives on one thread, whose event loop runs.
class TimedLimits {
public:
    using Clock = std::function<QDateTime()>; // the time on the wall
    // Bytes per second of a group, as Net::setUploadLimit(); called when it is another than before.
    using Apply = std::function<void(const QByteArray &group, qint64 bytesPerSecond)>;

    // The clock is looked at so often as long as there is a timetable: a clock that is set, a
    // computer that sleeps and the change of a time zone need no more than that.
    static constexpr std::chrono::milliseconds secondly{1000};
    explicit TimedLimits(Apply apply, Clock clock = [] { return QDateTime::currentDateTime(); },
                         std::chrono::milliseconds interval = secondly);

    // At once, and from then on. An empty group is the limit over all.
    void set(const QByteArray &group, LimitTimetable timetable);

private:
    struct Limit {
        LimitTimetable timetable;
        qint64 applied = 0;
    };
    void applyAll();

    Apply m_apply;
    Clock m_clock;
    std::map<QByteArray, Limit> m_limits;
    QTimer m_timer;
};

} // namespace sendoff::transfer

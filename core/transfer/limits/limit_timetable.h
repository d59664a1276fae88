// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// LimitTimetable: how fast uploads may be at which time of the week. A plain value. Not for: acting
// on it when the time has come (timed_limits.h).

#include "core/base/result.h"

#include <QDateTime>
#include <QString>
#include <QTime>

#include <optional>
#include <vector>

namespace sendoff::transfer {

// Written as a rate alone, or as entries with commas between them, of which the first that holds
// counts; what no entry names is without a limit:
//
//   400                                     400 kB/s, always
//   08:00-18:00=1M, rest=off                1 MB/s by day
//   mon-fri 08:00-18:00=500k, sat+sun=2M, rest=off
//   fri 22:00-06:00=off, rest=1M            from Friday night into Saturday morning
//
// A rate is a number of kilobytes a second, or with k, M or G of thousands, millions or thousands
// of millions of bytes; “off” and 0 are no limit. Times are those of the clock on the wall, from
// 00:00 to 24:00, of this computer's place: a span that is skipped or lasts twice as long when the
// clocks change does so here too. A span whose end is not after its begin goes on past midnight and
// belongs to the day it begins on.
class LimitTimetable {
public:
    LimitTimetable() = default; // no limit
    static LimitTimetable always(qint64 bytesPerSecond); // 0 = no limit
    // BadUsage whose reason names what cannot be understood. Empty is no limit.
    static Result<LimitTimetable> parse(const QString &text);

    // Bytes per second at this time of this clock (a QDateTime of any zone); 0 = no limit.
    qint64 rateAt(const QDateTime &time) const;
    // The next time after `time`, in its zone, at which the rate is another; nothing where it stays
    // as it is for ever.
    std::optional<QDateTime> nextChange(const QDateTime &time) const;

    bool isAlwaysSame() const; // has no times in it
    // As parse() reads it; “off” for no limit.
    QString toText() const;
    bool operator==(const LimitTimetable &) const = default;

private:
    static constexpr int minutesPerDay = 24 * 60;
    struct Entry {
        unsigned days = 0b1111111; // bit 0 is Monday
        int begin = 0; // minutes after midnight
        int end = minutesPerDay; // up to a day later than begin
        qint64 rate = 0;
        bool operator==(const Entry &) const = default;
        bool holds(int day, int minute) const;
    };
    static Result<Entry> parseEntry(const QString &text);

    std::vector<Entry> m_entries; // the first that holds counts
};

// “500k”, “1M”, “off”: a rate in bytes per second as parse() reads it.
QString rateText(qint64 bytesPerSecond);

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/limits/limit_timetable.h"

#include "core/base/file_path.h"

#include <QStringList>

#include <algorithm>
#include <array>

namespace sendoff::transfer {

namespace {

constexpr unsigned everyDay = 0b1111111;
constexpr int daysPerWeek = 7;
constexpr int minutesPerHour = 60;
constexpr int mostEntries = 50;
constexpr double largestRate = 1e12; // bytes per second: a thousand gigabytes
constexpr std::array<QStringView, daysPerWeek> dayNames{u"mon", u"tue", u"wed", u"thu",
                                                        u"fri", u"sat", u"sun"};

tl::unexpected<Error> unreadable(const QString &reason)
{
    return failure(Error(ErrorKind::BadUsage, reason).with(argument::reason, reason));
}

QString quoted(const QString &text)
{
    return QStringLiteral("“%1”").arg(escapedText(text));
}

std::optional<qint64> parsedRate(QString text)
{
    if (text == u"off")
        return 0;
    double unit = 1000;
    switch (text.isEmpty() ? u'\0' : text.back().unicode()) {
    case u'k':
        text.chop(1);
        break;
    case u'm':
        unit = 1e6;
        text.chop(1);
        break;
    case u'g':
        unit = 1e9;
        text.chop(1);
        break;
    }
    const bool isPlain = !text.isEmpty() && std::all_of(text.cbegin(), text.cend(), [](QChar sign) {
        return (sign >= u'0' && sign <= u'9') || sign == u'.';
    });
    bool isNumber = false;
    const double rate = text.toDouble(&isNumber) * unit;
    // A limit that is too small to count would be none.
    if (!isPlain || !isNumber || rate > largestRate || (rate > 0 && rate < 1))
        return std::nullopt;
    return qint64(rate);
}

// Minutes after midnight.
std::optional<int> parsedTime(const QString &text)
{
    const QStringList parts = text.split(u':');
    const auto isNumber = [](const QString &part) {
        return !part.isEmpty() && part.size() <= 2
            && std::all_of(part.cbegin(), part.cend(),
                           [](QChar sign) { return sign >= u'0' && sign <= u'9'; });
    };
    if (parts.size() != 2 || !isNumber(parts[0]) || !isNumber(parts[1]) || parts[1].size() != 2)
        return std::nullopt;
    const int minutes = parts[0].toInt() * minutesPerHour + parts[1].toInt();
    const bool isInDay = parts[1].toInt() < minutesPerHour
        && minutes <= 24 * minutesPerHour;
    return isInDay ? std::optional(minutes) : std::nullopt;
}

int dayNamed(const QString &name)
{
    const auto found = std::find(dayNames.begin(), dayNames.end(), name);
    return found == dayNames.end() ? -1 : int(found - dayNames.begin());
}

// “mon”, “mon-fri”, “sat+sun”, “fri-mon”: a bit for each day.
std::optional<unsigned> parsedDays(const QString &text)
{
    unsigned days = 0;
    for (const QString &part : text.split(u'+')) {
        const int first = dayNamed(part.section(u'-', 0, 0));
        const int last = part.contains(u'-') ? dayNamed(part.section(u'-', 1)) : first;
        if (first < 0 || last < 0)
            return std::nullopt;
        for (int day = first;; day = (day + 1) % daysPerWeek) {
            days |= 1U << day;
            if (day == last)
                break;
        }
    }
    return days;
}

QString daysText(unsigned days)
{
    QStringList runs;
    for (int day = 0; day < daysPerWeek; ++day) {
        if (!(days & (1U << day)))
            continue;
        int last = day;
        while (last + 1 < daysPerWeek && (days & (1U << (last + 1))))
            ++last;
        runs.append(last > day ? QStringLiteral("%1-%2").arg(dayNames[day], dayNames[last])
                               : dayNames[day].toString());
        day = last;
    }
    return runs.join(u'+');
}

QString timeText(int minutes)
{
    return QStringLiteral("%1:%2")
        .arg(minutes / minutesPerHour, 2, 10, QChar(u'0'))
        .arg(minutes % minutesPerHour, 2, 10, QChar(u'0'));
}

// The instants at which a clock of the zone of `like` shows this time of that day: none, one or
// two, as the clocks change.
void appendInstants(std::vector<QDateTime> *instants, const QDateTime &like, QDate date, int minutes)
{
    constexpr int largestShift = 2 * 60 * 60; // seconds that a clock is set forward or back
    const QTime time(minutes / minutesPerHour % 24, minutes % minutesPerHour);
    const QDate day = date.addDays(minutes / (24 * minutesPerHour));
    QDateTime about = like;
    about.setDate(day);
    about.setTime(time);
    for (int shift = -largestShift; shift <= largestShift; shift += 15 * 60) {
        const QDateTime instant = about.addSecs(shift);
        if (instant.date() == day && instant.time() == time)
            instants->push_back(instant);
    }
}

// Clocks are set forward or back on a quarter of an hour: all of them in a day on which they are.
void appendClockChanges(std::vector<QDateTime> *instants, const QDateTime &midday)
{
    constexpr int quarter = 15 * 60;
    constexpr int halfDay = 12 * 60 * 60;
    if (midday.addSecs(-halfDay).offsetFromUtc() == midday.addSecs(halfDay).offsetFromUtc())
        return;
    const qint64 about = midday.toSecsSinceEpoch() / quarter * quarter;
    const QDateTime start = midday.addSecs(about - midday.toSecsSinceEpoch());
    for (int seconds = -halfDay; seconds <= halfDay; seconds += quarter)
        instants->push_back(start.addSecs(seconds));
}

} // namespace

LimitTimetable LimitTimetable::always(qint64 bytesPerSecond)
{
    LimitTimetable timetable;
    if (bytesPerSecond > 0)
        timetable.m_entries.push_back({.rate = bytesPerSecond});
    return timetable;
}

Result<LimitTimetable> LimitTimetable::parse(const QString &text)
{
    LimitTimetable timetable;
    if (text.trimmed().isEmpty())
        return timetable;
    if (!text.contains(u'=') && !text.contains(u',')) {
        const auto rate = parsedRate(text.trimmed().toLower());
        if (!rate)
            return unreadable(
                QStringLiteral("%1 is no limit: write a number of kB/s, 500k, 1.5M or off, or a "
                               "timetable as 08:00-18:00=1M,rest=off")
                    .arg(quoted(text.trimmed())));
        return always(*rate);
    }
    const QStringList parts = text.split(u',');
    if (parts.size() > mostEntries)
        return unreadable(
            QStringLiteral("a timetable has at most %1 entries").arg(mostEntries));
    for (const QString &part : parts) {
        SO_TRY(const Entry entry, parseEntry(part.simplified().toLower()));
        timetable.m_entries.push_back(entry);
    }
    return timetable;
}

Result<LimitTimetable::Entry> LimitTimetable::parseEntry(const QString &text)
{
    if (text.count(u'=') != 1)
        return unreadable(QStringLiteral("%1 must be a time and its limit, as 08:00-18:00=1M")
                              .arg(quoted(text)));
    Entry entry;
    const QString limit = text.section(u'=', 1).trimmed();
    const auto rate = parsedRate(limit);
    if (!rate)
        return unreadable(
            QStringLiteral("%1 is no limit: write a number of kB/s, 500k, 1.5M or off")
                .arg(quoted(limit)));
    entry.rate = *rate;
    const QStringList when = text.section(u'=', 0, 0).trimmed().split(u' ', Qt::SkipEmptyParts);
    if (when == QStringList(QStringLiteral("rest")))
        return entry;
    const QString span = when.isEmpty() || !when.last().contains(u':') ? QString() : when.last();
    const QString days = span.isEmpty() ? when.join(u' ') : when.mid(0, when.size() - 1).join(u' ');
    if (!days.isEmpty() || span.isEmpty()) {
        const auto known = parsedDays(days);
        if (!known)
            return unreadable(QStringLiteral("%1 is neither days, as mon-fri or sat+sun, nor a time, "
                                             "as 08:00-18:00, nor rest")
                                  .arg(quoted(days)));
        entry.days = *known;
    }
    if (span.isEmpty())
        return entry;
    const auto begin = parsedTime(span.section(u'-', 0, 0));
    const auto end = parsedTime(span.section(u'-', 1));
    if (!begin || !end || *begin == minutesPerDay)
        return unreadable(QStringLiteral("%1 is no time: write 08:00-18:00, from 00:00 to 24:00")
                              .arg(quoted(span)));
    entry.begin = *begin;
    entry.end = *end > *begin ? *end : *end + minutesPerDay;
    return entry;
}

bool LimitTimetable::Entry::holds(int day, int minute) const
{
    const int yesterday = (day + daysPerWeek - 1) % daysPerWeek;
    const bool isToday = (days & (1U << day)) && minute >= begin && minute < end;
    return isToday || ((days & (1U << yesterday)) && minute + minutesPerDay < end);
}

qint64 LimitTimetable::rateAt(const QDateTime &time) const
{
    const int day = time.date().dayOfWeek() - 1;
    const int minute = time.time().hour() * minutesPerHour + time.time().minute();
    const auto holding = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry &entry) {
        return entry.holds(day, minute);
    });
    return holding == m_entries.end() ? 0 : holding->rate;
}

std::optional<QDateTime> LimitTimetable::nextChange(const QDateTime &time) const
{
    if (isAlwaysSame())
        return std::nullopt;
    std::vector<QDateTime> instants;
    for (int days = -1; days <= daysPerWeek + 1; ++days) {
        const QDate date = time.date().addDays(days);
        appendInstants(&instants, time, date, 0);
        for (const Entry &entry : m_entries) {
            appendInstants(&instants, time, date, entry.begin);
            appendInstants(&instants, time, date, entry.end);
        }
        QDateTime midday = time;
        midday.setDate(date);
        midday.setTime(QTime(12, 0));
        appendClockChanges(&instants, midday);
    }
    std::sort(instants.begin(), instants.end());
    const qint64 now = rateAt(time);
    const auto next = std::find_if(instants.begin(), instants.end(), [&](const QDateTime &instant) {
        return instant > time && rateAt(instant) != now;
    });
    return next == instants.end() ? std::nullopt : std::optional(*next);
}

bool LimitTimetable::isAlwaysSame() const
{
    return std::all_of(m_entries.begin(), m_entries.end(), [](const Entry &entry) {
        return entry.days == everyDay && entry.end - entry.begin == minutesPerDay;
    });
}

QString LimitTimetable::toText() const
{
    if (m_entries.empty())
        return rateText(0);
    QStringList entries;
    for (const Entry &entry : m_entries) {
        QStringList when;
        if (entry.days != everyDay)
            when.append(daysText(entry.days));
        const bool isWholeDay = entry.begin == 0 && entry.end == minutesPerDay;
        if (!isWholeDay) {
            const int end = entry.end > minutesPerDay ? entry.end - minutesPerDay : entry.end;
            when.append(QStringLiteral("%1-%2").arg(timeText(entry.begin), timeText(end)));
        }
        if (when.isEmpty())
            when.append(QStringLiteral("rest"));
        entries.append(QStringLiteral("%1=%2").arg(when.join(u' '), rateText(entry.rate)));
    }
    const bool isRateAlone = m_entries.size() == 1 && isAlwaysSame();
    return isRateAlone ? rateText(m_entries.front().rate) : entries.join(QStringLiteral(", "));
}

QString rateText(qint64 bytesPerSecond)
{
    if (bytesPerSecond <= 0)
        return QStringLiteral("off");
    struct Unit {
        qint64 bytes;
        QChar sign;
    };
    for (const Unit unit : {Unit{1'000'000'000, u'G'}, Unit{1'000'000, u'M'}, Unit{1'000, u'k'}}) {
        if (bytesPerSecond % unit.bytes == 0)
            return QString::number(bytesPerSecond / unit.bytes) + unit.sign;
    }
    return QString::number(double(bytesPerSecond) / 1000, 'g', 15) + u'k';
}

} // namespace sendoff::transfer

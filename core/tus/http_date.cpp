// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tus/http_date.h"

#include <QString>

#include <algorithm>
#include <array>

namespace sendoff::tus {

namespace {

constexpr std::array<QByteArrayView, 7> dayNames{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<QByteArrayView, 7> longDayNames{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                     "Thursday", "Friday", "Saturday"};
constexpr std::array<QByteArrayView, 12> monthNames{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Takes a date apart from the left; after the first mismatch everything else mismatches too.
class DateReader {
public:
    explicit DateReader(QByteArrayView text)
        : m_rest(text)
    {
    }

    bool isGood() const { return m_isGood; }
    bool isAtEnd() const { return m_isGood && m_rest.isEmpty(); }

    void literal(QByteArrayView expected)
    {
        m_isGood = m_isGood && m_rest.startsWith(expected);
        if (m_isGood)
            m_rest = m_rest.sliced(expected.size());
    }
    // The index of the name that comes next.
    template <std::size_t Count> unsigned oneOf(const std::array<QByteArrayView, Count> &names)
    {
        const auto found = std::find_if(names.begin(), names.end(), [this](QByteArrayView name) {
            return m_rest.startsWith(name);
        });
        m_isGood = m_isGood && found != names.end();
        if (!m_isGood)
            return 0;
        m_rest = m_rest.sliced(found->size());
        return unsigned(found - names.begin());
    }
    // Exactly `digits` digits; where `mayPadWithSpace`, the first may be a space (asctime's day).
    int number(int digits, bool mayPadWithSpace = false)
    {
        m_isGood = m_isGood && m_rest.size() >= digits;
        int value = 0;
        for (int i = 0; m_isGood && i < digits; ++i) {
            const char character = m_rest[i];
            const bool isPadding = i == 0 && mayPadWithSpace && character == ' ';
            m_isGood = isPadding || (character >= '0' && character <= '9');
            value = value * 10 + (isPadding ? 0 : character - '0');
        }
        if (m_isGood)
            m_rest = m_rest.sliced(digits);
        return value;
    }
    std::chrono::seconds timeOfDay()
    {
        const int hour = number(2);
        literal(":");
        const int minute = number(2);
        literal(":");
        const int second = number(2);
        m_isGood = m_isGood && hour < 24 && minute < 60 && second <= 60; // 60: a leap second
        return std::chrono::hours(hour) + std::chrono::minutes(minute)
            + std::chrono::seconds(second);
    }

private:
    QByteArrayView m_rest;
    bool m_isGood = true;
};

std::optional<std::chrono::sys_seconds> assembled(const DateReader &reader, int year,
                                                  unsigned monthIndex, int day,
                                                  std::chrono::seconds time)
{
    if (!reader.isAtEnd())
        return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(year),
                                           std::chrono::month(monthIndex + 1),
                                           std::chrono::day(unsigned(day)));
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days(date) + time;
}

std::optional<std::chrono::sys_seconds> parseFixdate(QByteArrayView text)
{
    DateReader reader(text);
    reader.oneOf(dayNames);
    reader.literal(", ");
    const int day = reader.number(2);
    reader.literal(" ");
    const unsigned month = reader.oneOf(monthNames);
    reader.literal(" ");
    const int year = reader.number(4);
    reader.literal(" ");
    const std::chrono::seconds time = reader.timeOfDay();
    reader.literal(" GMT");
    return assembled(reader, year, month, day, time);
}

std::optional<std::chrono::sys_seconds> parseRfc850(QByteArrayView text,
                                                    std::chrono::sys_seconds now)
{
    DateReader reader(text);
    reader.oneOf(longDayNames);
    reader.literal(", ");
    const int day = reader.number(2);
    reader.literal("-");
    const unsigned month = reader.oneOf(monthNames);
    reader.literal("-");
    const int yearOfCentury = reader.number(2);
    reader.literal(" ");
    const std::chrono::seconds time = reader.timeOfDay();
    reader.literal(" GMT");
    const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
    const int thisYear = int(today.year());
    int year = thisYear - thisYear % 100 + yearOfCentury;
    if (year > thisYear + 50)
        year -= 100;
    return assembled(reader, year, month, day, time);
}

std::optional<std::chrono::sys_seconds> parseAsctime(QByteArrayView text)
{
    DateReader reader(text);
    reader.oneOf(dayNames);
    reader.literal(" ");
    const unsigned month = reader.oneOf(monthNames);
    reader.literal(" ");
    const int day = reader.number(2, true);
    reader.literal(" ");
    const std::chrono::seconds time = reader.timeOfDay();
    reader.literal(" ");
    const int year = reader.number(4);
    return assembled(reader, year, month, day, time);
}

} // namespace

std::optional<std::chrono::sys_seconds> parseHttpDate(QByteArrayView text,
                                                      std::chrono::sys_seconds now)
{
    if (const auto fixdate = parseFixdate(text))
        return fixdate;
    if (const auto rfc850 = parseRfc850(text, now))
        return rfc850;
    return parseAsctime(text);
}

QByteArray formatHttpDate(std::chrono::sys_seconds time)
{
    const auto midnight = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(midnight);
    const std::chrono::hh_mm_ss clock(time - midnight);
    const unsigned weekday = std::chrono::weekday(midnight).c_encoding();
    const unsigned month = unsigned(date.month()) - 1;
    return QString::asprintf("%s, %02u %s %04d %02d:%02d:%02d GMT", dayNames[weekday].data(),
                             unsigned(date.day()), monthNames[month].data(), int(date.year()),
                             int(clock.hours().count()), int(clock.minutes().count()),
                             int(clock.seconds().count()))
        .toLatin1();
}

} // namespace sendoff::tus

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/quantity_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace sendoff::queue {

namespace {

constexpr double slowestRate = 1'000; // bytes per second
constexpr double fastestRate = 1e15;
constexpr double longestLeft = 100 * 3600.0; // seconds

struct Quantity {
    Q_DECLARE_TR_FUNCTIONS(Quantity)
};

// The number and its unit stay together on one line.
QString unbroken(QString text)
{
    return text.replace(u' ', QChar::Nbsp);
}

QString withNumber(const QString &text, qint64 number, const QLocale &locale)
{
    return unbroken(text.arg(locale.toString(number)));
}

// "2.1 MB", but "21 MB" and "850 kB": two digits say enough.
int decimalsFor(qint64 bytes)
{
    for (qint64 unit = 1'000'000; unit <= 1'000'000'000'000'000; unit *= 1'000) {
        if (bytes >= unit && bytes < 10 * unit)
            return 1;
    }
    return 0;
}

} // namespace

QString percentText(double fraction, const QLocale &locale)
{
    const double part = std::isfinite(fraction) ? std::clamp(fraction, 0.0, 1.0) : 0.0;
    // The smallest addition makes up for 0.29 * 100 = 28.999…
    const auto percent = qint64(std::floor(part * 100 + 1e-9));
    //: A percentage; %1 is the number.
    return withNumber(Quantity::tr("%1 %"), percent, locale);
}

QString bytesText(qint64 bytes, const QLocale &locale)
{
    const qint64 size = std::max<qint64>(bytes, 0);
    return unbroken(locale.formattedDataSize(size, decimalsFor(size), QLocale::DataSizeSIFormat));
}

QString rateText(double bytesPerSecond, const QLocale &locale)
{
    if (!std::isfinite(bytesPerSecond) || bytesPerSecond < slowestRate
        || bytesPerSecond > fastestRate)
        return {};
    //: A speed; %1 is an amount such as "2.1 MB".
    return Quantity::tr("%1/s").arg(bytesText(qint64(bytesPerSecond), locale));
}

QString frameRateText(double framesPerSecond, const QLocale &locale)
{
    if (!std::isfinite(framesPerSecond) || framesPerSecond < 0.1 || framesPerSecond > 1e6)
        return {};
    if (framesPerSecond < 10) {
        //: Pictures exported in a second; %1 is the number.
        return unbroken(Quantity::tr("%1 fps").arg(locale.toString(framesPerSecond, 'f', 1)));
    }
    //: Pictures exported in a second; %1 is the number.
    return withNumber(Quantity::tr("%1 fps"), std::llround(framesPerSecond), locale);
}

QString spanText(std::chrono::seconds span, const QLocale &locale)
{
    const qint64 seconds = std::max<qint64>(span.count(), 0);
    const qint64 minutes = seconds / 60;
    const qint64 hours = minutes / 60;
    //: A duration; %1 is the number of seconds.
    const QString secondsText = withNumber(Quantity::tr("%1 s"), seconds % 60, locale);
    if (minutes == 0)
        return secondsText;
    //: A duration; %1 is the number of minutes.
    const QString minutesText = withNumber(Quantity::tr("%1 min"), minutes % 60, locale);
    if (hours == 0 && seconds % 60 == 0)
        return minutesText;
    if (hours == 0) {
        //: A duration of minutes and seconds: %1 is such as "3 min", %2 such as "20 s".
        return Quantity::tr("%1 %2").arg(minutesText, secondsText);
    }
    //: A duration; %1 is the number of hours.
    const QString hoursText = withNumber(Quantity::tr("%1 h"), hours, locale);
    if (minutes % 60 == 0)
        return hoursText;
    return Quantity::tr("%1 %2").arg(hoursText, minutesText);
}

std::chrono::seconds roundedLeft(double seconds)
{
    const double left =
        std::isfinite(seconds) ? std::clamp(seconds, 1.0, longestLeft) : longestLeft;
    const double step = left < 10 ? 1 : left < 60 ? 5 : left < 600 ? 10 : 60;
    return std::chrono::seconds(std::llround(std::ceil(left / step) * step));
}

QString isolated(const QString &name)
{
    return u'\u2068' + name + u'\u2069';
}

} // namespace sendoff::queue

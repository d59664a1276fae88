// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/upload_limit_control.h"

#include "ui/activity/live_controls.h"

#include <QLocale>

#include <utility>

namespace sendoff::ui {

namespace {

constexpr std::chrono::seconds lookAtClock{20};

QString untilWords(const QDateTime &now, const std::optional<QDateTime> &then)
{
    if (!then)
        return {};
    const QString time = QLocale().toString(then->time(), QLocale::ShortFormat);
    if (then->date() == now.date())
        return time;
    return UploadLimitControl::tr("%1 %2", "weekday and time")
        .arg(QLocale().standaloneDayName(then->date().dayOfWeek(), QLocale::ShortFormat), time);
}

} // namespace

UploadLimitControl::UploadLimitControl(transfer::UploadLimitSetting *setting,
                                       LiveControls *controls, QObject *parent)
    : QObject(parent), m_setting(setting), m_controls(controls)
{
    m_clock.setInterval(lookAtClock);
    m_clock.callOnTimeout(this, [this] { show(); });
    connect(setting, &transfer::UploadLimitSetting::changed, this, &UploadLimitControl::show);
    connect(controls, &LiveControls::uploadLimitChanged, this, [this](qint64 bytesPerSecond) {
        Q_EMIT chosen(transfer::LimitTimetable::always(bytesPerSecond));
    });
    connect(controls, &LiveControls::uploadTimetableTyped, this, &UploadLimitControl::read);
    show();
}

void UploadLimitControl::show()
{
    const transfer::LimitTimetable &timetable = m_setting->timetable();
    const QDateTime now = QDateTime::currentDateTime();
    if (timetable.isAlwaysSame()) {
        m_clock.stop();
        m_controls->setUploadLimit(timetable.rateAt(now));
        return;
    }
    m_controls->setUploadTimetable(timetable.toText(), timetable.rateAt(now),
                                   untilWords(now, timetable.nextChange(now)));
    if (!m_clock.isActive())
        m_clock.start();
}

void UploadLimitControl::read(const QString &timetable)
{
    const auto read = transfer::LimitTimetable::parse(timetable);
    if (read)
        Q_EMIT chosen(*read);
    else
        Q_EMIT notUnderstood(read.error());
}

QCoro::Task<void> keepUploadLimit(transfer::UploadLimitSetting *setting,
                                  transfer::LimitTimetable limit,
                                  std::function<void(const Error &)> tell)
{
    auto keeping = setting->set(std::move(limit));
    const auto kept = co_await std::move(keeping);
    if (!kept)
        tell(kept.error());
}

} // namespace sendoff::ui

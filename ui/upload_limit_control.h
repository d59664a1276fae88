// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// UploadLimitControl: shows the limit that holds now in the live controls, and keeps what is chosen
// there. Not for: the limits of single destinations.

#include "core/transfer/limits/upload_limit_setting.h"

#include <QCoroTask>
#include <QObject>
#include <QTimer>

#include <functional>

namespace sendoff::ui {

class LiveControls;

class UploadLimitControl : public QObject {
    Q_OBJECT

public:
    // Both outlive it.
    UploadLimitControl(transfer::UploadLimitSetting *setting, LiveControls *controls,
                       QObject *parent);

Q_SIGNALS:
    void chosen(const sendoff::transfer::LimitTimetable &limit); // to be kept
    void notUnderstood(const sendoff::Error &error);

private:
    void show();
    void read(const QString &timetable);

    transfer::UploadLimitSetting *m_setting;
    LiveControls *m_controls;
    QTimer m_clock;
};

// Has it hold and kept. `tell` hears why it could not be kept.
QCoro::Task<void> keepUploadLimit(transfer::UploadLimitSetting *setting,
                                  transfer::LimitTimetable limit,
                                  std::function<void(const Error &)> tell);

} // namespace sendoff::ui

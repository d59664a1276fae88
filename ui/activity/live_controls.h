// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// LiveControls: how much runs at once and how fast uploads may be. They act at once: every change
// is a signal; not for: acting on it (the window connects them to the scheduler and the network).
// The threads of each export alone count for those that have not begun.

#include <QList>
#include <QWidget>

class QComboBox;
class QLabel;
class QSpinBox;

namespace sendoff::ui {

class LiveControls : public QWidget {
    Q_OBJECT

public:
    explicit LiveControls(int cores, QWidget *parent = nullptr);

    // What holds now; tells nobody.
    void setExportsAtOnce(int number);
    void setUploadsAtOnce(int number);
    void setThreadsPerExport(int number); // 0 = by itself
    void setUploadLimit(qint64 bytesPerSecond); // 0 = none
    void setCompact(bool isCompact); // short labels
    // A limit that changes by itself: `timetable` as it was written, what holds now, and until when
    // (a word; may be empty).
    void setUploadTimetable(const QString &timetable, qint64 bytesPerSecond, const QString &until);
    int exportsAtOnce() const;
    int uploadsAtOnce() const;
    int threadsPerExport() const;
    qint64 uploadLimit() const;

Q_SIGNALS:
    void exportsAtOnceChanged(int number);
    void uploadsAtOnceChanged(int number);
    void threadsPerExportChanged(int number);
    void uploadLimitChanged(qint64 bytesPerSecond);
    void uploadTimetableTyped(const QString &timetable); // not yet looked at

private:
    void setUp();
    void tellLimit();
    void showMeaning();

    int m_cores;
    QSpinBox *m_exports;
    QSpinBox *m_threads;
    QSpinBox *m_uploads;
    QComboBox *m_limit;
    QList<QLabel *> m_labels; // of exports, threads, uploads and the limit
    QLabel *m_limitNow; // of a timetable: "now 8 Mbit/s, until 18:00"
    QLabel *m_meaning; // "4 exports share 2 cores: more at once, not faster"
};

} // namespace sendoff::ui

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// LessonsPage: what parallel and concurrent mean, tried out on real work: each lesson does the same
// jobs in two ways and shows both pictures. The only place where cooks and pots are spoken of.

#include "core/lessons/experiment.h"

#include <QWidget>

#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

class QLabel;
class QListWidget;
class QProgressBar;
class QPushButton;
class QTemporaryDir;

namespace sendoff::ui {

class TimelineStill;

class LessonsPage : public QWidget {
    Q_OBJECT

public:
    explicit LessonsPage(QWidget *parent = nullptr);
    ~LessonsPage() override; // stops what runs, and waits for it

    static int lessonCount();
    void choose(int lesson);
    void tryIt();
    bool isTrying() const { return m_isTrying; }
    QString conclusion() const;

Q_SIGNALS:
    void tried(int lesson, bool isDone);

private:
    struct Half { // before or after
        QLabel *caption;
        TimelineStill *picture;
    };
    void build();
    Half makeHalf(const QString &name);
    void showLesson();
    void take(int lesson, Result<lessons::Outcome> before, Result<lessons::Outcome> after);
    static void showHalf(const Half &half, const QString &caption, const lessons::Outcome &outcome,
                     qint64 lengthNs);

    QListWidget *m_list;
    QLabel *m_text;
    QPushButton *m_try;
    QProgressBar *m_progress;
    Half m_before;
    Half m_after;
    QLabel *m_conclusion;
    std::unique_ptr<QTemporaryDir> m_scratch; // clips are made once
    bool m_isTrying = false;
    std::jthread m_thread; // the experiments block
};

} // namespace sendoff::ui

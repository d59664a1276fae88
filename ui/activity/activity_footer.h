// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ActivityFooter: the line below the timeline: what goes on at the cursor, what sets the pace, and
// the figures of the run so far with their formulas.

#include "ui/activity/activity_feed.h"

#include <QWidget>

class QLabel;

namespace sendoff::ui {

class ActivityFooter : public QWidget {
    Q_OBJECT

public:
    // `feed` outlives this.
    explicit ActivityFooter(const ActivityFeed *feed, QWidget *parent = nullptr);

    void setSentence(const QString &sentence); // of the instant under the cursor
    void tell(); // anew what is said of the run

private:
    QString totalsText() const;
    QString totalsTip() const;

    const ActivityFeed *m_feed;
    QLabel *m_sentence;
    QLabel *m_bottleneck;
    QLabel *m_totals;
};

} // namespace sendoff::ui

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FilterList: the kinds of rows that there are now, with their numbers, and below them how each
// destination is. Only kinds with rows are offered. Not for: filtering (queue_filter.h).

#include "core/queue/scheduler.h"
#include "ui/queue/queue_filter.h"

#include <QList>
#include <QListWidget>

namespace sendoff::ui {

class FilterList : public QListWidget {
    Q_OBJECT

public:
    // `filter` outlives it.
    explicit FilterList(QueueFilter *filter, QWidget *parent = nullptr);

    void setDestinations(const QList<queue::DestinationState> &destinations);
    // What stands in the list at the `place`-th line (0 = All); nothing where there are fewer.
    std::optional<FilterKind> kindAt(int place) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void changeEvent(QEvent *event) override;

private:
    void refresh();
    void addKind(FilterKind kind, int count);
    void addDestinations();
    void choose();
    int contentWidth() const;

    QueueFilter *m_filter;
    QList<queue::DestinationState> m_destinations;
    bool m_isRefreshing = false;
};

// “Ready”, “Can't reach”, “Sign in”, “Full”
QString healthText(queue::DestinationState::Health health);

} // namespace sendoff::ui

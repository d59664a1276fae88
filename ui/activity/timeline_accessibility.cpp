// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/timeline_widget.h"

#include <QAccessibleWidget>

namespace sendoff::ui {

namespace {

class AccessibleTimeline : public QAccessibleWidget {
public:
    explicit AccessibleTimeline(TimelineWidget *widget)
        : QAccessibleWidget(widget, QAccessible::Chart)
    {
    }

    QString text(QAccessible::Text what) const override
    {
        if (what == QAccessible::Description)
            return static_cast<const TimelineWidget *>(widget())->description();
        return QAccessibleWidget::text(what);
    }
};

QAccessibleInterface *makeAccessible(const QString &className, QObject *object)
{
    if (className != QLatin1String("sendoff::ui::TimelineWidget"))
        return nullptr;
    auto *const widget = qobject_cast<TimelineWidget *>(object);
    return widget ? new AccessibleTimeline(widget) : nullptr;
}

} // namespace

void installTimelineAccessibility()
{
    QAccessible::installFactory(makeAccessible);
}

} // namespace sendoff::ui

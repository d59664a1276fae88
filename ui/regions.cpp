// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/regions.h"

#include <QApplication>

namespace sendoff::ui {

namespace {

bool takesFocus(const QWidget *widget)
{
    return widget && widget->isVisible() && widget->isEnabled()
        && (widget->focusPolicy() & Qt::TabFocus);
}

} // namespace

Regions::Regions(QList<QWidget *> parts)
{
    for (QWidget *part : parts)
        m_parts.append({part, nullptr});
}

int Regions::currentPart() const
{
    const QWidget *focus = QApplication::focusWidget();
    for (int index = 0; index < m_parts.size(); ++index) {
        const QWidget *part = m_parts[index].widget;
        if (part && focus && (part == focus || part->isAncestorOf(focus)))
            return index;
    }
    return -1;
}

QWidget *Regions::targetIn(int index) const
{
    const Part &part = m_parts[index];
    if (!part.widget || !part.widget->isVisible())
        return nullptr;
    if (takesFocus(part.lastFocus) && part.widget->isAncestorOf(part.lastFocus))
        return part.lastFocus;
    if (takesFocus(part.widget))
        return part.widget;
    // The first in the order of Tab.
    for (QWidget *next = part.widget->nextInFocusChain(); next && next != part.widget;
         next = next->nextInFocusChain()) {
        if (takesFocus(next) && part.widget->isAncestorOf(next))
            return next;
    }
    return nullptr;
}

void Regions::go(int step)
{
    const int from = currentPart();
    if (from >= 0)
        m_parts[from].lastFocus = QApplication::focusWidget();
    const int count = int(m_parts.size());
    for (int tried = 1; tried <= count; ++tried) {
        const int start = from < 0 && step > 0 ? -1 : from;
        const int index = ((start + step * tried) % count + count) % count;
        QWidget *target = targetIn(index);
        if (!target)
            continue;
        target->setFocus(step > 0 ? Qt::TabFocusReason : Qt::BacktabFocusReason);
        return;
    }
}

} // namespace sendoff::ui

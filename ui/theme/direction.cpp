// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/direction.h"

#include <QPainter>
#include <QStyle>

namespace sendoff::ui {

void drawInItsDirection(QPainter &painter, const QRect &rect, Qt::Alignment alignment,
                        const QString &text)
{
    const Qt::LayoutDirection layout = painter.layoutDirection();
    const Qt::Alignment visual = QStyle::visualAlignment(layout, alignment) | Qt::AlignAbsolute;
    painter.setLayoutDirection(text.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    painter.drawText(rect, int(visual) | Qt::TextSingleLine, text);
    painter.setLayoutDirection(layout);
}

} // namespace sendoff::ui

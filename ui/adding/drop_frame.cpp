// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/drop_frame.h"

#include "ui/theme/colors.h"

#include <QPainter>

namespace sendoff::ui {

namespace {

constexpr double cornerRadius = 12;
constexpr int overlayMargin = 16;

} // namespace

void paintDropFrame(QPainter &painter, const QRect &rect, const QPalette &palette, DropFrame frame)
{
    const bool isDragging = frame == DropFrame::Dragging;
    const Colors &colors = colorsFor(palette);
    QPen pen(isDragging ? colors.exporting : colors.trackOutline, isDragging ? 3 : 2);
    if (!isDragging)
        pen.setDashPattern({5, 4});
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(pen);
    painter.setBrush(palette.color(QPalette::AlternateBase));
    painter.drawRoundedRect(QRectF(rect).adjusted(2, 2, -2, -2), cornerRadius, cornerRadius);
    painter.restore();
}

DropOverlay::DropOverlay(QWidget *parent) : QWidget(parent)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    hide();
}

void DropOverlay::showText(const QString &text)
{
    m_text = text;
    setAccessibleName(text);
    setVisible(!text.isEmpty());
    if (text.isEmpty())
        return;
    setGeometry(parentWidget()->rect());
    raise();
    update();
}

void DropOverlay::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QColor veil = palette().color(QPalette::Base);
    veil.setAlphaF(0.9F);
    painter.fillRect(rect(), veil);
    QFont large = font();
    large.setPointSizeF(font().pointSizeF() * 1.6);
    large.setBold(true);
    painter.setFont(large);
    const QRect room = rect().adjusted(overlayMargin, overlayMargin, -overlayMargin, -overlayMargin);
    const int flags = Qt::AlignCenter | Qt::TextWordWrap;
    QRect card = painter.boundingRect(room.adjusted(40, 40, -40, -40), flags, m_text);
    card = card.adjusted(-40, -32, 40, 32).intersected(room);
    paintDropFrame(painter, card, palette(), DropFrame::Dragging);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(card, flags, m_text);
}

} // namespace sendoff::ui

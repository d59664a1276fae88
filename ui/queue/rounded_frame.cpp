// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/rounded_frame.h"

#include <QPainter>
#include <QPainterPath>
#include <QPixmapCache>

namespace sendoff::ui {

namespace {

// The left and the right end of a frame, side by side. `size` in logical pixels.
QPixmap drawnEnds(const QSize &size, const RoundedFrame &frame, double ratio)
{
    QPixmap pixels((QSizeF(size) * ratio).toSize());
    pixels.setDevicePixelRatio(ratio);
    pixels.fill(Qt::transparent);
    QPainter painter(&pixels);
    painter.setRenderHint(QPainter::Antialiasing);
    const double inset = frame.width / 2.0;
    const QRectF all({0, 0}, QSizeF(size));
    QPainterPath shape;
    shape.addRoundedRect(all.adjusted(inset, inset, -inset, -inset), frame.radius, frame.radius);
    QPainterPath corners;
    corners.addRect(all);
    painter.fillPath(corners.subtracted(shape), frame.outside);
    painter.strokePath(shape, QPen(frame.line, frame.width));
    return pixels;
}

QPixmap endsOf(const QSize &size, const RoundedFrame &frame, double ratio)
{
    const QString key = QStringLiteral("sendoff-frame/%1x%2/%3/%4/%5/%6/%7")
                            .arg(size.width())
                            .arg(size.height())
                            .arg(ratio)
                            .arg(frame.width)
                            .arg(frame.radius)
                            .arg(frame.line.rgba())
                            .arg(frame.outside.rgba());
    QPixmap ends;
    if (!QPixmapCache::find(key, &ends)) {
        ends = drawnEnds(size, frame, ratio);
        QPixmapCache::insert(key, ends);
    }
    return ends;
}

} // namespace

void paintRoundedFrame(QPainter *painter, const QRect &rect, const RoundedFrame &frame)
{
    const int end = frame.radius + frame.width;
    if (rect.width() < 2 * end || rect.height() < 2)
        return;
    const double ratio = painter->device()->devicePixelRatioF();
    const QPixmap ends = endsOf(QSize(2 * end, rect.height()), frame, ratio);
    const double half = ends.width() / 2.0; // in its own pixels
    const QSizeF size(end, rect.height());
    painter->drawPixmap(QRectF(rect.topLeft(), size), ends, QRectF(0, 0, half, ends.height()));
    painter->drawPixmap(QRectF(QPointF(rect.right() + 1 - end, rect.top()), size), ends,
                        QRectF(half, 0, half, ends.height()));
    const int between = rect.width() - 2 * end;
    const int left = rect.left() + end;
    painter->fillRect(QRect(left, rect.top(), between, frame.width), frame.line);
    painter->fillRect(QRect(left, rect.bottom() + 1 - frame.width, between, frame.width),
                      frame.line);
}

} // namespace sendoff::ui

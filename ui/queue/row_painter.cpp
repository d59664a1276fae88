// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/row_painter.h"

#include "ui/queue/rounded_frame.h"
#include "ui/theme/icons.h"

#include <QPainter>

#include <algorithm>

namespace sendoff::ui {

namespace {

QColor trackColor(const Track &track, const Colors &colors)
{
    switch (track.look) {
    case Track::Look::Held:
        return colors.held;
    case Track::Look::Attention:
        return colors.attention;
    case Track::Look::NotBegun:
    case Track::Look::Working:
    case Track::Look::Done:
        break;
    }
    return track.kind == queue::LegKind::Export ? colors.exporting : colors.uploading;
}

// Stripes that lean: what is held is told by them also without color.
void hatch(QPainter *painter, const QRectF &rect, const QColor &color, const QColor &gap)
{
    painter->fillRect(rect, color);
    painter->save();
    painter->setClipRect(rect);
    painter->setRenderHint(QPainter::Antialiasing);
    const double step = std::max(5.0, rect.height() * 0.75);
    painter->setPen(QPen(gap, step * 0.35));
    for (double x = rect.left() - rect.height(); x < rect.right(); x += step)
        painter->drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()));
    painter->restore();
}

} // namespace

void paintTrack(QPainter *painter, const QRect &rect, const Track &track, const TrackStyle &style)
{
    const Colors &colors = style.colors;
    const bool isAttention = track.look == Track::Look::Attention;
    painter->fillRect(rect, track.look == Track::Look::NotBegun ? style.background : colors.track);
    if (track.fraction > 0) {
        QRectF fill = rect;
        // Never nothing where something is done, never all before all is.
        const double width =
            std::clamp(rect.width() * track.fraction, 2.0,
                       track.fraction < 1 ? rect.width() - 2.0 : double(rect.width()));
        fill.setWidth(width);
        if (style.isFromRight)
            fill.moveRight(rect.right() + 1.0);
        if (track.look == Track::Look::Held)
            hatch(painter, fill, colors.held, colors.track);
        else
            painter->fillRect(fill, trackColor(track, colors));
    }
    paintRoundedFrame(painter, rect,
                      {.line = isAttention ? colors.attention : colors.trackOutline,
                       .outside = style.background,
                       .width = isAttention ? 2 : 1,
                       .radius = std::min(3, rect.height() / 2)});
}

void paintButton(QPainter *painter, const QRect &rect, RowAction action, const ButtonStyle &style)
{
    if (rect.isNull() || action == RowAction::None)
        return;
    const QColor base = style.palette.color(QPalette::Base);
    const QColor text = style.palette.color(QPalette::Text);
    const double fill = style.isPressed ? 0.2 : style.isHovered ? 0.1 : 0.03;
    painter->fillRect(rect, mixed(base, text, fill));
    paintRoundedFrame(painter, rect,
                      {.line = mixed(base, text, style.isHovered ? 0.5 : 0.3),
                       .outside = style.background,
                       .radius = 4});
    const int side = std::max(14, std::min(rect.width(), rect.height()) * 4 / 7);
    QRect picture(0, 0, side, side);
    picture.moveCenter(rect.center());
    if (style.isPressed)
        picture.translate(0, 1);
    icon(iconName(action), text).paint(painter, picture);
}

void paintThumbnail(QPainter *painter, const QRect &rect, const QPixmap &picture,
                    const QPalette &palette)
{
    const QColor base = palette.color(QPalette::Base);
    const QColor text = palette.color(QPalette::Text);
    if (!picture.isNull()) {
        QSizeF size = QSizeF(picture.size()) / painter->device()->devicePixelRatioF();
        size = size.boundedTo(rect.size());
        QRectF place(QPointF(), size);
        place.moveCenter(QRectF(rect).center());
        painter->fillRect(rect, Qt::black);
        painter->drawPixmap(place, picture, QRectF(picture.rect()));
        return;
    }
    painter->fillRect(rect, mixed(base, text, 0.09));
    const int side = rect.height() / 2;
    QRect icon(0, 0, side, side);
    icon.moveCenter(rect.center());
    ui::icon(QStringLiteral("preset"), mixed(base, text, 0.45)).paint(painter, icon);
}

} // namespace sendoff::ui

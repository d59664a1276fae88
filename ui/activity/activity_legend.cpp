// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activity_legend.h"

#include "ui/activity/activity_colors.h"
#include "ui/theme/direction.h"

#include <QPainter>
#include <QStyle>

namespace sendoff::ui {

namespace {

constexpr int legendMargin = 8;

} // namespace

ActivityLegend::ActivityLegend(QWidget *parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Legend"));
    QStringList words;
    for (const Entry &entry : entries(10'000))
        words.append(entry.words);
    setAccessibleDescription(words.join(u", "));
}

std::vector<ActivityLegend::Entry> ActivityLegend::entries(int width) const
{
    std::vector<Entry> entries{
        {Shape::Work, tr("exporting"), {}},
        {Shape::Turn, tr("its turn"), {}},
        {Shape::Ready, tr("ready, the thread is busy"), {}},
        {Shape::Wait, tr("waiting for the network"), {}},
        {Shape::Held, tr("held for another reason"), {}},
        {Shape::Busy, tr("the loop runs something else"), {}},
        {Shape::Paint, tr("drawing this window"), {}},
    };
    const QFontMetrics metrics = fontMetrics();
    const int swatch = metrics.height();
    int x = legendMargin;
    int y = 2;
    for (Entry &entry : entries) {
        const int wide = swatch + 5 + metrics.horizontalAdvance(entry.words) + swatch;
        if (x + wide > width - legendMargin && x > legendMargin) {
            x = legendMargin;
            y += metrics.height() + 2;
        }
        entry.place = QRect(x, y, wide, metrics.height());
        x += wide;
    }
    return entries;
}

QSize ActivityLegend::sizeHint() const
{
    return {60 * fontMetrics().averageCharWidth(), fontMetrics().height() + 4};
}

QSize ActivityLegend::minimumSizeHint() const
{
    return {24 * fontMetrics().averageCharWidth(), fontMetrics().height() + 4};
}

int ActivityLegend::heightForWidth(int width) const
{
    return entries(width).back().place.bottom() + 3;
}

void ActivityLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const ActivityColors colors = activityColors(palette());
    const int swatch = fontMetrics().height();
    for (const Entry &entry : entries(width())) {
        const QRect place = QStyle::visualRect(layoutDirection(), rect(), entry.place);
        const bool isMirrored = layoutDirection() == Qt::RightToLeft;
        const QRect box(isMirrored ? place.right() - swatch + 1 : place.left(), place.top(), swatch,
                        place.height());
        drawSwatch(painter, box.adjusted(1, 2, -1, -2), entry.shape);
        const QRect words = isMirrored ? place.adjusted(0, 0, -swatch - 5, 0)
                                       : place.adjusted(swatch + 5, 0, 0, 0);
        painter.setPen(colors.quiet);
        drawInItsDirection(painter, words, Qt::AlignLeading | Qt::AlignVCenter, entry.words);
    }
}

// As the loupe draws it.
void ActivityLegend::drawSwatch(QPainter &painter, const QRect &rect, Shape shape) const
{
    const ActivityColors colors = activityColors(palette());
    painter.fillRect(rect, colors.lane);
    switch (shape) {
    case Shape::Work:
        painter.fillRect(rect, colors.work);
        break;
    case Shape::Turn:
        painter.fillRect(QRect(rect.center().x() - 1, rect.top(), 3, rect.height()), colors.turn);
        break;
    case Shape::Ready:
        painter.fillRect(QRect(rect.left(), rect.center().y() - rect.height() / 6, rect.width(),
                               rect.height() / 3),
                         colors.ready);
        break;
    case Shape::Held: {
        QColor hatch = colors.held;
        hatch.setAlpha(150);
        painter.fillRect(rect, QBrush(hatch, Qt::BDiagPattern));
        break;
    }
    case Shape::Paint:
        painter.fillRect(rect.adjusted(3, 0, -3, 0), colors.paint);
        break;
    case Shape::Busy:
        painter.fillRect(rect.adjusted(3, 0, -3, 0), colors.busy);
        break;
    case Shape::Wait:
        break;
    }
    painter.setPen(colors.outline);
    painter.drawRect(rect.adjusted(0, 0, -1, -1));
}

} // namespace sendoff::ui

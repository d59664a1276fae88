// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/row_delegate.h"

#include "ui/queue/queue_model.h"
#include "ui/queue/row_painter.h"
#include "ui/theme/icons.h"

#include <QPainter>

namespace sendoff::ui {

using queue::RowWord;

namespace {

// All that painting one row needs.
struct RowBrush {
    QPainter *painter;
    const QStyleOptionViewItem &option;
    const RowContent &content;
    const RowLayout &layout;
    const RowFonts &fonts;
    const Colors &colors;
    QColor background;
    QColor text;
    QColor quiet;

    bool isFromRight() const { return option.direction == Qt::RightToLeft; }
    Qt::Alignment start() const { return isFromRight() ? Qt::AlignRight : Qt::AlignLeft; }
    Qt::Alignment end() const { return isFromRight() ? Qt::AlignLeft : Qt::AlignRight; }
};

void write(const RowBrush &brush, const QRect &rect, const QString &text, const QColor &color,
           Qt::Alignment side)
{
    if (rect.isNull() || text.isEmpty())
        return;
    brush.painter->setPen(color);
    // Absolute: the layout is mirrored already.
    brush.painter->drawText(
        rect, int(side | Qt::AlignAbsolute | Qt::AlignVCenter) | Qt::TextSingleLine, text);
}

void paintTitle(const RowBrush &brush)
{
    brush.painter->setFont(brush.fonts.bold);
    write(brush, brush.layout.name,
          elidedName(brush.content.name, brush.fonts.boldMetrics, brush.layout.name.width()),
          brush.text, brush.start());
    brush.painter->setFont(brush.fonts.normal);
    write(brush, brush.layout.recipe,
          brush.fonts.metrics.elidedText(brush.content.recipe, Qt::ElideRight,
                                         brush.layout.recipe.width()),
          brush.quiet, brush.start());
}

void paintState(const RowBrush &brush)
{
    const RowContent &content = brush.content;
    const QColor color = stateColor(content.state, brush.colors, brush.option.palette);
    icon(iconName(content.state), color).paint(brush.painter, brush.layout.icon);
    const bool isLoud =
        content.state.word == RowWord::NeedsAttention || content.state.word == RowWord::Retrying;
    const bool isQuiet = content.state.word == RowWord::Cancelled;
    write(brush, brush.layout.sentence,
          brush.fonts.metrics.elidedText(content.text.sentence, Qt::ElideRight,
                                         brush.layout.sentence.width()),
          isLoud        ? color
              : isQuiet ? brush.quiet
                        : brush.text,
          brush.start());
    write(brush, brush.layout.left, content.text.left, brush.quiet, brush.end());
}

// Two pixels around the row that the keys act on.
void paintFocus(const RowBrush &brush)
{
    brush.painter->setPen(QPen(brush.option.palette.color(QPalette::Highlight), 2));
    brush.painter->setBrush(Qt::NoBrush);
    brush.painter->drawRect(brush.option.rect.adjusted(1, 1, -1, -1));
}

void paintFrame(const RowBrush &brush, bool isSelected)
{
    const QRect rect = brush.option.rect;
    brush.painter->fillRect(rect, brush.background);
    const QColor line = mixed(brush.option.palette.color(QPalette::Base),
                              brush.option.palette.color(QPalette::Text), 0.15);
    brush.painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), line);
    if (!isSelected)
        return;
    QRect bar(rect.left(), rect.top(), 4, rect.height());
    if (brush.isFromRight())
        bar.moveRight(rect.right());
    brush.painter->fillRect(bar, brush.option.palette.color(QPalette::Highlight));
}

} // namespace

RowDelegate::RowDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

const RowFonts &RowDelegate::fontsFor(const QFont &font) const
{
    if (!m_fonts || m_fonts->normal != font)
        m_fonts.emplace(font);
    return *m_fonts;
}

QSize RowDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return QSize(0, rowHeight(fontsFor(option.font), m_density));
}

RowLayout RowDelegate::layoutOf(const QStyleOptionViewItem &option, const RowContent &content) const
{
    return rowLayout(option.rect, content, fontsFor(option.font), m_density, option.direction);
}

void RowDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                        const QModelIndex &index) const
{
    const auto content = index.data(QueueModel::ContentRole).value<RowContent>();
    const RowLayout layout = layoutOf(option, content);
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const bool isHovered = option.state.testFlag(QStyle::State_MouseOver);
    const QColor text = option.palette.color(QPalette::Text);
    const RowBrush brush{painter,
                         option,
                         content,
                         layout,
                         fontsFor(option.font),
                         colorsFor(option.palette),
                         rowBackground(option.palette, isSelected, isHovered),
                         text,
                         quietText(option.palette)};
    painter->save();
    paintFrame(brush, isSelected);
    if (!layout.thumbnail.isNull()) {
        const double ratio = painter->device()->devicePixelRatioF();
        const QSize pixels = layout.thumbnail.size() * ratio;
        paintThumbnail(painter, layout.thumbnail,
                       m_thumbnails ? m_thumbnails(index, pixels) : QPixmap(), option.palette);
    }
    paintTitle(brush);
    const TrackStyle trackStyle{brush.colors, brush.background, brush.isFromRight()};
    for (qsizetype track = 0; track < content.tracks.size(); ++track)
        paintTrack(painter, layout.tracks[track], content.tracks[track], trackStyle);
    paintState(brush);
    for (std::size_t button = 0; button < layout.buttons.size(); ++button) {
        const bool isUnder = m_pointer.index == index && m_pointer.button == int(button);
        paintButton(painter, layout.buttons[button], content.buttons[button],
                    {option.palette, brush.background, isUnder, isUnder && m_pointer.isPressed});
    }
    if (option.state.testFlag(QStyle::State_HasFocus))
        paintFocus(brush);
    painter->restore();
}

QColor stateColor(const queue::RowState &state, const Colors &colors, const QPalette &palette)
{
    switch (state.word) {
    case RowWord::Exporting:
        return colors.exporting;
    case RowWord::ExportingAndUploading:
    case RowWord::Uploading:
    case RowWord::Verifying:
        return colors.uploading;
    case RowWord::Retrying:
        return colors.held;
    case RowWord::NeedsAttention:
        return colors.attention;
    case RowWord::Done:
        return colors.done;
    case RowWord::Checking:
    case RowWord::Paused:
    case RowWord::Waiting:
    case RowWord::Cancelled:
        break;
    }
    return quietText(palette);
}

QColor rowBackground(const QPalette &palette, bool isSelected, bool isHovered)
{
    const QColor base = palette.color(QPalette::Base);
    if (isSelected)
        return mixed(base, palette.color(QPalette::Highlight), 0.07);
    return isHovered ? mixed(base, palette.color(QPalette::Text), 0.03) : base;
}

} // namespace sendoff::ui

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/row_layout.h"

#include "core/queue/quantity_text.h"

#include <QStyle>

#include <algorithm>
#include <cmath>

namespace sendoff::ui {

namespace {

constexpr int smallestTarget = 24; // WCAG 2.5.8
constexpr int leastNameCharacters = 22;

// Lengths of a row, all of them from the height of a line.
struct RowMeasures {
    explicit RowMeasures(const QFontMetrics &metrics)
        : line(metrics.height())
        , pad(scaled(0.4))
        , gap(scaled(0.6))
        , track(scaled(0.5))
    {
    }
    int scaled(double share) const { return std::max(1, int(std::lround(line * share))); }

    int line;
    int pad; // above and below, and between thumbnail and text
    int gap; // between things on a line
    int track; // height
};

// The rows' rectangles from left to right; mirrored at the end.
class RowPlacing {
public:
    RowPlacing(const QRect &row, const RowContent &content, const RowFonts &fonts)
        : m_row(row)
        , m_content(content)
        , m_fonts(fonts)
        , m_measures(fonts.metrics)
    {
    }

    RowLayout comfortable()
    {
        const int pad = m_measures.pad;
        const int thumbHeight = m_row.height() - 2 * m_measures.scaled(0.7);
        const int thumbWidth = thumbHeight * 16 / 9;
        m_layout.thumbnail =
            QRect(m_row.left() + m_measures.gap, m_row.top() + (m_row.height() - thumbHeight) / 2,
                  thumbWidth, thumbHeight);
        placeButtons(QSize(std::max(smallestTarget + 4, m_measures.scaled(1.75)),
                           std::max(smallestTarget, m_measures.line * 2)));
        const int left = m_layout.thumbnail.right() + 1 + m_measures.gap;
        const int right = m_buttonsLeft - m_measures.gap;
        const int top = m_row.top() + pad;
        const int between = (m_row.height() - 2 * pad - 2 * m_measures.line - m_measures.track) / 2;
        placeTitle(QRect(QPoint(left, top), QPoint(right, top + m_measures.line - 1)));
        const int trackTop = top + m_measures.line + between;
        placeTracks(QRect(QPoint(left, trackTop), QPoint(right, trackTop + m_measures.track - 1)));
        const int bottom = trackTop + m_measures.track + between;
        placeState(QRect(QPoint(left, bottom), QPoint(right, bottom + m_measures.line - 1)));
        return m_layout;
    }

    RowLayout compact()
    {
        placeButtons(QSize(smallestTarget,
                           std::min(m_row.height(), std::max(smallestTarget, m_measures.line))));
        const int top = m_row.top() + (m_row.height() - m_measures.line) / 2;
        const int left = m_row.left() + m_measures.gap;
        const int right = m_buttonsLeft - m_measures.gap;
        const int width = right - left;
        const auto piece = [&](double from, double to) {
            return QRect(left + int(width * from), top, int(width * (to - from)) - m_measures.gap,
                         m_measures.line);
        };
        m_layout.name = piece(0, 0.34);
        const QRect track = piece(0.34, 0.5);
        placeTracks(QRect(track.left(), m_row.center().y() - m_measures.track / 2, track.width(),
                          m_measures.track));
        QRect state = piece(0.5, 1);
        state.setRight(right);
        placeState(state);
        return m_layout;
    }

private:
    void placeButtons(const QSize &size)
    {
        int x = m_row.right() + 1 - m_measures.pad;
        const int y = m_row.top() + (m_row.height() - size.height()) / 2;
        for (std::size_t button = m_layout.buttons.size(); button-- > 0;) {
            x -= size.width();
            if (m_content.buttons[button] != RowAction::None)
                m_layout.buttons[button] = QRect(QPoint(x, y), size);
            if (button > 0)
                x -= m_measures.scaled(0.25);
        }
        m_buttonsLeft = x; // the same for all rows, with or without buttons
    }

    void placeTitle(const QRect &line)
    {
        const int natural = m_fonts.boldMetrics.horizontalAdvance(m_content.name) + 2;
        const int recipe = m_fonts.metrics.horizontalAdvance(m_content.recipe) + 2;
        const bool isShort = m_content.name.size() <= leastNameCharacters; // never cut
        const int room = std::max(line.width() - m_measures.gap - recipe, line.width() * 3 / 5);
        m_layout.name = line;
        m_layout.name.setWidth(std::min({natural, isShort ? natural : room, line.width()}));
        QRect rest = line;
        rest.setLeft(m_layout.name.right() + 1 + m_measures.gap);
        if (rest.width() >= m_measures.line * 3)
            m_layout.recipe = rest;
    }

    // Two halves of fixed width, or one whole.
    void placeTracks(const QRect &line)
    {
        if (m_content.tracks.size() < 2) {
            m_layout.tracks = {line};
            return;
        }
        const int between = std::max(2, m_measures.scaled(0.25));
        const int half = (line.width() - between) / 2;
        QRect second(line);
        second.setLeft(line.left() + half + between);
        second.setWidth(half);
        m_layout.tracks = {QRect(line.left(), line.top(), half, line.height()), second};
    }

    void placeState(const QRect &line)
    {
        m_layout.icon = QRect(line.left(), line.top(), line.height(), line.height());
        m_layout.icon.adjust(0, 1, -2, -1);
        m_layout.sentence = line;
        m_layout.sentence.setLeft(m_layout.icon.right() + 1 + m_measures.scaled(0.4));
        if (m_content.text.left.isEmpty())
            return;
        const int width = m_fonts.metrics.horizontalAdvance(m_content.text.left) + 2;
        m_layout.left = line;
        m_layout.left.setLeft(line.right() + 1 - width);
        m_layout.sentence.setRight(m_layout.left.left() - 1 - m_measures.gap);
    }

    QRect m_row;
    const RowContent &m_content;
    const RowFonts &m_fonts;
    RowMeasures m_measures;
    RowLayout m_layout;
    int m_buttonsLeft = 0;
};

void mirror(QRect &rect, const QRect &row, Qt::LayoutDirection direction)
{
    if (!rect.isNull())
        rect = QStyle::visualRect(direction, row, rect);
}

} // namespace

RowFonts::RowFonts(const QFont &base)
    : normal(base)
    , bold(base)
    , metrics(base)
    , boldMetrics([&] {
        QFont heavy = base;
        heavy.setBold(true);
        return QFontMetrics(heavy);
    }())
{
    bold.setBold(true);
}

int RowLayout::buttonAt(const QPoint &point) const
{
    for (std::size_t button = 0; button < buttons.size(); ++button) {
        if (buttons[button].contains(point))
            return int(button);
    }
    return -1;
}

int rowHeight(const RowFonts &fonts, RowDensity density)
{
    const RowMeasures measures(fonts.metrics);
    if (density == RowDensity::Compact)
        return std::max(smallestTarget + 2, measures.line + measures.scaled(0.6));
    return 2 * measures.line + measures.track + 2 * measures.pad + 2 * measures.scaled(0.28);
}

RowLayout rowLayout(const QRect &row, const RowContent &content, const RowFonts &fonts,
                    RowDensity density, Qt::LayoutDirection direction)
{
    RowPlacing placing(row, content, fonts);
    RowLayout layout = density == RowDensity::Compact ? placing.compact() : placing.comfortable();
    for (QRect *rect : {&layout.thumbnail, &layout.name, &layout.recipe, &layout.icon,
                        &layout.sentence, &layout.left})
        mirror(*rect, row, direction);
    for (QRect &rect : layout.tracks)
        mirror(rect, row, direction);
    for (QRect &rect : layout.buttons)
        mirror(rect, row, direction);
    return layout;
}

QString elidedName(const QString &name, const QFontMetrics &metrics, int width)
{
    return queue::isolated(metrics.elidedText(name, Qt::ElideMiddle, width));
}

} // namespace sendoff::ui

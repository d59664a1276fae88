// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// RowDelegate: paints the rows of the queue. Everything is drawn: no widget per row. Not for: the
// mouse (queue_view.h), and not for the words (row_content.h).

#include "ui/queue/row_layout.h"
#include "ui/theme/palettes.h"

#include <QPersistentModelIndex>
#include <QPixmap>
#include <QStyledItemDelegate>

#include <functional>

namespace sendoff::ui {

struct Colors;

// A painted button under the mouse.
struct RowPointer {
    QPersistentModelIndex index;
    int button = -1;
    bool isPressed = false;
};

// The picture of a row's video at this size in device pixels; null while there is none.
using ThumbnailSource = std::function<QPixmap(const QModelIndex &index, const QSize &size)>;

class RowDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit RowDelegate(QObject *parent = nullptr);

    void setDensity(RowDensity density) { m_density = density; }
    RowDensity density() const { return m_density; }
    void setThumbnails(ThumbnailSource source) { m_thumbnails = std::move(source); }
    void setPointer(const RowPointer &pointer) { m_pointer = pointer; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    // Where the row's parts stand when it is painted in `option.rect`.
    RowLayout layoutOf(const QStyleOptionViewItem &option, const RowContent &content) const;

private:
    const RowFonts &fontsFor(const QFont &font) const;

    RowDensity m_density = RowDensity::Comfortable;
    ThumbnailSource m_thumbnails;
    RowPointer m_pointer;
    mutable std::optional<RowFonts> m_fonts;
};

// The color that a row's icon and, where it must be seen, its sentence have.
QColor stateColor(const queue::RowState &state, const Colors &colors, const QPalette &palette);
// Opaque, so that what is written on it has a contrast that can be told.
QColor rowBackground(const QPalette &palette, bool isSelected, bool isHovered);

} // namespace sendoff::ui

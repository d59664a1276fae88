// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// LabelCache: words that are painted again and again, laid out once. Shaping and eliding cost ten
// times as much as the glyphs.

#include <QCache>
#include <QFont>
#include <QList>
#include <QStaticText>
#include <QString>

class QPainter;
class QRect;

namespace sendoff::ui {

// One for what is painted by one widget; main thread.
class LabelCache {
public:
    LabelCache();

    // One line of plain text in the painter's font and pen, elided where it does not fit. Reads in
    // its own direction and is aligned as by drawInItsDirection() (direction.h).
    void draw(QPainter &painter, const QRect &rect, Qt::Alignment alignment, const QString &text,
              Qt::TextElideMode elide = Qt::ElideRight);
    // How wide it is where nothing is elided, in the painter's font.
    int width(const QPainter &painter, const QString &text);

private:
    struct Key {
        QString text;
        int room; // what it is elided to; -1 = it is not
        Qt::TextElideMode elide;
        qsizetype font; // in m_fonts
        bool operator==(const Key &) const = default;
    };
    friend size_t qHash(const Key &key, size_t seed);
    struct Label {
        QStaticText text;
        int width = 0;
        int height = 0;
    };
    const Label &labelFor(const QPainter &painter, Key key);
    qsizetype indexOf(const QFont &font);

    QList<QFont> m_fonts;
    QCache<Key, Label> m_labels;
};

} // namespace sendoff::ui

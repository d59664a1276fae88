// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/label_cache.h"

#include <QFontMetrics>
#include <QPainter>
#include <QStyle>
#include <QTextOption>

#include <algorithm>
#include <cmath>
#include <memory>

namespace sendoff::ui {

namespace {

constexpr int mostLabels = 600; // a few screens full
constexpr int mostFonts = 4;
constexpr int unlimited = -1;

} // namespace

size_t qHash(const LabelCache::Key &key, size_t seed)
{
    return qHashMulti(seed, key.text, key.room, int(key.elide), key.font);
}

LabelCache::LabelCache() : m_labels(mostLabels) {}

void LabelCache::draw(QPainter &painter, const QRect &rect, Qt::Alignment alignment,
                      const QString &text, Qt::TextElideMode elide)
{
    const qsizetype font = indexOf(painter.font());
    const Label *label = &labelFor(painter, {text, unlimited, Qt::ElideNone, font});
    if (label->width > rect.width())
        label = &labelFor(painter, {text, rect.width(), elide, font});
    const QRect place = QStyle::alignedRect(painter.layoutDirection(), alignment,
                                            {label->width, label->height}, rect);
    painter.drawStaticText(place.topLeft(), label->text);
}

int LabelCache::width(const QPainter &painter, const QString &text)
{
    return labelFor(painter, {text, unlimited, Qt::ElideNone, indexOf(painter.font())}).width;
}

const LabelCache::Label &LabelCache::labelFor(const QPainter &painter, Key key)
{
    if (const Label *known = m_labels.object(key))
        return *known;
    const QFontMetrics metrics = painter.fontMetrics();
    const QString shown = key.room == unlimited
        ? key.text
        : metrics.elidedText(key.text, key.elide, std::max(0, key.room));
    auto label = std::make_unique<Label>();
    QTextOption option;
    option.setWrapMode(QTextOption::NoWrap);
    option.setTextDirection(shown.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    label->text.setTextFormat(Qt::PlainText);
    label->text.setTextOption(option);
    label->text.setText(shown);
    label->text.prepare(painter.transform(), painter.font());
    label->width = int(std::ceil(label->text.size().width()));
    label->height = metrics.height();
    const Label *const made = label.get();
    m_labels.insert(std::move(key), label.release());
    return *made;
}

// A widget paints in one font, and in some variants of it.
qsizetype LabelCache::indexOf(const QFont &font)
{
    const qsizetype index = m_fonts.indexOf(font);
    if (index >= 0)
        return index;
    if (m_fonts.size() >= mostFonts) {
        m_fonts.clear();
        m_labels.clear();
    }
    m_fonts.append(font);
    return m_fonts.size() - 1;
}

} // namespace sendoff::ui

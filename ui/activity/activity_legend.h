// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ActivityLegend: what the timeline's shapes and colors mean, in one line or, where that is too
// narrow, in more.

#include <QRect>
#include <QWidget>

#include <vector>

namespace sendoff::ui {

class ActivityLegend : public QWidget {
    Q_OBJECT

public:
    explicit ActivityLegend(QWidget *parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    enum class Shape { Work, Turn, Ready, Wait, Held, Paint, Busy };
    struct Entry {
        Shape shape;
        QString words;
        QRect place;
    };
    // In reading order; places are those of a left-to-right line.
    std::vector<Entry> entries(int width) const;
    void drawSwatch(QPainter &painter, const QRect &rect, Shape shape) const;
};

} // namespace sendoff::ui

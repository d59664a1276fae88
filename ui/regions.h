// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Regions: F6 and Shift+F6 go from one part of the window to the next, each time to where the focus
// was in it. Not for: the order within a part (Tab).

#include <QList>
#include <QPointer>
#include <QWidget>

namespace sendoff::ui {

class Regions {
public:
    // In the order A…G of the window. Hidden parts and those without anything to focus are passed.
    explicit Regions(QList<QWidget *> parts);

    void next() { go(1); }
    void previous() { go(-1); }

private:
    void go(int step);
    int currentPart() const; // -1 where the focus is in none
    QWidget *targetIn(int part) const; // null where nothing in it takes the focus

    struct Part {
        QPointer<QWidget> widget;
        QPointer<QWidget> lastFocus;
    };
    QList<Part> m_parts;
};

} // namespace sendoff::ui

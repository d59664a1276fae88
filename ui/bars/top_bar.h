// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TopBar: what stands in the window's tool bar: adding, pausing all, the recipe for new videos and
// the search. In one line where that fits, else in two, so that nothing is ever cut.

#include <QWidget>

class QAction;
class QHBoxLayout;
class QLineEdit;
class QToolButton;

namespace sendoff::ui {

class RecipeBar;

class TopBar : public QWidget {
    Q_OBJECT

public:
    // Takes `recipeBar`. The actions' texts and icons are the buttons'.
    TopBar(QAction *add, QAction *pauseAll, RecipeBar *recipeBar, QWidget *parent = nullptr);

    QLineEdit *find() const { return m_find; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool event(QEvent *event) override;

private:
    int widthInOneLine() const;
    void arrange();

    QToolButton *m_add;
    QToolButton *m_pauseAll;
    RecipeBar *m_recipe;
    QLineEdit *m_find;
    QHBoxLayout *m_first;
    QHBoxLayout *m_second;
    bool m_isInTwoLines = false;
};

} // namespace sendoff::ui

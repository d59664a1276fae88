// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// RecipeDialog: another recipe for videos that are in the queue but have not begun. Opened, never
// exec()uted.

#include "ui/bars/recipe_bar.h"

#include <QDialog>

namespace sendoff::ui {

class RecipeDialog : public QDialog {
    Q_OBJECT

public:
    // Begins with what `like` shows. `begun` of the `videos` keep their recipe.
    RecipeDialog(const RecipeBar &like, int videos, int begun, QWidget *parent);

Q_SIGNALS:
    void chosen(const sendoff::queue::Recipe &recipe);
};

} // namespace sendoff::ui

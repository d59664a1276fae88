// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons_window.h"

#include "ui/lessons/lessons_page.h"

#include <QDialogButtonBox>
#include <QVBoxLayout>

namespace sendoff::ui {

namespace {

constexpr QSize lessonsSize(980, 600);

} // namespace

void LessonsWindow::open(QWidget *parent)
{
    auto *shown = parent->findChild<LessonsWindow *>();
    if (!shown)
        shown = new LessonsWindow(parent);
    shown->show();
    shown->raise();
    shown->activateWindow();
}

LessonsWindow::LessonsWindow(QWidget *parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("lessonsWindow"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Lessons: parallel and concurrent"));
    auto *lines = new QVBoxLayout(this);
    lines->addWidget(new LessonsPage(this), 1);
    auto *buttons = new QDialogButtonBox(this);
    buttons->addButton(tr("&Close"), QDialogButtonBox::RejectRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    lines->addWidget(buttons);
    resize(lessonsSize);
}

} // namespace sendoff::ui

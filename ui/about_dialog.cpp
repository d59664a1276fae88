// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/about_dialog.h"

#include "core/media/ffmpeg_version.h"
#include "ui/theme/icons.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace sendoff::ui {

namespace {

constexpr int iconSide = 96;
constexpr QSize shortcutsSize(520, 560);

QString plainText(const QAction &action)
{
    QString text = action.text();
    text.remove(u'&');
    return text;
}

QDialogButtonBox *closeButton(QDialog *dialog)
{
    auto *buttons = new QDialogButtonBox(dialog);
    buttons->addButton(AboutDialog::tr("&Close"), QDialogButtonBox::RejectRole);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    return buttons;
}

// A menu's actions with keys, and those of its sub-menus.
void addKeys(QTreeWidgetItem *group, const QMenu &menu)
{
    for (const QAction *action : menu.actions()) {
        if (action->menu())
            addKeys(group, *action->menu());
        else if (!action->shortcut().isEmpty())
            new QTreeWidgetItem(
                group, {plainText(*action), action->shortcut().toString(QKeySequence::NativeText)});
    }
}

} // namespace

AboutDialog::AboutDialog(QWidget *parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("aboutDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("About Sendoff"));
    auto *picture = new QLabel(this);
    picture->setPixmap(applicationIcon().pixmap(QSize(iconSide, iconSide), devicePixelRatioF()));
    picture->setAlignment(Qt::AlignCenter);
    auto *text = new QLabel(this);
    text->setAlignment(Qt::AlignCenter);
    text->setTextFormat(Qt::PlainText);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text->setText(versions() + QStringLiteral("\n\n")
                  + tr("Drop a video, get a link.\n"
                       "Free software under the GNU General Public License, version 3 or later,\n"
                       "without any warranty."));
    text->setAccessibleName(text->text());
    QDialogButtonBox *buttons = closeButton(this);
    QPushButton *copy = buttons->addButton(tr("&Copy versions"), QDialogButtonBox::ActionRole);
    connect(copy, &QPushButton::clicked, this,
            [] { QApplication::clipboard()->setText(AboutDialog::versions()); });
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(32, 24, 32, 16);
    column->setSpacing(16);
    column->addWidget(picture);
    column->addWidget(text);
    column->addWidget(buttons);
}

QString AboutDialog::versions()
{
    //: Versions of the program and of its libraries
    return tr("Sendoff %1\nFFmpeg %2 (%3)\nQt %4")
        .arg(QStringLiteral(SENDOFF_VERSION), media::ffmpegVersion(), media::ffmpegLicense(),
             QString::fromLatin1(qVersion()));
}

ShortcutsDialog::ShortcutsDialog(const QMenuBar &menus, QWidget *parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("shortcutsDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Keyboard shortcuts"));
    auto *tree = new QTreeWidget(this);
    tree->setAccessibleName(windowTitle());
    tree->setHeaderLabels({tr("Command"), tr("Key")});
    tree->setRootIsDecorated(false);
    tree->setUniformRowHeights(true);
    for (const QAction *entry : menus.actions()) {
        auto *group = new QTreeWidgetItem(tree, {plainText(*entry)});
        QFont bold = tree->font();
        bold.setBold(true);
        group->setFont(0, bold);
        group->setFlags(Qt::ItemIsEnabled);
        addKeys(group, *entry->menu());
        group->setHidden(group->childCount() == 0);
    }
    tree->expandAll();
    tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    tree->header()->setStretchLastSection(false);
    auto *column = new QVBoxLayout(this);
    column->addWidget(tree);
    column->addWidget(closeButton(this));
    resize(shortcutsSize);
}

} // namespace sendoff::ui

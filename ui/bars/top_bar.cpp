// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/top_bar.h"

#include "ui/bars/recipe_bar.h"
#include "ui/theme/icons.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>

namespace sendoff::ui {

namespace {

constexpr int findCharacters = 22; // "Find (Ctrl+F)" and a usual name
constexpr int smallestButton = 28;

QToolButton *buttonFor(QAction *action, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::TabFocus);
    button->setMinimumHeight(smallestButton);
    button->setAutoRaise(true);
    const auto sayName = [button, action] {
        button->setAccessibleName(action->text().remove(u'&'));
    };
    QObject::connect(action, &QAction::changed, button, sayName);
    sayName();
    return button;
}

} // namespace

TopBar::TopBar(QAction *add, QAction *pauseAll, RecipeBar *recipeBar, QWidget *parent)
    : QWidget(parent), m_add(buttonFor(add, this)), m_pauseAll(buttonFor(pauseAll, this)),
      m_recipe(recipeBar), m_find(new QLineEdit(this)), m_first(new QHBoxLayout),
      m_second(new QHBoxLayout)
{
    m_add->setObjectName(QStringLiteral("addButton"));
    m_pauseAll->setObjectName(QStringLiteral("pauseAllButton"));
    m_recipe->setParent(this);
    m_find->setObjectName(QStringLiteral("findEdit"));
    m_find->setAccessibleName(tr("Find videos by name"));
    //: In the search field. %1 is a key: "Ctrl+F"
    m_find->setPlaceholderText(
        tr("Find (%1)").arg(QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText)));
    m_find->setClearButtonEnabled(true);
    m_find->setAcceptDrops(false); // a dropped file is for the queue, not for the search
    m_find->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);

    auto *lines = new QVBoxLayout(this);
    lines->setContentsMargins(4, 2, 4, 2);
    lines->setSpacing(4);
    m_first->setSpacing(6);
    m_second->setSpacing(6);
    lines->addLayout(m_first);
    lines->addLayout(m_second);
    m_first->addWidget(m_add);
    m_first->addWidget(m_pauseAll);
    m_first->addSpacing(8);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setTabOrder(m_add, m_pauseAll);
    setTabOrder(m_pauseAll, m_recipe);
    arrange();
}

int TopBar::widthInOneLine() const
{
    const int find = m_find->fontMetrics().averageCharWidth() * findCharacters;
    return m_add->sizeHint().width() + m_pauseAll->sizeHint().width()
        + m_recipe->sizeHint().width() + find + 8 + 5 * m_first->spacing() + 8;
}

void TopBar::arrange()
{
    const int find = m_find->fontMetrics().averageCharWidth() * findCharacters;
    m_find->setMinimumWidth(find / 2);
    m_find->setMaximumWidth(find * 2);
    m_first->removeWidget(m_recipe);
    m_second->removeWidget(m_recipe);
    m_first->removeWidget(m_find);
    while (m_first->count() > 3)
        delete m_first->takeAt(3);
    while (m_second->count() > 0)
        delete m_second->takeAt(0);
    if (m_isInTwoLines) {
        m_second->addWidget(m_recipe);
        m_second->addStretch(1);
    } else {
        m_first->addWidget(m_recipe);
    }
    m_first->addStretch(1);
    m_first->addWidget(m_find, 3);
    updateGeometry();
}

void TopBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool needsTwoLines = width() < widthInOneLine();
    if (needsTwoLines == m_isInTwoLines)
        return;
    m_isInTwoLines = needsTwoLines;
    arrange();
}

bool TopBar::event(QEvent *event)
{
    const bool result = QWidget::event(event);
    // A longer preset name or another font may need the second line.
    if (event->type() == QEvent::LayoutRequest || event->type() == QEvent::FontChange) {
        const bool needsTwoLines = width() < widthInOneLine();
        if (needsTwoLines != m_isInTwoLines) {
            m_isInTwoLines = needsTwoLines;
            arrange();
        }
    }
    return result;
}

QSize TopBar::sizeHint() const
{
    QSize size = QWidget::sizeHint();
    size.setWidth(widthInOneLine());
    return size;
}

QSize TopBar::minimumSizeHint() const
{
    QSize size = QWidget::minimumSizeHint();
    const int lines = m_recipe->minimumSizeHint().width() + 8;
    size.setWidth(lines);
    return size;
}

} // namespace sendoff::ui

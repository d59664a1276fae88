// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/message_bar.h"

#include "ui/theme/colors.h"
#include "ui/theme/icons.h"

#include <QAccessible>
#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

namespace sendoff::ui {

namespace {

constexpr int smallestTarget = 24; // WCAG 2.5.8

QString iconName(Tone tone)
{
    switch (tone) {
    case Tone::Information:
        return QStringLiteral("info");
    case Tone::Held:
        return QStringLiteral("pause");
    case Tone::Attention:
        break;
    }
    return QStringLiteral("attention");
}

QColor toneColor(Tone tone, const QPalette &palette)
{
    const Colors &colors = colorsFor(palette);
    switch (tone) {
    case Tone::Information:
        return colors.exporting;
    case Tone::Held:
        return colors.held;
    case Tone::Attention:
        break;
    }
    return colors.attention;
}

} // namespace

MessageBar::MessageBar(QWidget *parent)
    : QFrame(parent), m_row(new QHBoxLayout(this)), m_icon(new QLabel(this)),
      m_text(new QLabel(this)), m_buttons(new QHBoxLayout), m_close(new QToolButton(this))
{
    m_text->setTextFormat(Qt::PlainText); // names of files are in it
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_close->setAutoRaise(true);
    m_close->setMinimumSize(smallestTarget, smallestTarget);
    m_row->setContentsMargins(12, 6, 6, 6);
    m_row->setSpacing(10);
    m_row->addWidget(m_icon);
    m_row->addWidget(m_text, 1);
    m_row->addLayout(m_buttons);
    m_row->addWidget(m_close);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    connect(m_close, &QToolButton::clicked, this, [this] {
        dismiss();
        Q_EMIT dismissed();
    });
    hide();
}

void MessageBar::setMessage(BarMessage message)
{
    m_message = std::move(message);
    m_text->setText(m_message.text);
    setAccessibleName(m_message.text);
    m_close->setVisible(!m_message.closeText.isEmpty());
    m_close->setAccessibleName(m_message.closeText);
    m_close->setToolTip(m_message.closeText);
    showIcon();
    rebuildButtons();
    show();
    QAccessibleEvent announced(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&announced);
}

void MessageBar::rebuildButtons()
{
    while (QLayoutItem *item = m_buttons->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // one of them may be in its click
        delete item;
    }
    QWidget *before = m_text; // a widget without focus is no place in the order of Tab
    for (const BarAction &action : m_message.actions) {
        auto *button = new QPushButton(action.text, this);
        button->setAccessibleName(QString(action.text).remove(u'&'));
        button->setMinimumHeight(smallestTarget);
        button->setAutoDefault(true);
        connect(button, &QPushButton::clicked, this, [this, action] { trigger(action); });
        m_buttons->addWidget(button);
        button->show(); // now: a layout would do so later
        setTabOrder(before, button);
        before = button;
    }
    setTabOrder(before, m_close);
}

void MessageBar::trigger(const BarAction &action)
{
    if (!action.keepsBar) {
        dismiss();
        Q_EMIT dismissed();
    }
    if (action.act)
        action.act();
}

void MessageBar::dismiss()
{
    if (m_returnFocusTo && isAncestorOf(QApplication::focusWidget()))
        m_returnFocusTo->setFocus();
    hide();
}

bool MessageBar::isAttended() const
{
    return underMouse() || isAncestorOf(QApplication::focusWidget());
}

void MessageBar::showIcon()
{
    const int side = fontMetrics().height();
    const QIcon drawn = icon(iconName(m_message.tone), toneColor(m_message.tone, palette()));
    m_icon->setPixmap(drawn.pixmap(QSize(side, side), devicePixelRatioF()));
    m_close->setIcon(icon(QStringLiteral("cancel"), palette()));
}

void MessageBar::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        showIcon();
}

void MessageBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Escape || m_message.closeText.isEmpty()) {
        QFrame::keyPressEvent(event);
        return;
    }
    dismiss();
    Q_EMIT dismissed();
}

void MessageBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QColor color = toneColor(m_message.tone, palette());
    painter.fillRect(rect(), palette().color(QPalette::AlternateBase));
    painter.fillRect(QRect(0, 0, width(), 1), palette().color(QPalette::Mid));
    painter.fillRect(QRect(0, height() - 1, width(), 1), palette().color(QPalette::Mid));
    const QRect edge(0, 0, 4, height());
    painter.fillRect(QStyle::visualRect(layoutDirection(), rect(), edge), color);
}

} // namespace sendoff::ui

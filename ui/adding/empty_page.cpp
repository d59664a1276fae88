// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/empty_page.h"

#include "ui/adding/drop_frame.h"
#include "ui/theme/icons.h"
#include "ui/theme/palettes.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace sendoff::ui {

namespace {

constexpr double titleScale = 1.6;
constexpr int widestText = 56; // characters in a line

QLabel *centered(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setAlignment(Qt::AlignCenter);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

EmptyPage::EmptyPage(QWidget *parent)
    : QWidget(parent), m_card(new QWidget(this)), m_picture(centered(m_card)),
      m_title(centered(m_card)), m_text(centered(m_card)),
      m_add(new QPushButton(tr("&Add videos…"), m_card)),
      m_sample(new QPushButton(tr("Try with a &sample"), m_card))
{
    setObjectName(QStringLiteral("emptyPage"));
    m_add->setAccessibleName(tr("Add videos"));
    m_add->setDefault(true);
    for (QPushButton *button : {m_add, m_sample}) {
        button->setMinimumHeight(button->fontMetrics().height() * 2);
        button->setMinimumWidth(button->sizeHint().width() + button->fontMetrics().height() * 2);
    }
    m_sample->setAccessibleName(tr("Try with a sample"));
    m_sample->setToolTip(tr("Makes three short clips and sends them to your Shelf"));
    connect(m_add, &QPushButton::clicked, this, &EmptyPage::addWanted);
    connect(m_sample, &QPushButton::clicked, this, &EmptyPage::sampleWanted);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(12);
    buttons->addStretch();
    buttons->addWidget(m_add);
    buttons->addWidget(m_sample);
    buttons->addStretch();
    auto *column = new QVBoxLayout(m_card);
    column->setContentsMargins(48, 36, 48, 36);
    column->setSpacing(14);
    for (QLabel *label : {m_picture, m_title, m_text})
        column->addWidget(label);
    column->addSpacing(8);
    column->addLayout(buttons);
    auto *page = new QVBoxLayout(this);
    page->addStretch();
    page->addWidget(m_card, 0, Qt::AlignCenter);
    page->addStretch();
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    showFonts();
    showTexts();
}

void EmptyPage::setRecipeSentence(const QString &sentence)
{
    m_sentence = sentence;
    showTexts();
}

void EmptyPage::setDragText(const QString &text)
{
    m_dragText = text;
    showTexts();
    update();
}

void EmptyPage::showTexts()
{
    const bool isDrag = !m_dragText.isEmpty();
    m_title->setText(isDrag ? m_dragText : tr("Drop videos here"));
    m_text->setText(tr("They start at once: %1").arg(m_sentence));
    // The card is as high as its sentence needs; a centred layout does not ask for that.
    m_text->setMinimumHeight(m_text->heightForWidth(m_text->minimumWidth()));
    m_title->setMinimumHeight(m_title->heightForWidth(m_text->minimumWidth()));
}

void EmptyPage::showFonts()
{
    QFont large = font();
    large.setPointSizeF(font().pointSizeF() * titleScale);
    large.setBold(true);
    m_title->setFont(large);
    m_text->setMinimumWidth(fontMetrics().averageCharWidth() * widestText);
    const int side = fontMetrics().height() * 3;
    m_picture->setPixmap(icon(QStringLiteral("exporting-and-uploading"), quietText(palette()))
                             .pixmap(QSize(side, side), devicePixelRatioF()));
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, quietText(palette()));
    m_text->setPalette(quiet);
    showTexts(); // its height follows the font
}

void EmptyPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        showFonts();
}

void EmptyPage::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintDropFrame(painter, m_card->geometry(), palette(),
                   m_dragText.isEmpty() ? DropFrame::Inviting : DropFrame::Dragging);
}

} // namespace sendoff::ui

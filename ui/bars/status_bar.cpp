// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/status_bar.h"

#include "core/base/error_text.h"
#include "ui/theme/elided_label.h"

namespace sendoff::ui {

StatusBar::StatusBar(QWidget *parent)
    : QStatusBar(parent), m_sentence(new ElidedLabel(this)), m_freeSpace(new QLabel(this))
{
    setObjectName(QStringLiteral("statusBar"));
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setContentsMargins(6, 0, 6, 0);
    m_sentence->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // never widens the window
    m_freeSpace->setContentsMargins(6, 0, 6, 0);
    m_freeSpace->setToolTip(tr("Free where exports are written"));
    addWidget(m_sentence, 1);
    addPermanentWidget(m_freeSpace);
}

void StatusBar::setSentence(const QString &text)
{
    if (m_sentence->text() == text)
        return;
    m_sentence->setText(text);
    m_sentence->setAccessibleName(text);
}

void StatusBar::setFreeSpace(qint64 bytes)
{
    //: %1 is a size: "41 GB free"
    const QString text = bytes < 0 ? QString() : tr("%1 free").arg(sizeText(bytes));
    if (m_freeSpace->text() != text)
        m_freeSpace->setText(text);
}

void StatusBar::addGauge(QWidget *gauge)
{
    removeWidget(m_freeSpace);
    addPermanentWidget(gauge);
    addPermanentWidget(m_freeSpace);
    m_freeSpace->show(); // removing hides
}

} // namespace sendoff::ui

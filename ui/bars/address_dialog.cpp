// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/address_dialog.h"

#include "core/base/error_text.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace sendoff::ui {

namespace {

constexpr int addressCharacters = 48;

} // namespace

AddressDialog::AddressDialog(QWidget *parent)
    : QDialog(parent), m_address(new QLineEdit(this)), m_trouble(new QLabel(this))
{
    setObjectName(QStringLiteral("addressDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Send new videos to a server"));
    auto *label = new QLabel(tr("&Address of a tus server:"), this);
    label->setBuddy(m_address);
    m_address->setObjectName(QStringLiteral("addressEdit"));
    m_address->setAccessibleName(tr("Address of a tus server"));
    m_address->setPlaceholderText(QStringLiteral("https://example.org/files"));
    m_address->setMinimumWidth(m_address->fontMetrics().averageCharWidth() * addressCharacters);
    m_trouble->setWordWrap(true);
    m_trouble->setTextFormat(Qt::PlainText);
    m_trouble->setMinimumHeight(m_trouble->fontMetrics().lineSpacing() * 2);
    m_trouble->setAlignment(Qt::AlignLeading | Qt::AlignTop);

    auto *buttons = new QDialogButtonBox(this);
    m_use = buttons->addButton(tr("&Use it"), QDialogButtonBox::AcceptRole);
    buttons->addButton(tr("&Cancel"), QDialogButtonBox::RejectRole);
    auto *column = new QVBoxLayout(this);
    for (QWidget *part : {static_cast<QWidget *>(label), static_cast<QWidget *>(m_address),
                          static_cast<QWidget *>(m_trouble), static_cast<QWidget *>(buttons)})
        column->addWidget(part);
    connect(m_address, &QLineEdit::textChanged, this, &AddressDialog::check);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        if (const auto place = placeFromAddress(m_address->text())) {
            Q_EMIT chosen(*place);
            accept();
        }
    });
    check();
}

void AddressDialog::check()
{
    const auto place = placeFromAddress(m_address->text());
    m_use->setEnabled(place.has_value());
    // Nobody wants to be corrected while the first word is still being typed.
    const bool isWorthSaying = m_address->text().contains(u':');
    if (place)
        m_trouble->setText(tr("Links will be those that %1 gives.").arg(placeTitle(*place)));
    else
        m_trouble->setText(isWorthSaying ? describe(place.error()).sentence()
                                         : tr("It begins with http:// or https://."));
}

} // namespace sendoff::ui

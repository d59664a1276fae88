// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/notice_bar.h"

#include <algorithm>

namespace sendoff::ui {

NoticeBar::NoticeBar(QWidget *parent) : MessageBar(parent)
{
    setObjectName(QStringLiteral("noticeBar"));
    connect(this, &MessageBar::dismissed, this, [this] { withdraw(QString(m_current)); });
}

void NoticeBar::post(Notice notice)
{
    const auto same = std::find_if(m_notices.begin(), m_notices.end(),
                                   [&](const Notice &other) { return other.key == notice.key; });
    if (same == m_notices.end()) {
        m_notices.push_back(std::move(notice));
    } else {
        if (m_current == same->key)
            m_current.clear(); // its text is another one now
        *same = std::move(notice);
    }
    showGravest();
}

void NoticeBar::withdraw(const QString &key)
{
    std::erase_if(m_notices, [&](const Notice &notice) { return notice.key == key; });
    showGravest();
}

void NoticeBar::showGravest()
{
    // The first of the gravest tone: what is being read stays until it is closed or outdone.
    const auto gravest =
        std::max_element(m_notices.begin(), m_notices.end(),
                         [](const Notice &a, const Notice &b) { return a.tone < b.tone; });
    if (gravest == m_notices.end()) {
        m_current.clear();
        dismiss();
        return;
    }
    if (m_current == gravest->key)
        return;
    m_current = gravest->key;
    BarMessage message;
    message.tone = gravest->tone;
    message.text = gravest->text;
    message.actions = gravest->actions;
    if (gravest->canBeClosed)
        message.closeText = tr("Close this notice");
    setMessage(std::move(message));
}

} // namespace sendoff::ui

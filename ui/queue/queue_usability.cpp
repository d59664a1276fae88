// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// QueueActions: what applies to the selection, and why something does not.
#include "core/queue/job_queue.h"
#include "core/queue/queue_commands.h"
#include "ui/queue/queue_actions.h"
#include "ui/theme/icons.h"

#include <QGuiApplication>
#include <QPalette>

#include <algorithm>
#include <iterator>

namespace sendoff::ui {

using queue::Job;
using queue::QueueVerb;
using queue::Refusal;

QStringList QueueActions::usable(QueueVerb verb, const QStringList &ids) const
{
    QStringList some;
    std::copy_if(ids.cbegin(), ids.cend(), std::back_inserter(some),
                 [&](const QString &id) { return !m_target.commands->whyNot(verb, id); });
    return some;
}

QString QueueActions::reasonAgainst(QueueVerb verb) const
{
    if (m_selection.isEmpty())
        return tr("Select a video first.");
    std::optional<Refusal> first;
    for (const QString &id : m_selection) {
        const auto refusal = m_target.commands->whyNot(verb, id);
        if (!refusal)
            return {};
        if (!first)
            first = refusal;
    }
    return refusalText(*first);
}

QString QueueActions::reasonAgainstLink() const
{
    if (m_selection.isEmpty())
        return tr("Select a video first.");
    const bool isAny = std::any_of(m_selection.cbegin(), m_selection.cend(), [&](const auto &id) {
        const Job *job = m_target.queue->find(id);
        return job && !linkOf(*job).isEmpty();
    });
    return isAny ? QString() : tr("There is no link yet: the video is not uploaded.");
}

// A disabled entry says why in its tooltip; an enabled one says its key.
void QueueActions::setUsable(QAction *action, const QString &reason)
{
    action->setEnabled(reason.isEmpty());
    const QString text = action->text().remove(u'&');
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    if (!reason.isEmpty())
        action->setToolTip(reason);
    else
        action->setToolTip(keys.isEmpty() ? text : tr("%1 (%2)").arg(text, keys));
    action->setStatusTip(reason);
}

void QueueActions::updatePause()
{
    const bool isAnyRunning = !usable(QueueVerb::Pause, m_selection).isEmpty();
    const bool isAnyPaused = !usable(QueueVerb::Resume, m_selection).isEmpty();
    const bool isResume = !isAnyRunning && isAnyPaused;
    pause->setText(isResume ? tr("&Resume") : tr("&Pause"));
    pause->setIcon(icon(isResume ? QStringLiteral("resume") : QStringLiteral("pause"),
                        QGuiApplication::palette()));
    setUsable(pause, isAnyPaused ? QString() : reasonAgainst(QueueVerb::Pause));
    const bool isPausedAll = m_target.commands->isPausedAll();
    pauseAll->setText(isPausedAll ? tr("Resume &all") : tr("Pause &all"));
    pauseAll->setIcon(icon(isPausedAll ? QStringLiteral("resume") : QStringLiteral("pause"),
                           QGuiApplication::palette()));
    setUsable(pauseAll,
              m_target.queue->order().isEmpty() && !isPausedAll
                  ? tr("There is nothing in the queue.")
                  : QString());
}

void QueueActions::update()
{
    updatePause();
    const QString againstCancel = reasonAgainst(QueueVerb::Cancel);
    const QString againstRemove = reasonAgainst(QueueVerb::Remove);
    setUsable(cancel, againstRemove.isEmpty() ? QString() : againstCancel);
    setUsable(undoCancel, reasonAgainst(QueueVerb::UndoCancel));
    setUsable(retry, reasonAgainst(QueueVerb::Retry));
    setUsable(startOver, reasonAgainst(QueueVerb::StartOver));
    setUsable(remove, againstRemove);
    const QString againstMove = reasonAgainst(QueueVerb::Move);
    for (QAction *action : {moveUp, moveDown, moveToTop, moveToBottom})
        setUsable(action, againstMove);
    setUsable(changeRecipe, reasonAgainst(QueueVerb::ChangeRecipe));
    const QString againstLink = reasonAgainstLink();
    setUsable(copyLink, againstLink);
    const Job *first = m_target.queue->find(m_selection.value(0));
    const bool hasFile = first && !outputOf(*first).empty();
    setUsable(openResult, hasFile ? QString() : againstLink);
    setUsable(showInFolder, m_selection.isEmpty() ? tr("Select a video first.") : QString());
    setUsable(copyDetails, m_selection.isEmpty() ? tr("Select a video first.") : QString());
    const bool isAnyDone =
        std::any_of(m_target.queue->order().cbegin(), m_target.queue->order().cend(),
                    [&](const QString &id) { return m_target.queue->find(id)->isDone(); });
    setUsable(clearFinished, isAnyDone ? QString() : tr("Nothing is finished yet."));
}

QString refusalText(Refusal refusal)
{
    switch (refusal) {
    case Refusal::UnknownJob:
        return QueueActions::tr("This video is no longer in the queue.");
    case Refusal::NothingToDo:
        return QueueActions::tr("There is nothing to do: it is so already.");
    case Refusal::AlreadyDone:
        return QueueActions::tr("This video is already done.");
    case Refusal::IsCancelled:
        return QueueActions::tr("This video is cancelled.");
    case Refusal::IsRunning:
        return QueueActions::tr("This video is being worked on: cancel it first.");
    case Refusal::HasBegun:
        return QueueActions::tr("Its work has begun: start it over to change this.");
    case Refusal::GraceIsOver:
        return QueueActions::tr("The time to undo is over: start it over instead.");
    }
    Q_UNREACHABLE();
}

} // namespace sendoff::ui

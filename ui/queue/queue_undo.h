// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Queue commands that can be undone, for a QUndoStack. Each is carried out when it is pushed; one
// that changed nothing removes itself from the stack. Not for: what cannot be undone (retry, start
// over).

#include "core/queue/queue_commands.h"

#include <QHash>
#include <QStringList>
#include <QUndoCommand>

#include <memory>

namespace sendoff::queue {
class JobQueue;
}

namespace sendoff::ui {

// What the commands act on; outlives them.
struct QueueTarget {
    queue::JobQueue *queue = nullptr;
    queue::QueueCommands *commands = nullptr;
};

// Pause and Resume are each other's undo; so are Cancel and UndoCancel, Remove and restore.
// `verb`: one of Pause, Resume, Cancel, Remove. Named “Cancel “Picnic.mp4””, “Cancel 3 videos”.
std::unique_ptr<QUndoCommand> undoable(queue::QueueVerb verb, const QStringList &ids,
                                       QueueTarget target);
std::unique_ptr<QUndoCommand> undoableMove(const QStringList &ids, queue::MoveTo where,
                                           QueueTarget target);
// Before the job that stands at `index` now.
std::unique_ptr<QUndoCommand> undoableMoveBefore(const QStringList &ids, int index,
                                                 QueueTarget target);
std::unique_ptr<QUndoCommand> undoableRecipe(const QStringList &ids, const queue::Recipe &recipe,
                                             QueueTarget target);

} // namespace sendoff::ui

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// AddCommand: an addition on the undo stack. Undo takes just that batch out of the queue; redo puts
// it back.

#include <QStringList>
#include <QUndoCommand>

namespace sendoff::queue {
class QueueCommands;
}

namespace sendoff::ui {

class AddCommand : public QUndoCommand {
public:
    // The jobs are in the queue already. `commands` outlives the stack.
    AddCommand(queue::QueueCommands *commands, QStringList ids);

    void undo() override;
    void redo() override;

private:
    queue::QueueCommands *m_commands;
    QStringList m_ids;
    bool m_isAdded = true;
};

} // namespace sendoff::ui

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/add_command.h"

#include "core/queue/queue_commands.h"

#include <QCoreApplication>

namespace sendoff::ui {

namespace {

struct AddWords {
    Q_DECLARE_TR_FUNCTIONS(AddWords)
};

} // namespace

AddCommand::AddCommand(queue::QueueCommands *commands, QStringList ids)
    : QUndoCommand(AddWords::tr("Add %n video(s)", nullptr, int(ids.size()))),
      m_commands(commands), m_ids(std::move(ids))
{
}

void AddCommand::undo()
{
    m_commands->cancel(m_ids); // what runs cannot be removed
    m_commands->remove(m_ids);
    m_isAdded = false;
}

void AddCommand::redo()
{
    if (m_isAdded)
        return; // QUndoStack::push() calls it once for what is done already
    m_commands->restore(m_ids);
    m_commands->undoCancel(m_ids);
    m_isAdded = true;
}

} // namespace sendoff::ui

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/queue_undo.h"

#include "core/queue/job_queue.h"
#include "core/queue/quantity_text.h"

#include <QCoreApplication>

#include <functional>
#include <utility>

namespace sendoff::ui {

using queue::MoveTo;
using queue::QueueCommands;
using queue::QueueVerb;
using queue::Recipe;

namespace {

struct UndoWords {
    Q_DECLARE_TR_FUNCTIONS(QueueUndo)
};

QString nameOf(const QStringList &ids, const QueueTarget &target)
{
    const queue::Job *job = ids.isEmpty() ? nullptr : target.queue->find(ids.first());
    return job ? queue::isolated(displayName(job->source)) : QString();
}

QString verbText(QueueVerb verb, const QStringList &ids, const QueueTarget &target)
{
    const int count = int(ids.size());
    const QString name = nameOf(ids, target);
    const bool isOne = count == 1;
    switch (verb) {
    case QueueVerb::Pause:
        return isOne ? UndoWords::tr("Pause “%1”").arg(name)
                     : UndoWords::tr("Pause %n videos", nullptr, count);
    case QueueVerb::Resume:
        return isOne ? UndoWords::tr("Resume “%1”").arg(name)
                     : UndoWords::tr("Resume %n videos", nullptr, count);
    case QueueVerb::Cancel:
        return isOne ? UndoWords::tr("Cancel “%1”").arg(name)
                     : UndoWords::tr("Cancel %n videos", nullptr, count);
    case QueueVerb::Remove:
        return isOne ? UndoWords::tr("Remove “%1”").arg(name)
                     : UndoWords::tr("Remove %n videos", nullptr, count);
    case QueueVerb::Move:
        return isOne ? UndoWords::tr("Move “%1”").arg(name)
                     : UndoWords::tr("Move %n videos", nullptr, count);
    case QueueVerb::ChangeRecipe:
        return isOne ? UndoWords::tr("Change recipe of “%1”").arg(name)
                     : UndoWords::tr("Change recipe of %n videos", nullptr, count);
    case QueueVerb::UndoCancel:
    case QueueVerb::Retry:
    case QueueVerb::StartOver:
        break;
    }
    Q_UNREACHABLE();
}

// The two directions of a verb.
class VerbCommand : public QUndoCommand {
public:
    using Act = std::function<QueueCommands::Outcome(const QStringList &)>;

    VerbCommand(const QString &text, QStringList ids, Act act, Act back)
        : QUndoCommand(text)
        , m_ids(std::move(ids))
        , m_act(std::move(act))
        , m_back(std::move(back))
    {
    }

    void redo() override
    {
        m_changed = m_act(m_ids).changed;
        setObsolete(m_changed.isEmpty());
    }
    void undo() override
    {
        const QStringList restored = m_back(m_changed).changed;
        setObsolete(restored.isEmpty()); // the time for it is over
    }

private:
    QStringList m_ids;
    QStringList m_changed;
    Act m_act;
    Act m_back;
};

// Jobs to other places, and back to where they stood among those that are still there.
class MoveCommand : public QUndoCommand {
public:
    using Act = std::function<QueueCommands::Outcome()>;

    MoveCommand(const QString &text, QStringList ids, queue::JobQueue *queue, Act act)
        : QUndoCommand(text)
        , m_ids(std::move(ids))
        , m_queue(queue)
        , m_act(std::move(act))
    {
    }

    void redo() override
    {
        m_before = m_queue->order();
        (void)m_act(); // what was refused did not move; the order tells
        setObsolete(m_queue->order() == m_before);
    }

    void undo() override
    {
        QStringList order = m_queue->order();
        for (const QString &id : std::as_const(m_ids))
            order.removeAll(id);
        for (qsizetype place = 0; place < m_before.size(); ++place) {
            const QString &id = m_before[place];
            if (m_ids.contains(id) && m_queue->find(id))
                order.insert(std::min(place, order.size()), id);
        }
        m_queue->reorder(order);
    }

private:
    QStringList m_ids;
    queue::JobQueue *m_queue;
    Act m_act;
    QStringList m_before;
};

class RecipeCommand : public QUndoCommand {
public:
    RecipeCommand(const QString &text, QStringList ids, Recipe recipe, QueueTarget target)
        : QUndoCommand(text)
        , m_ids(std::move(ids))
        , m_recipe(std::move(recipe))
        , m_target(target)
    {
    }

    void redo() override
    {
        QHash<QString, Recipe> before;
        for (const QString &id : std::as_const(m_ids)) {
            if (const queue::Job *job = m_target.queue->find(id))
                before.insert(id, job->recipe);
        }
        const QStringList changed = m_target.commands->changeRecipe(m_ids, m_recipe).changed;
        m_before.clear();
        for (const QString &id : changed)
            m_before.insert(id, before.value(id));
        setObsolete(changed.isEmpty());
    }

    void undo() override
    {
        bool isAnyBack = false;
        for (auto job = m_before.cbegin(); job != m_before.cend(); ++job) {
            const auto outcome = m_target.commands->changeRecipe({job.key()}, job.value());
            isAnyBack = isAnyBack || !outcome.changed.isEmpty();
        }
        setObsolete(!isAnyBack); // they have begun
    }

private:
    QStringList m_ids;
    Recipe m_recipe;
    QueueTarget m_target;
    QHash<QString, Recipe> m_before; // by id
};

} // namespace

std::unique_ptr<QUndoCommand> undoable(QueueVerb verb, const QStringList &ids, QueueTarget target)
{
    QueueCommands *commands = target.commands;
    const auto pause = [commands](const QStringList &some) { return commands->pause(some); };
    const auto resume = [commands](const QStringList &some) { return commands->resume(some); };
    const auto cancel = [commands](const QStringList &some) { return commands->cancel(some); };
    const auto undoCancel = [commands](const QStringList &some) {
        return commands->undoCancel(some);
    };
    const auto remove = [commands](const QStringList &some) { return commands->remove(some); };
    const auto restore = [commands](const QStringList &some) { return commands->restore(some); };
    const QString text = verbText(verb, ids, target);
    switch (verb) {
    case QueueVerb::Pause:
        return std::make_unique<VerbCommand>(text, ids, pause, resume);
    case QueueVerb::Resume:
        return std::make_unique<VerbCommand>(text, ids, resume, pause);
    case QueueVerb::Cancel:
        return std::make_unique<VerbCommand>(text, ids, cancel, undoCancel);
    case QueueVerb::Remove:
        return std::make_unique<VerbCommand>(text, ids, remove, restore);
    case QueueVerb::Move:
    case QueueVerb::ChangeRecipe:
    case QueueVerb::UndoCancel:
    case QueueVerb::Retry:
    case QueueVerb::StartOver:
        break;
    }
    Q_UNREACHABLE();
}

std::unique_ptr<QUndoCommand> undoableMove(const QStringList &ids, MoveTo where, QueueTarget target)
{
    return std::make_unique<MoveCommand>(
        verbText(QueueVerb::Move, ids, target), ids, target.queue,
        [commands = target.commands, ids, where] { return commands->move(ids, where); });
}

std::unique_ptr<QUndoCommand> undoableMoveBefore(const QStringList &ids, int index,
                                                 QueueTarget target)
{
    return std::make_unique<MoveCommand>(
        verbText(QueueVerb::Move, ids, target), ids, target.queue,
        [commands = target.commands, ids, index] { return commands->moveBefore(ids, index); });
}

std::unique_ptr<QUndoCommand> undoableRecipe(const QStringList &ids, const Recipe &recipe,
                                             QueueTarget target)
{
    return std::make_unique<RecipeCommand>(verbText(QueueVerb::ChangeRecipe, ids, target), ids,
                                           recipe, target);
}

} // namespace sendoff::ui

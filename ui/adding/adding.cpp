// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/adding.h"

#include "core/base/error_text.h"
#include "core/queue/job_queue.h"
#include "ui/adding/add_command.h"
#include "ui/adding/drop_content.h"
#include "ui/bars/notice_bar.h"
#include "ui/bars/undo_bar.h"

#include <QUndoStack>

namespace sendoff::ui {

namespace {

// Keys of the notices: one of each kind at a time.
QString notVideosKey()
{
    return QStringLiteral("not-videos");
}

QString batchKey(queue::BatchId id)
{
    return QStringLiteral("batch-%1").arg(id);
}

} // namespace

Adding::Adding(AddingParts parts) : m_parts(std::move(parts))
{
    connect(m_parts.intake, &queue::Intake::searching, this, &Adding::showSearch);
    connect(m_parts.intake, &queue::Intake::askedAboutMany, this, &Adding::askAboutMany);
    connect(m_parts.intake, &queue::Intake::finished, this, &Adding::report);
}

void Adding::add(std::vector<FilePath> paths)
{
    add(std::move(paths), m_parts.recipe());
}

void Adding::add(std::vector<FilePath> paths, queue::Recipe recipe)
{
    if (paths.empty())
        return;
    Batch batch{std::move(paths), std::move(recipe)};
    if (!m_isOpen) {
        m_waiting.push_back(std::move(batch));
        return;
    }
    const queue::BatchId id = m_parts.intake->add(batch.paths, batch.recipe);
    m_batches.insert(id, std::move(batch));
}

void Adding::addFrom(const QMimeData &data)
{
    const DropContent content = dropContentOf(data);
    if (!content.canBeAdded() || content.links > 0) {
        Notice notice;
        notice.key = QStringLiteral("cannot-add");
        notice.text = refusalText(content);
        m_parts.notices->post(std::move(notice));
    }
    add(content.paths);
}

void Adding::open()
{
    m_isOpen = true;
    for (Batch &batch : std::exchange(m_waiting, {}))
        add(std::move(batch.paths), std::move(batch.recipe));
}

void Adding::showSearch(queue::BatchId id, const QString &folder, int found)
{
    Notice notice;
    notice.key = batchKey(id);
    //: %1 is a folder's name
    notice.text = tr("Looking in “%1” … %n video(s) found", nullptr, found).arg(folder);
    BarAction stop;
    stop.text = tr("&Stop");
    stop.act = [this, id] { m_parts.intake->stopSearching(id); };
    notice.actions = {stop};
    notice.canBeClosed = false;
    m_parts.notices->post(std::move(notice));
}

void Adding::askAboutMany(queue::BatchId id, int videos, qint64 bytes)
{
    Notice notice;
    notice.key = batchKey(id);
    notice.tone = Tone::Held; // nothing of it is queued before the answer
    //: %1 is a size: "96 GB"
    notice.text = tr("Add %n video(s) (%1)?", nullptr, videos).arg(sizeText(bytes));
    BarAction all;
    all.text = tr("&Add all");
    all.act = [this, id] { answer(id, true); };
    BarAction choose;
    choose.text = tr("&Choose…");
    choose.act = [this, id] {
        const auto batch = m_batches.constFind(id);
        const FilePath folder =
            batch == m_batches.constEnd() ? FilePath() : batch->paths.front();
        answer(id, false);
        Q_EMIT chooseWanted(folder);
    };
    BarAction cancel;
    cancel.text = tr("Cancel");
    cancel.act = [this, id] { answer(id, false); };
    notice.actions = {all, choose, cancel};
    notice.canBeClosed = false;
    m_parts.notices->post(std::move(notice));
}

void Adding::answer(queue::BatchId id, bool addAll)
{
    m_parts.notices->withdraw(batchKey(id));
    m_parts.intake->confirm(id, addAll);
}

void Adding::report(const queue::BatchReport &report)
{
    const Batch batch = m_batches.take(report.batch);
    m_parts.notices->withdraw(batchKey(report.batch));
    if (!report.added.isEmpty())
        offerUndo(report.added);
    if (!report.alreadyQueued.isEmpty())
        tellAlreadyQueued(report.alreadyQueued, batch.recipe);
    if (!report.notVideos.isEmpty())
        tellNotVideos(report.notVideos);
    tellRest(report);
}

void Adding::offerUndo(const QStringList &ids)
{
    m_parts.undoStack->push(new AddCommand(m_parts.commands, ids));
    BarAction undo;
    undo.text = tr("&Undo");
    undo.act = [this] { m_parts.undoStack->undo(); };
    BarAction change;
    change.text = tr("&Change recipe…");
    change.act = [this, ids] { Q_EMIT changeRecipeWanted(ids); };
    m_parts.undoBar->offer(tr("Added %n video(s).", nullptr, int(ids.size())), {undo, change});
    Q_EMIT added(ids);
}

void Adding::tellAlreadyQueued(const QStringList &ids, const queue::Recipe &recipe)
{
    std::vector<FilePath> paths;
    for (const QString &id : ids) {
        if (const queue::Job *job = m_parts.queue->find(id))
            paths.push_back(job->source);
    }
    Notice notice;
    notice.key = QStringLiteral("already-queued");
    notice.text = ids.size() == 1
        ? tr("“%1” is already in the queue.").arg(paths.empty() ? QString() : displayName(paths[0]))
        : tr("%n video(s) are already in the queue.", nullptr, int(ids.size()));
    BarAction again;
    again.text = tr("&Add again");
    again.act = [this, paths, recipe] {
        const queue::BatchId id =
            m_parts.intake->add(paths, recipe, queue::Intake::IfQueued::AddAgain);
        m_batches.insert(id, Batch{paths, recipe});
    };
    notice.actions = {again};
    m_parts.notices->post(std::move(notice));
    Q_EMIT alreadyQueued(ids);
}

void Adding::tellNotVideos(const QStringList &names)
{
    Notice notice;
    notice.key = notVideosKey();
    notice.text = tr("%n file(s) are not videos and were not added.", nullptr, int(names.size()));
    BarAction which;
    which.text = tr("&Which?");
    which.keepsBar = true;
    which.act = [this, names] {
        constexpr qsizetype named = 12;
        Notice list;
        list.key = notVideosKey();
        list.text = names.size() <= named
            ? tr("Not added: %1.").arg(names.join(QStringLiteral(", ")))
            : tr("Not added: %1 and %n more.", nullptr, int(names.size() - named))
                  .arg(names.mid(0, named).join(QStringLiteral(", ")));
        m_parts.notices->post(std::move(list));
    };
    notice.actions = {which};
    m_parts.notices->post(std::move(notice));
}

void Adding::tellRest(const queue::BatchReport &report)
{
    Notice notice;
    notice.key = QStringLiteral("not-added");
    if (!report.errors.isEmpty()) {
        notice.tone = Tone::Attention;
        notice.text = describe(report.errors.first()).sentence();
    } else if (!report.refused.isEmpty()) {
        notice.text = tr("“%1” is where Sendoff keeps its own results. It was not added.")
                          .arg(report.refused.first());
    } else if (report.isEmptyFolder) {
        notice.text = tr("There are no videos in that folder.");
    } else {
        return;
    }
    m_parts.notices->post(std::move(notice));
}

} // namespace sendoff::ui

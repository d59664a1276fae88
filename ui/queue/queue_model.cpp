// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/queue_model.h"

#include "core/queue/job_queue.h"
#include "core/queue/queue_commands.h"

#include <QDateTime>

#include <algorithm>
#include <utility>

namespace sendoff::ui {

using queue::Job;
using queue::RowState;
using queue::RowWord;

namespace {

constexpr int ticksToEstimate = 10; // once a second; with very many rows more rarely
constexpr int rowsInATick = 200;

} // namespace

QueueModel::QueueModel(queue::JobQueue *queue, queue::QueueCommands *commands,
                       ProgressSource progress, SteadyClock clock, QObject *parent)
    : QAbstractListModel(parent)
    , m_queue(queue)
    , m_commands(commands)
    , m_meters(std::move(progress))
    , m_clock(std::move(clock))
{
    m_rows.insert(0, queue->order(), [this](const QString &id) { return stateOf(id); });
    connectQueue();
    m_timer.setInterval(tick);
    connect(&m_timer, &QTimer::timeout, this, &QueueModel::sample);
}

void QueueModel::connectQueue()
{
    connect(m_queue, &queue::JobQueue::jobsAdded, this, &QueueModel::insertJobs);
    connect(m_queue, &queue::JobQueue::jobsRemoved, this, &QueueModel::removeJobs);
    connect(m_queue, &queue::JobQueue::orderChanged, this, &QueueModel::reorder);
    connect(m_queue, &queue::JobQueue::jobChanged, this, &QueueModel::changeJob);
    connect(m_queue, &queue::JobQueue::legChanged, this,
            [this](const QString &id) { changeJob(id); });
    connect(m_commands, &queue::QueueCommands::pausedAllChanged, this,
            &QueueModel::changeEveryState);
}

void QueueModel::setPresetTitles(queue::PresetTitles titles)
{
    m_titles = std::move(titles);
    markAll();
}

void QueueModel::setShown(bool isShown)
{
    if (m_isShown == isShown)
        return;
    m_isShown = isShown;
    updateTimer();
    if (isShown)
        sample();
}

const Job *QueueModel::jobAt(int row) const
{
    return m_queue->find(m_rows.idAt(row));
}

int QueueModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_rows.size();
}

QVariant QueueModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || !jobAt(index.row()))
        return {};
    switch (role) {
    case IdRole:
        return m_rows.idAt(index.row());
    case WordRole:
        return int(m_rows.stateAt(index.row()).word);
    case ContentRole:
        return QVariant::fromValue(contentAt(index.row()));
    case Qt::DisplayRole:
        return displayName(jobAt(index.row())->source);
    case Qt::AccessibleTextRole:
        return contentAt(index.row()).accessible;
    default:
        return {};
    }
}

Qt::ItemFlags QueueModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::ItemIsDropEnabled; // between rows, never onto one
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled
        | Qt::ItemNeverHasChildren;
}

RowContent QueueModel::contentAt(int row) const
{
    const Job &job = *jobAt(row);
    const RowState &state = m_rows.stateAt(row);
    queue::RowFacts facts = m_meters.facts(job);
    facts.nowMs = QDateTime::currentMSecsSinceEpoch();
    if (state.word == RowWord::Waiting)
        facts.position = m_rows.positionOf(row);
    return rowContent(job, state, facts, m_titles, {row, m_rows.size()});
}

RowState QueueModel::stateOf(const QString &id) const
{
    const Job *job = m_queue->find(id);
    return job ? rowStateOf(*job, m_commands->isPausedAll()) : RowState();
}

void QueueModel::insertJobs(const QStringList &ids)
{
    QStringList fresh;
    for (const QString &id : ids) {
        if (m_rows.rowOf(id) >= 0)
            changeJob(id);
        else
            fresh.append(id);
    }
    // They need not stand together: each run of neighbours is one insertion. Mostly they are last.
    const QStringList &order = m_queue->order();
    const QSet<QString> isFresh(fresh.cbegin(), fresh.cend());
    const bool areLast = order.mid(order.size() - fresh.size()) == fresh;
    for (qsizetype row = areLast ? order.size() - fresh.size() : 0; row < order.size();) {
        qsizetype end = row;
        while (end < order.size() && isFresh.contains(order[end]))
            ++end;
        if (end == row) {
            ++row;
            continue;
        }
        beginInsertRows({}, int(row), int(end) - 1);
        m_rows.insert(int(row), order.mid(row, end - row),
                      [this](const QString &id) { return stateOf(id); });
        endInsertRows();
        row = end;
    }
    updateTimer();
    Q_EMIT countsChanged();
}

void QueueModel::removeJobs(const QStringList &ids)
{
    const QSet<QString> gone(ids.cbegin(), ids.cend());
    for (int row = m_rows.size() - 1; row >= 0;) {
        int first = row;
        while (first >= 0 && gone.contains(m_rows.idAt(first)))
            --first;
        if (first == row) {
            --row;
            continue;
        }
        beginRemoveRows({}, first + 1, row);
        for (int index = first + 1; index <= row; ++index)
            m_meters.forget(m_rows.idAt(index));
        m_rows.remove(first + 1, row);
        endRemoveRows();
        row = first;
    }
    updateTimer();
    Q_EMIT countsChanged();
}

void QueueModel::reorder()
{
    Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    QStringList ids;
    for (const QModelIndex &index : before)
        ids.append(m_rows.idAt(index.row()));
    m_rows.reorder(m_queue->order());
    QModelIndexList after;
    for (const QString &id : ids)
        after.append(index(m_rows.rowOf(id)));
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, VerticalSortHint);
}

void QueueModel::changeJob(const QString &id)
{
    const int row = m_rows.rowOf(id);
    const Job *job = m_queue->find(id);
    if (row < 0 || !job)
        return;
    m_meters.settle(*job);
    const RowState state = stateOf(id);
    if (state != m_rows.stateAt(row)) {
        if (m_rows.hasPositions())
            mark(m_rows.size() - 1); // those behind it in line move up
        m_rows.setState(row, state);
        Q_EMIT countsChanged();
    }
    mark(row);
    updateTimer();
}

void QueueModel::changeEveryState()
{
    for (int row = 0; row < m_rows.size(); ++row)
        m_rows.setState(row, stateOf(m_rows.idAt(row)));
    markAll();
    updateTimer();
    Q_EMIT countsChanged();
}

void QueueModel::markAll()
{
    mark(0);
    mark(m_rows.size() - 1);
}

void QueueModel::mark(int row)
{
    if (row < 0 || row >= m_rows.size())
        return;
    m_firstDirty = m_firstDirty < 0 ? row : std::min(m_firstDirty, row);
    m_lastDirty = std::max(m_lastDirty, row);
    if (m_isFlushPosted)
        return;
    m_isFlushPosted = true; // many changes of one turn of the loop are one signal
    QMetaObject::invokeMethod(this, &QueueModel::flush, Qt::QueuedConnection);
}

void QueueModel::flush()
{
    m_isFlushPosted = false;
    const int first = m_firstDirty;
    const int last = std::min(m_lastDirty, m_rows.size() - 1);
    m_firstDirty = -1;
    m_lastDirty = -1;
    if (first >= 0 && first <= last)
        Q_EMIT dataChanged(index(first), index(last), {ContentRole});
}

void QueueModel::sample()
{
    const auto now = m_clock();
    for (const QString &id : m_rows.active()) {
        const Job *job = m_queue->find(id);
        if (job && m_meters.sample(*job, now))
            mark(m_rows.rowOf(id));
    }
    if (m_isFlushPosted)
        flush();
    if (--m_ticks <= 0)
        estimateLeft();
}

void QueueModel::estimateLeft()
{
    m_ticks = std::max(ticksToEstimate, m_rows.size() / rowsInATick);
    queue::QueueEstimate estimate;
    if (!m_rows.active().isEmpty()) {
        for (int row = 0; row < m_rows.size(); ++row) {
            const queue::RowWord word = m_rows.stateAt(row).word;
            if (word == queue::RowWord::Done || word == queue::RowWord::Cancelled
                || word == queue::RowWord::Paused || word == queue::RowWord::NeedsAttention)
                continue;
            if (const Job *job = jobAt(row))
                estimate.add(m_meters.work(*job));
        }
    }
    const auto left = estimate.left();
    if (std::exchange(m_left, left) != left)
        Q_EMIT leftChanged();
}

void QueueModel::updateTimer()
{
    const bool isNeeded = m_isShown && !m_rows.active().isEmpty();
    if (isNeeded && !m_timer.isActive())
        m_timer.start();
    else if (!isNeeded && m_timer.isActive())
        m_timer.stop();
    if (m_rows.active().isEmpty() && m_left)
        estimateLeft();
}

} // namespace sendoff::ui

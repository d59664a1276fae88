// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/queue_model.h"

#include "core/queue/job_queue.h"
#include "core/queue/queue_commands.h"

#include <QDateTime>
#include <QMimeData>
#include <QUrl>

#include <algorithm>

namespace sendoff::ui {

using queue::Job;
using queue::RowState;
using queue::RowWord;

namespace {

const auto rowsType = QStringLiteral("application/x-sendoff-rows");

bool isSampled(RowWord word)
{
    return word == RowWord::Exporting || word == RowWord::Uploading
        || word == RowWord::ExportingAndUploading || word == RowWord::Verifying
        || word == RowWord::Retrying;
}

} // namespace

QueueModel::QueueModel(queue::JobQueue *queue, queue::QueueCommands *commands,
                       ProgressSource progress, SteadyClock clock, QObject *parent)
    : QAbstractListModel(parent)
    , m_queue(queue)
    , m_commands(commands)
    , m_meters(std::move(progress))
    , m_clock(std::move(clock))
{
    connect(queue, &queue::JobQueue::jobsAdded, this, &QueueModel::insertJobs);
    connect(queue, &queue::JobQueue::jobsRemoved, this, &QueueModel::removeJobs);
    connect(queue, &queue::JobQueue::orderChanged, this, &QueueModel::reorder);
    connect(queue, &queue::JobQueue::jobChanged, this, &QueueModel::changeJob);
    connect(queue, &queue::JobQueue::legChanged, this,
            [this](const QString &id) { changeJob(id); });
    connect(commands, &queue::QueueCommands::pausedAllChanged, this, &QueueModel::changeEveryState);
    m_timer.setInterval(tick);
    connect(&m_timer, &QTimer::timeout, this, &QueueModel::sample);
    reload();
}

void QueueModel::setPresetTitles(queue::PresetTitles titles)
{
    m_titles = std::move(titles);
    if (!m_rows.empty()) {
        m_firstDirty = 0;
        m_lastDirty = int(m_rows.size()) - 1;
        flush();
    }
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

int QueueModel::rowOf(const QString &id) const
{
    return m_rowOf.value(id, -1);
}

const Job *QueueModel::jobAt(int row) const
{
    return m_queue->find(m_rows[std::size_t(row)].id);
}

int QueueModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant QueueModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || !jobAt(index.row()))
        return {};
    switch (role) {
    case IdRole:
        return idAt(index.row());
    case WordRole:
        return int(stateAt(index.row()).word);
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
    const RowState &state = stateAt(row);
    queue::RowFacts facts = m_meters.facts(job);
    facts.nowMs = QDateTime::currentMSecsSinceEpoch();
    if (state.word == RowWord::Waiting)
        facts.position = positionOf(row);
    return rowContent(job, state, facts, m_titles, {row, int(m_rows.size())});
}

// The place among the rows that wait for a slot. Counted once after each change.
int QueueModel::positionOf(int row) const
{
    if (m_positions.empty()) {
        m_positions.reserve(m_rows.size());
        int waiting = 0;
        for (const Row &each : m_rows) {
            const bool waits =
                each.state.word == RowWord::Waiting && each.state.waitFor == queue::WaitFor::Slot;
            m_positions.push_back(waits ? ++waiting : 0);
        }
    }
    return m_positions[std::size_t(row)];
}

RowState QueueModel::stateOf(const QString &id) const
{
    const Job *job = m_queue->find(id);
    return job ? rowStateOf(*job, m_commands->isPausedAll()) : RowState();
}

void QueueModel::setState(Row &row, const RowState &state)
{
    --m_counts[std::size_t(row.state.word)];
    ++m_counts[std::size_t(state.word)];
    row.state = state;
    if (isSampled(state.word))
        m_active.insert(row.id);
    else
        m_active.remove(row.id);
}

void QueueModel::number()
{
    m_positions.clear();
    m_rowOf.clear();
    m_rowOf.reserve(qsizetype(m_rows.size()));
    for (std::size_t row = 0; row < m_rows.size(); ++row)
        m_rowOf.insert(m_rows[row].id, int(row));
}

void QueueModel::reload()
{
    for (const QString &id : m_queue->order()) {
        m_rows.push_back({id, {}});
        ++m_counts[std::size_t(RowState().word)];
        setState(m_rows.back(), stateOf(id));
    }
    number();
}

void QueueModel::insertJobs(const QStringList &ids)
{
    QStringList fresh;
    for (const QString &id : ids) {
        if (rowOf(id) >= 0)
            changeJob(id);
        else
            fresh.append(id);
    }
    // They need not stand together: each run of neighbours is one insertion.
    const QStringList &order = m_queue->order();
    const QSet<QString> isFresh(fresh.cbegin(), fresh.cend());
    for (int row = 0; row < order.size();) {
        int end = row;
        while (end < order.size() && isFresh.contains(order[end]))
            ++end;
        if (end == row) {
            ++row;
            continue;
        }
        beginInsertRows({}, row, end - 1);
        std::vector<Row> added;
        for (int index = row; index < end; ++index) {
            added.push_back({order[index], {}});
            ++m_counts[std::size_t(RowState().word)];
            setState(added.back(), stateOf(order[index]));
        }
        m_rows.insert(m_rows.begin() + row, added.begin(), added.end());
        number();
        endInsertRows();
        row = end;
    }
    updateTimer();
    Q_EMIT countsChanged();
}

void QueueModel::removeJobs(const QStringList &ids)
{
    const QSet<QString> gone(ids.cbegin(), ids.cend());
    for (int row = int(m_rows.size()) - 1; row >= 0;) {
        int first = row;
        while (first >= 0 && gone.contains(idAt(first)))
            --first;
        if (first == row) {
            --row;
            continue;
        }
        beginRemoveRows({}, first + 1, row);
        for (int index = first + 1; index <= row; ++index) {
            --m_counts[std::size_t(stateAt(index).word)];
            m_active.remove(idAt(index));
            m_meters.forget(idAt(index));
        }
        m_rows.erase(m_rows.begin() + first + 1, m_rows.begin() + row + 1);
        number();
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
        ids.append(idAt(index.row()));
    const QStringList &order = m_queue->order();
    std::vector<Row> rows;
    rows.reserve(m_rows.size());
    for (const QString &id : order) {
        if (const int row = rowOf(id); row >= 0)
            rows.push_back(m_rows[std::size_t(row)]);
    }
    m_rows = std::move(rows);
    number();
    QModelIndexList after;
    for (const QString &id : ids)
        after.append(index(rowOf(id)));
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, VerticalSortHint);
}

void QueueModel::changeJob(const QString &id)
{
    const int row = rowOf(id);
    const Job *job = m_queue->find(id);
    if (row < 0 || !job)
        return;
    m_meters.settle(*job);
    const RowState state = stateOf(id);
    Row &changed = m_rows[std::size_t(row)];
    if (state != changed.state) {
        setState(changed, state);
        if (!m_positions.empty()) { // the rows behind it in line move up
            m_positions.clear();
            mark(int(m_rows.size()) - 1);
        }
        Q_EMIT countsChanged();
    }
    mark(row);
    updateTimer();
}

void QueueModel::changeEveryState()
{
    for (Row &row : m_rows)
        setState(row, stateOf(row.id));
    m_positions.clear();
    mark(0);
    mark(int(m_rows.size()) - 1);
    updateTimer();
    Q_EMIT countsChanged();
}

void QueueModel::mark(int row)
{
    if (row < 0 || row >= int(m_rows.size()))
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
    const int last = std::min(m_lastDirty, int(m_rows.size()) - 1);
    m_firstDirty = -1;
    m_lastDirty = -1;
    if (first >= 0 && first <= last)
        Q_EMIT dataChanged(index(first), index(last), {ContentRole});
}

void QueueModel::sample()
{
    const auto now = m_clock();
    for (const QString &id : std::as_const(m_active)) {
        const Job *job = m_queue->find(id);
        if (job && m_meters.sample(*job, now))
            mark(rowOf(id));
    }
    if (m_isFlushPosted)
        flush();
}

void QueueModel::updateTimer()
{
    const bool isNeeded = m_isShown && !m_active.isEmpty();
    if (isNeeded && !m_timer.isActive())
        m_timer.start();
    else if (!isNeeded && m_timer.isActive())
        m_timer.stop();
}

QStringList QueueModel::mimeTypes() const
{
    return {rowsType};
}

// Of our own rows, whatever the drag calls it: they are always moved.
Qt::DropActions QueueModel::supportedDropActions() const
{
    return Qt::MoveAction | Qt::CopyAction;
}

QMimeData *QueueModel::mimeData(const QModelIndexList &indexes) const
{
    if (indexes.isEmpty())
        return nullptr;
    QStringList ids;
    QList<QUrl> files;
    for (const QModelIndex &index : indexes) {
        ids.append(idAt(index.row()));
        const Job *job = jobAt(index.row());
        const FilePath file = job ? outputOf(*job) : FilePath();
        if (!file.empty())
            files.append(QUrl::fromLocalFile(QString::fromStdString(file.string())));
    }
    auto *mime = new QMimeData; // the caller's
    mime->setData(rowsType, ids.join(u'\n').toUtf8());
    if (!files.isEmpty())
        mime->setUrls(files);
    return mime;
}

bool QueueModel::canDropMimeData(const QMimeData *data, Qt::DropAction, int, int,
                                 const QModelIndex &parent) const
{
    return data->hasFormat(rowsType) && !parent.isValid();
}

bool QueueModel::dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                              const QModelIndex &parent)
{
    if (!canDropMimeData(data, action, row, column, parent))
        return false;
    const QStringList ids = QString::fromUtf8(data->data(rowsType)).split(u'\n');
    Q_EMIT moveRequested(ids, row < 0 ? rowCount() : row);
    return false; // the rows move by orderChanged(): the view must not remove the dragged ones
}

} // namespace sendoff::ui

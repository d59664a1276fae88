// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/trace_export.h"

#include "core/activity/intervals.h"
#include "core/activity/span_names.h"
#include "core/base/source_file.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <map>
#include <set>
#include <unistd.h>

namespace sendoff::activity {

namespace {

// The one process of the trace. Rows: worker threads by their index, uploads behind them.
constexpr int tracePid = 1;
constexpr int firstUploadRow = 1'000'000;
// Complete events of one row nest: what a loop ran lies beside how late it was.
constexpr int firstLoopRow = 500'000;

const char *categoryOf(SpanKind kind)
{
    switch (kind) {
    case SpanKind::Work:
        return "export";
    case SpanKind::Turn:
        return "turn";
    case SpanKind::Ready:
        return "ready";
    case SpanKind::Wait:
        return "wait";
    case SpanKind::Loop:
    case SpanKind::Busy:
    case SpanKind::Paint:
        return "loop";
    case SpanKind::Segment: // a snapshot has none
        break;
    }
    return "";
}

bool isOfLoop(SpanKind kind)
{
    return kind == SpanKind::Busy || kind == SpanKind::Paint;
}

bool belongsToThread(SpanKind kind)
{
    return kind == SpanKind::Work || kind == SpanKind::Loop || isOfLoop(kind);
}

int rowOf(const Span &span)
{
    if (isOfLoop(span.kind))
        return firstLoopRow + span.thread;
    return belongsToThread(span.kind) ? span.thread + 1 : firstUploadRow + int(span.activity);
}

QString titleOf(const Recorder::Snapshot &snapshot, ActivityId id)
{
    return id < snapshot.activities.size() ? snapshot.activities[id] : QString();
}

QString threadNameOf(const Recorder::Snapshot &snapshot, const Span &span)
{
    return span.thread < snapshot.threads.size() ? snapshot.threads[span.thread].name : QString();
}

QString spanName(const Recorder::Snapshot &snapshot, const Span &span)
{
    const QString title = titleOf(snapshot, span.activity);
    if (span.kind == SpanKind::Work && !title.isEmpty())
        return title;
    if (isOfLoop(span.kind))
        return span.kind == SpanKind::Paint ? QStringLiteral("paint") : QStringLiteral("busy");
    if (span.kind == SpanKind::Wait)
        return QStringLiteral("waits: ") + QString::fromLatin1(reasonName(span.reason));
    return QString::fromLatin1(categoryOf(span.kind));
}

QJsonObject metadataEvent(const QString &name, int row, const QString &value)
{
    return {{QStringLiteral("ph"), QStringLiteral("M")},
            {QStringLiteral("name"), name},
            {QStringLiteral("pid"), tracePid},
            {QStringLiteral("tid"), row},
            {QStringLiteral("args"), QJsonObject{{QStringLiteral("name"), value}}}};
}

QJsonObject completeEvent(const Recorder::Snapshot &snapshot, const Span &span, qint64 originNs)
{
    return {{QStringLiteral("ph"), QStringLiteral("X")},
            {QStringLiteral("name"), spanName(snapshot, span)},
            {QStringLiteral("cat"), QString::fromLatin1(categoryOf(span.kind))},
            {QStringLiteral("pid"), tracePid},
            {QStringLiteral("tid"), rowOf(span)},
            {QStringLiteral("ts"), double(span.beginNs - originNs) / 1000.0},
            {QStringLiteral("dur"), double(span.lengthNs()) / 1000.0},
            {QStringLiteral("args"),
             QJsonObject{{QStringLiteral("activity"), titleOf(snapshot, span.activity)},
                         {QStringLiteral("thread"), threadNameOf(snapshot, span)}}}};
}

// Writes all to a new file beside `path` that takes its place on commit(), or vanishes.
class ReplacingFile {
public:
    explicit ReplacingFile(const FilePath &path)
        : m_path(path)
        , m_temporary(partialPath(path, QString::number(::getpid())))
    {
    }
    ~ReplacingFile()
    {
        if (m_file)
            ::unlink(m_temporary.c_str());
    }
    ReplacingFile(const ReplacingFile &) = delete;
    ReplacingFile &operator=(const ReplacingFile &) = delete;

    Result<void> open()
    {
        m_file = FileDescriptor(::open(
            m_temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
        return m_file ? Result<void>() : failed(QStringLiteral("create"));
    }
    Result<void> write(const QByteArray &bytes)
    {
        for (qsizetype done = 0; done < bytes.size();) {
            const ssize_t count =
                ::write(m_file.get(), bytes.constData() + done, std::size_t(bytes.size() - done));
            if (count < 0 && errno != EINTR)
                return failed(QStringLiteral("write"));
            done += std::max<ssize_t>(count, 0);
        }
        return {};
    }
    Result<void> commit()
    {
        if (::fsync(m_file.get()) != 0)
            return failed(QStringLiteral("fsync"));
        if (::rename(m_temporary.c_str(), m_path.c_str()) != 0)
            return failed(QStringLiteral("rename"));
        m_file = FileDescriptor();
        return {};
    }

private:
    Result<void> failed(const QString &step) const
    {
        return failure(Error::fromErrno(errno, Error::FileRole::Output, step,
                                        displayPath(m_path.parent_path()))
                           .with(argument::file, displayName(m_path)));
    }

    FilePath m_path;
    FilePath m_temporary;
    FileDescriptor m_file;
};

// The rows that spans lie on, with their names.
std::map<int, QString> traceRows(const Recorder::Snapshot &snapshot)
{
    std::map<int, QString> rows;
    for (const Span &span : snapshot.spans) {
        const QString name = belongsToThread(span.kind) ? threadNameOf(snapshot, span)
                                                        : titleOf(snapshot, span.activity);
        rows.try_emplace(rowOf(span),
                         isOfLoop(span.kind) ? QStringLiteral("%1: its loop").arg(name) : name);
    }
    return rows;
}

Result<void> writeEvents(const Recorder::Snapshot &snapshot, ReplacingFile &file)
{
    constexpr qsizetype chunkSize = 1 << 20;
    QByteArray chunk = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n";
    const auto append = [&chunk](const QJsonObject &event) {
        chunk += QJsonDocument(event).toJson(QJsonDocument::Compact);
    };
    append(metadataEvent(QStringLiteral("process_name"), 0, QStringLiteral("Sendoff")));
    for (const auto &[row, name] : traceRows(snapshot)) {
        chunk += ",\n";
        append(metadataEvent(QStringLiteral("thread_name"), row, name));
    }
    const qint64 originNs = snapshot.spans.empty() ? 0 : snapshot.spans.front().beginNs;
    for (const Span &span : snapshot.spans) {
        chunk += ",\n";
        append(completeEvent(snapshot, span, originNs));
        if (chunk.size() >= chunkSize) {
            SO_TRY_VOID(file.write(chunk));
            chunk.clear();
        }
    }
    chunk += "\n]}\n";
    return file.write(chunk);
}

std::vector<Interval> exportIntervals(const Recorder::Snapshot &snapshot)
{
    std::vector<Interval> intervals;
    for (const Span &span : snapshot.spans) {
        if (span.kind == SpanKind::Work)
            intervals.push_back({span.beginNs, span.endNs});
    }
    return united(std::move(intervals));
}

struct UploadStretch {
    Interval whole;
    std::vector<Interval> waitsForExport;
};

// An upload is an activity that has turns and never computes on a worker.
std::vector<Interval> uploadIntervals(const Recorder::Snapshot &snapshot)
{
    std::set<ActivityId> working;
    std::map<ActivityId, UploadStretch> uploads;
    for (const Span &span : snapshot.spans) {
        if (span.kind == SpanKind::Work)
            working.insert(span.activity);
        if (belongsToThread(span.kind))
            continue;
        const Interval interval{span.beginNs, span.endNs};
        Interval &whole =
            uploads.try_emplace(span.activity, UploadStretch{interval, {}}).first->second.whole;
        whole.beginNs = std::min(whole.beginNs, interval.beginNs);
        whole.endNs = std::max(whole.endNs, interval.endNs);
        if (span.kind == SpanKind::Wait && span.reason == WaitReason::Export)
            uploads[span.activity].waitsForExport.push_back(interval);
    }
    std::vector<Interval> active;
    for (auto &[id, upload] : uploads) {
        if (id == 0 || working.contains(id))
            continue;
        const auto own = difference({upload.whole}, united(std::move(upload.waitsForExport)));
        active.insert(active.end(), own.begin(), own.end());
    }
    return united(std::move(active));
}

double seconds(qint64 nanoseconds)
{
    return double(nanoseconds) / 1e9;
}

} // namespace

Result<void> writeChromeTrace(const Recorder::Snapshot &snapshot, const FilePath &path)
{
    ReplacingFile file(path);
    SO_TRY_VOID(file.open());
    SO_TRY_VOID(writeEvents(snapshot, file));
    return file.commit();
}

double overlapSeconds(const Recorder::Snapshot &snapshot)
{
    return seconds(lengthNs(intersection(exportIntervals(snapshot), uploadIntervals(snapshot))));
}

double exportSeconds(const Recorder::Snapshot &snapshot)
{
    return seconds(lengthNs(exportIntervals(snapshot)));
}

} // namespace sendoff::activity

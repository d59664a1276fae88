// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/span_names.h"
#include "core/activity/trace_export.h"
#include "core/base/durable_file.h"

namespace sendoff::activity {

namespace {

// RFC 4180, 2: quoted where it needs to be, quotes doubled.
QByteArray csvField(const QString &text)
{
    QByteArray field = text.toUtf8();
    const bool isPlain = !field.contains(',') && !field.contains('"') && !field.contains('\n')
        && !field.contains('\r');
    if (isPlain)
        return field;
    return '"' + field.replace("\"", "\"\"") + '"';
}

QByteArray microseconds(qint64 nanoseconds)
{
    return QByteArray::number(double(nanoseconds) / 1000.0, 'f', 3);
}

} // namespace

Result<void> writeCsv(const Recorder::Snapshot &snapshot, const FilePath &path)
{
    QByteArray lines = "begin_us,duration_us,kind,reason,thread,activity\r\n";
    const qint64 originNs = snapshot.spans.empty() ? 0 : snapshot.spans.front().beginNs;
    for (const Span &span : snapshot.spans) {
        const QString thread = span.thread < snapshot.threads.size()
            ? snapshot.threads[span.thread].name
            : QString();
        const QString activity = span.activity < snapshot.activities.size()
            ? snapshot.activities[span.activity]
            : QString();
        lines += microseconds(span.beginNs - originNs) + ',' + microseconds(span.lengthNs()) + ','
            + kindName(span.kind) + ','
            + (span.kind == SpanKind::Wait ? reasonName(span.reason) : "") + ','
            + csvField(thread) + ',' + csvField(activity) + "\r\n";
    }
    return replaceFile(path, lines, Durability::Synced);
}

} // namespace sendoff::activity

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/overlap.h"

#include <utility>

namespace sendoff::activity {

namespace {

std::vector<Interval> merged(const std::vector<Interval> &some, std::vector<Interval> more)
{
    if (more.empty())
        return some;
    more.insert(more.end(), some.begin(), some.end());
    return united(std::move(more));
}

bool isUploadOf(const Recorder::Update &update, ActivityId id)
{
    return id < update.activities.size() && update.activities[id].role == ActivityRole::Upload;
}

// An upload that has nothing to send yet does not overlap.
bool isUploading(const Recorder::Update &update, const Span &span)
{
    switch (span.kind) {
    case SpanKind::Turn:
    case SpanKind::Ready:
        return isUploadOf(update, span.activity);
    case SpanKind::Wait:
        return span.reason != WaitReason::Export && isUploadOf(update, span.activity);
    default:
        return false;
    }
}

double secondsIn(const std::vector<Interval> &intervals)
{
    return double(lengthNs(intervals)) / 1e9;
}

} // namespace

void Overlap::take(const Recorder::Update &update)
{
    std::vector<Interval> exports;
    std::vector<Interval> uploads;
    for (const Span &span : update.spans) {
        if (span.kind == SpanKind::Work)
            exports.push_back({span.beginNs, span.endNs});
        else if (isUploading(update, span))
            uploads.push_back({span.beginNs, span.endNs});
    }
    m_exports = merged(m_exports, std::move(exports));
    m_uploads = merged(m_uploads, std::move(uploads));
    m_openExports.clear();
    m_openUploads.clear();
    for (const Span &span : update.open) {
        if (span.kind == SpanKind::Work)
            m_openExports.push_back({span.beginNs, update.nowNs});
        else if (isUploading(update, span))
            m_openUploads.push_back({span.beginNs, update.nowNs});
    }
}

double Overlap::exportSeconds() const
{
    return secondsIn(merged(m_exports, m_openExports));
}

double Overlap::uploadSeconds() const
{
    return secondsIn(merged(m_uploads, m_openUploads));
}

double Overlap::overlapSeconds() const
{
    return secondsIn(
        intersection(merged(m_exports, m_openExports), merged(m_uploads, m_openUploads)));
}

} // namespace sendoff::activity

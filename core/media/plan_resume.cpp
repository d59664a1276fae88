// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/plan_resume.h"

#include "core/media/encoder_heap.h"

#include <optional>

namespace sendoff::media {

namespace {

struct EncoderVerdict {
    ResumeVerdict verdict;
    QString reason;
};

// Measured over repeated runs with recorded threads: x264 by quality or average rate (where its
// memory is zeroed) and SVT-AV1 by quality repeat themselves; x264 with a binding maximum rate and
// x265 do on one thread only; of the others nothing is known.
EncoderVerdict verdictOf(const StreamPlan &stream)
{
    const bool mayRepeat = stream.encoder != u"libx264" || isEncoderMemoryZeroed();
    const bool isOneThread = stream.options.value(QStringLiteral("threads")) == u"1"
        && (stream.encoder == u"libx264" || stream.encoder == u"libx265");
    if (isOneThread && mayRepeat)
        return {ResumeVerdict::Exact,
                QStringLiteral("it goes on from its last segment, and with one thread the file is "
                               "the same as without an interruption")};
    const bool hasCap = stream.options.contains(QStringLiteral("maxrate"));
    if (stream.encoder == u"libx264" && hasCap)
        return {ResumeVerdict::Valid,
                QStringLiteral("it goes on from its last segment; %1 with a maximum rate does not "
                               "repeat itself bit for bit on several threads")
                    .arg(stream.encoder)};
    const bool isByQuality = stream.options.contains(QStringLiteral("crf"));
    const bool repeats =
        stream.encoder == u"libx264" || (stream.encoder == u"libsvtav1" && isByQuality);
    if (repeats && mayRepeat)
        return {ResumeVerdict::Exact,
                QStringLiteral("it goes on from its last segment, and the file is the same as "
                               "without an interruption")};
    return {ResumeVerdict::Valid,
            QStringLiteral("it goes on from its last segment; %1 is not known to repeat itself "
                           "bit for bit")
                .arg(stream.encoder)};
}

} // namespace

void resolveResume(ExportPlan &plan)
{
    std::optional<EncoderVerdict> worst;
    for (const StreamPlan &stream : plan.streams) {
        if (stream.kind != StreamKind::Video || stream.action != StreamAction::Convert)
            continue;
        EncoderVerdict found = verdictOf(stream);
        if (!worst || found.verdict != ResumeVerdict::Exact)
            worst = std::move(found);
    }
    if (worst) {
        plan.resume = worst->verdict;
        plan.resumeReason = worst->reason;
        return;
    }
    plan.resume = ResumeVerdict::Exact;
    plan.resumeReason = plan.copiesAll()
        ? QStringLiteral("what is copied is read again, at the speed of the disk")
        : QStringLiteral("the sound is encoded again, which takes a moment");
}

} // namespace sendoff::media

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/plan_layout.h"

#include <algorithm>

namespace sendoff::media {

namespace {

bool isIsoMedia(const ExportPlan &plan)
{
    return plan.container == u"mp4" || plan.container == u"mov";
}

bool isMatroska(const ExportPlan &plan)
{
    return plan.container == u"matroska" || plan.container == u"webm";
}

void chooseLayout(const PlanInput &input, ExportPlan &plan)
{
    const Layout wished =
        input.wishes.layout != Layout::Auto ? input.wishes.layout : input.preset.layout;
    const bool wantsFragments = wished == Layout::Fragmented
        || (wished == Layout::Auto && input.wishes.sendsMeanwhile == SendOrder::InOrder);
    plan.layout = Layout::Progressive;
    if (!wantsFragments) {
        const bool isWished =
            input.wishes.headLast || input.wishes.sendsMeanwhile == SendOrder::AnyOrder;
        // Copies take a moment; without a length nobody knows how much room an MP4's index needs.
        const bool isPossible =
            isMatroska(plan) || (isIsoMedia(plan) && plan.durationUs.has_value());
        plan.headLast = isWished && isPossible && plan.encodesVideo();
        return;
    }
    if (!plan.editLists) {
        plan.warnings.append(
            QStringLiteral("The layout is progressive, because %1 wants no edit lists.")
                .arg(input.presetName()));
    } else if (isIsoMedia(plan)) {
        plan.layout = Layout::Fragmented;
    } else if (wished == Layout::Fragmented) {
        plan.warnings.append(
            plan.copyBytes
                ? QStringLiteral("The layout is the file's own, because it is taken as it is.")
                : QStringLiteral("The layout is progressive, because %1 has no fragments.")
                      .arg(input.containerTitle()));
    }
}

// FFmpeg's muxer forgets in fragments how long a subtitle is shown.
void keepSubtitlesOutOfFragments(const PlanInput &input, ExportPlan &plan)
{
    if (plan.layout != Layout::Fragmented)
        return;
    for (StreamPlan &planned : plan.streams) {
        if (planned.kind != StreamKind::Subtitle || planned.action == StreamAction::Drop)
            continue;
        const auto source = std::find_if(
            input.info.streams.cbegin(), input.info.streams.cend(),
            [&](const StreamInfo &stream) { return stream.index == planned.sourceIndex; });
        planned = droppedStream(*source,
                                {QStringLiteral("layout"),
                                 QStringLiteral("subtitles do not last in a fragmented file")});
        plan.warnings.append(lossSentence(planned));
    }
}

QString reasonOf(const PlanInput &input, const ExportPlan &plan)
{
    if (plan.layout == Layout::Fragmented)
        return QStringLiteral("it is sent from its beginning to its end while it is made");
    if (plan.headLast)
        return QStringLiteral("its head is written last, and all behind it is sent while it is made");
    if (!isIsoMedia(plan))
        return QStringLiteral("it is sent when it is made, because %1 is written anew at its end")
            .arg(input.containerTitle());
    if (!plan.encodesVideo())
        return QStringLiteral("it is sent when it is made, which takes a moment");
    return QStringLiteral("it is sent when it is made");
}

} // namespace

void resolveLayout(const PlanInput &input, ExportPlan &plan)
{
    chooseLayout(input, plan);
    keepSubtitlesOutOfFragments(input, plan);
    if (input.wishes.sendsMeanwhile != SendOrder::NotYet)
        plan.layoutReason = reasonOf(input, plan);
}

} // namespace sendoff::media

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/plan_layout.h"

#include <algorithm>

namespace sendoff::media {

namespace {

bool canBeFragmented(const ExportPlan &plan)
{
    return plan.container == u"mp4" || plan.container == u"mov";
}

void chooseLayout(const PlanInput &input, ExportPlan &plan)
{
    const Layout wished =
        input.wishes.layout != Layout::Auto ? input.wishes.layout : input.preset.layout;
    const bool wantsFragments = wished == Layout::Fragmented
        || (wished == Layout::Auto && input.wishes.uploadsInOrderWhileExporting);
    plan.layout = Layout::Progressive;
    if (!wantsFragments)
        return;
    if (!plan.editLists) {
        plan.warnings.append(
            QStringLiteral("The layout is progressive, because %1 wants no edit lists.")
                .arg(input.presetName()));
    } else if (canBeFragmented(plan)) {
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

} // namespace

void resolveLayout(const PlanInput &input, ExportPlan &plan)
{
    chooseLayout(input, plan);
    keepSubtitlesOutOfFragments(input, plan);
}

} // namespace sendoff::media

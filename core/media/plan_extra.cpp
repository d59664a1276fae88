// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/names.h"
#include "core/media/plan_stream.h"
#include "core/media/preset_schema.h"

namespace sendoff::media {

namespace {

bool isImageSubtitle(const QString &codec)
{
    return codec == u"hdmv_pgs_subtitle" || codec == u"dvd_subtitle" || codec == u"dvb_subtitle"
        || codec == u"xsub";
}

StreamPlan copiedSubtitle(const StreamInfo &stream)
{
    StreamPlan plan;
    plan.sourceIndex = stream.index;
    plan.kind = stream.kind;
    plan.action = StreamAction::Copy;
    plan.rule = QStringLiteral("copy");
    plan.reason = QStringLiteral("copied, because the preset keeps subtitles");
    plan.sourceCodec = stream.codec;
    plan.codec = stream.codec;
    return plan;
}

StreamPlan planSubtitle(const PlanInput &input, const StreamInfo &stream)
{
    const bool isHeld = containerHolds(input.preset.container, stream.codec);
    if (input.preset.keepSubtitles && isHeld && !input.wishes.trim && !stream.isEncrypted)
        return copiedSubtitle(stream);
    if (isImageSubtitle(stream.codec))
        return droppedStream(stream,
                             {QStringLiteral("subtitle-images"),
                              QStringLiteral("these subtitles are pictures, which %1 can't hold")
                                  .arg(input.containerTitle())});
    if (!input.preset.keepSubtitles)
        return droppedStream(stream,
                             {QStringLiteral("subtitles"),
                              QStringLiteral("%1 leaves subtitles out").arg(input.presetName())});
    if (input.wishes.trim)
        return droppedStream(
            stream, {QStringLiteral("trim"), QStringLiteral("subtitles can't be trimmed yet")});
    return droppedStream(stream,
                         {QStringLiteral("subtitle-format"),
                          QStringLiteral("%1 can't hold %2 subtitles")
                              .arg(input.containerTitle(), stream.codecTitle)});
}

} // namespace

StreamPlan planExtra(const PlanInput &input, const StreamInfo &stream)
{
    switch (stream.kind) {
    case StreamKind::Subtitle:
        return planSubtitle(input, stream);
    case StreamKind::CoverArt:
        return droppedStream(
            stream, {QStringLiteral("cover-art"), QStringLiteral("it is cover art, not video")});
    case StreamKind::Attachment:
        return droppedStream(
            stream,
            {QStringLiteral("attachment"), QStringLiteral("attached files are not exported")});
    case StreamKind::Video:
    case StreamKind::Audio:
        return droppedStream(stream,
                             {QStringLiteral("not-selected"),
                              QStringLiteral("another track of its kind is exported")});
    case StreamKind::Data:
        break;
    }
    return droppedStream(stream,
                         {QStringLiteral("data"), QStringLiteral("data tracks are not exported")});
}

} // namespace sendoff::media

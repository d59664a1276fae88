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

// Texts may go from one form into another; they have no loss but that of fancy styles.
bool isTextSubtitle(const QString &codec)
{
    return codec == u"subrip" || codec == u"ass" || codec == u"webvtt" || codec == u"mov_text"
        || codec == u"text";
}

// What each container's players read.
QString textSubtitleFor(const QString &container)
{
    if (container == u"mp4" || container == u"mov")
        return QStringLiteral("mov_text");
    if (container == u"webm")
        return QStringLiteral("webvtt");
    return QStringLiteral("subrip");
}

StreamPlan keptSubtitle(const StreamInfo &stream, StreamAction action, const QString &codec)
{
    StreamPlan plan;
    plan.sourceIndex = stream.index;
    plan.kind = stream.kind;
    plan.action = action;
    plan.sourceCodec = stream.codec;
    plan.codec = codec;
    if (action == StreamAction::Convert)
        plan.encoder = codec; // libav names them alike
    return plan;
}

StreamPlan copiedSubtitle(const StreamInfo &stream)
{
    StreamPlan plan = keptSubtitle(stream, StreamAction::Copy, stream.codec);
    plan.rule = QStringLiteral("copy");
    plan.reason = QStringLiteral("copied, because the preset keeps subtitles");
    return plan;
}

StreamPlan convertedSubtitle(const PlanInput &input, const StreamInfo &stream,
                             const Obstacle &obstacle)
{
    const QString codec = textSubtitleFor(input.preset.container);
    StreamPlan plan = keptSubtitle(stream, StreamAction::Convert, codec);
    plan.rule = obstacle.rule;
    plan.reason = QStringLiteral("converted to %1, because %2")
                      .arg(codecTitle(codec), obstacle.reason);
    return plan;
}

StreamPlan planSubtitle(const PlanInput &input, const StreamInfo &stream)
{
    if (!input.preset.keepSubtitles)
        return droppedStream(stream,
                             {QStringLiteral("subtitles"),
                              QStringLiteral("%1 leaves subtitles out").arg(input.presetName())});
    const bool isHeld = containerHolds(input.preset.container, stream.codec);
    if (isHeld && !input.wishes.trim && !stream.isEncrypted)
        return copiedSubtitle(stream);
    const Obstacle obstacle = isHeld
        ? Obstacle{QStringLiteral("trim"), QStringLiteral("it must begin with the trim")}
        : Obstacle{QStringLiteral("subtitle-format"),
                   QStringLiteral("%1 can't hold %2 subtitles")
                       .arg(input.containerTitle(), stream.codecTitle)};
    const bool canConvert = isTextSubtitle(stream.codec) && stream.canDecode && !stream.isEncrypted
        && input.codecs.hasEncoder(textSubtitleFor(input.preset.container));
    if (canConvert)
        return convertedSubtitle(input, stream, obstacle);
    if (isImageSubtitle(stream.codec))
        return droppedStream(
            stream,
            {QStringLiteral("subtitle-images"),
             isHeld ? QStringLiteral("subtitles that are pictures can't be trimmed yet")
                    : QStringLiteral("these subtitles are pictures, which %1 can't hold")
                          .arg(input.containerTitle())});
    return droppedStream(stream, obstacle);
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

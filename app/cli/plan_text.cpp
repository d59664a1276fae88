// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/plan_text.h"

#include "core/base/error_text.h"
#include "core/base/file_path.h"

#include <array>

namespace sendoff::app {

namespace {

QString kindText(media::StreamKind kind)
{
    switch (kind) {
    case media::StreamKind::Video:
        return QStringLiteral("picture");
    case media::StreamKind::Audio:
        return QStringLiteral("sound");
    case media::StreamKind::Subtitle:
        return QStringLiteral("subtitles");
    case media::StreamKind::CoverArt:
        return QStringLiteral("cover picture");
    case media::StreamKind::Attachment:
        return QStringLiteral("attachment");
    case media::StreamKind::Data:
        break;
    }
    return QStringLiteral("data");
}

QString videoText(const media::StreamInfo &stream)
{
    QString text = QStringLiteral("%1 × %2").arg(stream.width).arg(stream.height);
    if (stream.frameRate.isPositive())
        text += QStringLiteral(", %1%2 frames/s")
                    .arg(stream.isVariableRate ? QStringLiteral("about ") : QString())
                    .arg(stream.frameRate.value(), 0, 'g', 5);
    if (stream.rotation != 0)
        text += QStringLiteral(", rotated by %1°").arg(stream.rotation);
    if (stream.isMirrored)
        text += QStringLiteral(", mirrored");
    if (stream.isInterlaced)
        text += QStringLiteral(", interlaced");
    if (stream.isHdr)
        text += QStringLiteral(", HDR");
    return text + QStringLiteral(", %1").arg(stream.pixelFormat);
}

QString audioText(const media::StreamInfo &stream)
{
    return QStringLiteral("%1, %2 Hz").arg(stream.channelLayout).arg(stream.sampleRate);
}

QString streamText(const media::StreamInfo &stream)
{
    QString text = QStringLiteral("  %1  %2: %3")
                       .arg(stream.index)
                       .arg(kindText(stream.kind),
                            stream.codecTitle.isEmpty() ? stream.codec : stream.codecTitle);
    if (stream.kind == media::StreamKind::Video || stream.kind == media::StreamKind::CoverArt)
        text += QStringLiteral(", ") + videoText(stream);
    if (stream.kind == media::StreamKind::Audio)
        text += QStringLiteral(", ") + audioText(stream);
    if (stream.bitrate > 0)
        text += QStringLiteral(", %1 Mb/s").arg(double(stream.bitrate) / 1e6, 0, 'f', 2);
    if (!stream.language.isEmpty())
        text += QStringLiteral(", %1").arg(escapedText(stream.language));
    return text + u'\n';
}

QString resumeText(media::ResumeVerdict verdict)
{
    static constexpr std::array words{"exact", "valid", "restart"};
    return QString::fromLatin1(words[std::size_t(verdict)]);
}

} // namespace

QString probeText(const media::MediaInfo &info, const QString &name)
{
    QString text = QStringLiteral("%1: %2, %3").arg(name, info.container, sizeText(info.sizeBytes));
    if (info.durationUs)
        text += QStringLiteral(", %1 s").arg(double(*info.durationUs) / 1e6, 0, 'f', 3);
    text += u'\n';
    for (const media::StreamInfo &stream : info.streams)
        text += streamText(stream);
    for (const QString &warning : info.warnings)
        text += QStringLiteral("  %1\n").arg(warning);
    return text;
}

QString planText(const media::ExportPlan &plan, const media::MediaInfo &info, const QString &name)
{
    QString text = QStringLiteral("%1 with %2:\n").arg(name, plan.presetId);
    for (const media::StreamPlan &stream : plan.streams)
        text += QStringLiteral("  %1  %2 (%3): %4 [%5]\n")
                    .arg(stream.sourceIndex)
                    .arg(kindText(stream.kind), stream.sourceCodec, stream.reason, stream.rule);
    const QString layout =
        plan.copyBytes ? QStringLiteral("as it is") : media::layoutName(plan.layout);
    text += QStringLiteral("  Result: %1, %2, %3 to %4\n")
                .arg(plan.extension, layout, sizeText(plan.minBytes), sizeText(plan.maxBytes));
    if (!plan.layoutReason.isEmpty())
        text += QStringLiteral("  Upload: %1\n").arg(plan.layoutReason);
    text += QStringLiteral("  Resume: %1, %2\n").arg(resumeText(plan.resume), plan.resumeReason);
    for (const QString &warning : plan.warnings + info.warnings)
        text += QStringLiteral("  %1\n").arg(warning);
    return text;
}

QString destinationTypeText(const transfer::DestinationType &type)
{
    QString text = QStringLiteral("%1  %2\n    %3\n").arg(type.id.leftJustified(8), type.title, type.help);
    text += QStringLiteral("    %1\n").arg(type.capabilities.linkMeaning);
    for (const transfer::DestinationOption &option : type.options) {
        text += QStringLiteral("    %1%2%3%4\n")
                    .arg(option.id.leftJustified(14), option.help,
                         option.isRequired ? QStringLiteral(" (needed)") : QString(),
                         option.isSecret ? QStringLiteral(" (secret)") : QString());
    }
    return text;
}

} // namespace sendoff::app

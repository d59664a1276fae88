// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/names.h"
#include "core/media/plan_stream.h"
#include "core/media/preset_schema.h"

#include <algorithm>
#include <array>

namespace sendoff::media {

namespace {

// ISO/IEC 14496-3: at most 6144 bits for a frame of 1024 samples of one channel.
constexpr int aacBitsPerSample = 6;
constexpr int usualRateAtMost = 48000;
constexpr int opusRate = 48000;
// Rates of AAC and, from 8000 to 48000 but for 64000 and more, of MP3.
constexpr std::array usualRates{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};

bool isLossless(const QString &codec)
{
    return codec == u"flac" || codec == u"alac" || codec.startsWith(u"pcm_");
}

std::optional<Obstacle> audioLimitObstacle(const AudioCopyRule &rule, const StreamInfo &stream)
{
    if (rule.maxChannels > 0 && stream.channels > rule.maxChannels)
        return Obstacle{QStringLiteral("copy-if.channels"),
                        QStringLiteral("%1 channels are more than %2")
                            .arg(stream.channels)
                            .arg(rule.maxChannels)};
    if (rule.maxSampleRate > 0 && stream.sampleRate > rule.maxSampleRate)
        return Obstacle{QStringLiteral("copy-if.sample-rate"),
                        QStringLiteral("%1 Hz are more than %2 Hz")
                            .arg(stream.sampleRate)
                            .arg(rule.maxSampleRate)};
    // Unlike a picture's, an unknown rate of sound is small beside the file.
    if (rule.maxBitrate > 0 && stream.bitrate > rule.maxBitrate)
        return Obstacle{QStringLiteral("copy-if.bitrate"),
                        QStringLiteral("%1 is more than %2")
                            .arg(bitrateText(stream.bitrate), bitrateText(rule.maxBitrate))};
    return std::nullopt;
}

std::optional<Obstacle> audioObstacle(const PlanInput &input, const StreamInfo &stream)
{
    if (!input.preset.audioCopy)
        return Obstacle{QStringLiteral("always-converts"),
                        QStringLiteral("%1 always converts").arg(input.presetName())};
    const AudioCopyRule &rule = *input.preset.audioCopy;
    if (std::optional<Obstacle> obstacle = commonObstacle(input, stream))
        return obstacle;
    // The first samples of nearly every compressed track only warm its decoder up.
    if (!input.preset.editLists && !isLossless(stream.codec))
        return Obstacle{QStringLiteral("edit-lists"),
                        QStringLiteral("a copy would need an edit list, which %1 does not want")
                            .arg(input.presetName())};
    if (!rule.codecs.isEmpty() && !rule.codecs.contains(stream.codec))
        return Obstacle{QStringLiteral("copy-if.codec"),
                        QStringLiteral("it is %1, and %2 copies only %3")
                            .arg(stream.codecTitle, input.presetName(), codecTitles(rule.codecs))};
    if (!rule.codecs.isEmpty() && !stream.canDecode)
        return Obstacle{QStringLiteral("copy-if.profile"),
                        QStringLiteral("%1 does not play everywhere").arg(stream.codecTitle)};
    return audioLimitObstacle(rule, stream);
}

StreamPlan copiedAudio(const PlanInput &input, const StreamInfo &stream)
{
    StreamPlan plan;
    plan.sourceIndex = stream.index;
    plan.kind = stream.kind;
    plan.action = StreamAction::Copy;
    plan.rule = QStringLiteral("copy");
    plan.reason = QStringLiteral("copied, because %1 %2 fits %3")
                      .arg(stream.codecTitle, stream.channelLayout, input.presetName());
    plan.sourceCodec = stream.codec;
    plan.codec = stream.codec;
    return plan;
}

int rateFor(const QString &codec, int sourceRate, int wantedRate)
{
    if (codec == u"opus")
        return opusRate;
    const int rate = wantedRate > 0 ? wantedRate : sourceRate;
    if (isLossless(codec))
        return rate;
    const auto *const found = std::lower_bound(usualRates.begin(), usualRates.end(), rate);
    return found == usualRates.end() ? usualRateAtMost : *found;
}

struct Speakers {
    int channels;
    const char *layout;
};

// The layouts that players know, by the number of channels; 7 only outside of AAC.
Speakers speakersFor(const QString &codec, int channels)
{
    const bool isAac = codec == u"aac";
    constexpr std::array known{Speakers{1, "mono"}, Speakers{2, "stereo"}, Speakers{3, "3.0"},
                               Speakers{4, "quad"}, Speakers{5, "5.0"},    Speakers{6, "5.1"},
                               Speakers{7, "6.1"},  Speakers{8, "7.1"}};
    if (isAac && channels == 4)
        return {4, "4.0"};
    if (isAac && channels == 7)
        return {6, "5.1"};
    return known[std::size_t(std::clamp(channels, 1, 8) - 1)];
}

StreamPlan convertedAudio(const PlanInput &input, const StreamInfo &stream, const QString &encoder,
                          const Obstacle &obstacle)
{
    const AudioEncode &encode = *input.preset.audioEncode;
    StreamPlan plan;
    plan.sourceIndex = stream.index;
    plan.kind = stream.kind;
    plan.action = StreamAction::Convert;
    plan.rule = obstacle.rule;
    plan.reason = QStringLiteral("converted, because %1").arg(obstacle.reason);
    plan.sourceCodec = stream.codec;
    plan.codec = QString::fromLatin1(knownEncoder(encoder)->codec);
    plan.encoder = encoder;
    plan.sampleRate = rateFor(plan.codec, stream.sampleRate, encode.sampleRate);
    const Speakers speakers =
        speakersFor(plan.codec, std::min(stream.channels, encode.maxChannels));
    plan.channels = speakers.channels;
    plan.channelLayout = QString::fromLatin1(speakers.layout);
    if (!isLossless(plan.codec)) {
        const qint64 wanted = encode.bitrate * plan.channels / 2;
        const qint64 most = qint64(aacBitsPerSample) * plan.sampleRate * plan.channels;
        plan.bitrate = plan.codec == u"aac" ? std::min(wanted, most) : wanted;
    }
    return plan;
}

} // namespace

Result<StreamPlan> planAudio(const PlanInput &input, const StreamInfo &stream)
{
    if (!input.preset.audioCopy && !input.preset.audioEncode)
        return droppedStream(stream,
                             {QStringLiteral("preset"),
                              QStringLiteral("%1 keeps only the picture").arg(input.presetName())});
    if (stream.canDecode && (stream.channels <= 0 || stream.sampleRate <= 0))
        return droppedStream(
            stream, {QStringLiteral("no-sound"), QStringLiteral("there is no sound in it")});
    const std::optional<Obstacle> obstacle = audioObstacle(input, stream);
    if (!obstacle)
        return copiedAudio(input, stream);
    if (!input.preset.audioEncode)
        return droppedStream(stream, *obstacle);
    if (!stream.canDecode)
        return droppedStream(
            stream,
            {QStringLiteral("no-decoder"),
             QStringLiteral("this FFmpeg can't decode %1").arg(stream.codecTitle)});
    for (const QString &encoder : input.preset.audioEncode->encoders) {
        if (input.codecs.hasEncoder(encoder))
            return convertedAudio(input, stream, encoder, *obstacle);
    }
    const QString &wanted = input.preset.audioEncode->encoders.first();
    return failure(
        Error(ErrorKind::NoEncoder, wanted)
            .with(argument::name, codecTitle(QString::fromLatin1(knownEncoder(wanted)->codec))));
}

} // namespace sendoff::media

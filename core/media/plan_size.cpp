// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/plan_size.h"

#include <algorithm>
#include <cmath>

namespace sendoff::media {

namespace {

// Bits for a pixel of a frame at constant quality: a still scene, and noise or confetti.
constexpr double fewestBitsPerPixel = 0.002;
constexpr double mostBitsPerPixel = 0.35;
constexpr double usualFrameRate = 30;
// Encoders of sound need less for silence, and containers add their tables.
constexpr double leastOfSoundRate = 0.05;
constexpr double mostOfSoundRate = 1.1;
constexpr double containerShare = 0.02;
constexpr double containerBytes = 4096;
constexpr double losslessBitsPerSample = 24;

struct RateRange {
    double least = 0; // bits per second
    double most = 0;
};

double optionRate(const StreamPlan &stream, const QString &name)
{
    return stream.options.value(name).toDouble();
}

RateRange encodedVideoRate(const StreamPlan &stream)
{
    const double pace = stream.frameRate.isPositive() ? stream.frameRate.value() : usualFrameRate;
    const double pixels = double(stream.width) * stream.height * pace;
    RateRange rate{pixels * fewestBitsPerPixel, pixels * mostBitsPerPixel};
    const double average = optionRate(stream, QStringLiteral("b"));
    const double limit = optionRate(stream, QStringLiteral("maxrate"));
    if (average > 0)
        rate.most = average * mostOfSoundRate;
    else if (limit > 0)
        rate.most = std::min(rate.most, limit * mostOfSoundRate);
    rate.least = std::min(rate.least, rate.most);
    return rate;
}

RateRange encodedAudioRate(const StreamPlan &stream)
{
    const double rate = stream.bitrate > 0
        ? double(stream.bitrate)
        : losslessBitsPerSample * stream.sampleRate * stream.channels;
    return {rate * leastOfSoundRate, rate * mostOfSoundRate};
}

RateRange copiedRate(const StreamPlan &plan, const MediaInfo &info)
{
    const auto source =
        std::find_if(info.streams.cbegin(), info.streams.cend(),
                     [&](const StreamInfo &stream) { return stream.index == plan.sourceIndex; });
    const bool isKnown = source != info.streams.cend() && source->bitrate > 0;
    const double rate = isKnown ? double(source->bitrate) : double(info.bitrate);
    return {isKnown ? rate * 0.5 : 0, rate * mostOfSoundRate};
}

RateRange rateOf(const StreamPlan &stream, const MediaInfo &info)
{
    switch (stream.action) {
    case StreamAction::Drop:
        return {};
    case StreamAction::Copy:
        return copiedRate(stream, info);
    case StreamAction::Convert:
        break;
    }
    return stream.kind == StreamKind::Video ? encodedVideoRate(stream) : encodedAudioRate(stream);
}

} // namespace

void forecastSize(ExportPlan &plan, const MediaInfo &info)
{
    if (plan.copyBytes) {
        plan.minBytes = info.sizeBytes;
        plan.maxBytes = info.sizeBytes;
        return;
    }
    const double ceiling = double(info.sizeBytes) * (1 + containerShare) + containerBytes;
    if (!plan.durationUs) {
        plan.maxBytes = plan.copiesAll() ? qint64(ceiling) : 0;
        return;
    }
    RateRange sum;
    for (const StreamPlan &stream : plan.streams) {
        const RateRange rate = rateOf(stream, info);
        sum.least += rate.least;
        sum.most += rate.most;
    }
    const double seconds = double(*plan.durationUs) / 1e6;
    const double most = sum.most * seconds / 8 * (1 + containerShare) + containerBytes;
    plan.minBytes = qint64(sum.least * seconds / 8);
    plan.maxBytes = qint64(plan.copiesAll() ? std::min(most, ceiling) : most);
    plan.minBytes = std::min(plan.minBytes, plan.maxBytes);
}

qint64 leastJournalBytes(const ExportPlan &plan)
{
    double bits = 0;
    for (const StreamPlan &stream : plan.streams) {
        if (stream.kind == StreamKind::Video && stream.action == StreamAction::Convert)
            bits += encodedVideoRate(stream).least * double(plan.durationUs.value_or(0)) / 1e6;
    }
    return qint64(bits / 8);
}

} // namespace sendoff::media

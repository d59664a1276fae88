// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/probe.h"

#include "core/media/hdr_light.h"
#include "core/media/probe_input.h"
#include "core/media/probe_stream.h"

#include <algorithm>
#include <cstring>

namespace sendoff::media {

namespace {

// No recording has fewer bits for a second of picture or sound than a slow telegraph.
constexpr double leastBitsPerSecond = 10;
// How far the container's claim may exceed its streams' before the streams are believed.
constexpr double claimFactor = 2;
constexpr qint64 claimSlackUs = 5'000'000;
// What is read at most to learn whether the streams of an MP4 are encrypted.
constexpr int encryptionPeekPackets = 64;
constexpr qint64 encryptionPeekBytes = 4 << 20;

bool isPlayable(const StreamInfo &stream)
{
    return stream.kind == StreamKind::Video || stream.kind == StreamKind::Audio;
}

// The end of the longest stream, where all that play say how long they are.
std::optional<qint64> longestStream(const QList<StreamInfo> &streams)
{
    qint64 longest = 0;
    for (const StreamInfo &stream : streams) {
        if (!isPlayable(stream))
            continue;
        if (!stream.durationUs)
            return std::nullopt;
        longest = std::max(longest, std::max<qint64>(0, stream.startUs) + *stream.durationUs);
    }
    return longest > 0 ? std::optional(longest) : std::nullopt;
}

bool isBelievable(qint64 durationUs, qint64 bytes)
{
    return double(bytes) * 8 >= leastBitsPerSecond * double(durationUs) / 1e6;
}

void readDuration(MediaInfo &info, const AVFormatContext *format)
{
    std::optional<qint64> claimed;
    if (format->duration != AV_NOPTS_VALUE && format->duration > 0)
        claimed = format->duration;
    for (StreamInfo &stream : info.streams) {
        if (stream.durationUs && !isBelievable(*stream.durationUs, info.sizeBytes))
            stream.durationUs.reset();
    }
    const std::optional<qint64> longest = longestStream(info.streams);
    const bool exaggerates = claimed && longest
        && double(*claimed) > double(*longest) * claimFactor + double(claimSlackUs);
    if (exaggerates)
        claimed = longest;
    const bool isImpossible = claimed && !isBelievable(*claimed, info.sizeBytes);
    if (isImpossible)
        claimed.reset();
    if (exaggerates || isImpossible)
        info.warnings.append(
            QStringLiteral("The file claims to be longer than what it holds can be."));
    info.durationUs = claimed ? claimed : longest;
}

// Where the container does not say a stream's rate it is what the others leave over.
void readBitrates(MediaInfo &info)
{
    if (!info.durationUs || *info.durationUs <= 0)
        return;
    info.bitrate = qint64(double(info.sizeBytes) * 8e6 / double(*info.durationUs));
    qint64 known = 0;
    StreamInfo *unknown = nullptr;
    int unknowns = 0;
    for (StreamInfo &stream : info.streams) {
        known += stream.bitrate;
        if (stream.kind == StreamKind::Video && stream.bitrate == 0) {
            unknown = &stream;
            ++unknowns;
        }
    }
    if (unknowns == 1)
        unknown->bitrate = std::max<qint64>(0, info.bitrate - known);
}

Result<void> peekForEncryption(Input &input)
{
    if (std::strncmp(input.context()->iformat->name, "mov", 3) != 0)
        return {};
    const PacketPtr packet(av_packet_alloc());
    if (!packet)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("av_packet_alloc"));
    const qint64 end = input.bytesRead() + encryptionPeekBytes;
    for (int i = 0; i < encryptionPeekPackets && input.bytesRead() < end; ++i) {
        SO_TRY(const bool isPacket, input.read(packet.get()));
        if (!isPacket)
            break;
        av_packet_unref(packet.get());
    }
    return {};
}

// Nearly all HDR files say it only in the bit stream.
void readLight(Input &input, MediaInfo &info)
{
    for (StreamInfo &stream : info.streams) {
        const bool isWanted = stream.kind == StreamKind::Video && stream.isHdr && stream.canDecode
            && !stream.light.hasScreen();
        if (isWanted)
            stream.light = lightOfFirstPicture(input, stream.index);
    }
}

QMap<QString, QString> metadataOf(const AVDictionary *dictionary)
{
    QMap<QString, QString> metadata;
    const AVDictionaryEntry *entry = nullptr;
    while ((entry = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX)))
        metadata.insert(QString::fromUtf8(entry->key), QString::fromUtf8(entry->value));
    return metadata;
}

} // namespace

MediaInfo describeInput(const Input &input)
{
    const AVFormatContext *format = input.context();
    MediaInfo info;
    info.container = QString::fromUtf8(format->iformat->name);
    info.sizeBytes = input.source().identity().size;
    info.startUs = format->start_time == AV_NOPTS_VALUE ? 0 : format->start_time;
    info.chapters = int(format->nb_chapters);
    info.metadata = metadataOf(format->metadata);
    for (unsigned i = 0; i < format->nb_streams; ++i)
        info.streams.append(describeStream(input, int(i), info.warnings));
    readDuration(info, format);
    readBitrates(info);
    return info;
}

Result<MediaInfo> probe(std::shared_ptr<const SourceFile> source, std::stop_token stop)
{
    const QString name = displayName(source->path());
    SO_TRY(const std::unique_ptr<Input> input, Input::open(std::move(source), std::move(stop)));
    SO_TRY_VOID(peekForEncryption(*input));
    MediaInfo info = describeInput(*input);
    readLight(*input, info);
    if (std::none_of(info.streams.cbegin(), info.streams.cend(), isPlayable))
        return failure(
            Error(ErrorKind::SourceNoStreams)
                .with(argument::file, name)
                .with(argument::reason,
                      info.streams.isEmpty()
                          ? QStringLiteral("it is a container with nothing in it")
                          : QStringLiteral("it holds only subtitles, pictures or data")));
    return info;
}

} // namespace sendoff::media

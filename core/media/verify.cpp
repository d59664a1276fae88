// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/verify.h"

#include "core/base/source_file.h"
#include "core/media/input.h"

#include <QtEndian>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

extern "C" {
#include <libavutil/mathematics.h>
#include <libavutil/pixdesc.h>
}

namespace sendoff::media {

namespace {

constexpr qint64 lengthSlackUs = 50'000;

tl::unexpected<Error> damaged(const QString &reason, const QString &detail = {})
{
    return failure(Error(ErrorKind::OutputDamaged, detail).with(argument::reason, reason));
}

// What reading says of a source is here about the result.
Error asOutputError(const Error &error)
{
    if (error.kind == ErrorKind::Cancelled || error.kind == ErrorKind::OutputDamaged)
        return error;
    return Error(ErrorKind::OutputDamaged, kindName(error.kind) + u' ' + error.detail)
        .with(argument::reason, QStringLiteral("it can't be read to its end"));
}

// What reading one track to its end showed.
struct TrackSeen {
    qint64 packets = 0;
    qint64 lastDts = AV_NOPTS_VALUE;
    qint64 firstUs = 0;
    qint64 lastUs = 0; // beginning of the last shown
    qint64 endUs = 0;
    bool isShown = false;
};

QString trackName(int index, const ExpectedTrack &track)
{
    const QString what = track.isVideo ? QStringLiteral("the picture")
        : track.isAudio                ? QStringLiteral("the sound")
                                       : QStringLiteral("a subtitle track");
    return index < 2 ? what : QStringLiteral("%1 (track %2)").arg(what).arg(index + 1);
}

Result<void> checkParameters(int index, const ExpectedTrack &track, const AVStream *stream)
{
    const AVCodecParameters *parameters = stream->codecpar;
    const QString name = trackName(index, track);
    const QString codec = QString::fromLatin1(avcodec_get_name(parameters->codec_id));
    if (codec != track.codec)
        return damaged(QStringLiteral("%1 is %2 instead of %3").arg(name, codec, track.codec));
    if (!track.isVideo)
        return {};
    if (track.width > 0 && (parameters->width != track.width || parameters->height != track.height))
        return damaged(QStringLiteral("%1 is %2 × %3 instead of %4 × %5")
                           .arg(name)
                           .arg(parameters->width)
                           .arg(parameters->height)
                           .arg(track.width)
                           .arg(track.height));
    const char *format = av_get_pix_fmt_name(static_cast<AVPixelFormat>(parameters->format));
    if (!track.pixelFormat.isEmpty() && track.pixelFormat != QLatin1StringView(format))
        return damaged(QStringLiteral("%1 is stored as %2 instead of %3")
                           .arg(name, QString::fromLatin1(format), track.pixelFormat));
    return {};
}

Result<void> checkStreams(const AVFormatContext *format, const ExpectedFile &expected)
{
    const qsizetype there = qsizetype(format->nb_streams);
    const bool hasChapterTrack = expected.hasChapters && there == expected.tracks.size() + 1
        && format->streams[there - 1]->codecpar->codec_type == AVMEDIA_TYPE_DATA;
    if (there != expected.tracks.size() && !hasChapterTrack)
        return damaged(QStringLiteral("it has %1 tracks instead of %2")
                           .arg(format->nb_streams)
                           .arg(expected.tracks.size()));
    for (int i = 0; i < expected.tracks.size(); ++i)
        SO_TRY_VOID(checkParameters(i, expected.tracks[i], format->streams[i]));
    return {};
}

Result<std::vector<TrackSeen>> readToEnd(Input &input, const ExpectedFile &expected)
{
    const AVFormatContext *format = input.context();
    std::vector<TrackSeen> tracks(std::size_t(expected.tracks.size()));
    const PacketPtr packet(av_packet_alloc());
    for (;;) {
        SO_TRY(const bool isThere, input.read(packet.get()));
        if (!isThere)
            return tracks;
        const auto index = std::size_t(packet->stream_index);
        if (index < tracks.size()) {
            TrackSeen &track = tracks[index];
            const AVRational timeBase = format->streams[index]->time_base;
            ++track.packets;
            if (packet->dts != AV_NOPTS_VALUE) {
                if (track.lastDts != AV_NOPTS_VALUE && packet->dts < track.lastDts)
                    return damaged(QStringLiteral("the times of %1 go backwards")
                                       .arg(trackName(int(index), expected.tracks[int(index)])));
                track.lastDts = packet->dts;
            }
            const qint64 pts = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
            const qint64 beginUs = av_rescale_q(pts, timeBase, AV_TIME_BASE_Q);
            const qint64 endUs = beginUs + av_rescale_q(packet->duration, timeBase, AV_TIME_BASE_Q);
            track.firstUs = track.isShown ? std::min(track.firstUs, beginUs) : beginUs;
            track.lastUs = track.isShown ? std::max(track.lastUs, beginUs) : beginUs;
            track.endUs = track.isShown ? std::max(track.endUs, endUs) : endUs;
            track.isShown = true;
        }
        av_packet_unref(packet.get());
    }
}

Result<void> checkTrack(int index, const ExpectedTrack &track, const TrackSeen &seen)
{
    const QString name = trackName(index, track);
    // MP4 fills the time between two subtitles with empty ones.
    const bool mayHaveMore = !track.isVideo && !track.isAudio;
    if ((seen.packets > track.packets && !mayHaveMore) || seen.packets < track.packets - track.hiddenPackets)
        return damaged(QStringLiteral("%1 has %2 frames instead of %3")
                           .arg(name)
                           .arg(seen.packets)
                           .arg(track.packets));
    // Without the last packet's length, which MP4 and Matroska store differently.
    const qint64 span = seen.lastUs - seen.firstUs;
    const qint64 slack = std::max(lengthSlackUs, track.frameUs);
    if (track.hiddenPackets == 0 && !mayHaveMore && std::abs(span - track.spanUs) > slack)
        return damaged(QStringLiteral("%1 spans %2 s instead of %3 s")
                           .arg(name)
                           .arg(double(span) / 1e6, 0, 'f', 2)
                           .arg(double(track.spanUs) / 1e6, 0, 'f', 2));
    return {};
}

// ISO/IEC 14496-12 4.2: a box begins with its 32-bit size and four-character type; size 1 means
// that a 64-bit size follows.
Result<void> checkIndexInFront(const SourceFile &file)
{
    const qint64 size = file.identity().size;
    for (qint64 at = 0; at + 16 <= size;) {
        std::array<char, 16> head{};
        SO_TRY_VOID(file.readExactly(head.data(), qint64(head.size()), at));
        const QByteArrayView type(head.data() + 4, 4);
        if (type == QByteArrayView("moov"))
            return {};
        if (type == QByteArrayView("mdat"))
            return damaged(QStringLiteral("its index does not stand in front"));
        qint64 length = qFromBigEndian<quint32>(head.data());
        if (length == 1)
            length = qFromBigEndian<qint64>(head.data() + 8);
        if (length < 8)
            break;
        at += length;
    }
    return damaged(QStringLiteral("it has no index"));
}

VerifiedFile summaryOf(const std::vector<TrackSeen> &seen, const ExpectedFile &expected,
                       const AVFormatContext *format)
{
    VerifiedFile verified;
    std::optional<qint64> picture;
    std::optional<qint64> sound;
    qint64 firstUs = seen.front().firstUs;
    qint64 endUs = 0;
    for (std::size_t i = 0; i < seen.size(); ++i) {
        firstUs = std::min(firstUs, std::max<qint64>(0, seen[i].firstUs));
        endUs = std::max(endUs, seen[i].endUs);
        const ExpectedTrack &track = expected.tracks[int(i)];
        if (track.isVideo && !picture)
            picture = seen[i].endUs;
        if (track.isAudio && !sound)
            sound = seen[i].endUs;
    }
    // The packets' own end, or the container's where it leaves out the length of the last one.
    verified.durationUs =
        std::max({qint64(0), endUs - std::min<qint64>(firstUs, 0), qint64(format->duration)});
    if (picture && sound)
        verified.soundEndsLaterUs = *sound - *picture;
    return verified;
}

} // namespace

Result<VerifiedFile> verifyOutput(const FilePath &file, const ExpectedFile &expected,
                                  std::stop_token stop)
{
    SO_TRY(const auto source, SourceFile::open(file));
    if (expected.isProgressiveIso)
        SO_TRY_VOID(checkIndexInFront(*source));
    Result<std::unique_ptr<Input>> input = Input::open(source, std::move(stop));
    if (!input && input.error().kind == ErrorKind::Cancelled)
        return failure(std::move(input).error());
    if (!input)
        return damaged(QStringLiteral("it can't be opened again"), input.error().detail);
    SO_TRY_VOID(checkStreams((*input)->context(), expected));
    const Result<std::vector<TrackSeen>> read = readToEnd(**input, expected);
    if (!read)
        return failure(asOutputError(read.error()));
    const std::vector<TrackSeen> &seen = *read;
    for (int i = 0; i < expected.tracks.size(); ++i)
        SO_TRY_VOID(checkTrack(i, expected.tracks[i], seen[std::size_t(i)]));
    if ((*input)->damagedPackets() > 0)
        return damaged(QStringLiteral("parts of it can't be read"));
    return summaryOf(seen, expected, (*input)->context());
}

} // namespace sendoff::media

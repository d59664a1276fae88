// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/mux_output.h"

#include "core/base/file_path.h"
#include "core/media/hdr_light.h"

#include <QByteArrayList>

#include <algorithm>
#include <cstring>

extern "C" {
#include <libavutil/display.h>
}

namespace sendoff::media {

// Layout. Progressive MP4 is written in one go with its index at the end and then shifted by the
// muxer (faststart) through our own reader and writer on the same descriptor: 0.13 CPU seconds for
// 36 MB. Nobody reads the file before it is complete then. Where somebody shall (headLast), room for
// the index is kept in front (moov_size), by an upper bound of the samples. Too little room would
// overwrite pictures before the muxer says so: the samples are counted before the trailer. Matroska
// changes only its head at the end (length, positions of what follows) and appends its index.
// Fragmented MP4 is append-only: the descriptor's writer cannot seek at all.

namespace {

bool isIsoMuxer(const QString &container)
{
    static const QStringList names{QStringLiteral("mp4"), QStringLiteral("mov"),
                                   QStringLiteral("ipod"), QStringLiteral("3gp"),
                                   QStringLiteral("3g2")};
    return names.contains(container);
}

// Pictures' orientation and light levels; what else a source's stream carries is either in the
// packets or says something about its old container.
bool isKeptSideData(AVPacketSideDataType type)
{
    switch (type) {
    case AV_PKT_DATA_DISPLAYMATRIX:
    case AV_PKT_DATA_MASTERING_DISPLAY_METADATA:
    case AV_PKT_DATA_CONTENT_LIGHT_LEVEL:
    case AV_PKT_DATA_STEREO3D:
    case AV_PKT_DATA_SPHERICAL:
    case AV_PKT_DATA_DOVI_CONF:
        return true;
    default:
        return false;
    }
}

Result<void> addRotation(AVStream *stream, int degrees)
{
    constexpr std::size_t size = 9 * sizeof(qint32);
    quint8 *data = compat::newStreamSideData(stream, AV_PKT_DATA_DISPLAYMATRIX, size);
    if (!data)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("a display matrix"));
    av_display_rotation_set(reinterpret_cast<qint32 *>(data), degrees);
    return {};
}

// Upper bounds of what an index holds, bytes (ISO/IEC 14496-12: stts 8, ctts 8, stsz 4, co64 8,
// stsc 12, of key pictures stss 4; sound has no ctts and no stss).
constexpr qint64 indexBase = 4096;
constexpr qint64 indexPerTrack = 1024;
constexpr qint64 indexPerPicture = 44;
constexpr qint64 indexPerSound = 32;
constexpr qint64 indexPerEntry = 64; // of the metadata, beside its text
constexpr qint64 indexPerChapter = 256;

qint64 sizeOf(const AVDictionary *metadata)
{
    qint64 size = 0;
    const AVDictionaryEntry *entry = nullptr;
    while ((entry = av_dict_get(metadata, "", entry, AV_DICT_IGNORE_SUFFIX)))
        size += indexPerEntry + qint64(std::strlen(entry->key) + 2 * std::strlen(entry->value));
    return size;
}

} // namespace

Result<std::unique_ptr<MuxOutput>> MuxOutput::create(OutputFile &file, MuxSettings settings)
{
    AVFormatContext *context = nullptr;
    const QByteArray name = settings.container.toLatin1();
    const int code = avformat_alloc_output_context2(&context, nullptr, name.constData(), nullptr);
    if (code < 0)
        return failure(
            Error(ErrorKind::NoEncoder, avErrorText(code))
                .with(argument::name, QStringLiteral("“%1” files").arg(settings.container)));
    return std::unique_ptr<MuxOutput>(
        new MuxOutput(file, OutputContextPtr(context), std::move(settings)));
}

MuxOutput::MuxOutput(OutputFile &file, OutputContextPtr context, MuxSettings settings)
    : m_file(file)
    , m_context(std::move(context))
    , m_settings(std::move(settings))
{
    m_isFragmented = m_settings.layout == Layout::Fragmented && isIsoMedia();
    m_context->pb = m_file.context();
    // BITEXACT: the same input gives the same bytes, without dates, random ids and versions.
    m_context->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
    m_context->opaque = &m_file;
    m_context->io_open = &MuxOutput::openNothingElse;
    m_context->io_close2 = &MuxOutput::closeReader;
    // The plan decides what a container may hold; Opus and FLAC in MP4 count as experimental.
    m_context->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
}

bool MuxOutput::wantsGlobalHeader() const
{
    return (m_context->oformat->flags & AVFMT_GLOBALHEADER) != 0;
}

bool MuxOutput::isIsoMedia() const
{
    return isIsoMuxer(m_settings.container);
}

quint32 MuxOutput::codecTag(AVCodecID codec) const
{
    return isIsoMedia() && codec == AV_CODEC_ID_HEVC ? MKTAG('h', 'v', 'c', '1') : 0;
}

const AVCodecParameters *MuxOutput::parameters(int track) const
{
    return m_context->streams[track]->codecpar;
}

qint64 MuxOutput::spanUs(int track) const
{
    const Track &state = m_tracks[std::size_t(track)];
    return state.lastUs - state.firstUs;
}

// The only thing a muxer may open is its own file for reading: faststart does.
int MuxOutput::openNothingElse(AVFormatContext *context, AVIOContext **io, const char *url,
                               int flags, AVDictionary **)
{
    const bool isOwnFile = url && *url == '\0';
    if (!isOwnFile || (flags & AVIO_FLAG_WRITE) != 0)
        return AVERROR(EPERM);
    *io = static_cast<OutputFile *>(context->opaque)->openReader();
    return *io ? 0 : AVERROR(ENOMEM);
}

int MuxOutput::closeReader(AVFormatContext *, AVIOContext *io)
{
    OutputFile::closeReader(io);
    return 0;
}

// A failed write explains more than the muxer's return code.
Result<void> MuxOutput::check(int code, const QString &step)
{
    if (code >= 0)
        return {};
    SO_TRY_VOID(m_file.flush());
    if (code == AVERROR(ENOMEM))
        return failure(Error(ErrorKind::OutOfMemory, step));
    return failure(
        Error(ErrorKind::EncoderFailed, QStringLiteral("%1: %2").arg(step, avErrorText(code)))
            .with(argument::file, displayName(m_file.path()))
            .with(argument::reason,
                  QStringLiteral("a part of it does not fit into a file of this kind")));
}

Result<void> MuxOutput::addTrack(const TrackFormat &format)
{
    AVStream *stream = avformat_new_stream(m_context.get(), nullptr);
    if (!stream)
        return check(AVERROR(ENOMEM), QStringLiteral("add a stream"));
    SO_TRY_VOID(check(avcodec_parameters_copy(stream->codecpar, format.parameters.get()),
                      QStringLiteral("copy stream parameters")));
    stream->codecpar->codec_tag = codecTag(stream->codecpar->codec_id);
    stream->time_base = format.timeBase;
    stream->avg_frame_rate = format.frameRate;
    stream->sample_aspect_ratio = stream->codecpar->sample_aspect_ratio;
    stream->disposition = format.disposition;
    av_dict_copy(&stream->metadata, format.metadata.get(), 0);
    if (format.source)
        compat::copyStreamSideData(stream, format.source, &isKeptSideData);
    SO_TRY_VOID(addLight(stream, format.light));
    if (format.rotation != 0)
        SO_TRY_VOID(addRotation(stream, format.rotation));
    Track track;
    track.timeBase = format.timeBase;
    m_tracks.push_back(track);
    return {};
}

// Somewhat more than the length and the rate say; what a decoder gives back may be uneven.
qint64 MuxOutput::packetsExpected(const AVStream *stream) const
{
    constexpr double margin = 1.25;
    constexpr qint64 some = 64;
    constexpr double unknownRate = 100; // packets a second
    const AVCodecParameters *codec = stream->codecpar;
    double rate = unknownRate;
    if (codec->codec_type == AVMEDIA_TYPE_VIDEO && stream->avg_frame_rate.num > 0)
        rate = av_q2d(stream->avg_frame_rate);
    else if (codec->codec_type == AVMEDIA_TYPE_AUDIO && codec->frame_size > 0)
        rate = double(codec->sample_rate) / codec->frame_size;
    return some + qint64(double(m_settings.durationUs) / AV_TIME_BASE * rate * margin);
}

qint64 MuxOutput::headNeeded(const std::vector<qint64> &packets) const
{
    qint64 needed = indexBase + sizeOf(m_context->metadata);
    for (unsigned i = 0; i < m_context->nb_streams; ++i) {
        const AVStream *stream = m_context->streams[i];
        const bool isSound = stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
        needed += indexPerTrack + stream->codecpar->extradata_size + sizeOf(stream->metadata)
            + packets[i] * (isSound ? indexPerSound : indexPerPicture);
    }
    for (unsigned i = 0; i < m_context->nb_chapters; ++i)
        needed += indexPerChapter + sizeOf(m_context->chapters[i]->metadata);
    return needed;
}

Result<void> MuxOutput::begin()
{
    Dictionary options;
    if (isIsoMedia() && !m_isFragmented && m_settings.headLast) {
        std::vector<qint64> packets;
        for (unsigned i = 0; i < m_context->nb_streams; ++i)
            packets.push_back(packetsExpected(m_context->streams[i]));
        m_headBytes = headNeeded(packets);
        options.set("moov_size", QByteArray::number(m_headBytes).constData());
    }
    if (isIsoMedia()) {
        QByteArrayList flags;
        if (m_isFragmented)
            flags.append("frag_custom+delay_moov+default_base_moof");
        else if (m_headBytes == 0)
            flags.append("faststart");
        if (!m_isFragmented && !m_settings.editLists)
            flags.append("negative_cts_offsets");
        if (!flags.isEmpty())
            options.set("movflags", flags.join('+').constData());
        if (!m_settings.editLists)
            options.set("use_editlist", "0");
        options.set("write_tmcd", "0"); // else a "timecode" tag becomes a track again
    }
    const int code = avformat_write_header(m_context.get(), options.out());
    m_hasBegun = code >= 0;
    if (m_hasBegun && m_settings.headLast && !m_isFragmented)
        m_headEnd = avio_tell(m_context->pb);
    return check(code, QStringLiteral("write the header"));
}

Result<void> MuxOutput::write(int track, AVPacket *packet)
{
    Track &state = m_tracks[std::size_t(track)];
    const AVRational timeBase = m_context->streams[track]->time_base;
    av_packet_rescale_ts(packet, state.timeBase, timeBase);
    if (state.lastDts != AV_NOPTS_VALUE && packet->dts <= state.lastDts)
        packet->dts = state.lastDts + 1; // two ticks of the source became one
    packet->pts = std::max(packet->pts, packet->dts);
    state.lastDts = packet->dts;
    packet->stream_index = track;
    packet->pos = -1;
    const qint64 beginUs = av_rescale_q(packet->pts, timeBase, AV_TIME_BASE_Q);
    const qint64 lengthUs = av_rescale_q(packet->duration, timeBase, AV_TIME_BASE_Q);
    state.firstUs = state.packets == 0 ? beginUs : std::min(state.firstUs, beginUs);
    state.lastUs = state.packets == 0 ? beginUs : std::max(state.lastUs, beginUs);
    state.endUs = std::max(state.endUs, beginUs + lengthUs);
    ++state.packets;
    return check(av_write_frame(m_context.get(), packet), QStringLiteral("write a packet"));
}

Result<void> MuxOutput::cut()
{
    return m_isFragmented ? cutFragment() : m_file.flush();
}

Result<void> MuxOutput::cutFragment()
{
    // With delay_moov the first flush writes the moov and nothing else.
    const int flushes = m_hasMoov ? 1 : 2;
    for (int i = 0; i < flushes; ++i)
        SO_TRY_VOID(check(av_write_frame(m_context.get(), nullptr), QStringLiteral("cut")));
    m_hasMoov = true;
    return m_file.flush();
}

Result<void> MuxOutput::finish()
{
    if (m_headBytes > 0) {
        std::vector<qint64> packets(m_context->nb_streams, qint64(m_context->nb_chapters));
        for (std::size_t i = 0; i < m_tracks.size(); ++i)
            packets[i] = m_tracks[i].packets;
        m_isHeadTooSmall = headNeeded(packets) > m_headBytes;
        if (m_isHeadTooSmall)
            return failure(Error(ErrorKind::Internal, QStringLiteral("no room for the index")));
    }
    SO_TRY_VOID(check(av_write_trailer(m_context.get()), QStringLiteral("write the trailer")));
    return m_file.flush();
}

} // namespace sendoff::media

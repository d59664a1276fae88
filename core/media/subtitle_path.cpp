// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/stream_path.h"

#include <algorithm>
#include <cstring>
#include <vector>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace sendoff::media {

namespace {

constexpr AVRational milliseconds{1, 1000};
// As much text as one subtitle may have; what the ffmpeg program allows.
constexpr int longestSubtitle = 1 << 20;
// For how long a subtitle is shown whose end nothing says.
constexpr qint64 usualLengthMs = 3000;

Error subtitleError(const QString &source, const QString &reason, int code)
{
    return Error(ErrorKind::EncoderFailed, avErrorText(code))
        .with(argument::file, source)
        .with(argument::reason, reason);
}

// Texts only: pictures of text cannot become text.
bool isText(const AVSubtitle &subtitle)
{
    const auto isTextRect = [](const AVSubtitleRect *rect) {
        return rect->type == SUBTITLE_TEXT || rect->type == SUBTITLE_ASS;
    };
    return subtitle.num_rects > 0
        && std::all_of(subtitle.rects, subtitle.rects + subtitle.num_rects, isTextRect);
}

class SubtitlePath final : public StreamPath {
public:
    SubtitlePath(const StreamPlan &plan, const PathSurroundings &surroundings,
                 CodecContextPtr decoder, CodecContextPtr encoder)
        : StreamPath(plan, surroundings, PacketMerge::Kind::Sparse)
        , m_decoder(std::move(decoder))
        , m_encoder(std::move(encoder))
        , m_text(longestSubtitle)
    {
        TrackFormat format;
        format.parameters.reset(avcodec_parameters_alloc());
        avcodec_parameters_from_context(format.parameters.get(), m_encoder.get());
        format.timeBase = milliseconds;
        format.metadata = trackMetadata();
        format.disposition = trackDisposition();
        m_surroundings.merge.setFormat(m_track, std::move(format));
    }

    Result<void> take(AVPacket *packet) override
    {
        ++m_report.packetsIn;
        SO_TRY_VOID(checkStop());
        AVSubtitle subtitle{};
        int isThere = 0;
        const int code = avcodec_decode_subtitle2(m_decoder.get(), &subtitle, &isThere, packet);
        if (code < 0)
            ++m_report.damaged;
        if (code < 0 || !isThere)
            return {};
        const Result<void> taken = takeSubtitle(subtitle, *packet);
        avsubtitle_free(&subtitle);
        return taken;
    }

    Result<void> finish() override { return m_surroundings.merge.end(m_track); }

private:
    // Encoders want a subtitle to begin at its pts.
    Result<void> takeSubtitle(AVSubtitle &subtitle, const AVPacket &packet)
    {
        if (!isText(subtitle) || packet.pts == AV_NOPTS_VALUE)
            return {};
        const qint64 ptsMs = av_rescale_q(packet.pts, stream()->time_base, milliseconds);
        qint64 beginMs = ptsMs + subtitle.start_display_time;
        qint64 endMs = ptsMs + lengthMs(subtitle, packet);
        m_report.sourceEndUs = std::max(m_report.sourceEndUs, endMs * 1000);
        beginMs = std::max<qint64>(0, beginMs);
        if (m_surroundings.endUs)
            endMs = std::min(endMs, *m_surroundings.endUs / 1000);
        if (endMs <= beginMs)
            return {}; // outside of a trim
        subtitle.pts = beginMs * 1000;
        subtitle.start_display_time = 0;
        subtitle.end_display_time = quint32(endMs - beginMs);
        return encode(subtitle, beginMs, endMs - beginMs);
    }

    qint64 lengthMs(const AVSubtitle &subtitle, const AVPacket &packet) const
    {
        const bool isKnown =
            subtitle.end_display_time > 0 && subtitle.end_display_time != UINT32_MAX;
        if (isKnown)
            return subtitle.end_display_time;
        const qint64 length = av_rescale_q(packet.duration, stream()->time_base, milliseconds);
        return length > 0 ? length : usualLengthMs;
    }

    Result<void> encode(const AVSubtitle &subtitle, qint64 beginMs, qint64 lengthMs)
    {
        const int size =
            avcodec_encode_subtitle(m_encoder.get(), m_text.data(), int(m_text.size()), &subtitle);
        if (size < 0) {
            ++m_report.damaged; // one too long, for one
            return {};
        }
        if (size == 0)
            return {}; // nothing but formatting
        PacketPtr packet(av_packet_alloc());
        if (!packet || av_new_packet(packet.get(), size) < 0)
            return failure(ErrorKind::OutOfMemory, QStringLiteral("a subtitle"));
        std::memcpy(packet->data, m_text.data(), std::size_t(size));
        packet->pts = beginMs;
        packet->dts = beginMs;
        packet->duration = lengthMs;
        packet->flags |= AV_PKT_FLAG_KEY;
        m_positionUs = std::max(m_positionUs, (beginMs + lengthMs) * 1000);
        return m_surroundings.merge.put(m_track, std::move(packet));
    }

    CodecContextPtr m_decoder;
    CodecContextPtr m_encoder;
    std::vector<uint8_t> m_text;
};

Result<CodecContextPtr> openEncoder(const StreamPlan &plan, const AVCodecContext &decoder,
                                    const PathSurroundings &surroundings)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(plan.encoder.toLatin1().constData());
    if (!codec)
        return failure(Error(ErrorKind::NoEncoder).with(argument::name, plan.encoder));
    CodecContextPtr encoder(avcodec_alloc_context3(codec));
    if (!encoder)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("allocate an encoder"));
    encoder->time_base = milliseconds;
    encoder->flags |= AV_CODEC_FLAG_BITEXACT;
    if (surroundings.mux.wantsGlobalHeader())
        encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    // Decoders write what they find as ASS, whose styles the encoder must know.
    if (decoder.subtitle_header_size > 0) {
        const auto size = std::size_t(decoder.subtitle_header_size);
        encoder->subtitle_header = static_cast<uint8_t *>(av_mallocz(size + 1));
        if (!encoder->subtitle_header)
            return failure(ErrorKind::OutOfMemory, QStringLiteral("a subtitle's header"));
        std::memcpy(encoder->subtitle_header, decoder.subtitle_header, size);
        encoder->subtitle_header_size = int(size);
    }
    if (const int code = avcodec_open2(encoder.get(), codec, nullptr); code < 0)
        return failure(subtitleError(displayName(surroundings.input.source().path()),
                                     QStringLiteral("its subtitles can't be converted"), code));
    return encoder;
}

} // namespace

Result<std::unique_ptr<StreamPath>> makeSubtitlePath(const StreamPlan &plan,
                                                     const PathSurroundings &surroundings)
{
    SO_TRY(CodecContextPtr decoder, surroundings.input.openDecoder(plan.sourceIndex, 1));
    SO_TRY(CodecContextPtr encoder, openEncoder(plan, *decoder, surroundings));
    return std::make_unique<SubtitlePath>(plan, surroundings, std::move(decoder),
                                          std::move(encoder));
}

} // namespace sendoff::media

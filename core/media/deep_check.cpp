// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/deep_check.h"

#include "core/media/filter_graph.h"
#include "core/media/keyframe_reader.h"
#include "core/media/plan_stream.h"
#include "core/media/probe_input.h"
#include "core/media/ssim.h"
#include "core/media/stream_decoder.h"

#include <algorithm>
#include <cstdlib>
#include <map>

extern "C" {
#include <libavutil/mathematics.h>
#include <libavutil/pixdesc.h>
}

namespace sendoff::media {

namespace {

constexpr int picturesToCompare = 12;

// Decodes every picture and the first sound track.
class WholeDecoding {
public:
    WholeDecoding(Input &input, const MediaInfo &info)
        : m_input(input)
        , m_info(info)
    {
    }

    Result<DeepCheck> run(const std::stop_token &stop)
    {
        const StreamInfo *picture = m_info.bestVideo();
        const StreamInfo *sound = m_info.bestAudio();
        for (const StreamInfo *stream : {picture, sound}) {
            if (!stream)
                continue;
            SO_TRY(StreamDecoder decoder, StreamDecoder::open(m_input, stream->index, 2));
            m_decoders.emplace(stream->index, std::move(decoder));
        }
        SO_TRY_VOID(readAll(stop));
        for (auto &[index, decoder] : m_decoders) {
            SO_TRY_VOID(decoder.decode(nullptr, taker(index)));
            m_check.damaged += decoder.damaged();
        }
        m_check.damaged = std::max(m_check.damaged, m_input.damagedPackets());
        return m_check;
    }

private:
    Result<void> readAll(const std::stop_token &stop)
    {
        const PacketPtr packet(av_packet_alloc());
        for (;;) {
            if (stop.stop_requested())
                return failure(Error::cancelled());
            SO_TRY(const bool isThere, m_input.read(packet.get()));
            if (!isThere)
                return {};
            const auto decoder = m_decoders.find(packet->stream_index);
            if (decoder != m_decoders.end())
                SO_TRY_VOID(decoder->second.decode(packet.get(), taker(packet->stream_index)));
            av_packet_unref(packet.get());
        }
    }

    StreamDecoder::TakeFrame taker(int index)
    {
        const bool isPicture = m_input.context()->streams[index]->codecpar->codec_type
            == AVMEDIA_TYPE_VIDEO;
        return [this, isPicture](AVFrame *frame) -> Result<void> {
            if (isPicture)
                ++m_check.pictures;
            else if (frame->sample_rate > 0)
                m_check.soundUs +=
                    av_rescale(frame->nb_samples, AV_TIME_BASE, frame->sample_rate);
            return {};
        };
    }

    Input &m_input;
    const MediaInfo &m_info;
    std::map<int, StreamDecoder> m_decoders;
    DeepCheck m_check;
};

bool hasLumaPlane(const StreamInfo &picture)
{
    const auto *format =
        av_pix_fmt_desc_get(av_get_pix_fmt(picture.pixelFormat.toLatin1().constData()));
    constexpr int others = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BE;
    return format && (format->flags & AV_PIX_FMT_FLAG_PLANAR) != 0 && (format->flags & others) == 0;
}

// How the original's pictures become the video's: what an export did with them.
StreamPlan planFromOriginal(const StreamInfo &original, const StreamInfo &video)
{
    StreamPlan plan;
    plan.kind = StreamKind::Video;
    plan.action = StreamAction::Convert;
    plan.width = video.width;
    plan.height = video.height;
    plan.pixelFormat = video.pixelFormat;
    plan.sourceColour = assumedColour(original);
    plan.colour = assumedColour(video);
    plan.toneMap = original.isHdr && !video.isHdr;
    plan.deinterlace = original.isInterlaced && !video.isInterlaced;
    // A copy keeps the matrix that turns it; what was converted was turned.
    if (video.rotation != original.rotation || video.isMirrored != original.isMirrored) {
        plan.rotation = original.rotation;
        plan.isMirrored = original.isMirrored;
    }
    return plan;
}

class Comparison {
public:
    Comparison(KeyframeReader video, KeyframeReader original, StreamPlan plan, const Input &source)
        : m_video(std::move(video))
        , m_original(std::move(original))
        , m_plan(std::move(plan))
        , m_source(source)
        , m_shaped(av_frame_alloc())
    {
    }

    Result<std::optional<Likeness>> run(qint64 durationUs, qint64 frameUs)
    {
        Likeness likeness;
        likeness.least = 1;
        double sum = 0;
        for (int i = 0; i < picturesToCompare; ++i) {
            const qint64 wantedUs = durationUs / picturesToCompare * i;
            SO_TRY(AVFrame * made, m_video.frameAt(wantedUs));
            if (!made)
                continue;
            const qint64 timeUs = m_video.timeUs();
            SO_TRY(AVFrame * source, m_original.exactFrameAt(timeUs - frameUs / 2));
            if (!source || std::abs(m_original.timeUs() - timeUs) > frameUs)
                continue;
            SO_TRY_VOID(shape(source));
            const double ssim = ssimOfLuma(m_shaped.get(), made);
            av_frame_unref(m_shaped.get());
            sum += ssim;
            ++likeness.pictures;
            if (ssim <= likeness.least) {
                likeness.least = ssim;
                likeness.leastAtUs = timeUs;
            }
        }
        if (likeness.pictures == 0)
            return std::nullopt;
        likeness.mean = sum / likeness.pictures;
        return likeness;
    }

private:
    Result<void> shape(AVFrame *frame)
    {
        AVStream *stream = m_original.stream();
        const AVRational aspect =
            av_guess_sample_aspect_ratio(m_source.context(), stream, nullptr);
        SO_TRY(const auto graph,
               FilterGraph::forPictures(m_plan, PictureShape::of(frame, aspect), stream->time_base,
                                        {0, 1}, 1, displayName(m_source.source().path())));
        SO_TRY_VOID(graph->push(frame));
        SO_TRY_VOID(graph->push(nullptr));
        SO_TRY(const bool isThere, graph->pull(m_shaped.get()));
        return isThere ? Result<void>{}
                       : failure(ErrorKind::Internal, QStringLiteral("no picture came out"));
    }

    KeyframeReader m_video;
    KeyframeReader m_original;
    StreamPlan m_plan;
    const Input &m_source;
    FramePtr m_shaped;
};

Result<std::optional<Likeness>> compare(std::shared_ptr<const SourceFile> video,
                                        std::shared_ptr<const SourceFile> original,
                                        const std::stop_token &stop)
{
    SO_TRY(const auto made, Input::open(std::move(video), stop));
    SO_TRY(const auto source, Input::open(std::move(original), stop));
    const MediaInfo info = describeInput(*made);
    const MediaInfo sourceInfo = describeInput(*source);
    const StreamInfo *picture = info.bestVideo();
    const StreamInfo *sourcePicture = sourceInfo.bestVideo();
    if (!picture || !sourcePicture || !info.durationUs || !hasLumaPlane(*picture))
        return std::nullopt;
    SO_TRY(KeyframeReader reader, KeyframeReader::open(*made, picture->index, stop));
    SO_TRY(KeyframeReader sourceReader,
           KeyframeReader::open(*source, sourcePicture->index, stop));
    Comparison comparison(std::move(reader), std::move(sourceReader),
                          planFromOriginal(*sourcePicture, *picture), *source);
    const double rate =
        sourcePicture->frameRate.isPositive() ? sourcePicture->frameRate.value() : 25;
    return comparison.run(*info.durationUs, qint64(AV_TIME_BASE / rate));
}

} // namespace

Result<DeepCheck> deepCheck(std::shared_ptr<const SourceFile> video,
                            std::shared_ptr<const SourceFile> original, std::stop_token stop)
{
    SO_TRY(const auto input, Input::open(video, stop));
    const MediaInfo info = describeInput(*input);
    WholeDecoding decoding(*input, info);
    SO_TRY(DeepCheck check, decoding.run(stop));
    if (original) {
        SO_TRY(check.likeness, compare(std::move(video), std::move(original), stop));
    }
    return check;
}

} // namespace sendoff::media

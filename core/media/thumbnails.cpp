// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/thumbnails.h"

#include "core/media/filter_graph.h"
#include "core/media/keyframe_reader.h"
#include "core/media/plan_picture.h"
#include "core/media/probe_input.h"

#include <algorithm>
#include <cmath>
#include <cstring>

extern "C" {
#include <libavutil/pixfmt.h>
}

namespace sendoff::media {

namespace {

// A picture of which nearly every pixel is darker than this shows nothing (fades, leaders).
constexpr int darkestShown = 24; // of 255
constexpr double shownPart = 0.02;
// How often a black picture is passed over before it is taken after all.
constexpr int blackAtMost = 4;

bool isBlack(const Thumbnail &thumbnail)
{
    const auto *pixel = reinterpret_cast<const quint8 *>(thumbnail.rgb24.constData());
    const qsizetype pixels = thumbnail.rgb24.size() / 3;
    qsizetype shown = 0;
    for (qsizetype i = 0; i < pixels; ++i, pixel += 3)
        shown += std::max({pixel[0], pixel[1], pixel[2]}) >= darkestShown ? 1 : 0;
    return double(shown) < double(pixels) * shownPart;
}

// What a filter chain is told about the picture: shrink it, turn it, bring its colours to the
// screen's.
StreamPlan picturePlan(const StreamInfo &stream, const ThumbnailWishes &wishes)
{
    const Dimensions shown = shownSize(stream);
    const double scale = std::min({1.0, double(wishes.maxWidth) / std::max(1, shown.width),
                                   double(wishes.maxHeight) / std::max(1, shown.height)});
    // Tone mapping wants the even sizes of halved chroma.
    const int step = stream.isHdr ? 2 : 1;
    const auto length = [&](int side) {
        return std::max(1, int(std::floor(side * scale / step + 0.5))) * step;
    };
    StreamPlan plan;
    plan.kind = StreamKind::Video;
    plan.action = StreamAction::Convert;
    plan.width = length(shown.width);
    plan.height = length(shown.height);
    plan.pixelFormat = QStringLiteral("rgb24");
    plan.sourceColour = assumedColour(stream);
    plan.colour.matrix = AVCOL_SPC_RGB;
    plan.colour.range = AVCOL_RANGE_JPEG;
    plan.toneMap = stream.isHdr;
    plan.rotation = stream.rotation;
    plan.isMirrored = stream.isMirrored;
    return plan;
}

class ThumbnailMaker {
public:
    ThumbnailMaker(KeyframeReader reader, StreamPlan plan, const Input &input)
        : m_reader(std::move(reader))
        , m_plan(std::move(plan))
        , m_input(input)
        , m_small(av_frame_alloc())
    {
    }

    Result<QList<Thumbnail>> make(int count, std::optional<qint64> durationUs)
    {
        QList<Thumbnail> thumbnails;
        const int places = durationUs ? std::max(1, count) : 1;
        const qint64 stepUs = durationUs.value_or(0) / places;
        for (int i = 0; i < places; ++i) {
            SO_TRY(std::optional<Thumbnail> thumbnail, makeNear(stepUs * i + stepUs / 2, stepUs));
            const bool isNew =
                thumbnail && (thumbnails.isEmpty() || thumbnails.last().timeUs < thumbnail->timeUs);
            if (isNew)
                thumbnails.append(std::move(*thumbnail));
        }
        return thumbnails;
    }

private:
    // The picture at `timeUs` or, where it is black, one of the next within half a step.
    Result<std::optional<Thumbnail>> makeNear(qint64 timeUs, qint64 stepUs)
    {
        std::optional<Thumbnail> best;
        for (int attempt = 0; attempt <= blackAtMost; ++attempt) {
            const qint64 targetUs = timeUs + stepUs / 2 * attempt / (blackAtMost + 1);
            SO_TRY(AVFrame * frame, m_reader.frameAt(targetUs));
            if (!frame)
                break;
            SO_TRY(Thumbnail thumbnail, shrink(frame));
            const bool isShown = !isBlack(thumbnail);
            best = std::move(thumbnail);
            if (isShown)
                break;
        }
        return best;
    }

    Result<Thumbnail> shrink(AVFrame *frame)
    {
        Thumbnail thumbnail;
        thumbnail.timeUs = m_reader.timeUs();
        const AVRational aspect =
            av_guess_sample_aspect_ratio(m_input.context(), m_reader.stream(), nullptr);
        const PictureShape shape = PictureShape::of(frame, aspect);
        // A new chain for each: it is cheaper than the picture's decoding, and keeps nothing back.
        SO_TRY(const auto graph,
               FilterGraph::forPictures(m_plan, shape, m_reader.stream()->time_base, {0, 1}, 1,
                                        displayName(m_input.source().path())));
        SO_TRY_VOID(graph->push(frame));
        SO_TRY_VOID(graph->push(nullptr));
        SO_TRY(const bool isThere, graph->pull(m_small.get()));
        if (!isThere)
            return failure(ErrorKind::Internal, QStringLiteral("no picture came out"));
        thumbnail.width = m_small->width;
        thumbnail.height = m_small->height;
        const qsizetype row = qsizetype(m_small->width) * 3;
        thumbnail.rgb24.resize(row * m_small->height);
        for (int y = 0; y < m_small->height; ++y)
            std::memcpy(thumbnail.rgb24.data() + y * row,
                        m_small->data[0] + std::ptrdiff_t(y) * m_small->linesize[0],
                        std::size_t(row));
        av_frame_unref(m_small.get());
        return thumbnail;
    }

    KeyframeReader m_reader;
    StreamPlan m_plan;
    const Input &m_input;
    FramePtr m_small;
};

} // namespace

Result<QList<Thumbnail>> makeThumbnails(std::shared_ptr<const SourceFile> source,
                                        ThumbnailWishes wishes, std::stop_token stop)
{
    const QString name = displayName(source->path());
    SO_TRY(const std::unique_ptr<Input> input, Input::open(std::move(source), stop));
    const MediaInfo info = describeInput(*input);
    const StreamInfo *picture = info.bestVideo();
    if (!picture)
        return failure(Error(ErrorKind::SourceNoStreams)
                           .with(argument::file, name)
                           .with(argument::reason, QStringLiteral("there is no picture in it")));
    const StreamPlan plan = picturePlan(*picture, wishes);
    SO_TRY(KeyframeReader reader, KeyframeReader::open(*input, picture->index, stop));
    ThumbnailMaker maker(std::move(reader), plan, *input);
    SO_TRY(QList<Thumbnail> thumbnails, maker.make(wishes.count, info.durationUs));
    if (thumbnails.isEmpty())
        return failure(
            Error(ErrorKind::SourceDamaged)
                .with(argument::file, name)
                .with(argument::reason, QStringLiteral("no picture in it could be decoded")));
    return thumbnails;
}

} // namespace sendoff::media

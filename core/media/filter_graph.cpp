// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/filter_graph.h"

#include <array>

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
#include <libavutil/pixdesc.h>
}

namespace sendoff::media {

namespace {

// Owns the open ends that the graph parser takes and gives back.
class OpenEnds {
public:
    OpenEnds(const char *label, AVFilterContext *filter) : m_ends(avfilter_inout_alloc())
    {
        if (!m_ends)
            return;
        m_ends->name = av_strdup(label);
        m_ends->filter_ctx = filter;
        m_ends->pad_idx = 0;
        m_ends->next = nullptr;
    }
    ~OpenEnds() { avfilter_inout_free(&m_ends); }
    OpenEnds(const OpenEnds &) = delete;
    OpenEnds &operator=(const OpenEnds &) = delete;
    AVFilterInOut **out() { return &m_ends; }

private:
    AVFilterInOut *m_ends;
};

} // namespace

SoundShape SoundShape::of(const AVFrame *frame)
{
    std::array<char, 256> text{};
    av_channel_layout_describe(&frame->ch_layout, text.data(), text.size());
    return {frame->sample_rate, frame->format, QString::fromLatin1(text.data())};
}

FilterGraph::FilterGraph(FilterGraphPtr graph, QString sourceName)
    : m_graph(std::move(graph)), m_sourceName(std::move(sourceName))
{
}

Result<void> FilterGraph::check(int code, const QString &step) const
{
    if (code >= 0)
        return {};
    if (code == AVERROR(ENOMEM))
        return failure(ErrorKind::OutOfMemory, step);
    return failure(
        Error(ErrorKind::EncoderFailed, QStringLiteral("%1: %2").arg(step, avErrorText(code)))
            .with(argument::file, m_sourceName)
            .with(argument::reason,
                  QStringLiteral("its pictures or sound can't be brought into the planned form")));
}

Result<void> FilterGraph::connect(const char *source, const QString &sourceOptions,
                                  const char *sink, const QString &chain)
{
    const QByteArray options = sourceOptions.toLatin1();
    SO_TRY_VOID(check(avfilter_graph_create_filter(&m_source, avfilter_get_by_name(source), "in",
                                                   options.constData(), nullptr, m_graph.get()),
                      QStringLiteral("source %1").arg(sourceOptions)));
    SO_TRY_VOID(check(avfilter_graph_create_filter(&m_sink, avfilter_get_by_name(sink), "out",
                                                   nullptr, nullptr, m_graph.get()),
                      QStringLiteral("sink")));
    OpenEnds outputs("in", m_source);
    OpenEnds inputs("out", m_sink);
    const QByteArray text = chain.toLatin1();
    SO_TRY_VOID(check(avfilter_graph_parse_ptr(m_graph.get(), text.constData(), inputs.out(),
                                               outputs.out(), nullptr),
                      QStringLiteral("chain %1").arg(chain)));
    return check(avfilter_graph_config(m_graph.get(), nullptr),
                 QStringLiteral("configure %1").arg(chain));
}

Result<std::unique_ptr<FilterGraph>> FilterGraph::forPictures(const StreamPlan &plan,
                                                              const PictureShape &shape,
                                                              AVRational timeBase,
                                                              AVRational frameRate, int threads,
                                                              const QString &sourceName)
{
    FilterGraphPtr allocated(avfilter_graph_alloc());
    if (!allocated)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("avfilter_graph_alloc"));
    allocated->nb_threads = threads;
    std::unique_ptr<FilterGraph> graph(new FilterGraph(std::move(allocated), sourceName));
    QString options = QStringLiteral("video_size=%1x%2:pix_fmt=%3:time_base=%4/%5")
                          .arg(shape.width)
                          .arg(shape.height)
                          .arg(shape.pixelFormat)
                          .arg(timeBase.num)
                          .arg(timeBase.den);
    options += QStringLiteral(":pixel_aspect=%1/%2")
                   .arg(shape.sampleAspect.num)
                   .arg(shape.sampleAspect.den);
    if (frameRate.num > 0 && frameRate.den > 0)
        options += QStringLiteral(":frame_rate=%1/%2").arg(frameRate.num).arg(frameRate.den);
    SO_TRY_VOID(
        graph->connect("buffer", options, "buffersink", pictureFilters(plan, shape)));
    return graph;
}

Result<std::unique_ptr<FilterGraph>> FilterGraph::forSound(const StreamPlan &plan,
                                                           const SoundShape &shape,
                                                           AVSampleFormat sampleFormat,
                                                           const QString &sourceName)
{
    FilterGraphPtr allocated(avfilter_graph_alloc());
    if (!allocated)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("avfilter_graph_alloc"));
    allocated->nb_threads = 1;
    std::unique_ptr<FilterGraph> graph(new FilterGraph(std::move(allocated), sourceName));
    const QString options =
        QStringLiteral("time_base=1/%1:sample_rate=%1:sample_fmt=%2:channel_layout=%3")
            .arg(shape.sampleRate)
            .arg(QString::fromLatin1(
                av_get_sample_fmt_name(static_cast<AVSampleFormat>(shape.sampleFormat))))
            .arg(shape.layout);
    SO_TRY_VOID(
        graph->connect("abuffer", options, "abuffersink", soundFilters(plan, sampleFormat)));
    return graph;
}

Result<void> FilterGraph::push(AVFrame *frame)
{
    return check(av_buffersrc_add_frame_flags(m_source, frame, 0), QStringLiteral("filter"));
}

Result<bool> FilterGraph::pull(AVFrame *frame)
{
    const int code = av_buffersink_get_frame(m_sink, frame);
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF)
        return false;
    SO_TRY_VOID(check(code, QStringLiteral("take from the filters")));
    return true;
}

AVRational FilterGraph::timeBase() const
{
    return av_buffersink_get_time_base(m_sink);
}

} // namespace sendoff::media

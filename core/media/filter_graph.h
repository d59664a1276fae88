// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FilterGraph: one buffer source, a chain, one buffer sink; and the chains that a plan asks for.
// Private to core/media. Every chain is written here: no text from outside becomes a filter.

#include "core/base/result.h"
#include "core/media/av.h"
#include "core/media/plan.h"

#include <memory>

namespace sendoff::media {

// What distinguishes frames that one graph can take from those that need another.
struct PictureShape {
    int width = 0;
    int height = 0;
    int pixelFormat = -1;
    AVRational sampleAspect{0, 1};
    int range = 0; // as the frame says
    int matrix = 2;
    bool isInterlaced = false; // any frame so far was

    static PictureShape of(const AVFrame *frame, AVRational guessedAspect);
    bool operator==(const PictureShape &other) const;
};

struct SoundShape {
    int sampleRate = 0;
    int sampleFormat = -1;
    QString layout; // libav's description
    bool operator==(const SoundShape &) const = default;
    static SoundShape of(const AVFrame *frame);
};

// deinterlace → tone map → scale to the plan's size (padded where a changed picture has another
// shape) → turn and mirror → square pixels → pixel format. Colours are converted, not retagged.
QString pictureFilters(const StreamPlan &plan, const PictureShape &shape);
// Resample and mix without clipping.
QString soundFilters(const StreamPlan &plan, AVSampleFormat sampleFormat);

class FilterGraph {
public:
    // EncoderFailed where this build lacks a filter or the chain cannot be connected.
    static Result<std::unique_ptr<FilterGraph>> forPictures(const StreamPlan &plan,
                                                            const PictureShape &shape,
                                                            AVRational timeBase,
                                                            AVRational frameRate, int threads,
                                                            const QString &sourceName);
    // Frames' pts count samples.
    static Result<std::unique_ptr<FilterGraph>> forSound(const StreamPlan &plan,
                                                         const SoundShape &shape,
                                                         AVSampleFormat sampleFormat,
                                                         const QString &sourceName);

    Result<void> push(AVFrame *frame); // takes the frame's data; null = no more
    Result<bool> pull(AVFrame *frame); // false = nothing for now
    AVRational timeBase() const; // of what is pulled

private:
    FilterGraph(FilterGraphPtr graph, QString sourceName);
    Result<void> connect(const char *source, const QString &sourceOptions, const char *sink,
                         const QString &chain);
    Result<void> check(int code, const QString &step) const;

    FilterGraphPtr m_graph;
    QString m_sourceName;
    AVFilterContext *m_source = nullptr;
    AVFilterContext *m_sink = nullptr;
};

} // namespace sendoff::media

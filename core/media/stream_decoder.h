// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// StreamDecoder: packets in, frames out, damage counted instead of fatal. Private to core/media.

#include "core/media/input.h"

#include <functional>

namespace sendoff::media {

class StreamDecoder {
public:
    using TakeFrame = std::function<Result<void>(AVFrame *frame)>;

    // NoDecoder, SourceProtected, SourceTooLarge.
    static Result<StreamDecoder> open(const Input &input, int streamIndex, int threads);

    // Hands every frame that comes out to `take`, in order, until it returns an error. Null ends
    // the stream. Only lack of memory and what `take` returns are errors.
    Result<void> decode(const AVPacket *packet, const TakeFrame &take);

    qint64 frames() const { return m_frames; }
    // Packets that could not be decoded and frames that came out damaged. What comes before the
    // first whole frame of a broadcast does not count: it begins wherever the recording did.
    qint64 damaged() const;
    const AVCodecContext *context() const { return m_context.get(); }

private:
    StreamDecoder(CodecContextPtr context, bool mayBeginAnywhere);
    Result<void> takeAll(const TakeFrame &take);
    Result<void> note(int code, const char *step);

    CodecContextPtr m_context;
    FramePtr m_frame;
    bool m_mayBeginAnywhere;
    qint64 m_frames = 0;
    qint64 m_damagedEarly = 0;
    qint64 m_damaged = 0;
};

} // namespace sendoff::media

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// KeyframeReader: pictures of one stream near given times, as cheaply as they can be had. Private
// to core/media. Not for: exact frames.

#include "core/media/input.h"

#include <optional>
#include <stop_token>

namespace sendoff::media {

class KeyframeReader {
public:
    // `input` outlives the reader, which reads it alone. NoDecoder, SourceProtected,
    // SourceTooLarge.
    static Result<KeyframeReader> open(Input &input, int streamIndex, std::stop_token stop);

    // The key frame before `timeUs` (from the file's first timestamp). Where that was the last one
    // already, the picture at `timeUs` itself, as long as not too much has to be decoded for it.
    // Null where there is no later picture than the last. Valid until the next call; the caller may
    // take its data. Cancelled, and what reading meets.
    Result<AVFrame *> frameAt(qint64 timeUs);
    // The first picture at or after `timeUs`, else the last that could be reached.
    Result<AVFrame *> exactFrameAt(qint64 timeUs);
    qint64 timeUs() const; // of that frame
    AVStream *stream() const { return m_stream; }

private:
    KeyframeReader(Input &input, AVStream *stream, CodecContextPtr decoder, std::stop_token stop);
    bool seek(qint64 ticks);
    Result<bool> readPacket();
    Result<bool> decodeKeyframe(qint64 ticks);
    Result<bool> decodeUpTo(qint64 ticks);
    Result<bool> nextFrame();
    qint64 ticksAt(qint64 timeUs) const;
    qint64 ticksOf(const AVFrame *frame) const;
    bool isNew() const;

    Input &m_input;
    AVStream *m_stream;
    CodecContextPtr m_decoder;
    std::stop_token m_stop;
    PacketPtr m_packet;
    FramePtr m_frame;
    std::optional<qint64> m_last; // ticks of the last picture handed out
    qint64 m_ticks = 0; // of m_frame
    int m_framesLeft; // that may still be decoded on the way to one
    bool m_canSeek = true;
    bool m_isRunning = false; // decoding frame by frame since the last seek
    bool m_isAtEnd = false;
};

} // namespace sendoff::media

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SoundEncoder: samples in stretches of any length become packets of an encoder that wants its
// frames full. Private to core/media.

#include "core/media/stream_encoder.h"

extern "C" {
#include <libavutil/audio_fifo.h>
}

namespace sendoff::media {

class SoundEncoder {
public:
    // NoEncoder, EncoderFailed, OutOfMemory.
    static Result<SoundEncoder> open(const EncoderSettings &settings);

    const AVCodecContext *context() const { return m_encoder.context(); }
    // What the encoder puts in front, where no edit list may hide it: it takes the place of as
    // many samples at the beginning, so that the rest stays where it belongs. The parameters for
    // the file, without it.
    CodecParametersPtr giveUpPriming();
    CodecParametersPtr parameters() const { return m_encoder.parameters(); }

    // Filtered samples, in the encoder's form; cut where priming takes their place.
    Result<void> take(AVFrame *samples, const StreamEncoder::TakePacket &packet);
    // What comes next begins at `pts`, or where the sound so far ended, if that is later.
    Result<void> jumpTo(qint64 pts, const StreamEncoder::TakePacket &packet);
    Result<void> finish(const StreamEncoder::TakePacket &packet);

private:
    using AudioFifoPtr = AvPtr<AVAudioFifo, av_audio_fifo_free>;
    enum class Rest { Keep, Encode };

    SoundEncoder(StreamEncoder encoder, AudioFifoPtr fifo);
    int frameSize() const;
    Result<void> dropPrimed(AVFrame *frame);
    Result<void> padToFrame(const StreamEncoder::TakePacket &packet);
    Result<void> encodeFrames(Rest rest, const StreamEncoder::TakePacket &packet);

    StreamEncoder m_encoder;
    AudioFifoPtr m_fifo;
    qint64 m_nextPts = 0; // of the encoder's next frame
    int m_leftToDrop = 0; // samples in the place of priming
};

} // namespace sendoff::media

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// StreamEncoder: an encoder opened as the plan says; frames in, packets out. Private to core/media.

#include "core/base/result.h"
#include "core/media/av.h"
#include "core/media/plan.h"

#include <functional>

namespace sendoff::media {

struct EncoderSettings {
    const StreamPlan *plan = nullptr;
    AVRational timeBase{0, 1};
    AVRational frameRate{0, 1}; // hint for the rate control
    int threads = 1;
    bool globalHeader = false;
    quint32 codecTag = 0;
    QString sourceName; // for the sentence
};

class StreamEncoder {
public:
    using TakePacket = std::function<Result<void>(PacketPtr packet)>;

    // NoEncoder, EncoderFailed.
    static Result<StreamEncoder> openVideo(const EncoderSettings &settings);
    static Result<StreamEncoder> openAudio(const EncoderSettings &settings);

    // Null ends the stream. EncoderFailed, OutOfMemory and whatever `take` returns.
    Result<void> encode(const AVFrame *frame, const TakePacket &take);

    const AVCodecContext *context() const { return m_context.get(); }
    qint64 framesTaken() const { return m_framesTaken; }
    CodecParametersPtr parameters() const;
    QByteArray header() const; // the encoder's global header (extradata)

private:
    StreamEncoder(CodecContextPtr context, QString sourceName);

    CodecContextPtr m_context;
    QString m_sourceName;
    qint64 m_framesTaken = 0;
};

// Among those that the encoder takes; what it is given must match.
AVSampleFormat encoderSampleFormat(const AVCodec *codec);

} // namespace sendoff::media

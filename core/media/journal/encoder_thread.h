// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// EncoderThread: encodes on a thread of its own, so that decoding and filtering go on meanwhile,
// also while an encoder is drained at the end of a segment and the next one is opened. Private to
// core/media.

#include "core/media/stream_encoder.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace sendoff::media {

// What one encoder made of one segment.
struct EncodedSegment {
    std::vector<PacketPtr> packets; // in decoding order
    QByteArray header; // the encoder's extradata, as it was before the first frame
    int delay = 0; // by how many pictures it reorders
};

// Used by one thread.
class EncoderThread {
public:
    // `first`: opened already; later ones are opened with `settings`. `ahead`: for how many frames
    // encode() does not wait; with none it returns when the encoder has taken the frame.
    EncoderThread(EncoderSettings settings, StreamEncoder first, int ahead);
    // Gives up what is not encoded yet.
    ~EncoderThread();

    EncoderThread(const EncoderThread &) = delete;
    EncoderThread &operator=(const EncoderThread &) = delete;

    // Keeps a reference to the frame. The error is that of any frame before: EncoderFailed,
    // OutOfMemory, NoEncoder; nothing more is encoded after it.
    Result<void> encode(const AVFrame *frame);
    // The frames after this go to a fresh encoder.
    void endSegment();
    enum class Wait { No, Yes };
    // The oldest ended segment, once; nothing where it is not ready and `wait` says no. Waits only
    // for what was ended.
    Result<std::optional<EncodedSegment>> takeSegment(Wait wait);

private:
    void run(const std::stop_token &stop);
    Result<void> perform(FramePtr frame); // null: the end of a segment
    Result<void> encodeHere(const AVFrame *frame);

    const EncoderSettings m_settings;
    const std::size_t m_ahead;

    // Of the thread.
    std::optional<StreamEncoder> m_encoder; // none between two segments
    EncodedSegment m_segment;

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<FramePtr> m_queue;
    bool m_isBusy = false; // with what was taken from the queue
    std::deque<EncodedSegment> m_done;
    std::optional<Error> m_error;

    std::jthread m_thread; // the last member: it uses the others
};

} // namespace sendoff::media

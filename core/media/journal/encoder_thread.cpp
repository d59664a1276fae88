// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/journal/encoder_thread.h"

#include <utility>

namespace sendoff::media {

EncoderThread::EncoderThread(EncoderSettings settings, StreamEncoder first, int ahead)
    : m_settings(std::move(settings))
    , m_ahead(std::size_t(ahead))
    , m_encoder(std::move(first))
    , m_thread([this](const std::stop_token &stop) { run(stop); })
{
}

EncoderThread::~EncoderThread() = default;

Result<void> EncoderThread::encode(const AVFrame *frame)
{
    FramePtr own(av_frame_clone(frame));
    if (!own)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("av_frame_clone"));
    std::unique_lock lock(m_mutex);
    m_queue.push_back(std::move(own));
    m_changed.notify_all();
    m_changed.wait(lock, [this] {
        return m_error || (m_ahead > 0 ? m_queue.size() <= m_ahead : m_queue.empty() && !m_isBusy);
    });
    if (m_error)
        return tl::unexpected(*m_error);
    return {};
}

void EncoderThread::endSegment()
{
    const std::lock_guard lock(m_mutex);
    m_queue.push_back(nullptr);
    m_changed.notify_all();
}

Result<std::optional<EncodedSegment>> EncoderThread::takeSegment(Wait wait)
{
    std::unique_lock lock(m_mutex);
    if (wait == Wait::Yes)
        m_changed.wait(lock, [this] { return m_error || !m_done.empty(); });
    if (m_error)
        return tl::unexpected(*m_error);
    std::optional<EncodedSegment> segment;
    if (!m_done.empty()) {
        segment = std::move(m_done.front());
        m_done.pop_front();
    }
    return segment;
}

void EncoderThread::run(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [this] { return !m_queue.empty(); }) && !stop.stop_requested()) {
        FramePtr frame = std::move(m_queue.front());
        m_queue.pop_front();
        m_isBusy = true;
        const bool endsSegment = !frame;
        m_changed.notify_all();
        lock.unlock();
        const Result<void> done = perform(std::move(frame));
        lock.lock();
        m_isBusy = false;
        if (!done)
            m_error = done.error();
        else if (endsSegment)
            m_done.push_back(std::exchange(m_segment, {}));
        m_changed.notify_all();
        if (m_error)
            return;
    }
}

Result<void> EncoderThread::perform(FramePtr frame)
{
    if (!m_encoder) {
        SO_TRY(StreamEncoder encoder, StreamEncoder::openVideo(m_settings));
        m_encoder.emplace(std::move(encoder));
    }
    if (m_encoder->framesTaken() == 0)
        m_segment.header = m_encoder->header();
    SO_TRY_VOID(encodeHere(frame.get()));
    if (frame)
        return {};
    m_segment.delay = m_encoder->context()->has_b_frames;
    m_encoder.reset();
    return {};
}

Result<void> EncoderThread::encodeHere(const AVFrame *frame)
{
    return m_encoder->encode(frame, [this](PacketPtr packet) -> Result<void> {
        m_segment.packets.push_back(std::move(packet));
        return {};
    });
}

} // namespace sendoff::media

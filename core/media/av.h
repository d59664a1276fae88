// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Ownership of libav objects and the text of its errors; the C API stays visible. Private to
// core/media. Version differences belong to av_compat.h.

#include "core/base/error.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
}

#include <atomic>
#include <memory>
#include <type_traits>
#include <utility>

namespace sendoff::media {

template <auto Free> struct AvDeleter {
    template <typename T> void operator()(T *object) const noexcept
    {
        if constexpr (std::is_invocable_v<decltype(Free), T **>)
            Free(&object);
        else
            Free(object);
    }
};
template <typename T, auto Free> using AvPtr = std::unique_ptr<T, AvDeleter<Free>>;

using FramePtr = AvPtr<AVFrame, av_frame_free>;
using PacketPtr = AvPtr<AVPacket, av_packet_free>;
using CodecContextPtr = AvPtr<AVCodecContext, avcodec_free_context>;
using CodecParametersPtr = AvPtr<AVCodecParameters, avcodec_parameters_free>;
using FilterGraphPtr = AvPtr<AVFilterGraph, avfilter_graph_free>;
using OutputContextPtr = AvPtr<AVFormatContext, avformat_free_context>;
static_assert(sizeof(FramePtr) == sizeof(AVFrame *));

// A dictionary for calls that take AVDictionary **; what is left in it was not understood.
class Dictionary {
public:
    Dictionary() = default;
    ~Dictionary() { av_dict_free(&m_dictionary); }
    Dictionary(const Dictionary &) = delete;
    Dictionary &operator=(const Dictionary &) = delete;
    Dictionary(Dictionary &&other) noexcept
        : m_dictionary(std::exchange(other.m_dictionary, nullptr))
    {
    }
    Dictionary &operator=(Dictionary &&other) noexcept
    {
        std::swap(m_dictionary, other.m_dictionary);
        return *this;
    }
    void set(const char *key, const char *value) { av_dict_set(&m_dictionary, key, value, 0); }
    void set(const char *key, qint64 value) { av_dict_set_int(&m_dictionary, key, value, 0); }
    AVDictionary **out() { return &m_dictionary; }
    const AVDictionary *get() const { return m_dictionary; }

private:
    AVDictionary *m_dictionary = nullptr;
};

QString avErrorText(int code); // libav's own words

// Sends libav's messages to the logging category "sendoff.libav" (debug level, off by default),
// escaped and bounded, instead of to standard error. The callback is process-wide and is called
// from codec threads; any thread may call this, the first call counts.
void routeLibavLog();

// Counts the error lines that libav logs about one object of its own while this lives: some damage
// it tells nowhere else. Any thread.
class ErrorLines {
public:
    explicit ErrorLines(const void *object);
    ~ErrorLines();
    ErrorLines(const ErrorLines &) = delete;
    ErrorLines &operator=(const ErrorLines &) = delete;
    int count() const { return m_count.load(std::memory_order_relaxed); }
    void note(const void *object, int level); // called for every line

private:
    const void *m_object;
    std::atomic<int> m_count{0};
};

} // namespace sendoff::media

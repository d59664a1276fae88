// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/av.h"

#include "core/base/file_path.h"

#include <QLoggingCategory>

#include <array>
#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <set>

extern "C" {
#include <libavutil/log.h>
}

namespace sendoff::media {

namespace {

Q_LOGGING_CATEGORY(libavLog, "sendoff.libav", QtWarningMsg)

// A damaged file can make a demuxer print a line per packet; the first lines say what is wrong.
constexpr int libavLinesAtMost = 500;

// The log callback is libav's one place for all of a process, so this must be one, too.
struct Listeners {
    std::mutex mutex;
    std::set<ErrorLines *> all;
};

Listeners &listeners()
{
    static Listeners list;
    return list;
}

void tellListeners(const void *object, int level)
{
    Listeners &list = listeners();
    const std::scoped_lock lock(list.mutex);
    for (ErrorLines *listener : list.all)
        listener->note(object, level);
}

void writeLibavLine(void *object, int level, const char *format, va_list arguments)
{
    static std::atomic<int> lines{0};
    if (level <= AV_LOG_ERROR)
        tellListeners(object, level);
    if (level > AV_LOG_WARNING || !libavLog().isDebugEnabled())
        return;
    if (lines.fetch_add(1, std::memory_order_relaxed) >= libavLinesAtMost)
        return;
    std::array<char, 512> buffer{};
    std::vsnprintf(buffer.data(), buffer.size(), format, arguments);
    const AVClass *avClass = object ? *static_cast<AVClass **>(object) : nullptr;
    const QString origin =
        avClass ? QString::fromUtf8(avClass->item_name(object)) : QStringLiteral("libav");
    qCDebug(libavLog).noquote() << origin + u':'
                                << escapedText(QString::fromUtf8(buffer.data()).trimmed());
}

} // namespace

QString avErrorText(int code)
{
    std::array<char, AV_ERROR_MAX_STRING_SIZE> buffer{};
    av_strerror(code, buffer.data(), buffer.size());
    return QString::fromUtf8(buffer.data());
}

void routeLibavLog()
{
    static std::once_flag once;
    std::call_once(once, [] { av_log_set_callback(&writeLibavLine); });
}

ErrorLines::ErrorLines(const void *object)
    : m_object(object)
{
    routeLibavLog();
    Listeners &list = listeners();
    const std::scoped_lock lock(list.mutex);
    list.all.insert(this);
}

ErrorLines::~ErrorLines()
{
    Listeners &list = listeners();
    const std::scoped_lock lock(list.mutex);
    list.all.erase(this);
}

void ErrorLines::note(const void *object, int level)
{
    if (object == m_object && level <= AV_LOG_ERROR)
        m_count.fetch_add(1, std::memory_order_relaxed);
}

} // namespace sendoff::media

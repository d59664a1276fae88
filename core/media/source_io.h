// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SourceIo: libav's byte reader over the descriptor of a SourceFile, by pread. It remembers why
// reading ended, because demuxers forget it. Private to core/media.

#include "core/base/result.h"
#include "core/base/source_file.h"
#include "core/media/av.h"

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>

namespace sendoff::media {

class SourceIo {
public:
    using Clock = std::chrono::steady_clock;

    SourceIo(std::shared_ptr<const SourceFile> source, std::stop_token stop);
    ~SourceIo();
    SourceIo(const SourceIo &) = delete;
    SourceIo &operator=(const SourceIo &) = delete;

    AVIOContext *context() const { return m_context; }
    AVIOInterruptCB interruptCallback();
    const SourceFile &source() const { return *m_source; }

    // Reads are refused from then on; nothing = never.
    void setDeadline(std::optional<Clock::time_point> deadline) { m_deadline = deadline; }
    bool isStopped() const { return m_stop.stop_requested(); }
    bool isOverdue() const { return m_deadline && Clock::now() > *m_deadline; }

    // SourceUnreadable or SourceChanged, as met by a read; stays.
    const std::optional<Error> &readFailure() const { return m_failure; }
    // SourceChanged where the file is shorter now than when it was opened.
    Result<void> checkLength() const;
    qint64 bytesRead() const { return m_bytesRead; }

private:
    static int readPacket(void *self, uint8_t *buffer, int size);
    static int64_t seek(void *self, int64_t offset, int whence);
    static int isInterrupted(void *self);
    int read(uint8_t *buffer, int size);

    std::shared_ptr<const SourceFile> m_source;
    std::stop_token m_stop;
    std::optional<Clock::time_point> m_deadline;
    std::optional<Error> m_failure;
    qint64 m_position = 0;
    qint64 m_bytesRead = 0;
    AVIOContext *m_context = nullptr;
};

} // namespace sendoff::media

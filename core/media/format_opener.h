// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FormatOpener: from bytes to an AVFormatContext with stream information, within limits; says why
// a file is refused. Private to core/media; input.h is what others use.

#include "core/media/input.h"
#include "core/media/source_io.h"

#include <vector>

namespace sendoff::media {

using InputContextPtr = AvPtr<AVFormatContext, avformat_close_input>;

struct PictureSize {
    int width = 0;
    int height = 0;
    bool isWithin(qint64 pixels) const { return qint64(width) * height <= pixels; }
};

Error tooLargePictureError(const SourceFile &source, PictureSize size);

class FormatOpener {
public:
    // Both must outlive the opener, and `io` the context that it returns.
    FormatOpener(SourceIo &io, const InputLimits &limits)
        : m_io(io)
        , m_limits(limits)
    {
    }
    Result<InputContextPtr> open();
    // What the demuxer has complained about since then; of the context that open() returned.
    std::unique_ptr<ErrorLines> takeComplaints() { return std::move(m_complaints); }

private:
    Result<const AVInputFormat *> detectFormat();
    Result<void> openFormat(const AVInputFormat *detected);
    Result<void> meetLateStreams();
    Result<void> readStreamInfo();
    Result<void> checkStreamCount() const;
    Result<void> checkPictures(const std::vector<PictureSize> &claimed) const;
    Error sourceError(ErrorKind kind, const QString &reason, const QString &detail) const;
    Error openError(int code, const QString &step, const QString &reason) const;

    SourceIo &m_io;
    const InputLimits &m_limits;
    InputContextPtr m_format;
    std::unique_ptr<ErrorLines> m_complaints;
};

} // namespace sendoff::media

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Cheap looks for damage that demuxers pass over in silence: a container that announces more bytes
// than the file has, and copied pictures whose packets are not put together rightly. Private to
// core/media.

#include "core/base/source_file.h"
#include "core/media/av.h"

#include <optional>

namespace sendoff::media {

// A sentence where the file ends before its container does. `demuxer` is libav's name.
// A handful of small reads.
std::optional<QString> incompleteness(const SourceFile &file, QStringView demuxer);

// A sentence where a whole file is put together in an odd way, so that people look at the result.
std::optional<QString> oddity(const SourceFile &file, QStringView demuxer);

// Looks at the outer structure of H.264 and HEVC packets as they stand in MP4 and Matroska
// (ISO/IEC 14496-15 5.3: each unit is preceded by its length).
class UnitCheck {
public:
    explicit UnitCheck(const AVCodecParameters *parameters);
    // False for a packet that no decoder can take apart.
    bool accepts(const AVPacket *packet) const;

private:
    int m_lengthSize = 0; // 0 = nothing to check
};

} // namespace sendoff::media

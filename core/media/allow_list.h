// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Which of libav's demuxers and decoders an unknown file may reach, and what to say of the others.
// Private to core/media.

#include "core/media/av.h"

#include <QString>

namespace sendoff::media {

// Comma-separated, as AVFormatContext's whitelists want them.
const char *demuxerAllowList();
const char *decoderAllowList();

bool isAllowed(const AVInputFormat *format);
// The decoder of the allow-list that this build prefers for a codec; null where there is none.
const AVCodec *allowedDecoder(AVCodecID codec);

// Why a file of such a format is not opened, as a clause: "it is a playlist, not a video".
QString refusalOf(const AVInputFormat *format);

} // namespace sendoff::media

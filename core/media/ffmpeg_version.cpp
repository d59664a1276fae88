// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/ffmpeg_version.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace sendoff::media {

QString ffmpegVersion()
{
    return QString::fromUtf8(av_version_info());
}

QString ffmpegLicense()
{
    return QString::fromUtf8(avcodec_license());
}

} // namespace sendoff::media

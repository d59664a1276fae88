// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Which FFmpeg this process runs with, for people and for reports.

#include <QString>

namespace sendoff::media {

QString ffmpegVersion(); // "5.1.6-0+deb12u1"
QString ffmpegLicense(); // "GPL version 2 or later"

} // namespace sendoff::media

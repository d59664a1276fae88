// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Memory that reads as zero for an encoder which looks at bytes that it never wrote. Private to
// core/media.

namespace sendoff::media {

// x264's trees of macroblocks depend on unwritten heap memory: in a heap that was used before, equal
// pictures become other bytes. Whether all that x264 asks memory for reads as zero in this build:
// with glibc, in every program that links this file. Elsewhere x264 does not repeat itself.
bool isEncoderMemoryZeroed();

} // namespace sendoff::media

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What x264 says of itself at the beginning of each stream that it makes. Private to core/media.

#include "core/media/av.h"

namespace sendoff::media {

// Takes x264's list of its settings (700 bytes; H.264 D.1.6, user data) from the front of an Annex B
// packet: one in a file is enough. Anything else stays as it is.
void dropEncoderNote(AVPacket *packet);

} // namespace sendoff::media

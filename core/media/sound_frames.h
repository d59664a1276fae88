// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Frames of sound made and cut by hand. Private to core/media.

#include "core/base/result.h"
#include "core/media/av.h"

namespace sendoff::media {

// Silent. OutOfMemory.
Result<FramePtr> allocateSound(int samples, AVSampleFormat format, int sampleRate,
                               const AVChannelLayout &layout);
// `layout` as libav describes it.
Result<FramePtr> makeSilence(int samples, AVSampleFormat format, int sampleRate,
                             const QString &layout);
// Takes `count` samples, fewer than there are, from the beginning of a frame.
Result<void> dropFront(AVFrame *frame, int count);

} // namespace sendoff::media

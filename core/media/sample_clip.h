// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// makeSampleClip(): a clip made with libav for the demo, for "Try with a sample" and for tests.

#include "core/base/file_path.h"
#include "core/base/result.h"

#include <QString>

#include <stop_token>

namespace sendoff::media {

struct SampleClip {
    int width = 1280;
    int height = 720;
    int framesPerSecond = 30;
    double seconds = 10;
    QString videoEncoder = QStringLiteral("mpeg4"); // empty = no video
    QString audioEncoder = QStringLiteral("aac"); // empty = no audio
    int channels = 2;
    int sampleRate = 48000;
    QString container = QStringLiteral("matroska");
    int seed = 1; // another seed, another picture and sound
    int rotation = 0; // written as a display matrix (mp4, mov)
    bool isVariableRate = false; // drops frames, timestamps real
    qint64 videoBitrate = 4'000'000;
};

// Blocking. A moving picture with a clock and noise, and a melody. Replaces `path`.
Result<void> makeSampleClip(const SampleClip &clip, const FilePath &path, std::stop_token stop);

} // namespace sendoff::media

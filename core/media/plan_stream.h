// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The rules by which makePlan() decides on one stream. Pure. Private to core/media.

#include "core/media/plan.h"

namespace sendoff::media {

struct PlanInput {
    const MediaInfo &info;
    const Preset &preset;
    const PlanWishes &wishes;
    const Codecs &codecs;

    QString presetName() const { return QStringLiteral("“%1”").arg(preset.title); }
    QString containerTitle() const;
};

// Whether what is asked for is something that the preset can do with what the file has: BadUsage
// for a trim outside of the file, or for converting with a preset that does not.
Result<void> checkWishes(const PlanInput &input);

// Why a stream cannot be copied: a stable id and a clause for people, "its pixels are not square".
struct Obstacle {
    QString rule;
    QString reason;
};

StreamPlan droppedStream(const StreamInfo &stream, const Obstacle &obstacle);
// For people, of a dropped stream: "A subtitle track is dropped, because …".
QString lossSentence(const StreamPlan &stream);

// Copy, Convert or Drop for the stream that the export shows. NoEncoder; SourceNoStreams where the
// preset neither copies nor converts it.
Result<StreamPlan> planVideo(const PlanInput &input, const StreamInfo &stream);
// The same for a sound track that the preset selects. NoEncoder.
Result<StreamPlan> planAudio(const PlanInput &input, const StreamInfo &stream);
// Everything else: subtitles, data, attachments, cover art.
StreamPlan planExtra(const PlanInput &input, const StreamInfo &stream);

// What stands in the way of a copy whatever the kind: wishes, trim, container.
std::optional<Obstacle> commonObstacle(const PlanInput &input, const StreamInfo &stream);

// The colour of a picture where its file does not say: BT.709 from 720 lines on, else BT.601
// (SMPTE 170M); limited range, but full for RGB and “yuvj”.
Colour assumedColour(const StreamInfo &stream);

} // namespace sendoff::media

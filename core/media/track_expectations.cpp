// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/track_expectations.h"

#include <algorithm>

namespace sendoff::media {

namespace {

ExpectedTrack expectedTrack(const StreamPath &path, int track, const MuxOutput &mux)
{
    const StreamPlan &plan = path.plan();
    ExpectedTrack expected;
    expected.isVideo = plan.kind == StreamKind::Video;
    expected.isAudio = plan.kind == StreamKind::Audio;
    const AVCodecID codec = mux.parameters(track)->codec_id;
    expected.codec =
        plan.codec.isEmpty() ? QString::fromLatin1(avcodec_get_name(codec)) : plan.codec;
    expected.packets = mux.packetsWritten(track);
    // A track without a packet does not show what form its pictures would have.
    if (plan.action == StreamAction::Convert && expected.isVideo && expected.packets > 0) {
        expected.width = plan.width;
        expected.height = plan.height;
        expected.pixelFormat = plan.pixelFormat;
    }
    expected.hiddenPackets = path.report().hiddenPackets;
    expected.spanUs = mux.spanUs(track);
    expected.frameUs = expected.spanUs / std::max<qint64>(1, expected.packets);
    return expected;
}

} // namespace

ExpectedFile expectedFile(const std::vector<std::unique_ptr<StreamPath>> &paths,
                          const PacketMerge &merge, const MuxOutput &mux)
{
    ExpectedFile expected;
    expected.isProgressiveIso = mux.isIsoMedia() && !mux.isFragmented();
    expected.hasChapters = mux.isIsoMedia() && mux.context()->nb_chapters > 0;
    expected.tracks.resize(mux.trackCount());
    for (const auto &path : paths) {
        const int track = merge.muxedIndex(path->track());
        if (track >= 0)
            expected.tracks[track] = expectedTrack(*path, track, mux);
    }
    if (expected.isProgressiveIso) // leaves out tracks without any content
        expected.tracks.removeIf([](const ExpectedTrack &track) { return track.packets == 0; });
    return expected;
}

} // namespace sendoff::media

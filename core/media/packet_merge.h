// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// PacketMerge: brings the packets of all tracks into the order of the file, by dts, so that the
// result never depends on how threads and buffers happened to run. It begins the muxer once every
// track is known, and cuts fragments. Private to core/media.

#include "core/media/mux_output.h"

#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace sendoff::media {

class PacketMerge {
public:
    // Sparse tracks (subtitles) never hold the others up.
    enum class Kind { Video, Audio, Sparse };

    // `sealed` is told the size of the file after each cut, where it grows for good.
    PacketMerge(MuxOutput &mux, std::function<void(qint64)> sealed);

    int addTrack(Kind kind);
    // Before the track's first packet. A track that ends without a format is left out.
    void setFormat(int track, TrackFormat format);
    // Timestamps of the format's time base, dts increasing.
    Result<void> put(int track, PacketPtr packet);
    // The next packet of a video track is a key frame with this dts. What comes before it is written
    // at once, and the fragment cut, rather than when it is there: a whole segment later.
    Result<void> expectKeyFrame(int track, qint64 dts);
    Result<void> end(int track);
    // Writes what is left; every track has ended. The trailer is the caller's.
    Result<void> finish();

    bool hasBegun() const { return m_hasBegun; }
    // The track's index in the file; -1 where it was left out.
    int muxedIndex(int track) const { return m_tracks[std::size_t(track)].muxed; }

private:
    struct Track {
        Kind kind;
        std::optional<TrackFormat> format;
        std::deque<PacketPtr> queue;
        std::optional<qint64> nextKey; // the dts of the next packet, while `queue` is empty
        bool hasEnded = false;
        int muxed = -1;
    };

    bool holdsOthersUp(const Track &track) const;
    bool isOverLimit() const;
    int nextTrack() const;
    qint64 headUs(const Track &track) const;
    Result<void> advance(bool everything);
    Result<void> advanceToKeyFrame();
    bool hasSparse() const;
    Result<void> begin();
    Result<void> writeHead(Track &track);
    bool isCutPoint(const Track &track, bool isKey, qint64 dtsUs) const;
    Result<void> cutAt(qint64 dtsUs);
    const Track *leader() const;

    MuxOutput &m_mux;
    std::function<void(qint64)> m_sealed;
    std::vector<Track> m_tracks;
    qint64 m_queuedBytes = 0;
    qint64 m_lastCutUs = 0;
    qint64 m_bytesSinceCut = 0;
    bool m_hasBegun = false;
    bool m_hasWritten = false;
};

} // namespace sendoff::media

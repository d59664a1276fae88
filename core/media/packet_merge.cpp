// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/packet_merge.h"

#include <algorithm>
#include <limits>

namespace sendoff::media {

namespace {

// How long a track without packets may hold the others up.
constexpr qint64 queueLimitUs = 30'000'000; // three of the longest segments
constexpr qint64 queueLimitBytes = 32 << 20;

// A fragment begins with a key frame of the video about every two seconds; where key frames are
// far apart it begins anywhere rather than grow without bound (the muxer keeps it in memory).
// (A little less: key frames every two seconds shall not miss it by rounding.)
constexpr qint64 fragmentUs = 1'900'000;
constexpr qint64 fragmentAtMostUs = 10'000'000;
constexpr qint64 fragmentAtMostBytes = 32 << 20;

} // namespace

PacketMerge::PacketMerge(MuxOutput &mux, std::function<void(qint64)> sealed)
    : m_mux(mux)
    , m_sealed(std::move(sealed))
{
}

int PacketMerge::addTrack(Kind kind)
{
    Track track;
    track.kind = kind;
    m_tracks.push_back(std::move(track));
    return int(m_tracks.size()) - 1;
}

void PacketMerge::setFormat(int track, TrackFormat format)
{
    m_tracks[std::size_t(track)].format = std::move(format);
}

Result<void> PacketMerge::put(int track, PacketPtr packet)
{
    Track &state = m_tracks[std::size_t(track)];
    if (m_hasBegun && state.muxed < 0)
        return {}; // it came to life after the header was written; counted by its path
    m_queuedBytes += packet->size;
    state.queue.push_back(std::move(packet));
    state.nextKey.reset();
    return advance(false);
}

Result<void> PacketMerge::expectKeyFrame(int track, qint64 dts)
{
    m_tracks[std::size_t(track)].nextKey = dts;
    return advance(false);
}

Result<void> PacketMerge::end(int track)
{
    m_tracks[std::size_t(track)].hasEnded = true;
    return advance(false);
}

Result<void> PacketMerge::finish()
{
    for (Track &track : m_tracks)
        track.hasEnded = true;
    return advance(true);
}

bool PacketMerge::holdsOthersUp(const Track &track) const
{
    if (track.hasEnded || track.kind == Kind::Sparse || (m_hasBegun && track.muxed < 0))
        return false;
    return track.queue.empty();
}

bool PacketMerge::isOverLimit() const
{
    if (m_queuedBytes > queueLimitBytes)
        return true;
    for (const Track &track : m_tracks) {
        if (track.queue.size() < 2)
            continue;
        const qint64 span = av_rescale_q(track.queue.back()->dts - track.queue.front()->dts,
                                         track.format->timeBase, AV_TIME_BASE_Q);
        if (span > queueLimitUs)
            return true;
    }
    return false;
}

qint64 PacketMerge::headUs(const Track &track) const
{
    return av_rescale_q(track.queue.front()->dts, track.format->timeBase, AV_TIME_BASE_Q);
}

int PacketMerge::nextTrack() const
{
    int best = -1;
    for (int i = 0; i < int(m_tracks.size()); ++i) {
        const Track &track = m_tracks[std::size_t(i)];
        if (track.queue.empty())
            continue;
        if (best < 0) {
            best = i;
            continue;
        }
        const Track &other = m_tracks[std::size_t(best)];
        if (av_compare_ts(track.queue.front()->dts, track.format->timeBase,
                          other.queue.front()->dts, other.format->timeBase)
            < 0)
            best = i;
    }
    return best;
}

Result<void> PacketMerge::advance(bool everything)
{
    for (;;) {
        const bool isHeld =
            std::any_of(m_tracks.begin(), m_tracks.end(),
                        [this](const Track &track) { return holdsOthersUp(track); });
        if (isHeld && !everything && !isOverLimit())
            return advanceToKeyFrame();
        const int next = nextTrack();
        if (next < 0)
            return {};
        if (!m_hasBegun)
            SO_TRY_VOID(begin());
        SO_TRY_VOID(writeHead(m_tracks[std::size_t(next)]));
    }
}

// A track that has not shown any packet but has a format may still get some, unless it has ended.
Result<void> PacketMerge::begin()
{
    for (Track &track : m_tracks) {
        if (!track.format || (track.hasEnded && track.queue.empty()))
            continue;
        track.muxed = m_mux.trackCount();
        SO_TRY_VOID(m_mux.addTrack(*track.format));
    }
    m_hasBegun = true;
    return m_mux.begin();
}

const PacketMerge::Track *PacketMerge::leader() const
{
    const Track *first = nullptr;
    for (const Track &track : m_tracks) {
        if (track.muxed < 0 || track.kind == Kind::Sparse
            || (track.hasEnded && track.queue.empty()))
            continue;
        if (track.kind == Kind::Video)
            return &track;
        if (!first)
            first = &track;
    }
    return first;
}

bool PacketMerge::hasSparse() const
{
    return std::any_of(m_tracks.begin(), m_tracks.end(), [](const Track &track) {
        return track.kind == Kind::Sparse && track.muxed >= 0;
    });
}

// Only the video is missing, and where it goes on is known. Nobody knows that of sparse tracks, so
// that they may still have something to write before it.
Result<void> PacketMerge::advanceToKeyFrame()
{
    const Track *const first = leader();
    if (!first || !first->nextKey || !first->queue.empty() || hasSparse())
        return {};
    const int place = int(first - m_tracks.data());
    for (;;) {
        for (const Track &track : m_tracks) {
            if (&track != first && holdsOthersUp(track))
                return {};
        }
        const int next = nextTrack();
        if (next < 0)
            break;
        Track &track = m_tracks[std::size_t(next)];
        const int order = av_compare_ts(track.queue.front()->dts, track.format->timeBase,
                                        *first->nextKey, first->format->timeBase);
        if (order > 0 || (order == 0 && next > place))
            break;
        SO_TRY_VOID(writeHead(track));
    }
    const qint64 dtsUs = av_rescale_q(*first->nextKey, first->format->timeBase, AV_TIME_BASE_Q);
    return isCutPoint(*first, true, dtsUs) ? cutAt(dtsUs) : Result<void>();
}

bool PacketMerge::isCutPoint(const Track &track, bool isKey, qint64 dtsUs) const
{
    if (!m_mux.growsForGood() || !m_hasWritten)
        return false;
    if (dtsUs - m_lastCutUs >= fragmentAtMostUs || m_bytesSinceCut >= fragmentAtMostBytes)
        return true;
    return dtsUs - m_lastCutUs >= fragmentUs && &track == leader() && isKey;
}

Result<void> PacketMerge::cutAt(qint64 dtsUs)
{
    SO_TRY_VOID(m_mux.cut());
    m_sealed(m_mux.file().size());
    m_lastCutUs = dtsUs;
    m_bytesSinceCut = 0;
    return {};
}

Result<void> PacketMerge::writeHead(Track &track)
{
    const qint64 dtsUs = headUs(track);
    if (!m_hasWritten)
        m_lastCutUs = dtsUs;
    const bool isKey = (track.queue.front()->flags & AV_PKT_FLAG_KEY) != 0;
    if (isCutPoint(track, isKey, dtsUs))
        SO_TRY_VOID(cutAt(dtsUs));
    const PacketPtr packet = std::move(track.queue.front());
    track.queue.pop_front();
    m_queuedBytes -= packet->size;
    m_bytesSinceCut += packet->size;
    m_hasWritten = true;
    return m_mux.write(track.muxed, packet.get());
}

} // namespace sendoff::media

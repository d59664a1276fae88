// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// MuxOutput: one muxer that writes into an OutputFile, in either layout. Packets come in the order
// in which they shall stand in the file (packet_merge.h). Private to core/media.

#include "core/base/result.h"
#include "core/media/av.h"
#include "core/media/output_file.h"
#include "core/media/media_info.h"
#include "core/media/preset.h"

#include <QList>

#include <memory>
#include <optional>
#include <vector>

namespace sendoff::media {

// What the muxer has to know of a stream before its first packet.
struct TrackFormat {
    CodecParametersPtr parameters;
    AVRational timeBase{0, 1}; // of the packets that will be handed over
    AVRational frameRate{0, 1}; // a hint, 0/1 = unknown
    Dictionary metadata;
    int disposition = 0;
    int rotation = 0; // degrees clockwise, for a new display matrix
    HdrLight light; // of an encoded HDR picture
    const AVStream *source = nullptr; // a copied stream's, for its side data (display matrix, HDR)
};

struct MuxSettings {
    QString container; // muxer name
    Layout layout = Layout::Progressive;
    bool editLists = true; // of MP4: else everything begins at 0 as it is
    // Of a progressive file: its head is written last, and all behind it is final as soon as it is
    // written. MP4 keeps room in front for the index of so long a video. Else the file is final when
    // it is finished.
    bool headLast = false;
    qint64 durationUs = 0;
};

class MuxOutput {
public:
    // `file` outlives the muxer. Internal where this build lacks the muxer.
    static Result<std::unique_ptr<MuxOutput>> create(OutputFile &file, MuxSettings settings);

    // Global metadata and chapters may be set until begin().
    AVFormatContext *context() const { return m_context.get(); }
    OutputFile &file() const { return m_file; }
    bool isFragmented() const { return m_isFragmented; }
    // What cut() has written never changes again, but for the first headEnd() bytes.
    bool growsForGood() const { return m_isFragmented || m_headEnd > 0; }
    qint64 headEnd() const { return m_headEnd; } // from begin() on
    // finish() failed for this: the index has no room, and the file is to be made without any kept.
    bool isHeadTooSmall() const { return m_isHeadTooSmall; }
    bool wantsGlobalHeader() const;
    bool isIsoMedia() const; // mp4 or mov
    // The tag that Apple's players ask for, or 0 for the muxer's own choice.
    quint32 codecTag(AVCodecID codec) const;

    Result<void> addTrack(const TrackFormat &format);
    Result<void> begin();
    // Consumes the packet's data. Timestamps are in the time base of the track's format; a dts
    // that does not increase is moved up by one tick.
    Result<void> write(int track, AVPacket *packet);
    // Where growsForGood(): all that was written so far is in the file for good.
    Result<void> cut();
    Result<void> finish();

    int trackCount() const { return int(m_tracks.size()); }
    qint64 packetsWritten(int track) const { return m_tracks[std::size_t(track)].packets; }
    // From the first to the last shown packet, without the length of the last, microseconds.
    qint64 spanUs(int track) const;
    // End of the last shown packet, microseconds from the start of the file.
    qint64 endUs(int track) const { return m_tracks[std::size_t(track)].endUs; }
    const AVCodecParameters *parameters(int track) const;

private:
    struct Track {
        AVRational timeBase;
        qint64 packets = 0;
        qint64 lastDts = AV_NOPTS_VALUE; // in the muxer's time base
        qint64 firstUs = 0;
        qint64 lastUs = 0; // beginning of the last shown packet
        qint64 endUs = 0;
    };

    MuxOutput(OutputFile &file, OutputContextPtr context, MuxSettings settings);
    Result<void> check(int code, const QString &step);
    Result<void> cutFragment();
    qint64 headNeeded(const std::vector<qint64> &packets) const;
    qint64 packetsExpected(const AVStream *stream) const;
    static int openNothingElse(AVFormatContext *context, AVIOContext **io, const char *url,
                               int flags, AVDictionary **options);
    static int closeReader(AVFormatContext *context, AVIOContext *io);

    OutputFile &m_file;
    OutputContextPtr m_context;
    MuxSettings m_settings;
    std::vector<Track> m_tracks;
    bool m_isFragmented = false;
    bool m_hasBegun = false;
    bool m_hasMoov = false;
    qint64 m_headBytes = 0; // kept for the index of an MP4
    qint64 m_headEnd = 0;
    bool m_isHeadTooSmall = false;
};

} // namespace sendoff::media

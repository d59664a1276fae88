// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Input: a source opened for demuxing through its own descriptor. No path reaches libav, nothing
// else is ever opened (io_open always refuses), and the limits of what an unknown file may ask for
// stand here: demuxers, decoders, streams, pixels, probe time.

#include "core/base/result.h"
#include "core/base/source_file.h"
#include "core/media/av.h"

#include <chrono>
#include <memory>
#include <stop_token>

namespace sendoff::media {

struct InputLimits {
    int maxStreams = 64;
    qint64 maxPixels = 1LL << 26; // 8192 × 8192
    qint64 maxSamples = 1LL << 22; // of one audio frame
    std::chrono::milliseconds openDeadline{10'000}; // for opening and probing
};

class Input {
public:
    // Opens and reads the stream information. SourceEmpty, SourceNotMedia, SourceTooLarge,
    // SourceUnreadable, SourceChanged, Cancelled. Blocking. `stop` also ends later reads.
    static Result<std::unique_ptr<Input>> open(std::shared_ptr<const SourceFile> source,
                                               std::stop_token stop,
                                               InputLimits limits = InputLimits{});
    ~Input();

    AVFormatContext *context() const;
    const SourceFile &source() const;
    const InputLimits &limits() const;

    // The next packet, false at the end. A source that became shorter is SourceChanged, never an
    // end; a read error is SourceUnreadable; damaged packets are counted and skipped over by the
    // demuxer. Cancelled.
    Result<bool> read(AVPacket *packet);
    qint64 bytesRead() const;
    // What the demuxer could not read or marked as corrupt so far.
    qint64 damagedPackets() const;
    // Errors in the file's structure that the demuxer has only logged so far.
    int complaints() const;

    // By the container's own word (cenc, FairPlay, Matroska content encryption). Some MP4 files say
    // so only with their packets: of those, once one of the stream's was read.
    bool isEncrypted(int streamIndex) const;

    // A decoder for one stream, of the allow-list, within the limits, with `threads` threads.
    // NoDecoder, SourceTooLarge, SourceProtected, OutOfMemory.
    Result<CodecContextPtr> openDecoder(int streamIndex, int threads) const;

private:
    class Private;
    explicit Input(std::unique_ptr<Private> state);
    std::unique_ptr<Private> d;
};

// Whether this build has a decoder for it on our allow-list.
bool isDecodable(AVCodecID codec);

} // namespace sendoff::media

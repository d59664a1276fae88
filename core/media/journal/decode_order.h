// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// DecodeOrder: the dts and durations of a track that several encoders make in turn. An encoder
// knows nothing of the one before it, so its own dts are not used: the k-th packet in decoding
// order gets the (k − D)-th pts in showing order, over the whole track, where D is by how many
// pictures the encoder reorders. Private to core/media.

#include "core/media/journal/segment.h"

namespace sendoff::media {

class DecodeOrder {
public:
    DecodeOrder() = default;
    // Goes on behind a stored segment.
    explicit DecodeOrder(const Segment &last);

    // Completes the packets of the next segment, which came from one encoder, and what the segment
    // keeps for the one after it. `nextPts`: of the picture after the segment; where it is the last
    // one, `lastDuration` is that of the last packet. `encoderDelay`: what the encoder says.
    void complete(Segment &segment, std::optional<qint64> nextPts, qint64 lastDuration,
                  int encoderDelay);

    // The dts of the first packet behind a completed segment; nothing where it is the last one.
    static std::optional<qint64> dtsBehind(const Segment &segment);

private:
    void begin(const std::vector<qint64> &shown, const Segment &segment, int encoderDelay);

    bool m_hasBegun = false;
    int m_delay = 0;
    std::vector<qint64> m_lastPts; // m_delay of them
};

} // namespace sendoff::media

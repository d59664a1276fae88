// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// UploadLedger: what was handed to a server against what it says it has: whether its word can be
// true, and how much had to be sent again. Pure. Not for: what to do about it (uploader.h).

#include "core/base/byte_ranges.h"

#include <optional>

namespace sendoff::transfer {

class UploadLedger {
public:
    enum class SessionOrigin {
        New, // the server can have nothing but what we hand over from now on
        Restored, // it may also have what an earlier run sent, even a moment from now
    };
    // A session begins; nothing is confirmed yet.
    void begin(SessionOrigin origin);
    // The session was opened anew, from its state: it may have less than it had confirmed.
    void reopen();
    // Given to the network, whether or not it arrived.
    void handOver(ByteRange range);

    enum class Verdict {
        Plausible,
        Less, // than what was confirmed before
        Impossible, // more than was ever sent, or beyond the end
    };
    Verdict judge(const ByteRanges &claimed, std::optional<qint64> total) const;
    // Takes a plausible claim. True where it is more than ever before in this session.
    bool accept(const ByteRanges &claimed);
    // The session is gone: all that was sent or confirmed in it has to be sent again.
    void forfeit();

    const ByteRanges &confirmed() const { return m_confirmed; }
    // Bytes that were or will be sent again. Exact when nothing is in flight.
    qint64 resentBytes() const;

private:
    SessionOrigin m_origin = SessionOrigin::New;
    ByteRanges m_handedOver;
    qint64 m_handedOverBytes = 0; // with repetitions
    ByteRanges m_confirmed;
    qint64 m_mostConfirmed = 0;
    std::optional<qint64> m_confirmedAtStart; // by the first claim of a restored session
    qint64 m_forfeitedBytes = 0;
};

} // namespace sendoff::transfer

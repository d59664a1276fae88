// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// BodyReader: reads a request's body front to back, once, for curl's read callback.

#include "core/transfer/net/http.h"

namespace sendoff::net {

class BodyReader {
public:
    explicit BodyReader(const RequestBody &body)
        : m_body(body)
    {
    }

    enum class Outcome {
        Bytes,
        Truncated, // the file ends before the body does
        Failed, // a read error: systemError()
    };
    // Fills `buffer` with 1 … `size` bytes. Only where remaining() > 0.
    Outcome read(char *buffer, qint64 size, qint64 *filled);

    qint64 position() const { return m_position; } // bytes read so far
    qint64 remaining() const { return m_body.length() - m_position; }
    int systemError() const { return m_systemError; } // errno of the failure

private:
    RequestBody m_body;
    qint64 m_position = 0;
    int m_systemError = 0;
};

} // namespace sendoff::net

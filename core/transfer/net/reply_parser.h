// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ReplyParser: collects a reply from curl's callbacks, within caps. Header blocks of 1xx replies
// are counted and forgotten; trailers are ignored, so that no later line can speak for a header.

#include "core/transfer/net/http.h"

namespace sendoff::net {

class ReplyParser {
public:
    ReplyParser(qint64 maxHeaders, qint64 maxBody)
        : m_maxHeaders(maxHeaders)
        , m_maxBody(maxBody)
    {
    }

    // False where a cap is passed: the transfer ends.
    bool addHeaderLine(QByteArrayView line);
    bool addBody(QByteArrayView data);
    // A reply as it came from the connection, of which curl has seen nothing. Without a complete
    // head it leaves no trace. A body in chunks is left out.
    void addRawReply(QByteArrayView bytes);

    bool isTooLarge() const { return m_isTooLarge; }
    // The head of a final (not 1xx) reply is complete.
    bool hasFinalHead() const { return m_headEnded && m_reply.status >= 200; }
    qint64 bytesReceived() const { return m_headerBytes + m_reply.body.size(); }
    HttpReply &reply() { return m_reply; }
    const HttpReply &reply() const { return m_reply; }

private:
    qint64 m_maxHeaders;
    qint64 m_maxBody;
    qint64 m_headerBytes = 0;
    bool m_headEnded = false;
    bool m_isTooLarge = false;
    HttpReply m_reply;
};

} // namespace sendoff::net

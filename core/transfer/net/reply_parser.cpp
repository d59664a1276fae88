// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/reply_parser.h"

#include <algorithm>

namespace sendoff::net {

bool ReplyParser::addHeaderLine(QByteArrayView line)
{
    m_headerBytes += line.size();
    if (m_headerBytes > m_maxHeaders) {
        m_isTooLarge = true;
        return false;
    }
    const QByteArrayView text = line.trimmed();
    if (line.startsWith("HTTP/")) { // of each block: 1xx, then the final one
        m_reply.headers.clear();
        m_reply.body.clear();
        m_reply.status = text.sliced(text.indexOf(' ') + 1).first(3).toByteArray().toInt();
        m_headEnded = false;
        return true;
    }
    if (m_headEnded)
        return true; // a trailer
    if (text.isEmpty()) {
        m_headEnded = true;
        return true;
    }
    const bool isFolded = line.startsWith(' ') || line.startsWith('\t'); // RFC 9112 §5.2
    const qsizetype colon = text.indexOf(':');
    if (isFolded && !m_reply.headers.isEmpty())
        m_reply.headers.last().value += ' ' + text.toByteArray();
    else if (colon > 0)
        m_reply.headers.emplaceBack(text.first(colon).trimmed().toByteArray(),
                                    text.sliced(colon + 1).trimmed().toByteArray());
    return true;
}

bool ReplyParser::addBody(QByteArrayView data)
{
    if (m_reply.body.size() + data.size() > m_maxBody) {
        m_isTooLarge = true;
        return false;
    }
    m_reply.body.append(data);
    return true;
}

void ReplyParser::addRawReply(QByteArrayView bytes)
{
    while (bytes.startsWith("HTTP/1.") && !hasFinalHead()) {
        const qsizetype end = bytes.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        const QByteArray head = bytes.first(end + 2).toByteArray();
        for (const QByteArray &line : head.split('\n')) {
            if (!line.isEmpty() && !addHeaderLine(line))
                return;
        }
        addHeaderLine("\r\n");
        bytes = bytes.sliced(end + 4);
    }
    if (hasFinalHead() && m_reply.header("Transfer-Encoding").isEmpty()) {
        const qint64 length = m_reply.header("Content-Length").toLongLong();
        addBody(bytes.first(std::clamp<qint64>(length, 0, bytes.size())));
    }
}

} // namespace sendoff::net

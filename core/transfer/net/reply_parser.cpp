// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/reply_parser.h"

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

} // namespace sendoff::net

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/http.h"

#include <arpa/inet.h>

namespace sendoff::net {

namespace {

int effectivePort(const QUrl &url)
{
    return url.port(url.scheme() == u"https" ? 443 : 80);
}

bool isLoopbackAddress(const QByteArray &host)
{
    in_addr v4{};
    if (inet_pton(AF_INET, host.constData(), &v4) == 1)
        return (ntohl(v4.s_addr) >> 24) == 127;
    in6_addr v6{};
    if (inet_pton(AF_INET6, host.constData(), &v6) != 1)
        return false;
    return IN6_IS_ADDR_LOOPBACK(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 127);
}

} // namespace

RequestBody::RequestBody(QByteArray bytes)
    : m_bytes(std::move(bytes))
    , m_length(m_bytes.size())
{
}

RequestBody::RequestBody(std::shared_ptr<const void> keepAlive, int descriptor, qint64 offset,
                         qint64 length)
    : m_keepAlive(std::move(keepAlive))
    , m_descriptor(descriptor)
    , m_offset(offset)
    , m_length(length)
{
    Q_ASSERT(descriptor >= 0 && offset >= 0 && length >= 0);
}

QByteArray HttpReply::header(const QByteArray &name) const
{
    for (const Header &header : headers) {
        if (header.name.compare(name, Qt::CaseInsensitive) == 0)
            return header.value;
    }
    return {};
}

int HttpReply::headerCount(const QByteArray &name) const
{
    int count = 0;
    for (const Header &header : headers)
        count += header.name.compare(name, Qt::CaseInsensitive) == 0 ? 1 : 0;
    return count;
}

bool isSameOrigin(const QUrl &a, const QUrl &b)
{
    return a.scheme() == b.scheme() && a.host().compare(b.host(), Qt::CaseInsensitive) == 0
        && effectivePort(a) == effectivePort(b);
}

bool isLoopback(const QUrl &url)
{
    const QString host = url.host();
    // RFC 6761 §6.3: "localhost" and every name below it.
    return host == u"localhost" || host.endsWith(u".localhost")
        || isLoopbackAddress(host.toLatin1());
}

} // namespace sendoff::net

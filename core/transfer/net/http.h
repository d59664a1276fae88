// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// HTTP as values: a request, its body, the reply. Not for: sending (net.h).

#include "core/base/result.h"
#include "core/base/source_file.h"

#include <QByteArray>
#include <QList>
#include <QUrl>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace sendoff::net {

struct Header {
    Header(QByteArray headerName, QByteArray headerValue)
        : name(std::move(headerName))
        , value(std::move(headerValue))
    {
    }
    QByteArray name;
    QByteArray value;
};

// A stretch of an open file that is read by pread while it is sent, or bytes in memory. What is
// read is never sent twice.
class RequestBody {
public:
    RequestBody() = default; // none
    explicit RequestBody(QByteArray bytes);
    // `keepAlive` owns `descriptor` and lives as long as the request.
    RequestBody(std::shared_ptr<const void> keepAlive, int descriptor, qint64 offset,
                qint64 length);

    bool isPresent() const { return m_length >= 0; }
    qint64 length() const { return m_length; }
    int descriptor() const { return m_descriptor; } // -1: in memory
    qint64 offset() const { return m_offset; }
    const QByteArray &bytes() const { return m_bytes; }

private:
    std::shared_ptr<const void> m_keepAlive;
    QByteArray m_bytes;
    int m_descriptor = -1;
    qint64 m_offset = 0;
    qint64 m_length = -1;
};

// Counters of one request, readable from any thread while it runs.
struct TransferProgress {
    std::atomic<qint64> handedOver{0}; // body bytes given to the kernel
    std::atomic<qint64> acknowledged{0}; // of those, acknowledged by the peer's TCP (SIOCOUTQ)
    std::atomic<bool> isHeldByLimit{false};
};

// What a connection may trust beside the system's certificates. TLS is always verified.
struct TrustPolicy {
    QByteArray caFile; // PEM, in addition
    QByteArray pinnedPublicKey; // "sha256//base64" (RFC 7469 form)
};

struct HttpRequest {
    HttpRequest(QByteArray requestMethod, QUrl requestUrl)
        : method(std::move(requestMethod))
        , url(std::move(requestUrl))
    {
    }

    QByteArray method;
    QUrl url; // http or https
    QList<Header> headers;
    // Made when the request gets its connection, however long it waited for one: signatures are
    // good for minutes only. May be empty.
    std::function<QList<Header>()> lateHeaders;
    RequestBody body;
    TrustPolicy trust;
    // Whose limit it shares beside the limit over all (Net::setUploadLimit); empty = nobody's.
    QByteArray limitGroup;
    // False for requests that make something new: a lost reply is never answered by a silent second
    // request on another connection, and a stop waits two seconds for a reply that is on its way,
    // since nobody could find or remove what the server made without it.
    bool isIdempotent = true;
    bool expectContinue = false; // ask before sending a body of more than 1 MiB
    qint64 maxReplyBody = 1 << 20;
    qint64 maxReplyHeaders = 64 << 10; // all 1xx blocks included
    long uploadBuffer = 256 << 10; // per transfer, 16 KiB … 2 MiB
    // Times count from when there is a connection slot; waiting for one takes as long as it takes.
    std::chrono::milliseconds connectTimeout{15'000};
    std::chrono::milliseconds totalTimeout{20'000}; // 0 = none: for bodies
    std::chrono::milliseconds stallTimeout{30'000}; // without a byte acknowledged or received
    // Of a request with a body whose totalTimeout is none: from the last byte that was acknowledged
    // to the end of the reply, however it trickles in. 0 = none.
    std::chrono::milliseconds replyTimeout{60'000};
    QByteArray proxy; // empty = from the environment; "none" = direct
    std::shared_ptr<TransferProgress> progress; // may be null
    QList<QByteArray> resolve; // "host:port:address": a test's name server
};

struct HttpReply {
    int status = 0;
    QList<Header> headers; // of the final block
    QByteArray body; // capped
    qint64 bodyBytesSent = 0; // handed over; compare with the body's length before believing a 2xx

    // The value of the first header of that name (case-insensitive); empty where absent.
    QByteArray header(const QByteArray &name) const;
    // How many headers of that name there are.
    int headerCount(const QByteArray &name) const;
    bool isSuccess() const { return status >= 200 && status < 300; }
};

// Same scheme, host and port (default ports filled in).
bool isSameOrigin(const QUrl &a, const QUrl &b);

// The host is this computer (127.0.0.0/8, ::1, localhost and names below it): never by a proxy.
bool isLoopback(const QUrl &url);

// Retry-After of a reply (RFC 9110 §10.2.3: seconds or HTTP-date), capped to one hour; nothing
// where absent, past or garbage.
std::optional<std::chrono::seconds> retryAfter(const HttpReply &reply,
                                               std::chrono::system_clock::time_point now);

// The Error of a final status that a protocol has no meaning of its own for. `destination` is
// what the user calls the server.
Error errorForStatus(const HttpReply &reply, const QString &destination);

} // namespace sendoff::net

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/http_reply.h"

#include "core/base/error_text.h"
#include "core/tus/http_date.h"

namespace sendoff::shelf {

namespace {

const char *reasonPhrase(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 204:
        return "No Content";
    case 206:
        return "Partial Content";
    case 304:
        return "Not Modified";
    case 460:
        return "Checksum Mismatch";
    default:
        return status < 400 ? "Done" : status < 500 ? "Refused" : "Trouble"; // nobody parses these
    }
}

// RFC 9110 §8.6: no Content-Length with 204; with 304 it would be that of the whole.
bool saysLength(int status)
{
    return status != 204 && status != 304;
}

} // namespace

HttpReply &HttpReply::with(QByteArray name, QByteArray value) &
{
    Q_ASSERT(!value.contains('\r') && !value.contains('\n'));
    headers.append({std::move(name), std::move(value)});
    return *this;
}

HttpReply &&HttpReply::with(QByteArray name, QByteArray value) &&
{
    return std::move(with(std::move(name), std::move(value)));
}

HttpReply textReply(int status, const QString &sentence)
{
    HttpReply reply;
    reply.status = status;
    reply.body = sentence.toUtf8() + '\n';
    reply.with("Content-Type", "text/plain; charset=utf-8");
    return reply;
}

HttpReply errorReply(const Error &error)
{
    const int status = error.kind == ErrorKind::DiskFull ? 507
        : error.kind == ErrorKind::OutputTooLarge        ? 413
                                                         : 500;
    return textReply(status, describe(error).what);
}

QByteArray serializedHead(const HttpReply &reply, bool keepsAlive, std::chrono::sys_seconds now)
{
    QByteArray head = "HTTP/1.1 " + QByteArray::number(reply.status) + ' '
        + reasonPhrase(reply.status) + "\r\nDate: " + tus::formatHttpDate(now) + "\r\n";
    for (const HttpHeader &header : reply.headers)
        head += header.name + ": " + header.value + "\r\n";
    if (saysLength(reply.status))
        head += "Content-Length: " + QByteArray::number(reply.contentLength()) + "\r\n";
    // No browser shall take a reply for anything else than it says.
    head += "X-Content-Type-Options: nosniff\r\n";
    if (!keepsAlive)
        head += "Connection: close\r\n";
    return head + "\r\n";
}

} // namespace sendoff::shelf

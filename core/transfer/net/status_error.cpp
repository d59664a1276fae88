// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/http.h"

#include "core/base/file_path.h"
#include "core/base/redaction.h"

namespace sendoff::net {

namespace {

// The first line of what the server says, fit for a log.
QString serverText(const HttpReply &reply)
{
    constexpr qsizetype longest = 200;
    const QByteArray firstLine = reply.body.trimmed().left(4 * longest).split('\n').constFirst();
    const QString text = QString::fromUtf8(firstLine).trimmed().left(longest);
    return redacted(escapedText(text));
}

QString statusDetail(const HttpReply &reply)
{
    QString detail = QStringLiteral("status %1").arg(reply.status);
    if (const QString text = serverText(reply); !text.isEmpty())
        detail += QStringLiteral(": ") + text;
    if (const QByteArray location = reply.header("Location");
        reply.status / 100 == 3 && !location.isEmpty())
        detail += QStringLiteral(", to ") + redactedUrl(QUrl::fromEncoded(location));
    return detail;
}

// What a refusal means where the protocol gives it no meaning of its own.
QString refusalReason(int status)
{
    switch (status) {
    case 400:
        return QStringLiteral("it does not understand the request (400)");
    case 404:
        return QStringLiteral("there is nothing at this address (404)");
    case 405:
        return QStringLiteral("this address takes no uploads (405)");
    case 409:
        return QStringLiteral("it conflicts with what is there (409)");
    case 410:
        return QStringLiteral("what was at this address is gone (410)");
    case 411:
        return QStringLiteral("it wants to know the size first (411)");
    case 412:
        return QStringLiteral("a condition was not met (412)");
    case 415:
        return QStringLiteral("it takes other kinds of files (415)");
    case 501:
        return QStringLiteral("it cannot do this (501)");
    default:
        return QStringLiteral("it answered %1").arg(status);
    }
}

Error busyError(const HttpReply &reply)
{
    const auto now = std::chrono::system_clock::now();
    const auto wait = retryAfter(reply, now);
    return Error(ErrorKind::DestinationBusy, statusDetail(reply),
                 wait ? RetryAdvice::atTime(now + *wait) : RetryAdvice::backoff());
}

Error statusError(const HttpReply &reply)
{
    const auto make = [&reply](ErrorKind kind, RetryAdvice advice = RetryAdvice::never()) {
        return Error(kind, statusDetail(reply), advice);
    };
    switch (reply.status) {
    case 401:
        return make(ErrorKind::SignInNeeded, {RetryAdvice::When::AfterSignIn, {}});
    case 403:
        return make(ErrorKind::PermissionDenied);
    case 413:
        return make(ErrorKind::DestinationLimit)
            .with(argument::reason, QStringLiteral("it is larger than allowed (413)"));
    case 423:
        return make(ErrorKind::UploadLocked, RetryAdvice::backoff());
    case 429:
    case 503:
        return busyError(reply);
    case 507:
        return make(ErrorKind::DestinationFull);
    default:
        break;
    }
    const bool isPassing =
        reply.status == 408 || reply.status == 425 || (reply.status >= 500 && reply.status != 501);
    if (isPassing) {
        return make(ErrorKind::DestinationTrouble, RetryAdvice::backoff())
            .with(argument::reason, QStringLiteral("it answered %1").arg(reply.status));
    }
    if (reply.status / 100 == 3)
        return make(ErrorKind::RedirectRefused);
    if (reply.status >= 400)
        return make(ErrorKind::Refused).with(argument::reason, refusalReason(reply.status));
    return make(ErrorKind::ProtocolViolation)
        .with(argument::reason,
              QStringLiteral("it answered %1 where that means nothing").arg(reply.status));
}

} // namespace

Error errorForStatus(const HttpReply &reply, const QString &destination)
{
    return statusError(reply).with(argument::destination, destination);
}

} // namespace sendoff::net

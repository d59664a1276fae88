// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Transfer that says what the end of a request means.
#include "core/base/file_path.h"
#include "core/base/redaction.h"
#include "core/transfer/net/curl_error.h"
#include "core/transfer/net/transfer.h"

#include <system_error>

namespace sendoff::net {

namespace {

QString readFailure(int systemError)
{
    return QString::fromStdString(std::generic_category().message(systemError)).toLower();
}

} // namespace

Result<HttpReply> Transfer::outcome(CURLcode code)
{
    publishProgress();
    // curl takes a head that was cut for a whole one.
    if (code == CURLE_OK && !m_reply.hasFinalHead())
        code = CURLE_PARTIAL_FILE;
    curl_off_t sent = 0;
    curl_easy_getinfo(m_easy.get(), CURLINFO_SIZE_UPLOAD_T, &sent);
    // A refusal that has arrived is worth more than what happened to the connection after it.
    const bool isRefusal = m_reply.hasFinalHead() && m_reply.reply().status >= 300;
    const bool isOurs = m_reply.isTooLarge() || m_bodyEnd == BodyReader::Outcome::Truncated
        || m_bodyEnd == BodyReader::Outcome::Failed;
    if (code != CURLE_OK && (isOurs || !isRefusal)) {
        // Whatever was read for sending may have arrived; curl no longer says how much went out.
        if (m_request.progress)
            m_request.progress->handedOver =
                std::max<qint64>(m_request.progress->handedOver, m_body.position());
        return failure(error(code));
    }
    m_reply.reply().bodyBytesSent = sent;
    if (m_request.progress) {
        m_request.progress->acknowledged = std::max<qint64>(m_request.progress->acknowledged, sent);
        m_request.progress->isHeldByLimit = false;
    }
    return std::move(m_reply.reply());
}

CurlFailure Transfer::failureOf(CURLcode code) const
{
    CurlFailure failure;
    failure.code = code;
    failure.message =
        QByteArray(m_message[0] != '\0' ? m_message.data() : curl_easy_strerror(code));
    failure.isConnected = m_isConnected;
    curl_easy_getinfo(m_easy.get(), CURLINFO_OS_ERRNO, &failure.systemError);
    curl_easy_getinfo(m_easy.get(), CURLINFO_SSL_VERIFYRESULT, &failure.verifyResult);
    curl_easy_getinfo(m_easy.get(), CURLINFO_HTTP_CONNECTCODE, &failure.proxyStatus);
    return failure;
}

Error Transfer::error(CURLcode code) const
{
    const CurlFailure failure = failureOf(code);
    FailureMeaning meaning = meaningOf(failure, m_request.url);
    if (m_reply.isTooLarge())
        meaning = {ErrorKind::ReplyTooLarge, {}, RetryAdvice::never()};
    else if (m_bodyEnd == BodyReader::Outcome::Truncated)
        meaning = {ErrorKind::SourceChanged, {}, RetryAdvice::never()};
    else if (m_bodyEnd == BodyReader::Outcome::Failed)
        meaning = {ErrorKind::SourceUnreadable, readFailure(m_body.systemError()),
                   RetryAdvice::never()};
    const QString detail = QStringLiteral("%1 %2: curl %3, %4; %5 of %6 body bytes read")
                               .arg(QString::fromLatin1(m_request.method),
                                    redactedUrl(m_request.url), QString::number(int(code)),
                                    redacted(escapedText(QString::fromUtf8(failure.message))),
                                    QString::number(m_body.position()),
                                    QString::number(std::max<qint64>(m_request.body.length(), 0)));
    Error result(meaning.kind, detail, meaning.retry);
    result.with(argument::destination, destination());
    if (!meaning.reason.isEmpty())
        result.with(argument::reason, meaning.reason);
    return result;
}

QString Transfer::destination() const
{
    return hostAndPort(m_request.url);
}

Error Transfer::stallError() const
{
    Error result = error(CURLE_OPERATION_TIMEDOUT);
    if (m_isReplyLate)
        return result;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(m_request.stallTimeout);
    result.with(argument::reason,
                QStringLiteral("nothing has moved for %1 s").arg(seconds.count()));
    return result;
}

} // namespace sendoff::net

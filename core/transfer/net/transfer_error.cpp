// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Transfer that says what the end of a request means.
#include "core/transfer/net/transfer.h"

#include "core/base/file_path.h"
#include "core/base/redaction.h"

#include <openssl/x509_vfy.h>

#include <cerrno>
#include <cstring>

namespace sendoff::net {

namespace {

QString hostAndPort(const QUrl &url)
{
    const QString host =
        url.host().contains(u':') ? QStringLiteral("[%1]").arg(url.host()) : url.host();
    return url.port() < 0 ? host : QStringLiteral("%1:%2").arg(host).arg(url.port());
}

QString hostAndAnyPort(const QUrl &url)
{
    QUrl full = url;
    full.setPort(url.port(url.scheme() == u"https" ? 443 : 80));
    return hostAndPort(full);
}

QString connectReason(const QUrl &url, long systemError)
{
    switch (systemError) {
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
        return QStringLiteral("there is no way to it from this network");
    case EMFILE:
    case ENFILE:
        return QStringLiteral("too many files and connections are open");
    case ETIMEDOUT:
        return QStringLiteral("%1 does not answer").arg(hostAndAnyPort(url));
    default:
        return QStringLiteral("nothing answers at %1").arg(hostAndAnyPort(url));
    }
}

QString certificateReason(long verifyResult)
{
    switch (verifyResult) {
    case X509_V_OK: // the chain was fine, the name was not:
    case X509_V_ERR_UNSPECIFIED: // curl's value from before it has looked at the chain
        return QStringLiteral("it was made for another address");
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return QStringLiteral("it has expired");
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return QStringLiteral("it is not valid yet");
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return QStringLiteral("the server signed it itself");
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return QStringLiteral("its issuer is not known");
    case X509_V_ERR_CERT_REVOKED:
        return QStringLiteral("it has been revoked");
    default:
        return QString::fromUtf8(X509_verify_cert_error_string(verifyResult)).toLower();
    }
}

// A handshake that ends with an alert will end so again; one that was cut may not.
bool isTlsDisagreement(const QByteArray &message)
{
    return message.contains("error:") && !message.contains("unexpected eof");
}

struct Meaning {
    ErrorKind kind;
    QString reason;
    RetryAdvice retry;
};

Meaning unreachable(const QString &reason)
{
    return {ErrorKind::DestinationUnreachable, reason, RetryAdvice::backoff()};
}

Meaning final(ErrorKind kind, const QString &reason)
{
    return {kind, reason, RetryAdvice::never()};
}

// The codes that say the same whatever was sent.
Meaning meaningOf(CURLcode code, const QUrl &url)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return unreachable(QStringLiteral("the name “%1” is not known").arg(url.host()));
    case CURLE_COULDNT_RESOLVE_PROXY:
        return unreachable(QStringLiteral("the name of the proxy is not known"));
    case CURLE_PROXY:
        return unreachable(QStringLiteral("the proxy does not connect to it"));
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
        return unreachable(QStringLiteral("the connection was cut"));
    case CURLE_URL_MALFORMAT:
    case CURLE_LOGIN_DENIED:
        return final(ErrorKind::DestinationInvalid,
                     QStringLiteral("its address can't be understood"));
    case CURLE_SSL_CACERT_BADFILE:
        return final(ErrorKind::DestinationInvalid,
                     QStringLiteral("its certificate file can't be used"));
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        return final(ErrorKind::CertificateRejected,
                     QStringLiteral("its key is not the one that was agreed on"));
    case CURLE_UNSUPPORTED_PROTOCOL: // HTTP/0.9, or a protocol change
    case CURLE_WEIRD_SERVER_REPLY:
        return final(ErrorKind::ProtocolViolation,
                     QStringLiteral("what answers there is not a web server"));
    case CURLE_OUT_OF_MEMORY: // what curl says of a header line without end
        return final(ErrorKind::ReplyTooLarge, {});
    default:
        return unreachable(QStringLiteral("the connection did not work"));
    }
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

Error Transfer::error(CURLcode code) const
{
    const QByteArray message(m_message[0] != '\0' ? m_message.data() : curl_easy_strerror(code));
    long systemError = 0;
    long verifyResult = 0;
    curl_easy_getinfo(m_easy.get(), CURLINFO_OS_ERRNO, &systemError);
    curl_easy_getinfo(m_easy.get(), CURLINFO_SSL_VERIFYRESULT, &verifyResult);

    Meaning meaning = meaningOf(code, m_request.url);
    if (m_reply.isTooLarge())
        meaning = final(ErrorKind::ReplyTooLarge, {});
    else if (m_bodyEnd == BodyReader::Outcome::Truncated)
        meaning = final(ErrorKind::SourceChanged, {});
    else if (m_bodyEnd == BodyReader::Outcome::Failed)
        meaning = final(ErrorKind::SourceUnreadable,
                        QString::fromUtf8(std::strerror(m_body.systemError())).toLower());
    else if (code == CURLE_PEER_FAILED_VERIFICATION)
        meaning = final(ErrorKind::CertificateRejected, certificateReason(verifyResult));
    else if (code == CURLE_COULDNT_CONNECT)
        meaning.reason = connectReason(m_request.url, systemError);
    else if (code == CURLE_OPERATION_TIMEDOUT)
        meaning.reason = m_isConnected
            ? QStringLiteral("it did not answer in time")
            : QStringLiteral("%1 does not answer").arg(hostAndAnyPort(m_request.url));
    else if (code == CURLE_SSL_CONNECT_ERROR) {
        meaning.reason = QStringLiteral("no secure connection could be agreed on");
        if (isTlsDisagreement(message))
            meaning.retry = RetryAdvice::never();
    }
    const QString detail =
        QStringLiteral("%1 %2: curl %3, %4; %5 of %6 body bytes read")
            .arg(QString::fromLatin1(m_request.method), redactedUrl(m_request.url))
            .arg(int(code))
            .arg(redacted(escapedText(QString::fromUtf8(message))))
            .arg(m_body.position())
            .arg(std::max<qint64>(m_request.body.length(), 0));
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
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(m_request.stallTimeout);
    result.with(argument::reason,
                QStringLiteral("nothing has moved for %1 s").arg(seconds.count()));
    return result;
}

} // namespace sendoff::net

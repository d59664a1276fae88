// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/curl_error.h"

#include <openssl/x509_vfy.h>

#include <cerrno>

namespace sendoff::net {

namespace {

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

FailureMeaning unreachable(const QString &reason)
{
    return {ErrorKind::DestinationUnreachable, reason, RetryAdvice::backoff()};
}

FailureMeaning conclusive(ErrorKind kind, const QString &reason)
{
    return {kind, reason, RetryAdvice::never()};
}

// The codes that say the same whatever was sent.
FailureMeaning meaningOfCode(CURLcode code, const QUrl &url)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return unreachable(QStringLiteral("the name “%1” is not known").arg(url.host()));
    case CURLE_COULDNT_RESOLVE_PROXY:
        return unreachable(QStringLiteral("the name of the proxy is not known"));
    case CURLE_PROXY:
        return unreachable(QStringLiteral("the proxy does not connect to it"));
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_ABORTED_BY_CALLBACK: // what would be sent twice
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
        return unreachable(QStringLiteral("the connection was cut"));
    case CURLE_URL_MALFORMAT:
    case CURLE_LOGIN_DENIED:
        return conclusive(ErrorKind::DestinationInvalid,
                          QStringLiteral("its address can't be understood"));
    case CURLE_SSL_CACERT_BADFILE:
        return conclusive(ErrorKind::DestinationInvalid,
                          QStringLiteral("its certificate file can't be used"));
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        return conclusive(ErrorKind::CertificateRejected,
                          QStringLiteral("its key is not the one that was agreed on"));
    case CURLE_UNSUPPORTED_PROTOCOL: // HTTP/0.9, or a protocol change
    case CURLE_WEIRD_SERVER_REPLY:
        return conclusive(ErrorKind::ProtocolViolation,
                          QStringLiteral("what answers there is not a web server"));
    case CURLE_OUT_OF_MEMORY: // what curl says of a header line without end
        return conclusive(ErrorKind::ReplyTooLarge, {});
    default:
        return unreachable(QStringLiteral("the connection did not work"));
    }
}

// A connection that never came about.
QString timeoutReason(const CurlFailure &failure, const QUrl &url)
{
    return failure.isConnected ? QStringLiteral("it did not answer in time")
                               : QStringLiteral("%1 does not answer").arg(hostAndAnyPort(url));
}

} // namespace

QString hostAndPort(const QUrl &url)
{
    const QString host =
        url.host().contains(u':') ? QStringLiteral("[%1]").arg(url.host()) : url.host();
    return url.port() < 0 ? host : QStringLiteral("%1:%2").arg(host).arg(url.port());
}

FailureMeaning meaningOf(const CurlFailure &failure, const QUrl &url)
{
    FailureMeaning meaning = meaningOfCode(failure.code, url);
    if (failure.code == CURLE_PEER_FAILED_VERIFICATION) {
        return conclusive(ErrorKind::CertificateRejected, certificateReason(failure.verifyResult));
    }
    if (failure.proxyStatus >= 300)
        return unreachable(QStringLiteral("the proxy refuses (%1)").arg(failure.proxyStatus));
    if (failure.code == CURLE_COULDNT_CONNECT)
        meaning.reason = connectReason(url, failure.systemError);
    if (failure.code == CURLE_OPERATION_TIMEDOUT)
        meaning.reason = timeoutReason(failure, url);
    if (failure.code == CURLE_SSL_CONNECT_ERROR) {
        meaning.reason = QStringLiteral("no secure connection could be agreed on");
        if (isTlsDisagreement(failure.message))
            meaning.retry = RetryAdvice::never();
    }
    return meaning;
}

} // namespace sendoff::net

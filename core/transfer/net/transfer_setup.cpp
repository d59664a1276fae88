// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Transfer that turns a request into curl's options.
#include "core/transfer/net/transfer.h"
#include "core/transfer/net/transfer_options.h"

#include <algorithm>

namespace sendoff::net {

namespace {

// curl asks by itself ("Expect: 100-continue") for bodies above this, and then handles a 417; it
// does not where we add the header.
constexpr qint64 smallestAskedBody = 1 << 20;
constexpr long smallestUploadBuffer = 16 << 10;
constexpr long largestUploadBuffer = 2 << 20;
constexpr long keepAliveSeconds = 30;
constexpr long keptSeconds = 118; // without use, as curl has it
constexpr long keptSecondsToCreate = 2;

Error badRequest(const QString &reason, const QString &detail)
{
    return Error(ErrorKind::DestinationInvalid, detail).with(argument::reason, reason);
}

bool hasLineBreak(const QByteArray &text)
{
    return text.contains('\r') || text.contains('\n');
}

bool hasHeader(const QList<Header> &headers, const QByteArray &name)
{
    return std::any_of(headers.cbegin(), headers.cend(), [&name](const Header &header) {
        return header.name.compare(name, Qt::CaseInsensitive) == 0;
    });
}

Result<void> checkUrl(const QUrl &url)
{
    if (url.scheme() != u"http" && url.scheme() != u"https") {
        return failure(
            badRequest(QStringLiteral("only http and https addresses can be used"), url.scheme()));
    }
    if (!url.isValid() || url.host().isEmpty()) {
        return failure(
            badRequest(QStringLiteral("its address can't be understood"), url.errorString()));
    }
    if (!url.userInfo().isEmpty()) {
        return failure(badRequest(
            QStringLiteral("its address holds a user name or password, which belong elsewhere"),
            {}));
    }
    return {};
}

bool append(CurlList &list, const QByteArray &line)
{
    curl_slist *grown = curl_slist_append(list.get(), line.constData());
    if (!grown)
        return false;
    (void)list.release(); // the list's head is the same or the new one
    list.reset(grown);
    return true;
}

// Methods for which RFC 9110 §8.6 wants a Content-Length even without a body.
bool announcesEmptyBody(const QByteArray &method)
{
    return method == "POST" || method == "PUT" || method == "PATCH";
}

void applyLimits(EasyOptions &options, const HttpRequest &request)
{
    options.set(CURLOPT_PROTOCOLS_STR, "http,https")
        .set(CURLOPT_FOLLOWLOCATION, 0L)
        .set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L)
        .set(CURLOPT_PATH_AS_IS, 1L)
        .set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L)
        .set(CURLOPT_HTTP_VERSION, long(CURL_HTTP_VERSION_1_1))
        .set(CURLOPT_CONNECTTIMEOUT_MS, long(request.connectTimeout.count()))
        .set(CURLOPT_TIMEOUT_MS, long(request.totalTimeout.count()))
        .set(CURLOPT_TCP_KEEPALIVE, 1L)
        .set(CURLOPT_TCP_KEEPIDLE, keepAliveSeconds)
        .set(CURLOPT_TCP_KEEPINTVL, keepAliveSeconds)
        // A request that makes something new is not repeated on another connection when a kept
        // one turns out to be dead (onSending): it takes one that was in use just now, which the
        // server will hardly close in this moment.
        .set(CURLOPT_MAXAGE_CONN, request.isIdempotent ? keptSeconds : keptSecondsToCreate)
        // A cancelled look-up of a name must not wait for the resolver's thread.
        .set(CURLOPT_QUICK_EXIT, 1L)
        .set(CURLOPT_NOSIGNAL, 1L);
}

void applyProxy(EasyOptions &options, const HttpRequest &request)
{
    if (request.proxy == "none" || isLoopback(request.url))
        options.set(CURLOPT_PROXY, "");
    else if (!request.proxy.isEmpty())
        options.set(CURLOPT_PROXY, request.proxy.constData());
}

} // namespace

bool Transfer::expectsContinue() const
{
    return m_request.expectContinue && m_request.body.length() > smallestAskedBody;
}

Result<void> Transfer::buildHeaders()
{
    if (m_request.lateHeaders)
        m_request.headers.append(m_request.lateHeaders());
    bool isComplete = true;
    for (const Header &header : m_request.headers) {
        if (hasLineBreak(header.name) || hasLineBreak(header.value)) {
            return failure(badRequest(QStringLiteral("a setting of it holds a line break"),
                                      QString::fromUtf8(header.name)));
        }
        // curl takes "Name:" for "leave this header out" and "Name;" for an empty one.
        const bool isEmpty = header.value.trimmed().isEmpty();
        const QByteArray line =
            isEmpty ? header.name + ';' : QByteArray(header.name + ": " + header.value);
        isComplete = append(m_headers, line) && isComplete;
    }
    if (!hasHeader(m_request.headers, "User-Agent"))
        isComplete = append(m_headers, "User-Agent: Sendoff/" SENDOFF_VERSION) && isComplete;
    if (!expectsContinue())
        isComplete = append(m_headers, "Expect:") && isComplete;
    for (const QByteArray &entry : m_request.resolve)
        isComplete = append(m_resolve, entry) && isComplete;
    Q_CHECK_PTR(isComplete ? this : nullptr);
    return {};
}

Result<void> Transfer::applyOptions(TrustStore &trust)
{
    SO_TRY_VOID(checkUrl(m_request.url));
    SO_TRY_VOID(buildHeaders());
    SO_TRY(const QByteArray certificates, trust.certificatesFor(m_request.trust));

    EasyOptions options(m_easy.get());
    CurlClient *client = this;
    void *self = this;
    const QByteArray url = m_request.url.toEncoded(QUrl::RemoveFragment | QUrl::FullyEncoded);
    options.set(CURLOPT_PRIVATE, static_cast<void *>(client))
        .set(CURLOPT_ERRORBUFFER, m_message.data())
        .set(CURLOPT_URL, url.constData())
        .set(CURLOPT_HTTPHEADER, m_headers.get())
        .set(CURLOPT_RESOLVE, m_resolve.get())
        .set(CURLOPT_WRITEFUNCTION, &Transfer::onReplyBody)
        .set(CURLOPT_WRITEDATA, self)
        .set(CURLOPT_HEADERFUNCTION, &Transfer::onReplyHeader)
        .set(CURLOPT_HEADERDATA, self)
        .set(CURLOPT_SOCKOPTFUNCTION, &Transfer::onSocketMade)
        .set(CURLOPT_SOCKOPTDATA, self)
        .set(CURLOPT_CLOSESOCKETFUNCTION, CurlMulti::closeCallback())
        .set(CURLOPT_CLOSESOCKETDATA, m_multi->closeData())
        .set(CURLOPT_PREREQFUNCTION, &Transfer::onSending)
        .set(CURLOPT_PREREQDATA, self);
    applyLimits(options, m_request);
    applyProxy(options, m_request);

    // Without a folder of certificates, libcurl keeps the parsed ones: 2 ms with each connection
    // instead of 27.
    options.set(CURLOPT_CAPATH, nullptr).set(CURLOPT_SSLVERSION, long(CURL_SSLVERSION_TLSv1_2));
    if (!certificates.isEmpty())
        options.set(CURLOPT_CAINFO, certificates.constData());
    if (!m_request.trust.pinnedPublicKey.isEmpty())
        options.set(CURLOPT_PINNEDPUBLICKEY, m_request.trust.pinnedPublicKey.constData());

    applyBody(options);
    return options.result();
}

void Transfer::applyBody(EasyOptions &options)
{
    const bool hasBody = m_request.body.isPresent() || announcesEmptyBody(m_request.method);
    void *self = this;
    if (hasBody) {
        const qint64 length = std::max<qint64>(m_request.body.length(), 0);
        const long buffer =
            std::clamp(m_request.uploadBuffer, smallestUploadBuffer, largestUploadBuffer);
        options.set(CURLOPT_UPLOAD, 1L)
            .set(CURLOPT_INFILESIZE_LARGE, curl_off_t(length))
            .set(CURLOPT_UPLOAD_BUFFERSIZE,
                 std::min(buffer, std::max(smallestUploadBuffer, long(length))))
            .set(CURLOPT_READFUNCTION, &Transfer::onRead)
            .set(CURLOPT_READDATA, self)
            .set(CURLOPT_SEEKFUNCTION, &Transfer::onSeek)
            .set(CURLOPT_SEEKDATA, self);
    } else if (m_request.method == "HEAD") {
        options.set(CURLOPT_NOBODY, 1L);
    }
    if (m_request.method != "GET" && m_request.method != "HEAD")
        options.set(CURLOPT_CUSTOMREQUEST, m_request.method.constData());
}

} // namespace sendoff::net

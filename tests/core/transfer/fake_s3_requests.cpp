// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/transfer/fake_s3_requests.h"

#include "core/transfer/s3/s3_reply.h"
#include "core/transfer/s3/sigv4.h"
#include "tests/core/transfer/fake_s3_model.h"

#include <QUrlQuery>
#include <QXmlStreamReader>

#include <algorithm>

namespace sendoff::test {

using namespace sendoff::transfer;

namespace {

QUrlQuery queryOf(const ReceivedRequest &request)
{
    return QUrlQuery(QUrl::fromEncoded(request.target));
}

// “Name=value” of an Authorization header.
QByteArray fieldOf(const QByteArray &authorization, const QByteArray &name)
{
    const qsizetype begin = authorization.indexOf(name + '=');
    if (begin < 0)
        return {};
    return authorization.mid(begin + name.size() + 1).split(',').first().trimmed();
}

} // namespace

QByteArray queryItem(const ReceivedRequest &request, const char16_t *name)
{
    return queryOf(request)
        .queryItemValue(QString::fromUtf16(name), QUrl::FullyDecoded)
        .toUtf8();
}

bool hasQueryItem(const ReceivedRequest &request, const char16_t *name)
{
    return queryOf(request).hasQueryItem(QString::fromUtf16(name));
}

int partNumberOf(const ReceivedRequest &request)
{
    return queryItem(request, u"partNumber").toInt();
}

S3Ask askOf(const ReceivedRequest &request)
{
    const bool isOfUpload = hasQueryItem(request, u"uploadId");
    if (request.method == "HEAD")
        return S3Ask::Look;
    if (request.method == "POST")
        return isOfUpload ? S3Ask::Complete : S3Ask::Create;
    if (request.method == "PUT")
        return isOfUpload ? S3Ask::Part : S3Ask::Put;
    if (request.method == "DELETE")
        return S3Ask::Abort;
    if (isOfUpload)
        return S3Ask::List;
    return hasQueryItem(request, u"uploads") ? S3Ask::Leftovers : S3Ask::Other;
}

QByteArray keyOf(const ReceivedRequest &request)
{
    const QByteArray path =
        QByteArray::fromPercentEncoding(request.target.split('?').first());
    if (request.header("Host").startsWith(QByteArray(fakeBucket) + '.'))
        return path.mid(1);
    const QByteArray inPath = QByteArray("/") + fakeBucket + '/';
    return path.startsWith(inPath) ? path.mid(inPath.size()) : QByteArray();
}

bool hasChecksumHeaders(const ReceivedRequest &request)
{
    return std::any_of(request.headers.cbegin(), request.headers.cend(), [](const auto &header) {
        const QByteArray name = header.first.toLower();
        return name.startsWith("x-amz-checksum-") || name.startsWith("x-amz-sdk-")
            || name == "x-amz-trailer";
    });
}

QDateTime amzTime(const QByteArray &text)
{
    const QDateTime time =
        QDateTime::fromString(QString::fromLatin1(text), u"yyyyMMdd'T'hhmmss'Z'");
    return time.isValid() ? QDateTime(time.date(), time.time(), Qt::UTC) : QDateTime();
}

SignedBy signedBy(const ReceivedRequest &request)
{
    const QList<QByteArray> scope =
        fieldOf(request.header("Authorization"), "Credential").split('/');
    return {scope.value(0), scope.value(2)};
}

bool isSignedWith(const ReceivedRequest &request, const QByteArray &secretKey)
{
    const QByteArray authorization = request.header("Authorization");
    sigv4::Request signable;
    signable.method = request.method;
    signable.path = request.target.split('?').first();
    const auto items = queryOf(request).queryItems(QUrl::FullyDecoded);
    for (const auto &[name, value] : items)
        signable.query.append({name.toUtf8(), value.toUtf8()});
    const QList<QByteArray> names = fieldOf(authorization, "SignedHeaders").split(';');
    for (const QByteArray &name : names)
        signable.headers.append({name, request.header(name)});
    signable.payloadHash = request.header("X-Amz-Content-Sha256");
    sigv4::Scope scope;
    scope.region = signedBy(request).region;
    scope.time = std::chrono::sys_seconds(
        std::chrono::seconds(amzTime(request.header("X-Amz-Date")).toSecsSinceEpoch()));
    const bool isHostSigned = names.contains("host");
    const sigv4::Keys keys{signedBy(request).accessKey, secretKey, {}};
    return isHostSigned
        && fieldOf(authorization, "Signature") == sigv4::signature(signable, scope, keys);
}

QList<ListedPart> listedParts(const QByteArray &completion)
{
    QList<ListedPart> parts;
    QXmlStreamReader xml(completion);
    while (!xml.atEnd()) {
        if (!xml.readNextStartElement() && xml.tokenType() != QXmlStreamReader::EndElement)
            break;
        if (xml.tokenType() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == u"PartNumber")
            parts.append(ListedPart{xml.readElementText().toInt(), {}});
        else if (xml.name() == u"ETag" && !parts.isEmpty())
            parts.last().etag = s3::unquoted(xml.readElementText().toUtf8());
    }
    return parts;
}

} // namespace sendoff::test

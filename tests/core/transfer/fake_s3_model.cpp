// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/transfer/fake_s3_model.h"

#include "tests/core/transfer/fake_s3_requests.h"

#include <QCryptographicHash>
#include <QLocale>

#include <algorithm>
#include <cstdlib>

namespace sendoff::test {

namespace {

constexpr qint64 smallestPart = 5 << 20; // of all parts but the last
constexpr int longestSkew = 15 * 60; // seconds
constexpr char modified[] = "Thu, 26 Nov 2026 10:00:00 GMT";

QByteArray md5Of(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Md5).toHex();
}

QByteArray element(const char *name, const QByteArray &text)
{
    return QByteArray("<") + name + '>' + text + "</" + name + '>';
}

} // namespace

QDateTime FakeS3Model::now() const
{
    return QDateTime::currentDateTimeUtc().addSecs(clockAhead.count());
}

QByteArray FakeS3Model::etagFor(const QByteArray &md5) const
{
    return usesKms ? md5Of("encrypted" + md5) : md5;
}

QByteArray FakeS3Model::etagOf(const Parts &parts) const
{
    QCryptographicHash hash(QCryptographicHash::Md5);
    for (const auto &[number, part] : parts)
        hash.addData(QByteArray::fromHex(part.md5));
    return etagFor(hash.result().toHex()) + '-' + QByteArray::number(qsizetype(parts.size()));
}

qint64 FakeS3Model::sizeOf(const Parts &parts)
{
    qint64 sum = 0;
    for (const auto &[number, part] : parts)
        sum += part.size;
    return sum;
}

int FakeS3Model::openUploads() const
{
    return int(std::count_if(uploads.begin(), uploads.end(), [](const auto &entry) {
        return entry.second.state == Upload::State::Open;
    }));
}

// Ceph leaves the message out.
Script FakeS3Model::errorReply(int status, const QByteArray &code, const QByteArray &more) const
{
    QByteArray xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error>" + element("Code", code);
    if (dialect == S3Dialect::Amazon)
        xml += element("Message", "What went wrong, in a sentence.");
    xml += more + element("RequestId", "tx1") + "</Error>";
    const QString date = QLocale::c().toString(now(), u"ddd, dd MMM yyyy hh:mm:ss");
    return Script().reply(status, xml, {{"Date", date.toLatin1() + " GMT"}});
}

// Of an upload that is not open, or (null) that never was.
Script FakeS3Model::notFound(const Upload *upload, S3Ask ask) const
{
    const bool isComplete = upload && upload->state == Upload::State::Complete;
    const bool saysKey =
        dialect == S3Dialect::Ceph && (!upload || (isComplete && ask != S3Ask::Part));
    return errorReply(404, saysKey ? "NoSuchKey" : "NoSuchUpload");
}

// What is wrong with a request whatever it is about.
std::optional<Script> FakeS3Model::refusal(const ReceivedRequest &request) const
{
    // Amazon's own checksums and trailers: what many servers refuse with 501. Ceph ignores them.
    if (dialect == S3Dialect::Amazon && hasChecksumHeaders(request))
        return errorReply(501, "NotImplemented");
    if (request.header("Authorization").isEmpty() && request.method == "GET")
        return std::nullopt; // a presigned link
    const SignedBy by = signedBy(request);
    const QDateTime sent = amzTime(request.header("X-Amz-Date"));
    if (!sent.isValid() || std::llabs(sent.secsTo(now())) > longestSkew)
        return errorReply(403, "RequestTimeTooSkewed");
    if (by.accessKey != "key")
        return errorReply(403, "InvalidAccessKeyId");
    if (by.region != region && dialect == S3Dialect::Amazon)
        return errorReply(400, "AuthorizationHeaderMalformed", element("Region", region));
    if (!isSignedWith(request, secretKey))
        return errorReply(403, "SignatureDoesNotMatch");
    return std::nullopt;
}

Script FakeS3Model::serve(S3Ask ask, const ReceivedRequest &request)
{
    if (auto refused = refusal(request))
        return *std::move(refused);
    const auto found = uploads.find(queryItem(request, u"uploadId"));
    Upload *upload = found == uploads.end() ? nullptr : &found->second;
    const bool isOpen = upload && upload->state == Upload::State::Open;
    switch (ask) {
    case S3Ask::Look:
        return look(request);
    case S3Ask::Create:
        return create(request);
    case S3Ask::Part:
        return isOpen ? takePart(*upload, request) : notFound(upload, ask);
    case S3Ask::List:
        return isOpen ? listParts(*upload, request) : notFound(upload, ask);
    case S3Ask::Complete:
        if (isOpen || (upload && upload->state == Upload::State::Complete))
            return completeAsAsked(*upload, request);
        return notFound(upload, ask);
    case S3Ask::Abort:
        if (!isOpen)
            return notFound(upload, ask);
        upload->state = Upload::State::Aborted;
        return Script().reply(204);
    case S3Ask::Put:
        return put(request);
    case S3Ask::Leftovers:
        return listUploads(request);
    case S3Ask::Other:
        break;
    }
    return errorReply(501, "NotImplemented");
}

Script FakeS3Model::look(const ReceivedRequest &request) const
{
    const auto found = objects.find(keyOf(request));
    if (found == objects.end())
        return Script().send("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
    return Script().send("HTTP/1.1 200 OK\r\nContent-Length: "
                         + QByteArray::number(found->second.size) + "\r\nETag: \""
                         + found->second.etag + "\"\r\nLast-Modified: " + modified + "\r\n\r\n");
}

Script FakeS3Model::create(const ReceivedRequest &request)
{
    const QByteArray id = "upload-" + QByteArray::number(1'000 + qsizetype(uploads.size()));
    uploads[id].key = keyOf(request);
    Script::Headers headers;
    if (usesKms)
        headers.emplaceBack("x-amz-server-side-encryption", "aws:kms");
    return Script().reply(200,
                          "<InitiateMultipartUploadResult>" + element("UploadId", id)
                              + "</InitiateMultipartUploadResult>",
                          headers);
}

Script FakeS3Model::put(const ReceivedRequest &request)
{
    const QByteArray etag = etagFor(md5Of(request.body));
    objects[keyOf(request)] = {etag, request.contentLength()};
    return Script().reply(200, {}, {{"ETag", '"' + etag + '"'}});
}

Script FakeS3Model::takePart(Upload &upload, const ReceivedRequest &request) const
{
    const int number = partNumberOf(request);
    if (dialect == S3Dialect::Amazon && (number < 1 || number > 10'000))
        return errorReply(400, "InvalidArgument");
    const QByteArray md5 = QByteArray::fromBase64(request.header("Content-MD5")).toHex();
    if (md5.size() != 32)
        return errorReply(400, "InvalidDigest");
    const bool isWhole = request.body.size() == request.contentLength(); // else it was not kept
    if (isWhole && md5Of(request.body) != md5)
        return errorReply(400, "BadDigest");
    const QByteArray etag = etagFor(md5);
    upload.parts[number] = {md5, etag, request.contentLength()};
    return Script().reply(200, {}, {{"ETag", '"' + etag + '"'}});
}

Script FakeS3Model::listParts(const Upload &upload, const ReceivedRequest &request) const
{
    int after = queryItem(request, u"part-number-marker").toInt();
    if (marker == S3Marker::StandsStill)
        after = 0; // it does not understand the question, and begins again
    QByteArray xml;
    std::size_t count = 0;
    int last = after;
    auto next = upload.parts.upper_bound(after);
    for (; next != upload.parts.end() && count < pageSize; ++next, ++count) {
        last = next->first;
        xml += "<Part>" + element("PartNumber", QByteArray::number(last))
            + element("ETag", "&quot;" + next->second.etag + "&quot;")
            + element("Size", QByteArray::number(next->second.size)) + "</Part>";
    }
    const bool isCut = next != upload.parts.end();
    if (isCut && marker != S3Marker::LeftOut)
        xml += element("NextPartNumberMarker", QByteArray::number(last));
    return Script().reply(200,
                          "<ListPartsResult>" + element("IsTruncated", isCut ? "true" : "false")
                              + xml + "</ListPartsResult>");
}

Script FakeS3Model::listUploads(const ReceivedRequest &request) const
{
    QByteArray after = queryItem(request, u"upload-id-marker");
    if (marker == S3Marker::StandsStill)
        after.clear();
    QByteArray xml;
    QByteArray lastKey;
    std::size_t count = 0;
    bool isCut = false;
    for (auto next = uploads.upper_bound(after); next != uploads.end(); ++next) {
        if (next->second.state != Upload::State::Open)
            continue;
        if (count++ == pageSize) {
            isCut = true;
            break;
        }
        after = next->first;
        lastKey = next->second.key;
        xml += "<Upload>" + element("Key", lastKey) + element("UploadId", after)
            + element("Initiated", "2026-11-26T10:00:00.000Z") + "</Upload>";
    }
    if (isCut && marker != S3Marker::LeftOut)
        xml += element("NextKeyMarker", lastKey) + element("NextUploadIdMarker", after);
    return Script().reply(200,
                          "<ListMultipartUploadsResult>"
                              + element("IsTruncated", isCut ? "true" : "false") + xml
                              + "</ListMultipartUploadsResult>");
}

// The code of what is wrong with the list of parts; empty where it is right.
QByteArray FakeS3Model::whyIncomplete(const Upload &upload, const ReceivedRequest &request) const
{
    const bool isCeph = dialect == S3Dialect::Ceph;
    const QList<ListedPart> listed = listedParts(request.body);
    int before = 0;
    for (const ListedPart &part : listed) {
        if (part.number <= before)
            return isCeph ? "InvalidPart" : "InvalidPartOrder";
        before = part.number;
        const auto found = upload.parts.find(part.number);
        if (found == upload.parts.end() || found->second.etag != part.etag)
            return "InvalidPart";
    }
    if (listed.isEmpty() || (isCeph && std::size_t(listed.size()) != upload.parts.size()))
        return listed.isEmpty() ? "MalformedXML" : "InvalidPart";
    for (const ListedPart &part : listed) {
        if (part.number != before && upload.parts.at(part.number).size < smallestPart)
            return "EntityTooSmall";
    }
    return {};
}

void FakeS3Model::complete(Upload &upload)
{
    upload.state = Upload::State::Complete;
    objects[upload.key] = {etagOf(upload.parts), sizeOf(upload.parts)};
}

// A second time, it is answered as the first.
Script FakeS3Model::completeAsAsked(Upload &upload, const ReceivedRequest &request)
{
    const QByteArray code = whyIncomplete(upload, request);
    if (!code.isEmpty())
        return errorReply(400, code);
    complete(upload);
    const QByteArray etag =
        dialect == S3Dialect::Ceph ? "" : "&quot;" + etagOf(upload.parts) + "&quot;";
    return Script().reply(200,
                          "<CompleteMultipartUploadResult>" + element("ETag", etag)
                              + "</CompleteMultipartUploadResult>");
}

} // namespace sendoff::test

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/s3/s3_reply.h"

#include <QCryptographicHash>
#include <QXmlStreamReader>
#include <QXmlStreamWriter>

namespace sendoff::transfer::s3 {

namespace {

constexpr qsizetype md5HexLength = 32;

// The text of each child of the element that the reader stands in, one level deep.
using Fields = std::map<QString, QString>;

Fields readFields(QXmlStreamReader &xml)
{
    Fields fields;
    while (xml.readNextStartElement()) {
        const QString name = xml.name().toString();
        fields[name] = xml.readElementText(QXmlStreamReader::SkipChildElements);
    }
    return fields;
}

QString field(const Fields &fields, const char16_t *name)
{
    const auto found = fields.find(QString::fromUtf16(name));
    return found == fields.end() ? QString() : found->second;
}

// Stands on the root element afterwards, where that is `name`.
bool beginsWith(QXmlStreamReader &xml, const char16_t *name)
{
    xml.setNamespaceProcessing(true);
    return xml.readNextStartElement() && xml.name() == QStringView(name);
}

// The document's direct fields; each element called `item` is given to `take` instead.
template <typename Take>
std::optional<Fields> readList(const QByteArray &bytes, const char16_t *root, const char16_t *item,
                               Take take)
{
    QXmlStreamReader xml(bytes);
    if (!beginsWith(xml, root))
        return std::nullopt;
    Fields fields;
    while (xml.readNextStartElement()) {
        if (xml.name() == QStringView(item)) {
            if (!take(readFields(xml)))
                return std::nullopt;
        } else {
            const QString name = xml.name().toString();
            fields[name] = xml.readElementText(QXmlStreamReader::SkipChildElements);
        }
    }
    if (xml.hasError())
        return std::nullopt;
    return fields;
}

std::optional<Fields> readDocument(const QByteArray &bytes, const char16_t *root)
{
    return readList(bytes, root, u"", [](const Fields &) { return false; });
}

} // namespace

ErrorReply parseError(const QByteArray &xml)
{
    const auto fields = readDocument(xml.trimmed(), u"Error");
    if (!fields)
        return {};
    return {field(*fields, u"Code").toUtf8(), field(*fields, u"Message"),
            field(*fields, u"Region").toUtf8()};
}

std::optional<QByteArray> parseUploadId(const QByteArray &xml)
{
    const auto fields = readDocument(xml.trimmed(), u"InitiateMultipartUploadResult");
    if (!fields || field(*fields, u"UploadId").isEmpty())
        return std::nullopt;
    return field(*fields, u"UploadId").toUtf8();
}

std::optional<PartsPage> parseParts(const QByteArray &xml)
{
    PartsPage page;
    const auto take = [&page](const Fields &fields) {
        bool isNumber = false;
        bool isSize = false;
        const int number = field(fields, u"PartNumber").toInt(&isNumber);
        Part part;
        part.size = field(fields, u"Size").toLongLong(&isSize);
        part.etag = unquoted(field(fields, u"ETag").toUtf8());
        if (!isNumber || !isSize || number < 1 || part.size < 0 || part.etag.isEmpty())
            return false;
        page.parts[number] = part;
        return true;
    };
    const auto fields = readList(xml.trimmed(), u"ListPartsResult", u"Part", take);
    if (!fields)
        return std::nullopt;
    if (field(*fields, u"IsTruncated") == u"true") {
        // Some servers leave the marker out, or tell one that does not move.
        if (page.parts.empty())
            return std::nullopt;
        const int told = field(*fields, u"NextPartNumberMarker").toInt();
        page.nextMarker = std::max(told, page.parts.rbegin()->first);
    }
    return page;
}

std::optional<UploadsPage> parseUploads(const QByteArray &xml)
{
    UploadsPage page;
    const auto take = [&page](const Fields &fields) {
        UnfinishedUpload upload;
        upload.key = field(fields, u"Key");
        upload.uploadId = field(fields, u"UploadId").toUtf8();
        upload.since = QDateTime::fromString(field(fields, u"Initiated"), Qt::ISODate);
        page.uploads.append(upload);
        return !upload.key.isEmpty() && !upload.uploadId.isEmpty();
    };
    const auto fields =
        readList(xml.trimmed(), u"ListMultipartUploadsResult", u"Upload", take);
    if (!fields)
        return std::nullopt;
    page.isTruncated = field(*fields, u"IsTruncated") == u"true";
    page.nextKey = field(*fields, u"NextKeyMarker").toUtf8();
    page.nextUploadId = field(*fields, u"NextUploadIdMarker").toUtf8();
    if (page.isTruncated && page.nextKey.isEmpty() && !page.uploads.isEmpty()) {
        // Some servers leave the markers out.
        page.nextKey = page.uploads.last().key.toUtf8();
        page.nextUploadId = page.uploads.last().uploadId;
    }
    return page;
}

std::optional<QByteArray> parseCompletion(const QByteArray &xml)
{
    // Servers send spaces while they join the parts.
    const auto fields = readDocument(xml.trimmed(), u"CompleteMultipartUploadResult");
    if (!fields)
        return std::nullopt;
    return unquoted(field(*fields, u"ETag").toUtf8());
}

QByteArray completionBody(const Parts &parts)
{
    QByteArray body;
    QXmlStreamWriter xml(&body);
    xml.writeStartElement(QStringLiteral("CompleteMultipartUpload"));
    xml.writeDefaultNamespace(QStringLiteral("http://s3.amazonaws.com/doc/2006-03-01/"));
    for (const auto &[number, part] : parts) {
        xml.writeStartElement(QStringLiteral("Part"));
        xml.writeTextElement(QStringLiteral("PartNumber"), QString::number(number));
        xml.writeTextElement(QStringLiteral("ETag"),
                             u'"' + QString::fromLatin1(part.etag) + u'"');
        xml.writeEndElement();
    }
    xml.writeEndElement();
    return body;
}

QByteArray unquoted(QByteArray etag)
{
    etag = etag.trimmed();
    if (etag.size() >= 2 && etag.startsWith('"') && etag.endsWith('"'))
        etag = etag.mid(1, etag.size() - 2);
    return etag;
}

bool isMd5(const QByteArray &etag)
{
    return etag.size() == md5HexLength && QByteArray::fromHex(etag).size() == md5HexLength / 2;
}

QByteArray etagOf(const Parts &parts)
{
    QCryptographicHash hash(QCryptographicHash::Md5);
    for (const auto &[number, part] : parts) {
        if (!isMd5(part.etag))
            return {};
        hash.addData(QByteArray::fromHex(part.etag));
    }
    return hash.result().toHex() + '-' + QByteArray::number(qsizetype(parts.size()));
}

} // namespace sendoff::transfer::s3

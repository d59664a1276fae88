// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/tus_exchanges.h"

#include "core/base/file_path.h"
#include "core/shelf/media_type.h"

namespace sendoff::shelf {

namespace {

using Refusal = std::optional<HttpReply>;

HttpReply refusal(int status, QLatin1StringView sentence)
{
    return tusReply(textReply(status, QString(sentence)));
}

using namespace Qt::StringLiterals;

// A media type without its parameters.
bool isTusBody(const RequestHead &head)
{
    const QByteArray type = head.header("Content-Type");
    return type.split(';').first().trimmed().toLower() == tus::bodyMediaType;
}

// § Checksum: 400 where the server does not support the algorithm.
Refusal readChecksum(const RequestHead &head, std::optional<tus::Checksum> &checksum)
{
    const QList<QByteArray> values = head.headerValues(tus::header::uploadChecksum);
    if (values.isEmpty())
        return std::nullopt;
    checksum = values.size() == 1 ? tus::parseChecksum(values.first()) : std::nullopt;
    if (!checksum)
        return refusal(400, "Upload-Checksum is malformed."_L1);
    if (!BodyDigest::algorithms().contains(checksum->algorithm))
        return refusal(400, "This checksum algorithm is not supported."_L1);
    return std::nullopt;
}

} // namespace

CreationExchange::CreationExchange(TusEndpoint &endpoint, RequestHead head)
    : m_endpoint(endpoint)
    , m_head(std::move(head))
{
}

std::optional<HttpReply> CreationExchange::begin()
{
    if (Refusal no = readHeaders())
        return no;
    if (Refusal no = chooseName())
        return no;
    if (Refusal no = checkLength())
        return no;
    auto created = m_endpoint.catalog().create(m_wanted);
    if (!created)
        return tusReply(errorReply(created.error()));
    m_upload = *std::move(created);
    if (!m_head.hasBody())
        return std::nullopt;
    auto writer =
        UploadWriter::open(m_endpoint.catalog(), m_upload, m_checksum, m_endpoint.freeSpaceFloor());
    if (!writer)
        return forget(errorReply(writer.error()));
    m_writer.emplace(*std::move(writer));
    return std::nullopt;
}

// § Creation: exactly one of Upload-Length and Upload-Defer-Length.
std::optional<HttpReply> CreationExchange::readHeaders()
{
    const QList<QByteArray> lengths = m_head.headerValues(tus::header::uploadLength);
    const QList<QByteArray> deferred = m_head.headerValues(tus::header::uploadDeferLength);
    if (m_head.hasHeader(tus::header::uploadConcat))
        return refusal(501, "Uploads cannot be concatenated here."_L1);
    if (lengths.isEmpty() == deferred.isEmpty())
        return refusal(400, "Either Upload-Length or Upload-Defer-Length is needed."_L1);
    if (!deferred.isEmpty() && !(deferred.size() == 1 && tus::isDeferLength(deferred.first())))
        return refusal(400, "Upload-Defer-Length can only be 1."_L1);
    if (!lengths.isEmpty()) {
        m_wanted.length = tus::parseByteCount(lengths);
        if (!m_wanted.length)
            return refusal(400, "Upload-Length is malformed."_L1);
    }
    if (m_head.headerValues(tus::header::uploadMetadata).size() > 1)
        return refusal(400, "Upload-Metadata is given twice."_L1);
    m_wanted.metadata = m_head.header(tus::header::uploadMetadata);
    if (m_head.hasBody() && !isTusBody(m_head))
        return refusal(415, "The body has to be application/offset+octet-stream."_L1);
    return readChecksum(m_head, m_checksum);
}

// A name that is safe and of an allowed kind. 415: the kind of *file*; there is no better status.
std::optional<HttpReply> CreationExchange::chooseName()
{
    const std::optional<tus::Metadata> metadata = tus::parseMetadata(m_wanted.metadata);
    if (!metadata)
        return refusal(400, "Upload-Metadata is malformed."_L1);
    const QByteArray given = metadata->value("filename", metadata->value("name"));
    const QByteArray type = metadata->value("filetype", metadata->value("type"));
    QString name = safeFileName(QString::fromUtf8(given));
    if (!name.contains(u'.')) {
        if (const std::optional<QString> extension = extensionFor(type))
            name += u'.' + *extension;
    }
    if (!mediaTypeOf(name))
        return refusal(415, "The Shelf takes only videos and sound."_L1);
    m_wanted.fileName = name;
    return std::nullopt;
}

// § Creation: 413 over what could ever fit. What would fit if space were freed is 507, so that
// clients try again.
std::optional<HttpReply> CreationExchange::checkLength() const
{
    const DiskSpace space = m_endpoint.catalog().space();
    if (!m_wanted.length || *m_wanted.length <= space.available - m_endpoint.freeSpaceFloor())
        return std::nullopt;
    if (*m_wanted.length > space.capacity - m_endpoint.freeSpaceFloor())
        return refusal(413, "The disk of the Shelf is too small for this."_L1);
    Error full(ErrorKind::DiskFull);
    full.with(argument::folder, displayPath(m_endpoint.catalog().folder()))
        .with(argument::needed, QString::number(*m_wanted.length))
        .with(argument::available,
              QString::number(std::max<qint64>(0, space.available - m_endpoint.freeSpaceFloor())));
    return tusReply(errorReply(full));
}

std::optional<HttpReply> CreationExchange::receive(QByteArrayView piece)
{
    if (Refusal no = m_writer->write(piece))
        return forget(*std::move(no));
    return std::nullopt;
}

HttpReply CreationExchange::finish()
{
    if (m_writer) {
        if (Refusal no = m_writer->end())
            return forget(*std::move(no));
    }
    // From here on the client may know of the upload: it has to outlive everything.
    const Result<void> kept = m_endpoint.catalog().keep(*m_upload, Durability::Synced);
    if (!kept)
        return forget(errorReply(kept.error()));
    HttpReply reply;
    reply.status = 201;
    reply.with("Location", QByteArray(TusEndpoint::creationPath) + '/' + m_upload->record.id);
    reply = m_endpoint.withProgress(*m_upload, std::move(reply));
    if (m_upload->isComplete() && !m_upload->isFinished())
        return forget(std::move(reply));
    return reply;
}

// Nobody has been told the upload's URL: nobody could ever go on with it.
HttpReply CreationExchange::forget(HttpReply reply)
{
    abandon();
    return tusReply(std::move(reply));
}

void CreationExchange::abandon()
{
    m_writer.reset();
    if (m_upload)
        m_endpoint.catalog().remove(*std::exchange(m_upload, nullptr));
}

PatchExchange::PatchExchange(TusEndpoint &endpoint, RequestHead head,
                             std::shared_ptr<Upload> upload, ConnectionControl &connection)
    : m_endpoint(endpoint)
    , m_head(std::move(head))
    , m_upload(std::move(upload))
    , m_connection(connection)
{
}

PatchExchange::~PatchExchange()
{
    if (m_isActive)
        m_endpoint.deactivate(m_upload->record.id);
}

std::optional<HttpReply> PatchExchange::begin()
{
    if (!isTusBody(m_head))
        return refusal(415, "The body has to be application/offset+octet-stream."_L1);
    std::optional<tus::Checksum> checksum;
    if (Refusal no = readChecksum(m_head, checksum))
        return no;
    if (Refusal no = checkOffset())
        return no;
    if (Refusal no = fixLength())
        return no;
    if (m_upload->isFinished() && !m_head.hasBody())
        return std::nullopt;
    if (m_upload->record.length
        && m_head.contentLength > *m_upload->record.length - m_upload->offset)
        return refusal(413, "The request is longer than the upload."_L1);
    if (m_upload->isFinished())
        return refusal(403, "The upload is complete."_L1);
    auto writer = UploadWriter::open(m_endpoint.catalog(), m_upload, std::move(checksum),
                                     m_endpoint.freeSpaceFloor());
    if (!writer)
        return tusReply(errorReply(writer.error()));
    m_writer.emplace(*std::move(writer));
    m_endpoint.activate(m_upload->record.id, m_connection);
    m_isActive = true;
    return std::nullopt;
}

// § PATCH: 409 and nothing written where the offsets differ.
std::optional<HttpReply> PatchExchange::checkOffset() const
{
    const auto offset = tus::parseByteCount(m_head.headerValues(tus::header::uploadOffset));
    if (!offset)
        return refusal(400, "Upload-Offset is missing or malformed."_L1);
    if (*offset != m_upload->offset)
        return refusal(409, "The upload goes on at another offset."_L1);
    return std::nullopt;
}

// § Creation: a deferred length comes with any PATCH, once; it never changes again.
std::optional<HttpReply> PatchExchange::fixLength()
{
    const QList<QByteArray> values = m_head.headerValues(tus::header::uploadLength);
    if (values.isEmpty())
        return std::nullopt;
    const std::optional<qint64> length = tus::parseByteCount(values);
    if (!length || *length < m_upload->offset
        || (m_upload->record.length && *length != *m_upload->record.length))
        return refusal(400, "Upload-Length is malformed, too small or another than before."_L1);
    if (m_upload->record.length == length)
        return std::nullopt;
    if (m_head.contentLength > *length - m_upload->offset)
        return refusal(413, "The request is longer than the upload."_L1);
    m_upload->record.length = length;
    const Result<void> kept = m_endpoint.catalog().keep(*m_upload, Durability::Synced);
    if (kept)
        return std::nullopt;
    m_upload->record.length.reset();
    return tusReply(errorReply(kept.error()));
}

std::optional<HttpReply> PatchExchange::receive(QByteArrayView piece)
{
    if (!m_writer)
        return refusal(413, "The request is longer than the upload."_L1); // a chunk after the end
    Refusal no = m_writer->write(piece);
    if (!no)
        return std::nullopt;
    no->with(tus::header::uploadOffset, QByteArray::number(m_upload->offset));
    return tusReply(*std::move(no));
}

HttpReply PatchExchange::finish()
{
    if (m_writer) {
        if (Refusal no = m_writer->end())
            return tusReply(*std::move(no));
        m_writer.reset(); // closes the part file before it becomes a video
    }
    HttpReply reply;
    reply.status = 204;
    return m_endpoint.withProgress(*m_upload, std::move(reply));
}

void PatchExchange::abandon()
{
    if (m_writer)
        m_writer->breakOff();
}

} // namespace sendoff::shelf

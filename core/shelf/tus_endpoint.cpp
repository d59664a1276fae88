// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/tus_endpoint.h"

#include "core/base/crash_point.h"
#include "core/shelf/tus_exchanges.h"

namespace sendoff::shelf {

namespace {

using namespace Qt::StringLiterals;

constexpr QByteArrayView uploadPathPrefix = "/files/";

std::unique_ptr<Exchange> replyWith(HttpReply reply)
{
    return std::make_unique<FixedExchange>(tusReply(std::move(reply)));
}

HttpReply methodRefusal(QByteArray allowed)
{
    return textReply(405, u"This cannot be done here."_s).with("Allow", std::move(allowed));
}

} // namespace

HttpReply tusReply(HttpReply reply)
{
    const bool isMarked =
        std::any_of(reply.headers.cbegin(), reply.headers.cend(), [](const HttpHeader &header) {
            return header.name == tus::header::tusResumable;
        });
    if (isMarked)
        return reply;
    return std::move(reply)
        .with(tus::header::tusResumable, tus::protocolVersion)
        .with("Cache-Control", "no-store");
}

TusEndpoint::TusEndpoint(ShelfCatalog &catalog, Options options)
    : m_catalog(catalog)
    , m_options(std::move(options))
{
}

bool TusEndpoint::owns(QByteArrayView path)
{
    return path == creationPath || path.startsWith(uploadPathPrefix);
}

QByteArray TusEndpoint::methodOf(const RequestHead &head)
{
    const QByteArray override = head.header(tus::header::methodOverride);
    return override.isEmpty() ? head.method : override;
}

std::unique_ptr<Exchange> TusEndpoint::accept(const RequestHead &head,
                                              ConnectionControl &connection)
{
    const QByteArray method = methodOf(head);
    // § Tus-Resumable: another version is not processed at all.
    if (head.headerValues(tus::header::tusResumable) != QList<QByteArray>{tus::protocolVersion})
        return replyWith(textReply(412, u"Only tus 1.0.0 is spoken here."_s)
                             .with(tus::header::tusVersion, tus::protocolVersion));
    if (head.path != creationPath && head.path != uploadPathPrefix)
        return acceptUpload(head, method, QByteArrayView(head.path).sliced(uploadPathPrefix.size()),
                            connection);
    if (method != "POST")
        return replyWith(methodRefusal("OPTIONS, POST"));
    return std::make_unique<CreationExchange>(*this, head);
}

std::unique_ptr<Exchange> TusEndpoint::acceptUpload(const RequestHead &head,
                                                    const QByteArray &method, QByteArrayView id,
                                                    ConnectionControl &connection)
{
    if (method != "HEAD" && method != "PATCH" && method != "DELETE")
        return replyWith(methodRefusal("OPTIONS, HEAD, PATCH, DELETE"));
    const std::shared_ptr<Upload> upload = m_catalog.findUpload(id);
    if (!upload)
        return replyWith(textReply(404, u"This upload is not known."_s));
    if (upload->isFinished() && !m_catalog.openVideo(*upload) && method != "DELETE")
        return replyWith(textReply(410, u"The finished video is no longer there."_s));
    // Whoever asks has no other connection for this upload, or has given it up: after a network
    // change the old one may hang for minutes, and it must neither lock the upload nor write on.
    interrupt(upload->record.id);
    if (method == "HEAD")
        return replyWith(headOf(*upload));
    if (method == "DELETE")
        return replyWith(remove(*upload));
    return std::make_unique<PatchExchange>(*this, head, upload, connection);
}

// § HEAD
HttpReply TusEndpoint::headOf(Upload &upload)
{
    HttpReply reply = withProgress(upload, HttpReply());
    if (upload.record.length)
        reply.with(tus::header::uploadLength, QByteArray::number(*upload.record.length));
    else
        reply.with(tus::header::uploadDeferLength, "1");
    if (!upload.record.metadata.isEmpty())
        reply.with(tus::header::uploadMetadata, upload.record.metadata);
    return reply;
}

// § Termination
HttpReply TusEndpoint::remove(Upload &upload)
{
    m_catalog.remove(upload);
    HttpReply reply;
    reply.status = 204;
    return reply;
}

HttpReply TusEndpoint::options() const
{
    const qint64 usable = m_catalog.space().available - m_options.freeSpaceFloor;
    const QList<QByteArray> extensions{tus::extension::creation, tus::extension::creationWithUpload,
                                       tus::extension::creationDeferLength,
                                       tus::extension::checksum, tus::extension::termination};
    HttpReply reply;
    reply.status = 204;
    reply.with(tus::header::tusVersion, tus::protocolVersion)
        .with(tus::header::tusExtension, tus::formatList(extensions))
        .with(tus::header::tusChecksumAlgorithm, tus::formatList(BodyDigest::algorithms()))
        .with(tus::header::tusMaxSize, QByteArray::number(std::max<qint64>(0, usable)));
    return tusReply(std::move(reply));
}

void TusEndpoint::publishComplete()
{
    const QList<std::shared_ptr<Upload>> uploads = m_catalog.uploads();
    for (const std::shared_ptr<Upload> &upload : uploads)
        (void)withProgress(*upload, HttpReply()); // where it fails, the next HEAD tries again
}

HttpReply TusEndpoint::withProgress(Upload &upload, HttpReply reply)
{
    if (upload.isComplete() && !upload.isFinished()) {
        crashPoint("shelf-complete");
        const Result<void> published = m_catalog.publish(upload);
        if (upload.isFinished() && m_options.finished)
            m_options.finished(upload);
        if (!published)
            return tusReply(errorReply(published.error()))
                .with(tus::header::uploadOffset, QByteArray::number(upload.offset));
    }
    reply.with(tus::header::uploadOffset, QByteArray::number(upload.offset));
    if (upload.isFinished())
        reply.with(tus::header::sendoffLink, m_options.linkOf(upload));
    return tusReply(std::move(reply));
}

void TusEndpoint::interrupt(const QByteArray &id)
{
    if (ConnectionControl *connection = m_active.take(id))
        connection->close();
}

void TusEndpoint::activate(const QByteArray &id, ConnectionControl &connection)
{
    m_active.insert(id, &connection);
}

void TusEndpoint::deactivate(const QByteArray &id)
{
    m_active.remove(id);
}

} // namespace sendoff::shelf

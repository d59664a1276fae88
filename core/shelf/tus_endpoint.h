// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TusEndpoint: tus 1.0.0 over the catalog: creation, creation-with-upload, creation-defer-length,
// checksum and termination. Not for: who may ask (shelf_server.cpp).

#include "core/shelf/exchange.h"
#include "core/shelf/shelf_catalog.h"

#include <QHash>

#include <functional>

namespace sendoff::shelf {

class TusEndpoint {
public:
    static constexpr char creationPath[] = "/files";

    struct Options {
        qint64 freeSpaceFloor = 0; // bytes
        std::function<QByteArray(const Upload &)> linkOf; // absolute, percent-encoded
        std::function<void(const Upload &)> finished; // an upload has become a video
    };
    // `catalog` outlives the endpoint, the endpoint outlives its exchanges.
    TusEndpoint(ShelfCatalog &catalog, Options options);

    // Is `path` the creation URL's or below it?
    static bool owns(QByteArrayView path);
    // X-HTTP-Method-Override counts (§ X-HTTP-Method-Override).
    static QByteArray methodOf(const RequestHead &head);
    // For paths that it owns, from clients that may.
    std::unique_ptr<Exchange> accept(const RequestHead &head, ConnectionControl &connection);
    // Tus-Version, Tus-Max-Size and so on (§ OPTIONS).
    HttpReply options() const;
    // Makes videos of complete uploads that a crash or a full disk kept from it.
    void publishComplete();

    // For the exchanges of this endpoint.
    ShelfCatalog &catalog() { return m_catalog; }
    qint64 freeSpaceFloor() const { return m_options.freeSpaceFloor; }
    // `reply` with Upload-Offset and, once complete, published and with Sendoff-Link; an error
    // where publishing fails: the bytes are kept and the next request tries again.
    HttpReply withProgress(Upload &upload, HttpReply reply);
    // Ends the PATCH that still writes to the upload, so that its offset stands still.
    void interrupt(const QByteArray &id);
    void activate(const QByteArray &id, ConnectionControl &connection);
    void deactivate(const QByteArray &id);

private:
    std::unique_ptr<Exchange> acceptUpload(const RequestHead &head, const QByteArray &method,
                                           QByteArrayView id, ConnectionControl &connection);
    HttpReply headOf(Upload &upload);
    HttpReply remove(Upload &upload);

    ShelfCatalog &m_catalog;
    Options m_options;
    QHash<QByteArray, ConnectionControl *> m_active; // whose PATCH is being received
};

// `reply` as a tus reply.
HttpReply tusReply(HttpReply reply);

} // namespace sendoff::shelf

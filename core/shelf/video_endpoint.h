// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// VideoEndpoint: serves finished videos behind their links, with Range and conditional requests.
// Whoever knows a link may read it; nothing else can be reached from here.

#include "core/shelf/exchange.h"
#include "core/shelf/shelf_catalog.h"

namespace sendoff::shelf {

class VideoEndpoint {
public:
    // `catalog` outlives the endpoint.
    explicit VideoEndpoint(const ShelfCatalog &catalog)
        : m_catalog(catalog)
    {
    }

    static bool owns(QByteArrayView path);
    // "/v/<id>/<name>", percent-encoded. The name is for people: only the id is looked at.
    static QByteArray pathOf(const Upload &upload);
    HttpReply reply(const RequestHead &head) const;

private:
    const ShelfCatalog &m_catalog;
};

} // namespace sendoff::shelf

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/tus/tus_offers.h"

#include <utility>

namespace sendoff::transfer {

TusOffers::TusOffers(Clock now)
    : m_now(std::move(now))
{
}

void TusOffers::note(const TusServer &server, TusOffer offer)
{
    m_entries.insert_or_assign(keyOf(server), Entry{std::move(offer), m_now()});
}

std::optional<TusOffer> TusOffers::find(const TusServer &server) const
{
    const auto entry = m_entries.find(keyOf(server));
    if (entry == m_entries.end() || m_now() - entry->second.at > lifetime)
        return std::nullopt;
    return entry->second.offer;
}

void TusOffers::forget(const TusServer &server)
{
    m_entries.erase(keyOf(server));
}

QByteArray TusOffers::keyOf(const TusServer &server)
{
    return server.creationUrl.toEncoded() + '\n' + server.authorization;
}

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TusOffers: what tus servers announced a moment ago, so that each of many small files costs no
// question of its own.

#include "core/transfer/tus/tus_server.h"

#include <QByteArray>

#include <chrono>
#include <functional>
#include <map>
#include <optional>

namespace sendoff::transfer {

// Network thread only.
class TusOffers {
public:
    static constexpr std::chrono::minutes lifetime{5}; // servers are set up anew while we run

    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    explicit TusOffers(Clock now = &std::chrono::steady_clock::now);

    void note(const TusServer &server, TusOffer offer);
    // Nothing where it was never told to this user, or too long ago.
    std::optional<TusOffer> find(const TusServer &server) const;
    // It turned out otherwise: the next one asks.
    void forget(const TusServer &server);

private:
    struct Entry {
        TusOffer offer;
        std::chrono::steady_clock::time_point at;
    };
    static QByteArray keyOf(const TusServer &server);

    Clock m_now;
    std::map<QByteArray, Entry> m_entries; // by address and user
};

} // namespace sendoff::transfer

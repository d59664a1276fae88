// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/server_speeds.h"

#include "core/transfer/refused_bodies.h"

namespace sendoff::transfer {

namespace {

constexpr qint64 telling = 1 << 20; // less tells how long an answer takes

} // namespace

void ServerSpeeds::note(const QUrl &server, qint64 bytes, PartPace::Seconds busy)
{
    if (!server.host().isEmpty() && bytes >= telling)
        m_paces[serverKey(server)].note(bytes, busy);
}

double ServerSpeeds::bytesPerSecond(const QUrl &server) const
{
    return m_paces.value(serverKey(server)).bytesPerSecond();
}

} // namespace sendoff::transfer

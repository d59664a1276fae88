// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/refused_bodies.h"

#include <algorithm>

namespace sendoff::transfer {

QString serverKey(const QUrl &server)
{
    return server.adjusted(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery
                           | QUrl::RemoveFragment)
        .toString();
}

void RefusedBodies::note(const QUrl &server, qint64 bytes)
{
    if (server.host().isEmpty() || bytes <= 0)
        return;
    qint64 &smallest = m_smallest[serverKey(server)];
    smallest = smallest > 0 ? std::min(smallest, bytes) : bytes;
}

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// RefusedBodies: what servers, or something on the way to them, refused as too large (413), so that
// the next upload to the same server does not begin with it again. For as long as the process runs:
// such a limit may be lifted.

#include <QHash>
#include <QUrl>

namespace sendoff::transfer {

// What is remembered of a server is kept under its scheme, host and port.
QString serverKey(const QUrl &server);

// Network thread only.
class RefusedBodies {
public:
    void note(const QUrl &server, qint64 bytes);
    // The smallest that was refused there; 0 = none.
    qint64 smallest(const QUrl &server) const { return m_smallest.value(serverKey(server)); }

private:
    QHash<QString, qint64> m_smallest;
};

} // namespace sendoff::transfer

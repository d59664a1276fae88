// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ServerSpeeds: how fast one request to a server was lately, for uploads whose parts are fixed before
// the first of them is sent. Not for: the parts of a running upload (part_pace.h).

#include "core/transfer/part_pace.h"

#include <QHash>
#include <QUrl>

namespace sendoff::transfer {

// Network thread only.
class ServerSpeeds {
public:
    // A request took `bytes`, which the server confirmed, in `busy`. UploadRun notes each part.
    void note(const QUrl &server, qint64 bytes, PartPace::Seconds busy);
    double bytesPerSecond(const QUrl &server) const; // 0 = not known

private:
    QHash<QString, PartPace> m_paces; // by serverKey()
};

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ShelfIdentity: the port and the token that a Shelf keeps for life, so that links and stored
// uploads stay good after a restart.

#include "core/base/file_path.h"
#include "core/base/result.h"

#include <QByteArray>

namespace sendoff::shelf {

struct ShelfIdentity {
    quint16 port = 0; // 0 = not chosen yet
    QByteArray token; // base64url of 256 random bits
    bool operator==(const ShelfIdentity &) const = default;
};

// What is kept in `stateFolder`; where nothing is, or nothing readable, a new token without port.
// A file that others could read is made private.
ShelfIdentity loadIdentity(const FilePath &stateFolder);
// 0600. Errors as replaceFile.
Result<void> keepIdentity(const FilePath &stateFolder, const ShelfIdentity &identity);

// Does `authorization` carry the token (RFC 6750 §2.1)? Takes the same time however much of a wrong
// token is right.
bool isAuthorized(QByteArrayView authorization, QByteArrayView token);

} // namespace sendoff::shelf

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Options that destinations on HTTP servers have in common: whom to trust, how to sign in, how fast
// to send. Not for: what one protocol has alone (destinations/).

#include "core/transfer/destination.h"
#include "core/transfer/limits/limit_timetable.h"

namespace sendoff::transfer {

// A certificate file, or the one key that the server may have.
QList<DestinationOption> trustOptions();
net::TrustPolicy trustOf(const DestinationConfig &config);

// How fast all uploads to it may be together, and when.
QList<DestinationOption> limitOptions();
LimitTimetable uploadLimitOf(const DestinationConfig &config); // of a checked config

// How many parts of a file go at once, 1 … 8, where a type has that.
DestinationOption parallelOption(int usual, const QString &help);
std::optional<int> partsAtOnceOf(const DestinationConfig &config); // of a checked config

// User, password or token.
QList<DestinationOption> signInOptions();
// The value of Authorization for `url` (RFC 6750 §2.1, RFC 7617 §2), or empty without a secret.
// DestinationInvalid, PasswordOverPlainHttp.
Result<QByteArray> authorizationOf(const DestinationConfig &config, const QUrl &url);

// The “url” of “scheme+https://…”. DestinationInvalid where a user stands in it.
Result<QMap<QString, QString>> serverOptionsFromUrl(const QUrl &url);

} // namespace sendoff::transfer

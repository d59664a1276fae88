// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// DestinationLab: a real place for each type of destination, and a look at what lies there without
// our own client. A new type needs one here; the contract test fails without.

#include "tests/core/transfer/transfer_fixture.h"

#include <memory>

namespace sendoff::test {

class DestinationLab {
public:
    virtual ~DestinationLab() = default;
    // A destination that lets us in.
    virtual transfer::DestinationConfig config() = 0;
    // One that does not, or nothing where everybody may.
    virtual std::optional<transfer::DestinationConfig> lockedConfig() { return std::nullopt; }
    // The bytes behind a link.
    virtual QByteArray delivered(const QUrl &link) = 0;
    // Their SHA-256 in hexadecimal digits; for files that are too large for memory.
    virtual QByteArray deliveredSha256(const QUrl &link) { return sha256Of(delivered(link)); }
    // How many finished files lie there.
    virtual int deliveredCount() = 0;
};

// Null for a type without one. May add to the fixture's context. `large`: for files that are too
// large for memory; tus is then the reference server in place of the double.
std::unique_ptr<DestinationLab> labFor(const QString &type, TransferFixture &fixture,
                                       bool large = false);

} // namespace sendoff::test

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// HttpPlace: a server in this process for each type of destination that has one elsewhere, and a look
// at what came to it. Doubles, written from the protocols' pages; real ones are destination_lab.h's.

#include "core/transfer/destination.h"
#include "tests/core/transfer/net/certificate_workshop.h"

#include <memory>

namespace sendoff::test {

class HttpPlace {
public:
    virtual ~HttpPlace() = default;
    // With a secret, and with nothing about trust.
    virtual transfer::DestinationConfig config() = 0;
    virtual int requestCount() = 0; // that came, through TLS where it speaks that
    virtual bool holds(const QByteArray &bytes) = 0; // a finished file of just these
};

// Null for a type without one. With an identity, it speaks https.
std::unique_ptr<HttpPlace> httpPlaceFor(const QString &type,
                                        const CertificateWorkshop::Identity &identity = {});

} // namespace sendoff::test

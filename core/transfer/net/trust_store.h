// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TrustStore: the certificates that connections are checked against: the system's, and those of a
// request's own CA file in addition.

#include "core/base/result.h"
#include "core/transfer/net/http.h"

#include <QByteArray>
#include <QTemporaryFile>

#include <map>
#include <memory>

namespace sendoff::net {

class TrustStore {
public:
    // Path of a PEM file with everything that the policy trusts. Joined into one private temporary
    // file where there is a CA file, because libcurl keeps its parsed certificates only for a file
    // (a CURLOPT_CAINFO_BLOB costs 25 ms of the event loop with every connection).
    // DestinationInvalid where the CA file cannot be used.
    Result<QByteArray> certificatesFor(const TrustPolicy &policy);

private:
    Result<QByteArray> joined(const QByteArray &additional);

    std::map<QByteArray, std::unique_ptr<QTemporaryFile>> m_joined; // by content
};

} // namespace sendoff::net

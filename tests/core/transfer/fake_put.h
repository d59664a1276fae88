// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FakePut: a web server that takes one file by PUT (RFC 9110 §9.3.4), under whatever name, and shows
// it by HEAD and GET with ranges. It misbehaves where a test says so. Not for: what real servers do
// (apache_server_process.h).

#include "core/transfer/destination.h"
#include "tests/support/fault_server.h"

#include <functional>
#include <optional>

namespace sendoff::test {

class FakePut {
public:
    // Called on the server's thread with each request; what it returns is done instead of the right
    // thing.
    using Misbehave = std::function<std::optional<Script>(const ReceivedRequest &)>;

    explicit FakePut(Misbehave misbehave = {});

    // With a user and a password.
    transfer::DestinationConfig config() const;
    bool isThere() const { return file().has_value(); }
    QByteArray content() const { return file().value_or(QByteArray()); } // up to 1 MiB
    FaultServer &server() { return m_server; }

private:
    std::optional<QByteArray> file() const;
    Script serve(const ReceivedRequest &request) const;

    FaultServer m_server;
};

} // namespace sendoff::test

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the tests of tus uploads in parts share: a server that puts them together, and a place there.

#include "tests/core/transfer/transfer_fixture.h"
#include "tests/support/fake_server.h"

namespace sendoff::test {

inline constexpr qint64 largeFile = (66 << 20) + 1;

inline FakeServer::Options concatenating()
{
    FakeServer::Options options;
    options.canConcatenate = true;
    return options;
}

inline std::unique_ptr<transfer::Destination>
parallelTus(TransferFixture &fixture, const FakeServer &server, int parts = 4)
{
    transfer::DestinationConfig config;
    config.name = QStringLiteral("Test server");
    config.type = QStringLiteral("tus");
    config.options.insert(QStringLiteral("url"), server.url().toString());
    config.options.insert(QStringLiteral("parallel"), QString::number(parts));
    return fixture.create(std::move(config));
}

inline QList<FakeServer::Upload> uploadsWith(const FakeServer &server, const QByteArray &concat)
{
    QList<FakeServer::Upload> found;
    for (const FakeServer::Upload &upload : server.uploads()) {
        if (upload.concat.split(';').first() == concat)
            found.append(upload);
    }
    return found;
}

} // namespace sendoff::test

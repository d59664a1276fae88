// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TusServersLab: two real tus servers, and what tests ask them.

#include "tests/core/transfer/transfer_fixture.h"
#include "tests/support/tus_server_process.h"

#include <QMap>

namespace sendoff::test {

using TusHeaders = QMap<QByteArray, QByteArray>;

inline const TusHeaders patchHeaders{{"Tus-Resumable", "1.0.0"},
                                     {"Upload-Offset", "0"},
                                     {"Content-Type", "application/offset+octet-stream"}};

class TusServersLab {
public:
    // A column “isUploadx” and a row for each server.
    static void servers();

    bool empty(); // no server, and nothing stored
    void start(bool isUploadx, QMap<QString, QString> settings = {});
    net::HttpReply ask(const QByteArray &method, const QUrl &url, const TusHeaders &headers,
                       const QByteArray &body = {});
    // Of 10 bytes.
    QUrl create(const TusHeaders &more = {});
    qint64 offsetOf(const QUrl &upload);
    Result<transfer::UploadResult> upload(const QByteArray &bytes);
    bool isStored(const QByteArray &bytes) const; // somewhere in the server's folder

    TransferFixture &fixture() { return *m_fixture; }
    QUrl url() const { return m_server->url(); }

private:
    std::unique_ptr<TransferFixture> m_fixture;
    std::unique_ptr<TusServerProcess> m_server;
};

} // namespace sendoff::test

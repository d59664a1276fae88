// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ShelfServer: the built-in upload destination: a tus 1.0.0 server on 127.0.0.1 that keeps
// finished videos as ordinary files and serves them with Range. Bounded memory; touches only its
// folders.

#include "core/base/file_path.h"
#include "core/base/result.h"

#include <QObject>
#include <QUrl>

#include <chrono>
#include <memory>

namespace sendoff::shelf {

struct ShelfOptions {
    FilePath folder; // finished videos, as ordinary files
    FilePath stateFolder; // unfinished uploads, the index, port and token (0700/0600)
    quint16 port = 0; // 0 = the one kept in stateFolder, or a free one, which is then kept
    qint64 freeSpaceFloor = 512LL << 20; // bytes that stay free on the disk
    int maxConnections = 256; // at once; one more is told to come back
    std::chrono::milliseconds headTimeout{30'000}; // for a request's headers to arrive
};

// Lives on the thread that starts it (the shelf thread).
class ShelfServer : public QObject {
    Q_OBJECT

public:
    // DestinationUnreachable where the port is taken, OutputNotWritable, DiskFull.
    static Result<std::unique_ptr<ShelfServer>> start(ShelfOptions options);
    ~ShelfServer() override;

    QUrl uploadUrl() const; // tus creation URL: http://127.0.0.1:PORT/files
    QByteArray token() const; // bearer token to create, PATCH and DELETE
    quint16 port() const;

Q_SIGNALS:
    void uploadFinished(const QString &fileName, const QUrl &link, qint64 bytes);

private:
    class Private;
    explicit ShelfServer(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace sendoff::shelf

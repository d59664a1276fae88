// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TransferFixture: what every upload test needs: files, Net, an I/O pool, a destination, and a
// record of what the uploader asked for. Time does not pass between attempts.

#include "core/base/worker_pool.h"
#include "core/transfer/net/net.h"
#include "core/transfer/uploader.h"

#include <QTemporaryDir>

namespace sendoff::test {

// The same bytes for the same seed; no two stretches are alike.
QByteArray noise(qint64 size, quint32 seed = 1);
QByteArray sha256Of(const QByteArray &bytes);
// “done”, or what went wrong: for messages.
QString outcomeOf(const Result<transfer::UploadResult> &result);
QByteArray contentOf(const QString &path);

class TransferFixture {
public:
    TransferFixture();
    ~TransferFixture();

    QString path(const QString &name) const { return m_folder.filePath(name); }
    FilePath write(const QString &name, const QByteArray &bytes);
    std::shared_ptr<transfer::ByteSource> sourceOf(const FilePath &file);

    transfer::DestinationContext &context() { return m_context; }
    net::Net &network() { return m_net; }
    // Aborts the test program where it cannot be created: a mistake of the test.
    std::unique_ptr<transfer::Destination> create(transfer::DestinationConfig config);
    std::unique_ptr<transfer::Destination> tus(const QUrl &url, const QByteArray &token = {});

    // Saves states, allows to finish, records waits; the caller changes what it wants.
    transfer::UploadRequest request(std::shared_ptr<transfer::ByteSource> source);
    transfer::UploadPolicy policy();
    Result<transfer::UploadResult> upload(transfer::Destination &destination,
                                          transfer::UploadRequest request,
                                          std::stop_token stop = {});

    // Without its delay; for tests that change the rest.
    transfer::UploadPolicy basePolicy;
    QList<std::chrono::milliseconds> delays; // that the uploader wanted
    QList<Error> waits; // why
    QList<QJsonObject> states; // saved, in order

private:
    QTemporaryDir m_folder;
    WorkerPool m_io;
    net::Net m_net;
    transfer::DestinationContext m_context;
};

} // namespace sendoff::test

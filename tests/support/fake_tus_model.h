// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FakeServer::Model: what a tus server keeps and how it answers a request that has arrived, written
// from the specification (tus 1.0.0). Not for: connections and what goes wrong on them
// (fake_server.cpp).

#include "tests/support/fake_server.h"

#include <utility>

namespace sendoff::test {

// Any thread, under `mutex`.
struct FakeServer::Model {
    using Headers = QMap<QByteArray, QByteArray>;
    struct Answer {
        int status = 0;
        Headers headers;
    };

    explicit Model(Options serverOptions)
        : options(std::move(serverOptions))
    {
    }

    const Options options;
    mutable std::mutex mutex;
    QByteArray token = options.token; // that is wanted now
    QList<Fault> faults;
    QMap<QByteArray, int> seen; // requests by method
    QList<Upload> uploads;
    QList<Request> requests;
    int bodies = 0; // that are coming in
    int mostBodies = 0;

    Upload *find(const QByteArray &path);
    std::optional<Fault> faultFor(const QByteArray &method);
    bool isAllowed(const Request &request) const;
    // Whether a body of `size` bytes may be kept as it arrives, as real servers do.
    bool canStore(const Request &request, qint64 size);
    // All of the request is there; `kept` is what canStore() let into the upload.
    Answer serve(const Request &request, const QByteArray &kept, bool mayStore);

private:
    Answer offer() const;
    Answer create(const Request &request);
    Answer concatenate(const Request &request, Upload upload);
    Answer made(const Request &request, Upload upload);
    Answer patch(const Request &request, Upload &upload, const QByteArray &kept, bool mayStore);
    static Answer status(Upload &upload);
    // 0 where the checksum is right or none was sent.
    int checksumFault(const Request &request, const QByteArray &body) const;
};

} // namespace sendoff::test

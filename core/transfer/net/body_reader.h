// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// BodyReader: reads a request's body front to back, once, for curl's read callback. It never waits
// for a disk: bytes that are not in memory are fetched by another thread meanwhile.

#include "core/transfer/net/http.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace sendoff {
class WorkerPool;
}

namespace sendoff::net {

// Lives on the network thread.
class BodyReader {
public:
    explicit BodyReader(const RequestBody &body);
    ~BodyReader();
    BodyReader(const BodyReader &) = delete;
    BodyReader &operator=(const BodyReader &) = delete;

    // `arrived` is called from the event loop after each Outcome::Pending. The pool outlives
    // close().
    void open(WorkerPool &pool, std::function<void()> arrived);
    void close(); // nothing arrives any more; idempotent

    enum class Outcome {
        Bytes,
        Pending, // being fetched: read again when it has arrived
        Truncated, // the file ends before the body does
        Failed, // a read error: systemError()
    };
    // Fills `buffer` with 1 … `size` bytes. Only where remaining() > 0.
    Outcome read(char *buffer, qint64 size, qint64 *filled);

    qint64 position() const { return m_position; } // bytes read so far
    qint64 remaining() const { return m_body.length() - m_position; }
    bool isPending() const { return m_isPending; }
    int systemError() const { return m_systemError; } // errno of the failure

private:
    struct Link; // survives the reader: what a fetch in flight holds
    Outcome readFile(char *buffer, qint64 wanted, qint64 *filled);
    void fetch(qint64 wanted);
    void arrive(Result<QByteArray> bytes);

    RequestBody m_body;
    qint64 m_position = 0;
    int m_systemError = 0;
    bool m_isPending = false;
    bool m_isStarting = false; // a fetch, right now
    bool m_isInMemory = false; // of a file system that lives in memory
    QByteArray m_fetched;
    qint64 m_fetchedTaken = 0;
    WorkerPool *m_pool = nullptr;
    std::function<void()> m_arrived;
    std::shared_ptr<Link> m_link;
};

} // namespace sendoff::net

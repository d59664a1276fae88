// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ShelfThread: the Shelf's server on a thread of its own, or the one that another process of the
// same profile already runs.

#include "core/base/process_lock.h"
#include "core/base/result.h"
#include "core/shelf/shelf_server.h"

#include <QByteArray>
#include <QUrl>

#include <memory>

class QThread;

namespace sendoff::app {

// Main thread.
class ShelfThread {
public:
    // As ShelfServer::start(), or the address of the one that runs. Blocks for the few
    // milliseconds of opening its folders.
    static Result<std::unique_ptr<ShelfThread>> start(shelf::ShelfOptions options);
    ~ShelfThread();

    QUrl uploadUrl() const { return m_uploadUrl; }
    QByteArray token() const { return m_token; }
    // Signals arrive queued; null where another process serves.
    shelf::ShelfServer *server() const { return m_server.get(); }

private:
    ShelfThread() = default;
    Result<void> startServer(shelf::ShelfOptions options);

    std::unique_ptr<ProcessLock> m_lock; // held by the process that serves
    std::unique_ptr<QThread> m_thread; // null where another process serves
    std::unique_ptr<shelf::ShelfServer> m_server; // made and destroyed on m_thread
    QUrl m_uploadUrl;
    QByteArray m_token;
};

} // namespace sendoff::app

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// OwnerServer: takes the commands of other processes, for the one process that owns the profile, and
// sends their words back. Not for: what a command does.

#include "app/owner/owner_protocol.h"
#include "app/owner/owner_socket.h"
#include "core/base/async_event.h"
#include "core/base/task_scope.h"

#include <QCoroTask>
#include <QObject>

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

class QSocketNotifier;

namespace sendoff::app {

class OwnerConnection;

// Main thread. close() is awaited before it dies.
class OwnerServer : public QObject {
    Q_OBJECT

public:
    // Runs one command, whose words go to `output` until it resolves; returns its exit code.
    using Run = std::function<QCoro::Task<int>(HandOver, Output *output, std::stop_token)>;

    // The caller holds the profile's lock. Callers are accepted from now on and wait for serve().
    // OutputNotWritable, …
    static Result<std::unique_ptr<OwnerServer>> listen(const FilePath &socket);
    // Hears nobody.
    static std::unique_ptr<OwnerServer> deaf();
    ~OwnerServer() override;

    void serve(Run run);
    // Commands of others that run here, also those whose caller has left.
    int running() const { return m_running; }
    // Resolves when none runs any more, or when stopped.
    QCoro::Task<void> idle(std::stop_token stop);
    // From now on callers are told to take the profile over; so are those whose commands this stops.
    QCoro::Task<void> close();

private:
    explicit OwnerServer(FilePath socket);
    void acceptCallers();
    void hear(const std::shared_ptr<OwnerConnection> &connection);
    void begin(const std::shared_ptr<OwnerConnection> &connection, HandOver handOver);
    QCoro::Task<void> runFor(std::shared_ptr<OwnerConnection> connection, HandOver handOver,
                             std::stop_token stop);
    void stopListening();

    struct Waiting {
        std::shared_ptr<OwnerConnection> connection;
        HandOver handOver;
    };
    FilePath m_path;
    SocketIdentity m_identity;
    int m_listener = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
    Run m_run;
    bool m_isClosing = false;
    std::vector<std::shared_ptr<OwnerConnection>> m_connections; // the open ones
    std::vector<Waiting> m_waiting; // for serve()
    int m_running = 0;
    AsyncEvent *m_someEnded = nullptr; // where idle() waits
    TaskScope m_runs;
};

} // namespace sendoff::app

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/owner/owner_server.h"

#include "app/exit_code.h"
#include "app/owner/owner_connection.h"

#include <QSocketNotifier>
#include <QTimer>

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

namespace sendoff::app {

namespace {

constexpr std::size_t maxConnections = 500;
constexpr std::chrono::seconds pauseWithoutDescriptors{1};
// For the last words to callers that read slowly; at the end of the program.
constexpr std::chrono::milliseconds drainLimit{1000};

} // namespace

Result<std::unique_ptr<OwnerServer>> OwnerServer::listen(const FilePath &socket)
{
    SO_TRY(const int listener, listenAt(socket));
    std::unique_ptr<OwnerServer> server(new OwnerServer(socket));
    server->m_listener = listener;
    server->m_identity = socketIdentity(socket);
    server->m_notifier = std::make_unique<QSocketNotifier>(listener, QSocketNotifier::Read);
    connect(server->m_notifier.get(), &QSocketNotifier::activated, server.get(),
            &OwnerServer::acceptCallers);
    return server;
}

OwnerServer::OwnerServer(FilePath socket) : m_path(std::move(socket)) {}

std::unique_ptr<OwnerServer> OwnerServer::deaf()
{
    return std::unique_ptr<OwnerServer>(new OwnerServer({}));
}

OwnerServer::~OwnerServer()
{
    stopListening();
}

void OwnerServer::stopListening()
{
    if (m_listener < 0)
        return;
    m_notifier.reset();
    removeSocket(m_path, m_identity);
    ::close(std::exchange(m_listener, -1));
}

void OwnerServer::acceptCallers()
{
    for (;;) {
        const int descriptor = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (descriptor < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM)) {
            m_notifier->setEnabled(false); // it would fire again at once
            QTimer::singleShot(pauseWithoutDescriptors, m_notifier.get(),
                               [notifier = m_notifier.get()] { notifier->setEnabled(true); });
        }
        if (descriptor < 0)
            return;
        if (!isSameUser(descriptor) || m_connections.size() >= maxConnections) {
            ::close(descriptor);
            continue;
        }
        // The connection calls only while it lives, and it lives in the list or in a run.
        const auto place = std::make_shared<std::weak_ptr<OwnerConnection>>();
        const auto connection = std::make_shared<OwnerConnection>(
            descriptor,
            [this, place] {
                if (const auto caller = place->lock())
                    hear(caller);
            },
            [this, place] {
                // Not from within the signal of what this destroys.
                QTimer::singleShot(0, this,
                                   [this, place] { std::erase(m_connections, place->lock()); });
            });
        *place = connection;
        m_connections.push_back(connection);
        hear(connection);
    }
}

void OwnerServer::hear(const std::shared_ptr<OwnerConnection> &connection)
{
    auto command = connection->command();
    if (!command)
        return;
    if (!*command) {
        connection->say(command->error());
        connection->finish();
        return;
    }
    connection->say(OwnerAccepted{::getpid()});
    if (m_isClosing) {
        connection->say(OwnerRefusal::Closing);
        connection->finish();
    } else if (m_run) {
        begin(connection, std::move(**command));
    } else {
        m_waiting.push_back(Waiting{connection, std::move(**command)});
    }
}

void OwnerServer::serve(Run run)
{
    m_run = std::move(run);
    for (Waiting &waiting : std::exchange(m_waiting, {}))
        begin(waiting.connection, std::move(waiting.handOver));
}

void OwnerServer::begin(const std::shared_ptr<OwnerConnection> &connection, HandOver handOver)
{
    ++m_running;
    m_runs.spawn([this, connection, handOver = std::move(handOver)](std::stop_token stop) {
        return runFor(connection, handOver, std::move(stop));
    });
}

QCoro::Task<void> OwnerServer::runFor(std::shared_ptr<OwnerConnection> connection,
                                      HandOver handOver, std::stop_token stop)
{
    auto running = m_run(std::move(handOver), connection.get(), stop);
    const int code = co_await std::move(running);
    // Stopped before it was done: the caller goes on with it itself.
    if (stop.stop_requested() && code == int(ExitCode::Stopped))
        connection->say(OwnerRefusal::Closing);
    else
        connection->say(OwnerExit{code});
    connection->finish();
    --m_running;
    if (m_someEnded)
        m_someEnded->set();
}

QCoro::Task<void> OwnerServer::idle(std::stop_token stop)
{
    while (m_running > 0 && !stop.stop_requested()) {
        AsyncEvent ended;
        m_someEnded = &ended;
        co_await ended.wait(stop);
        m_someEnded = nullptr;
    }
}

QCoro::Task<void> OwnerServer::close()
{
    m_isClosing = true;
    stopListening();
    for (const Waiting &waiting : std::exchange(m_waiting, {})) {
        waiting.connection->say(OwnerRefusal::Closing);
        waiting.connection->finish();
    }
    m_runs.cancel();
    co_await m_runs.join();
    for (const auto &connection : m_connections)
        connection->drain(drainLimit);
}

} // namespace sendoff::app

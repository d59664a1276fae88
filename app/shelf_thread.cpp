// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shelf_thread.h"

#include "core/base/posted_call.h"
#include "core/shelf/shelf_identity.h"

#include <QThread>

namespace sendoff::app {

namespace {

Result<std::unique_ptr<ProcessLock>> lockFor(const FilePath &stateFolder)
{
    std::error_code code;
    std::filesystem::create_directories(stateFolder, code);
    if (code)
        return failure(Error::fromErrno(code.value(), Error::FileRole::Output,
                                        QStringLiteral("make folder"), displayPath(stateFolder)));
    std::filesystem::permissions(stateFolder, std::filesystem::perms::owner_all, code);
    return ProcessLock::take(stateFolder / "shelf.lock");
}

} // namespace

ShelfThread::~ShelfThread()
{
    if (!m_thread)
        return;
    callAndWait(m_thread.get(), [this] { m_server.reset(); });
    m_thread->quit();
    m_thread->wait();
}

Result<std::unique_ptr<ShelfThread>> ShelfThread::start(shelf::ShelfOptions options)
{
    std::unique_ptr<ShelfThread> shelf(new ShelfThread);
    auto lock = lockFor(options.stateFolder);
    if (lock) {
        shelf->m_lock = std::move(*lock);
        SO_TRY_VOID(shelf->startServer(std::move(options)));
        return shelf;
    }
    if (lock.error().kind != ErrorKind::ProfileInUse)
        return tl::unexpected(std::move(lock).error());
    const shelf::ShelfIdentity running = shelf::loadIdentity(options.stateFolder);
    if (running.port == 0)
        return failure(Error(ErrorKind::DestinationUnreachable,
                             QStringLiteral("locked, but no port is kept"))
                           .with(argument::destination, QStringLiteral("the Shelf"))
                           .with(argument::reason, QStringLiteral("it is just being started")));
    shelf->m_uploadUrl =
        QUrl(QStringLiteral("http://127.0.0.1:%1/files").arg(running.port));
    shelf->m_token = running.token;
    return shelf;
}

Result<void> ShelfThread::startServer(shelf::ShelfOptions options)
{
    m_thread = std::make_unique<QThread>();
    m_thread->setObjectName(QStringLiteral("shelf"));
    m_thread->start();
    Result<void> started;
    callAndWait(m_thread.get(), [&] {
        auto server = shelf::ShelfServer::start(std::move(options));
        if (server)
            m_server = std::move(*server);
        else
            started = tl::unexpected(server.error());
    });
    SO_TRY_VOID(std::move(started));
    m_uploadUrl = m_server->uploadUrl();
    m_token = m_server->token();
    return {};
}

} // namespace sendoff::app

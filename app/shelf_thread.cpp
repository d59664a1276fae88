// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shelf_thread.h"

#include <QThread>

namespace sendoff::app {

ShelfThread::ShelfThread()
    : m_thread(std::make_unique<QThread>()), m_context(std::make_unique<QObject>())
{
    m_thread->setObjectName(QStringLiteral("shelf"));
    m_context->moveToThread(m_thread.get());
    m_thread->start();
}

ShelfThread::~ShelfThread()
{
    QMetaObject::invokeMethod(
        m_context.get(), [this] { m_server.reset(); }, Qt::BlockingQueuedConnection);
    m_thread->quit();
    m_thread->wait();
}

Result<std::unique_ptr<ShelfThread>> ShelfThread::start(shelf::ShelfOptions options)
{
    std::unique_ptr<ShelfThread> shelf(new ShelfThread);
    Result<void> started;
    QMetaObject::invokeMethod(
        shelf->m_context.get(),
        [&] {
            auto server = shelf::ShelfServer::start(std::move(options));
            if (server)
                shelf->m_server = std::move(*server);
            else
                started = tl::unexpected(server.error());
        },
        Qt::BlockingQueuedConnection);
    SO_TRY_VOID(std::move(started));
    shelf->m_uploadUrl = shelf->m_server->uploadUrl();
    shelf->m_token = shelf->m_server->token();
    return shelf;
}

} // namespace sendoff::app

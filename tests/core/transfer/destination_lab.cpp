// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/transfer/destination_lab.h"

#include "core/shelf/shelf_server.h"
#include "tests/support/fake_server.h"

#include <QDir>
#include <QProcess>
#include <QThread>

namespace sendoff::test {

namespace {

class FolderLab final : public DestinationLab {
public:
    explicit FolderLab(TransferFixture &fixture)
        : m_folder(fixture.path(QStringLiteral("folder")))
    {
        QDir().mkpath(m_folder);
    }
    transfer::DestinationConfig config() override
    {
        transfer::DestinationConfig config;
        config.name = QStringLiteral("Folder");
        config.type = QStringLiteral("folder");
        config.options.insert(QStringLiteral("folder"), m_folder);
        return config;
    }
    QByteArray delivered(const QUrl &link) override { return contentOf(link.toLocalFile()); }
    int deliveredCount() override { return int(QDir(m_folder).entryList(QDir::Files).size()); }

private:
    QString m_folder;
};

class TusLab final : public DestinationLab {
public:
    TusLab()
        : m_server({.token = "letmein"})
    {
    }

    transfer::DestinationConfig config() override
    {
        transfer::DestinationConfig config;
        config.name = QStringLiteral("tus server");
        config.type = QStringLiteral("tus");
        config.options.insert(QStringLiteral("url"), m_server.url().toString());
        config.secrets.insert(QStringLiteral("token"), "letmein");
        return config;
    }
    std::optional<transfer::DestinationConfig> lockedConfig() override
    {
        transfer::DestinationConfig locked = config();
        locked.secrets.insert(QStringLiteral("token"), "wrong");
        return locked;
    }
    QByteArray delivered(const QUrl &link) override
    {
        for (const FakeServer::Upload &upload : m_server.uploads()) {
            if (upload.path == link.path().toUtf8() && !upload.isRemoved)
                return upload.bytes;
        }
        return "(not there)";
    }
    int deliveredCount() override
    {
        int count = 0;
        for (const FakeServer::Upload &upload : m_server.uploads())
            count += !upload.isRemoved && upload.length == upload.bytes.size() ? 1 : 0;
        return count;
    }

private:
    FakeServer m_server;
};

// The real Shelf, on a thread of its own as in the program.
class ShelfLab final : public DestinationLab {
public:
    explicit ShelfLab(TransferFixture &fixture)
        : m_fixture(&fixture)
        , m_folder(fixture.path(QStringLiteral("shelf")))
    {
        shelf::ShelfOptions options;
        options.folder = m_folder.toStdString();
        options.stateFolder = fixture.path(QStringLiteral("shelf-state")).toStdString();
        options.freeSpaceFloor = 1 << 20;
        m_context.moveToThread(&m_thread);
        m_thread.start();
        QMetaObject::invokeMethod(
            &m_context,
            [this, options] {
                auto started = shelf::ShelfServer::start(options);
                if (!started)
                    qFatal("the Shelf does not start: %s", qPrintable(started.error().detail));
                m_server = *std::move(started);
            },
            Qt::BlockingQueuedConnection);
        fixture.context().shelf = {m_server->uploadUrl(), m_server->token()};
    }
    ~ShelfLab() override
    {
        QMetaObject::invokeMethod(
            &m_context, [this] { m_server.reset(); }, Qt::BlockingQueuedConnection);
        m_thread.quit();
        m_thread.wait();
    }
    transfer::DestinationConfig config() override
    {
        m_fixture->context().shelf->token = m_server->token();
        transfer::DestinationConfig config;
        config.name = QStringLiteral("Shelf");
        config.type = QStringLiteral("shelf");
        return config;
    }
    std::optional<transfer::DestinationConfig> lockedConfig() override
    {
        transfer::DestinationConfig locked = config();
        m_fixture->context().shelf->token = "wrong";
        return locked;
    }
    // With curl, as a browser would.
    QByteArray delivered(const QUrl &link) override
    {
        QProcess curl;
        curl.start(QStringLiteral("curl"),
                   {QStringLiteral("-sf"), QStringLiteral("--noproxy"), QStringLiteral("*"),
                    link.toString(QUrl::FullyEncoded)});
        curl.waitForFinished();
        return curl.exitCode() == 0 ? curl.readAllStandardOutput() : QByteArray("(not there)");
    }
    int deliveredCount() override { return int(QDir(m_folder).entryList(QDir::Files).size()); }

private:
    TransferFixture *m_fixture;
    QString m_folder;
    QThread m_thread;
    QObject m_context;
    std::unique_ptr<shelf::ShelfServer> m_server;
};

} // namespace

std::unique_ptr<DestinationLab> labFor(const QString &type, TransferFixture &fixture)
{
    if (type == u"folder")
        return std::make_unique<FolderLab>(fixture);
    if (type == u"tus")
        return std::make_unique<TusLab>();
    if (type == u"shelf")
        return std::make_unique<ShelfLab>(fixture);
    return nullptr;
}

} // namespace sendoff::test

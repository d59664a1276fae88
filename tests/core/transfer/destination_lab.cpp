// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/transfer/destination_lab.h"

#include "core/base/posted_call.h"
#include "core/shelf/shelf_server.h"
#include "tests/support/apache_server_process.h"
#include "tests/support/fake_server.h"
#include "tests/support/swift_server_process.h"
#include "tests/support/tus_server_process.h"

#include <QDir>
#include <QProcess>
#include <QThread>

namespace sendoff::test {

namespace {

QStringList curlArguments(const QUrl &link)
{
    return {QStringLiteral("-sf"), QStringLiteral("--path-as-is"), QStringLiteral("--noproxy"),
            QStringLiteral("*"), link.toString(QUrl::FullyEncoded)};
}

// As a browser would.
QByteArray fetchedByCurl(const QUrl &link)
{
    QProcess curl;
    curl.start(QStringLiteral("curl"), curlArguments(link));
    curl.waitForFinished(-1);
    return curl.exitCode() == 0 ? curl.readAllStandardOutput() : QByteArray("(not there)");
}

QByteArray sha256ByCurl(const QUrl &link)
{
    QProcess curl;
    QProcess sum;
    curl.setStandardOutputProcess(&sum);
    curl.start(QStringLiteral("curl"), curlArguments(link));
    sum.start(QStringLiteral("sha256sum"), QStringList());
    curl.waitForFinished(-1);
    sum.waitForFinished(-1);
    return curl.exitCode() == 0 ? sum.readAllStandardOutput().left(64) : QByteArray("(not there)");
}

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
    QByteArray deliveredSha256(const QUrl &link) override { return sha256ByCurl(link); }
    int deliveredCount() override { return int(QDir(m_folder).entryList(QDir::Files).size()); }

private:
    QString m_folder;
};

class TusLab final : public DestinationLab {
public:
    TusLab()
        : m_server({.token = "canary-token"})
    {
    }

    transfer::DestinationConfig config() override
    {
        transfer::DestinationConfig config;
        config.name = QStringLiteral("tus server");
        config.type = QStringLiteral("tus");
        config.options.insert(QStringLiteral("url"), m_server.url().toString());
        config.secrets.insert(QStringLiteral("token"), "canary-token");
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

// The reference server, which keeps what it takes on the disk.
class ReferenceTusLab final : public DestinationLab {
public:
    explicit ReferenceTusLab(TransferFixture &fixture)
        : m_folder(fixture.path(QStringLiteral("tus")))
        , m_server(m_folder)
    {
        QDir().mkpath(m_folder);
        if (!m_server.start())
            qFatal("%s", qPrintable(m_server.why()));
    }
    transfer::DestinationConfig config() override
    {
        transfer::DestinationConfig config;
        config.name = QStringLiteral("tus server");
        config.type = QStringLiteral("tus");
        config.options.insert(QStringLiteral("url"), m_server.url().toString());
        return config;
    }
    QByteArray delivered(const QUrl &link) override { return fetchedByCurl(link); }
    QByteArray deliveredSha256(const QUrl &link) override { return sha256ByCurl(link); }
    int deliveredCount() override
    {
        return int(QDir(m_folder).entryList({QStringLiteral("*.json")}, QDir::Files).size());
    }

private:
    QString m_folder;
    TusServerProcess m_server;
};

// OpenStack Swift: a real S3 server, one for the whole test program, with a bucket for each lab.
class S3Lab final : public DestinationLab {
public:
    S3Lab()
        : m_bucket(QStringLiteral("bucket-%1").arg(++made))
    {
        server().makeBucket(m_bucket);
    }
    transfer::DestinationConfig config() override
    {
        transfer::DestinationConfig config;
        config.name = QStringLiteral("Bucket");
        config.type = QStringLiteral("s3");
        config.options = {{QStringLiteral("bucket"), m_bucket},
                          {QStringLiteral("prefix"), QStringLiteral("videos")},
                          {QStringLiteral("endpoint"), server().endpoint().toString()},
                          {QStringLiteral("path_style"), QStringLiteral("1")}};
        config.secrets = {{QStringLiteral("access_key"), SwiftServerProcess::accessKey},
                          {QStringLiteral("secret_key"), SwiftServerProcess::secretKey}};
        return config;
    }
    std::optional<transfer::DestinationConfig> lockedConfig() override
    {
        transfer::DestinationConfig locked = config();
        locked.secrets.insert(QStringLiteral("secret_key"), "wrong");
        return locked;
    }
    // The link as a browser would open it, and the object by Swift's own interface.
    QByteArray delivered(const QUrl &link) override
    {
        const QByteArray bytes = fetchedByCurl(link);
        const QString key = link.path().section(u'/', 2);
        return server().object(m_bucket, key) == bytes ? bytes : QByteArray("(not the same)");
    }
    QByteArray deliveredSha256(const QUrl &link) override { return sha256ByCurl(link); }
    int deliveredCount() override { return int(server().keys(m_bucket).size()); }

private:
    static SwiftServerProcess &server()
    {
        static SwiftServerProcess swift;
        static const bool isRunning = swift.start();
        if (!isRunning)
            qFatal("%s", qPrintable(swift.why()));
        return swift;
    }
    static inline int made = 0;
    QString m_bucket;
};

// Apache, which takes files by PUT.
class PutLab final : public DestinationLab {
public:
    PutLab()
    {
        if (!m_server.start())
            qFatal("%s", qPrintable(m_server.why()));
    }
    transfer::DestinationConfig config() override
    {
        transfer::DestinationConfig config;
        config.name = QStringLiteral("Web server");
        config.type = QStringLiteral("put");
        config.options = {{QStringLiteral("url"), m_server.url().toString()},
                          {QStringLiteral("user"), QLatin1String(ApacheServerProcess::user)}};
        config.secrets = {{QStringLiteral("password"), ApacheServerProcess::password}};
        return config;
    }
    std::optional<transfer::DestinationConfig> lockedConfig() override
    {
        transfer::DestinationConfig locked = config();
        locked.secrets.insert(QStringLiteral("password"), "wrong");
        return locked;
    }
    QByteArray delivered(const QUrl &link) override { return fetchedByCurl(withUser(link)); }
    QByteArray deliveredSha256(const QUrl &link) override { return sha256ByCurl(withUser(link)); }
    int deliveredCount() override
    {
        const QDir folder(m_server.folder());
        return int(folder.entryList(QDir::Files | QDir::Hidden).size());
    }

private:
    static QUrl withUser(QUrl link)
    {
        link.setUserName(QLatin1String(ApacheServerProcess::user));
        link.setPassword(QLatin1String(ApacheServerProcess::password));
        return link;
    }

    ApacheServerProcess m_server;
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
        m_thread.start();
        callAndWait(&m_thread, [this, options] {
            auto started = shelf::ShelfServer::start(options);
            if (!started)
                qFatal("the Shelf does not start: %s", qPrintable(started.error().detail));
            m_server = *std::move(started);
        });
        fixture.context().shelf = {m_server->uploadUrl(), m_server->token()};
    }
    ~ShelfLab() override
    {
        callAndWait(&m_thread, [this] { m_server.reset(); });
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
    QByteArray delivered(const QUrl &link) override { return fetchedByCurl(link); }
    QByteArray deliveredSha256(const QUrl &link) override { return sha256ByCurl(link); }
    int deliveredCount() override { return int(QDir(m_folder).entryList(QDir::Files).size()); }

private:
    TransferFixture *m_fixture;
    QString m_folder;
    QThread m_thread;
    std::unique_ptr<shelf::ShelfServer> m_server;
};

} // namespace

std::unique_ptr<DestinationLab> labFor(const QString &type, TransferFixture &fixture, bool large)
{
    if (type == u"folder")
        return std::make_unique<FolderLab>(fixture);
    if (type == u"tus" && large)
        return std::make_unique<ReferenceTusLab>(fixture);
    if (type == u"tus")
        return std::make_unique<TusLab>();
    if (type == u"shelf")
        return std::make_unique<ShelfLab>(fixture);
    if (type == u"s3")
        return std::make_unique<S3Lab>();
    if (type == u"put")
        return std::make_unique<PutLab>();
    return nullptr;
}

} // namespace sendoff::test

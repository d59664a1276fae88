// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Kills a process that uploads at each named point, starts it again, and looks at the server: the
// file is there once, and what the server had was not sent again.
#include "core/transfer/uploader.h"

#include "core/base/error_text.h"
#include "tests/core/transfer/fake_put.h"
#include "tests/core/transfer/fake_s3.h"
#include "tests/core/transfer/transfer_fixture.h"
#include "tests/support/fake_server.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QSaveFile>
#include <QTextStream>
#include <QtTest>

#include <csignal>

using namespace sendoff;
using namespace sendoff::test;

namespace {

constexpr qint64 crashFileSize = 4'000'000;

QCoro::Task<Result<void>> storeState(QString path, QJsonObject state)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        co_return failure(ErrorKind::StoreUnavailable);
    file.write(QJsonDocument(state).toJson());
    file.commit();
    co_return Result<void>();
}

transfer::DestinationConfig configOf(const QString &type, QMap<QString, QString> options)
{
    transfer::DestinationConfig config;
    config.name = QStringLiteral("Place");
    config.type = type;
    config.options = std::move(options);
    return config;
}

// As an argument of the process that dies; its secrets are a test's.
QString written(const transfer::DestinationConfig &config)
{
    QJsonObject options;
    for (auto it = config.options.begin(); it != config.options.end(); ++it)
        options.insert(it.key(), it.value());
    QJsonObject secrets;
    for (auto it = config.secrets.begin(); it != config.secrets.end(); ++it)
        secrets.insert(it.key(), QString::fromUtf8(it.value()));
    const QJsonObject all{{QStringLiteral("type"), config.type},
                          {QStringLiteral("options"), options},
                          {QStringLiteral("secrets"), secrets}};
    return QString::fromUtf8(QJsonDocument(all).toJson(QJsonDocument::Compact));
}

transfer::DestinationConfig configIn(const QString &text)
{
    const QJsonObject all = QJsonDocument::fromJson(text.toUtf8()).object();
    auto config = configOf(all[u"type"].toString(), {});
    const QJsonObject options = all[u"options"].toObject();
    for (auto it = options.begin(); it != options.end(); ++it)
        config.options.insert(it.key(), it.value().toString());
    const QJsonObject secrets = all[u"secrets"].toObject();
    for (auto it = secrets.begin(); it != secrets.end(); ++it)
        config.secrets.insert(it.key(), it.value().toString().toUtf8());
    return config;
}

// The process that dies: uploads a file to a destination, its state in STATE, as the program does.
int uploadInChild(const QStringList &arguments)
{
    TransferFixture fixture;
    const QString statePath = arguments.value(4);
    const auto destination = fixture.create(configIn(arguments.value(2)));
    auto request = fixture.request(fixture.sourceOf(arguments.value(3).toStdString()));
    request.resumeState = QJsonDocument::fromJson(contentOf(statePath)).object();
    request.saveState = [statePath](QJsonObject state) {
        return storeState(statePath, std::move(state));
    };
    const auto result = fixture.upload(*destination, std::move(request));
    if (!result) {
        qCritical("%s", qPrintable(describe(result.error()).sentence()));
        return 1;
    }
    QTextStream(stdout) << result->delivery.link.toString(QUrl::FullyEncoded) << ' '
                        << result->resentBytes << Qt::endl;
    return 0;
}

struct ChildEnd {
    bool wasKilled = false;
    int exitCode = 0;
    QByteArray output;
};

// Uploads `file` of `fixture`, whose folder keeps the state from one process to the next.
ChildEnd runChild(const TransferFixture &fixture, const transfer::DestinationConfig &config,
                  const FilePath &file, const QString &crashAt)
{
    const QStringList arguments{QStringLiteral("--upload"), written(config),
                                QString::fromStdString(file.string()),
                                fixture.path(QStringLiteral("state"))};
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(QStringLiteral("SENDOFF_CRASH_AT"));
    if (!crashAt.isEmpty())
        environment.insert(QStringLiteral("SENDOFF_CRASH_AT"), crashAt);
    child.setProcessEnvironment(environment);
    child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    child.start(QCoreApplication::applicationFilePath(), arguments);
    child.waitForFinished(-1);
    ChildEnd end;
    end.wasKilled = child.exitStatus() == QProcess::CrashExit;
    end.exitCode = child.exitCode();
    end.output = child.readAllStandardOutput().trimmed();
    return end;
}

} // namespace

class TestUploadCrash : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void deliversOnceWhereverItDies_data();
    void deliversOnceWhereverItDies();
    void deliversPartsOnceWhereverItDies_data() { points(); }
    void deliversPartsOnceWhereverItDies();
    void copiesOnceWhereverItDies_data() { points(); }
    void copiesOnceWhereverItDies();
    void putsOnceWhereverItDies_data() { points(); }
    void putsOnceWhereverItDies();
    void completesOnceWhereverItDies_data() { points(); }
    void completesOnceWhereverItDies();

private:
    void points();
};

void TestUploadCrash::points()
{
    QTest::addColumn<QString>("point");
    for (const char *point : {"upload-session-created", "upload-state-saved", "upload-part-sent",
                              "upload-before-finish", "upload-after-finish"})
        QTest::newRow(point) << QString::fromLatin1(point);
}

void TestUploadCrash::deliversOnceWhereverItDies_data()
{
    points();
}

void TestUploadCrash::deliversOnceWhereverItDies()
{
    QFETCH(const QString, point);
    TransferFixture fixture;
    FakeServer server;
    const QByteArray bytes = noise(crashFileSize);
    const FilePath file = fixture.write(QStringLiteral("clip.mp4"), bytes);
    const auto config = configOf(
        QStringLiteral("tus"), {{QStringLiteral("url"), server.url().toString()}});
    const ChildEnd first = runChild(fixture, config, file, point);
    QVERIFY2(first.wasKilled, "it did not pass the point");
    const ChildEnd second = runChild(fixture, config, file, {});
    QVERIFY(!second.wasKilled);
    QCOMPARE(second.exitCode, 0);
    QCOMPARE(second.output.split(' ').value(1), QByteArray("0")); // nothing twice
    int complete = 0;
    qint64 received = 0;
    for (const FakeServer::Upload &upload : server.uploads()) {
        complete += upload.bytes == bytes ? 1 : 0;
        received += upload.bytes.size();
    }
    QCOMPARE(complete, 1);
    QCOMPARE(received, crashFileSize);
    // An upload that was made, but not stored, is one that nobody can find again.
    QCOMPARE(server.uploads().size(), point == u"upload-session-created" ? 2 : 1);
}

// tus: Concatenation. Each partial upload goes on at its own offset.
void TestUploadCrash::deliversPartsOnceWhereverItDies()
{
    QFETCH(const QString, point);
    constexpr qint64 size = (66 << 20) + 1;
    TransferFixture fixture;
    FakeServer::Options options;
    options.canConcatenate = true;
    FakeServer server(options);
    const QByteArray bytes = noise(size);
    const FilePath file = fixture.write(QStringLiteral("clip.mp4"), bytes);
    const auto config = configOf(QStringLiteral("tus"),
                                 {{QStringLiteral("url"), server.url().toString()},
                                  {QStringLiteral("parallel"), QStringLiteral("4")}});
    QVERIFY2(runChild(fixture, config, file, point).wasKilled, "it did not pass the point");
    const ChildEnd second = runChild(fixture, config, file, {});
    QCOMPARE(second.exitCode, 0);
    QCOMPARE(second.output.split(' ').value(1), QByteArray("0")); // nothing twice
    int whole = 0;
    qint64 received = 0;
    for (const FakeServer::Upload &upload : server.uploads()) {
        whole += upload.concat.startsWith("final") && upload.bytes == bytes ? 1 : 0;
        received += upload.concat == "partial" ? upload.bytes.size() : 0;
    }
    QCOMPARE(whole, 1);
    QCOMPARE(received, size);
}

void TestUploadCrash::copiesOnceWhereverItDies()
{
    QFETCH(const QString, point);
    TransferFixture fixture;
    const QByteArray bytes = noise(crashFileSize);
    const FilePath file = fixture.write(QStringLiteral("source.mp4"), bytes);
    const QString folder = fixture.path(QStringLiteral("target"));
    QVERIFY(QDir().mkpath(folder));
    const auto config =
        configOf(QStringLiteral("folder"), {{QStringLiteral("folder"), folder}});
    QVERIFY2(runChild(fixture, config, file, point).wasKilled, "it did not pass the point");
    const ChildEnd second = runChild(fixture, config, file, {});
    QVERIFY(!second.wasKilled);
    QCOMPARE(second.exitCode, 0);
    QCOMPARE(QDir(folder).entryList(QDir::Files), QStringList{QStringLiteral("clip.mp4")});
    QVERIFY(contentOf(folder + QStringLiteral("/clip.mp4")) == bytes);
}

void TestUploadCrash::putsOnceWhereverItDies()
{
    QFETCH(const QString, point);
    TransferFixture fixture;
    FakePut server;
    const QByteArray bytes = noise(crashFileSize);
    const FilePath file = fixture.write(QStringLiteral("source.mp4"), bytes);
    QVERIFY2(runChild(fixture, server.config(), file, point).wasKilled, "it did not pass the point");
    const ChildEnd second = runChild(fixture, server.config(), file, {});
    QVERIFY(!second.wasKilled);
    QCOMPARE(second.exitCode, 0);
    const auto files = server.files();
    QCOMPARE(files.keys(), QList<QByteArray>{"clip.mp4"});
    QVERIFY(files.first() == bytes);
    QCOMPARE(server.count("PUT"), 1); // it looked at what lies there
}

// S3. What is complete is found by a look, since the upload is unknown by then.
void TestUploadCrash::completesOnceWhereverItDies()
{
    using Ask = FakeS3::Ask;
    QFETCH(const QString, point);
    constexpr int parts = 3;
    TransferFixture fixture;
    FakeS3 server;
    const FilePath file = fixture.write(QStringLiteral("source.mp4"), noise(17 << 20));
    QVERIFY2(runChild(fixture, server.config(), file, point).wasKilled, "it did not pass the point");
    const ChildEnd second = runChild(fixture, server.config(), file, {});
    QVERIFY(!second.wasKilled);
    QCOMPARE(second.exitCode, 0);
    QVERIFY(server.isCompleted());
    QCOMPARE(server.count(Ask::Complete), 1);
    // One that was made, but not stored, is what “orphans” finds.
    QCOMPARE(server.count(Ask::Create), point == u"upload-session-created" ? 2 : 1);
    if (point.endsWith(u"-finish"))
        QCOMPARE(server.count(Ask::Part), parts); // nothing twice
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (application.arguments().value(1) == u"--upload")
        return uploadInChild(application.arguments());
    TestUploadCrash test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_upload_crash.moc"

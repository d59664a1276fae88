// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Against the reference server, as a process of its own that is killed and started again.
#include "core/transfer/uploader.h"

#include "core/base/error_text.h"
#include "tests/core/transfer/transfer_fixture.h"
#include "tests/support/fake_server.h"
#include "tests/support/tus_server_process.h"

#include <QFile>
#include <QJsonDocument>
#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace std::chrono_literals;

namespace {

// Lets real time pass, but not much of it.
QCoro::Task<bool> passSoon(std::stop_token stop)
{
    return sleepFor(50ms, std::move(stop));
}

} // namespace

class TestTusDestination : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();

    void deliversAFile_data();
    void deliversAFile();
    void tellsNameAndType();
    void goesOnAfterTheServerWasKilled();
    void anotherRunGoesOnFromTheServersOffset();
    void beginsAnewAfterExpiry();
    void asksForASignIn();
    void sendsTheToken();
    void uploadsWhileTheFileGrows();
    void goesOnWhereSomebodyElseSent();
    void refusesWhatIsTooLargeBeforeSending();
    void removesWhatIsDiscarded();
    void saysThatNobodyIsThere();
    void sendsNoTokenToAnotherOrigin();

private:
    Result<transfer::UploadResult> uploadFile(const QByteArray &bytes,
                                              const QByteArray &token = {});
    std::unique_ptr<TusServerProcess> startServer(QMap<QString, QString> settings = {});

    std::unique_ptr<TransferFixture> m_fixture;
    std::unique_ptr<TusServerProcess> m_server;
};

void TestTusDestination::init()
{
    m_server.reset();
    m_fixture = std::make_unique<TransferFixture>();
    QVERIFY(QDir().mkpath(m_fixture->path(QStringLiteral("data"))));
}

std::unique_ptr<TusServerProcess> TestTusDestination::startServer(QMap<QString, QString> settings)
{
    auto server = std::make_unique<TusServerProcess>(m_fixture->path(QStringLiteral("data")),
                                                     std::move(settings));
    if (!server->start())
        qCritical("%s", qPrintable(server->why()));
    return server;
}

Result<transfer::UploadResult> TestTusDestination::uploadFile(const QByteArray &bytes,
                                                              const QByteArray &token)
{
    const auto destination = m_fixture->tus(m_server->url(), token);
    return m_fixture->upload(*destination,
                             m_fixture->request(m_fixture->sourceOf(
                                 m_fixture->write(QStringLiteral("clip.mp4"), bytes))));
}

void TestTusDestination::deliversAFile_data()
{
    QTest::addColumn<qint64>("size");
    QTest::newRow("empty") << 0LL;
    QTest::newRow("one byte") << 1LL;
    QTest::newRow("64 MiB") << (64LL << 20);
}

void TestTusDestination::deliversAFile()
{
    QFETCH(const qint64, size);
    m_server = startServer();
    QVERIFY2(m_server->url().isValid(), qPrintable(m_server->why()));
    const QByteArray bytes = noise(size);
    const auto result = uploadFile(bytes);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(contentOf(m_server->storedFile(result->delivery.link)) == bytes);
    QCOMPARE(result->sha256, sha256Of(bytes));
    QCOMPARE(result->resentBytes, 0);
    QCOMPARE(result->delivery.verifiedBy, QStringLiteral("offset"));
    const auto destination = m_fixture->tus(m_server->url());
    const auto still = QCoro::waitFor(destination->isStillDelivered(result->receipt, size, {}));
    QVERIFY(still.has_value() && *still);
}

void TestTusDestination::tellsNameAndType()
{
    m_server = startServer();
    QVERIFY2(m_server->url().isValid(), qPrintable(m_server->why()));
    const auto destination = m_fixture->tus(m_server->url());
    auto request = m_fixture->request(
        m_fixture->sourceOf(m_fixture->write(QStringLiteral("clip.mp4"), "bytes")));
    request.target.fileName = QStringLiteral("é\"#%\n🎬, all.mp4");
    request.target.metadata.insert(QStringLiteral("album"), "x y");
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    const QString info = m_server->storedFile(result->delivery.link) + QStringLiteral(".json");
    const QJsonObject metadata =
        QJsonDocument::fromJson(contentOf(info)).object()[u"metadata"].toObject();
    QCOMPARE(metadata[u"filename"].toString(), QStringLiteral("é\"#%\n🎬, all.mp4"));
    QCOMPARE(metadata[u"filetype"].toString(), QStringLiteral("video/mp4"));
    QCOMPARE(metadata[u"album"].toString(), QStringLiteral("x y"));
}

void TestTusDestination::goesOnAfterTheServerWasKilled()
{
    m_server = startServer();
    QVERIFY2(m_server->url().isValid(), qPrintable(m_server->why()));
    const QByteArray bytes = noise(128 << 20);
    const auto destination = m_fixture->tus(m_server->url());
    auto request = m_fixture->request(
        m_fixture->sourceOf(m_fixture->write(QStringLiteral("clip.mp4"), bytes)));
    const auto progress = request.progress;
    transfer::UploadPolicy policy;
    policy.attemptsWithoutProgress = 200;
    policy.delay = [](std::chrono::milliseconds, std::stop_token stop) {
        return passSoon(std::move(stop));
    };
    QTimer killer;
    int kills = 0;
    connect(&killer, &QTimer::timeout, [&] {
        const QDir data(m_fixture->path(QStringLiteral("data")));
        for (const QFileInfo &file : data.entryInfoList(QDir::Files)) {
            if (file.suffix() != u"json" && file.size() > (kills + 1) * (20LL << 20) && kills < 3) {
                ++kills;
                m_server->kill();
                QVERIFY2(m_server->start(), qPrintable(m_server->why()));
            }
        }
    });
    killer.start(2ms);
    const auto result =
        QCoro::waitFor(transfer::upload(destination.get(), std::move(request), policy, {}));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY2(kills >= 1, "the server was too fast to be killed");
    QVERIFY(contentOf(m_server->storedFile(result->delivery.link)) == bytes);
    QVERIFY2(result->resentBytes < kills * (16LL << 20),
             qPrintable(QString::number(result->resentBytes)));
    // A creation, a first part, the rest, and one more for each kill.
    QVERIFY2(result->attempts >= 2 + kills && result->attempts <= 3 + kills,
             qPrintable(QString::number(result->attempts)));
}

void TestTusDestination::anotherRunGoesOnFromTheServersOffset()
{
    m_server = startServer();
    QVERIFY2(m_server->url().isValid(), qPrintable(m_server->why()));
    const QByteArray bytes = noise(64 << 20);
    const FilePath file = m_fixture->write(QStringLiteral("clip.mp4"), bytes);
    const auto destination = m_fixture->tus(m_server->url());
    auto first = m_fixture->request(m_fixture->sourceOf(file));
    std::stop_source stop;
    QTimer watch;
    connect(&watch, &QTimer::timeout, [&, progress = first.progress] {
        if (progress->confirmed + progress->inFlight > 5'000'000)
            stop.request_stop();
    });
    m_fixture->network().setUploadLimit(20'000'000); // so that there is time to stop it
    watch.start(1ms);
    const auto stopped = m_fixture->upload(*destination, std::move(first), stop.get_token());
    watch.stop();
    m_fixture->network().setUploadLimit(0);
    QVERIFY(!stopped.has_value());
    QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);

    auto second = m_fixture->request(m_fixture->sourceOf(file));
    second.resumeState = m_fixture->states.last();
    const auto progress = second.progress;
    const auto result = m_fixture->upload(*destination, std::move(second));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(contentOf(m_server->storedFile(result->delivery.link)) == bytes);
    QVERIFY(result->attempts <= 2); // no creation; a first part that measures, and the rest
}

void TestTusDestination::beginsAnewAfterExpiry()
{
    m_server = startServer({{QStringLiteral("EXPIRE_MS"), QStringLiteral("4000")}});
    QVERIFY2(m_server->url().isValid(), qPrintable(m_server->why()));
    const QByteArray bytes = noise(1 << 20);
    const FilePath file = m_fixture->write(QStringLiteral("clip.mp4"), bytes);
    const auto destination = m_fixture->tus(m_server->url());
    // A creation without a byte after it.
    transfer::UploadTarget target;
    target.fileName = QStringLiteral("clip.mp4");
    target.source = m_fixture->sourceOf(file);
    const auto session = QCoro::waitFor(destination->open(target, {}, {}));
    QVERIFY(session.has_value());
    const QJsonObject state = (*session)->resumeState();
    QVERIFY(!state[u"expires"].toString().isEmpty());
    QTest::qWait(4500);
    const auto gone = QCoro::waitFor((*session)->refresh({}));
    QVERIFY(!gone.has_value());
    QCOMPARE(gone.error().kind, ErrorKind::UploadExpired);

    auto request = m_fixture->request(m_fixture->sourceOf(file));
    request.resumeState = state;
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(contentOf(m_server->storedFile(result->delivery.link)) == bytes);
}

void TestTusDestination::asksForASignIn()
{
    m_server = startServer({{QStringLiteral("AUTH_TOKEN"), QStringLiteral("right")}});
    QVERIFY2(m_server->url().isValid(), qPrintable(m_server->why()));
    const auto result = uploadFile("bytes", "wrong");
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::SignInNeeded);
    QCOMPARE(result.error().retry.when, RetryAdvice::When::AfterSignIn);
    QVERIFY(!result.error().detail.contains(u"wrong"));
    const auto without = uploadFile("bytes");
    QVERIFY(!without.has_value());
    QCOMPARE(without.error().kind, ErrorKind::SignInNeeded);
}

void TestTusDestination::sendsTheToken()
{
    m_server = startServer({{QStringLiteral("AUTH_TOKEN"), QStringLiteral("right")}});
    QVERIFY2(m_server->url().isValid(), qPrintable(m_server->why()));
    const auto result = uploadFile("bytes", "right");
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    const QByteArray receipt = QJsonDocument(result->receipt).toJson();
    QVERIFY(!receipt.contains("right"));
}

void TestTusDestination::uploadsWhileTheFileGrows()
{
    m_server = startServer();
    QVERIFY2(m_server->url().isValid(), qPrintable(m_server->why()));
    const QByteArray bytes = noise(8 << 20);
    const QString path = m_fixture->path(QStringLiteral("export.mp4"));
    auto feed = std::make_shared<OutputFeed>();
    auto request = m_fixture->request(std::make_shared<transfer::ByteSource>(feed));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    feed->begin(path.toStdString(), 0);
    // Writes the next piece when the server has the last one.
    QTimer writer;
    connect(&writer, &QTimer::timeout, [&, progress = request.progress] {
        if (progress->confirmed < file.size())
            return;
        file.write(bytes.mid(file.size(), 1 << 20));
        file.flush();
        feed->seal({0, file.size()});
        if (file.size() < bytes.size())
            return;
        writer.stop();
        feed->complete(bytes.size(), sha256Of(bytes));
    });
    writer.start(2ms);
    const auto destination = m_fixture->tus(m_server->url());
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(contentOf(m_server->storedFile(result->delivery.link)) == bytes);
    QCOMPARE(result->attempts, 1 + 8); // the creation, and a request for each piece
}

// A connection of an earlier run whose last bytes arrive late makes our offset wrong: 409.
void TestTusDestination::goesOnWhereSomebodyElseSent()
{
    m_server = startServer();
    QVERIFY2(m_server->url().isValid(), qPrintable(m_server->why()));
    const QByteArray bytes = noise(1 << 20);
    const FilePath file = m_fixture->write(QStringLiteral("clip.mp4"), bytes);
    const auto destination = m_fixture->tus(m_server->url());
    transfer::UploadTarget target;
    target.fileName = QStringLiteral("clip.mp4");
    target.source = m_fixture->sourceOf(file);
    const auto opened = QCoro::waitFor(destination->open(target, {}, {}));
    QVERIFY(opened.has_value());
    const auto restored = QCoro::waitFor(destination->open(target, (*opened)->resumeState(), {}));
    QVERIFY(restored.has_value());
    transfer::PartPlan some;
    some.range = {0, 1000};
    some.total = bytes.size();
    QVERIFY(QCoro::waitFor((*opened)->send(some, {})).has_value());
    // The restored session still believes in 0.
    const auto sent = QCoro::waitFor((*restored)->send(some, {}));
    QVERIFY(!sent.has_value());
    QCOMPARE(sent.error().kind, ErrorKind::UploadMismatch);
    QCOMPARE(sent.error().retry.when, RetryAdvice::When::Backoff);
    QVERIFY(QCoro::waitFor((*restored)->refresh({})).has_value());
    QCOMPARE((*restored)->confirmed().prefix(), 1000);
    QVERIFY(contentOf(m_server->storedFile(QUrl((*opened)->resumeState()[u"url"].toString())))
            == bytes.left(1000));
}

void TestTusDestination::refusesWhatIsTooLargeBeforeSending()
{
    m_server = startServer({{QStringLiteral("MAX_SIZE"), QStringLiteral("1000")}});
    QVERIFY2(m_server->url().isValid(), qPrintable(m_server->why()));
    const auto result = uploadFile(noise(1001));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::DestinationLimit);
    QCOMPARE(result.error()[argument::limit], QStringLiteral("1000"));
    QVERIFY(QDir(m_fixture->path(QStringLiteral("data"))).isEmpty());
    const auto fitting = uploadFile(noise(1000));
    QVERIFY2(fitting.has_value(), qPrintable(outcomeOf(fitting)));
}

void TestTusDestination::removesWhatIsDiscarded()
{
    m_server = startServer();
    QVERIFY2(m_server->url().isValid(), qPrintable(m_server->why()));
    const auto destination = m_fixture->tus(m_server->url());
    transfer::UploadTarget target;
    target.fileName = QStringLiteral("clip.mp4");
    target.source = m_fixture->sourceOf(m_fixture->write(QStringLiteral("clip.mp4"), noise(5000)));
    const auto session = QCoro::waitFor(destination->open(target, {}, {}));
    QVERIFY(session.has_value());
    transfer::PartPlan some;
    some.range = {0, 1000};
    QVERIFY(QCoro::waitFor((*session)->send(some, {})).has_value());
    QVERIFY(QCoro::waitFor((*session)->discard({})).has_value());
    QVERIFY(QDir(m_fixture->path(QStringLiteral("data"))).isEmpty());
    QVERIFY(QCoro::waitFor((*session)->discard({})).has_value()); // it is gone: that is all
    const auto still =
        QCoro::waitFor(destination->isStillDelivered((*session)->resumeState(), 5000, {}));
    QVERIFY(still.has_value() && !*still);
}

void TestTusDestination::saysThatNobodyIsThere()
{
    m_server = startServer();
    QVERIFY2(m_server->url().isValid(), qPrintable(m_server->why()));
    m_server->kill();
    const auto result = uploadFile("bytes");
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::DestinationUnreachable);
    QVERIFY(describe(result.error()).what.contains(u"Test server"));
    QCOMPARE(m_fixture->delays.size(), 8);
}

void TestTusDestination::sendsNoTokenToAnotherOrigin()
{
    FakeServer canary;
    FakeServer::Options options;
    options.token = "canary-token";
    options.location = canary.url().toEncoded() + "/1"; // another port: another origin
    FakeServer server(options);
    const auto destination = m_fixture->tus(server.url(), options.token);
    const auto result = m_fixture->upload(*destination,
                                          m_fixture->request(m_fixture->sourceOf(m_fixture->write(
                                              QStringLiteral("clip.mp4"), noise(1000)))));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::RedirectRefused); // plain http elsewhere
    QCOMPARE(canary.requests().size(), 0);
}

QTEST_GUILESS_MAIN(TestTusDestination)
#include "tst_tus_destination.moc"

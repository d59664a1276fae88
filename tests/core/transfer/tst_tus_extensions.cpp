// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What tus 1.0.0 has beside its core, from our side, against a double written from the specification:
// neither @tus/server nor @uploadx/core offers checksums, and both take PATCH.
#include "core/transfer/uploader.h"

#include "tests/core/transfer/scripted_faults.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QCryptographicHash>
#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace std::chrono_literals;

namespace {

constexpr qint64 clipSize = 3'000'001;
constexpr qint64 mebi = 1 << 20;

QList<FakeServer::Request> requestsOf(const FakeServer &server, const QByteArray &method)
{
    QList<FakeServer::Request> found;
    for (const FakeServer::Request &request : server.requests()) {
        if (request.method == method)
            found.append(request);
    }
    return found;
}

} // namespace

class TestTusExtensions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sendsTheBestChecksumThatBothKnow_data();
    void sendsTheBestChecksumThatBothKnow();
    void sendsAPartAgainThatArrivedDamaged();
    void givesUpWhereEachPartArrivesDamaged();
    void checkedPartsAreSmall();
    void hidesItsMethodsWhereItIsToldTo();
    void hidesItsMethodsOnceTheyAreRefused();
    void removesAnUploadByAHiddenMethod();

private:
    enum class Methods { Plain, Hidden };
    std::unique_ptr<transfer::Destination> placeAt(const FakeServer &server,
                                                   Methods methods = Methods::Plain);
    Result<transfer::UploadResult> upload(transfer::Destination &destination,
                                          const QByteArray &bytes);

    TransferFixture m_fixture;
};

std::unique_ptr<transfer::Destination> TestTusExtensions::placeAt(const FakeServer &server,
                                                                  Methods methods)
{
    transfer::DestinationConfig config;
    config.name = QStringLiteral("Test server");
    config.type = QStringLiteral("tus");
    config.options.insert(QStringLiteral("url"), server.url().toString());
    if (methods == Methods::Hidden)
        config.options.insert(QStringLiteral("method_override"), QStringLiteral("1"));
    return m_fixture.create(std::move(config));
}

Result<transfer::UploadResult> TestTusExtensions::upload(transfer::Destination &destination,
                                                         const QByteArray &bytes)
{
    const FilePath file = m_fixture.write(QStringLiteral("a.mp4"), bytes);
    return m_fixture.upload(destination, m_fixture.request(m_fixture.sourceOf(file)));
}

void TestTusExtensions::sendsTheBestChecksumThatBothKnow_data()
{
    QTest::addColumn<QByteArray>("offered");
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("sha1 alone") << QByteArray("sha1") << QByteArray("sha1");
    QTest::newRow("md5 alone") << QByteArray("md5") << QByteArray("md5");
    QTest::newRow("several") << QByteArray("md5,sha1,crc32,sha256") << QByteArray("sha256");
    QTest::newRow("none that we know") << QByteArray("crc32") << QByteArray();
    QTest::newRow("no checksums") << QByteArray() << QByteArray();
}

// tus: Checksum.
void TestTusExtensions::sendsTheBestChecksumThatBothKnow()
{
    QFETCH(const QByteArray, offered);
    QFETCH(const QByteArray, sent);
    FakeServer::Options options;
    options.checksums = offered;
    FakeServer server(options);
    const QByteArray bytes = noise(clipSize);
    const auto destination = placeAt(server);
    const auto result = upload(*destination, bytes);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(server.uploads().first().bytes == bytes);
    const auto patches = requestsOf(server, "PATCH");
    QVERIFY(!patches.isEmpty());
    for (const FakeServer::Request &patch : patches) {
        const QList<QByteArray> checksum = patch.headers.value("upload-checksum").split(' ');
        QCOMPARE(checksum.value(0), sent);
        QCOMPARE(checksum.size(), sent.isEmpty() ? 1 : 2);
        QCOMPARE(patch.status, 204);
    }
}

void TestTusExtensions::sendsAPartAgainThatArrivedDamaged()
{
    FakeServer::Options options;
    options.checksums = "sha1";
    FakeServer server(options);
    server.script(fault("PATCH", Fault::Do::Damage));
    const QByteArray bytes = noise(clipSize);
    const auto destination = placeAt(server);
    const auto result = upload(*destination, bytes);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(server.uploads().first().bytes == bytes);
    const auto patches = requestsOf(server, "PATCH");
    QCOMPARE(patches.first().status, 460);
    QCOMPARE(result->resentBytes, patches.first().bodyBytes);
    // Asked before it goes again.
    QVERIFY(server.count("HEAD") >= 2);
}

void TestTusExtensions::givesUpWhereEachPartArrivesDamaged()
{
    FakeServer::Options options;
    options.checksums = "sha256";
    FakeServer server(options);
    Fault damage = fault("PATCH", Fault::Do::Damage);
    damage.times = 1'000;
    server.script(damage);
    const auto destination = placeAt(server);
    const auto result = upload(*destination, noise(clipSize));
    QVERIFY2(!result.has_value(), "damaged bytes were delivered");
    QCOMPARE(result.error().kind, ErrorKind::UploadMismatch);
    QVERIFY(server.count("PATCH") < 20);
}

// What breaks of a checked part is lost as a whole.
void TestTusExtensions::checkedPartsAreSmall()
{
    FakeServer::Options options;
    options.checksums = "sha1";
    FakeServer server(options);
    const QByteArray bytes = noise(66 * mebi);
    const auto destination = placeAt(server);
    const auto result = upload(*destination, bytes);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(server.uploads().first().bytes == bytes);
    const auto patches = requestsOf(server, "PATCH");
    QVERIFY(patches.size() >= 2);
    for (const FakeServer::Request &patch : patches)
        QVERIFY(patch.bodyBytes <= 64 * mebi);
}

// tus: Core Protocol, X-HTTP-Method-Override.
void TestTusExtensions::hidesItsMethodsWhereItIsToldTo()
{
    FakeServer::Options options;
    options.wantsOverride = true;
    FakeServer server(options);
    const QByteArray bytes = noise(clipSize);
    const auto destination = placeAt(server, Methods::Hidden);
    const auto result = upload(*destination, bytes);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(server.uploads().first().bytes == bytes);
    const auto patches = requestsOf(server, "PATCH");
    QVERIFY(!patches.isEmpty());
    for (const FakeServer::Request &patch : patches)
        QVERIFY(patch.isOverridden);
}

void TestTusExtensions::hidesItsMethodsOnceTheyAreRefused()
{
    FakeServer::Options options;
    options.wantsOverride = true;
    FakeServer server(options);
    const QByteArray bytes = noise(clipSize);
    const auto destination = placeAt(server);
    const auto result = upload(*destination, bytes);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(server.uploads().first().bytes == bytes);
    const auto patches = requestsOf(server, "PATCH");
    QCOMPARE(patches.first().status, 405);
    QVERIFY(!patches.first().isOverridden);
    for (const FakeServer::Request &patch : patches.mid(1))
        QVERIFY(patch.isOverridden);
}

// tus: Termination.
void TestTusExtensions::removesAnUploadByAHiddenMethod()
{
    FakeServer::Options options;
    options.wantsOverride = true;
    FakeServer server(options);
    const auto destination = placeAt(server, Methods::Hidden);
    const auto result = upload(*destination, noise(clipSize));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    auto discarding = transfer::discardUpload(destination.get(), result->receipt, {});
    const auto discarded = QCoro::waitFor(std::move(discarding));
    QVERIFY(discarded.has_value());
    QVERIFY(server.uploads().first().isRemoved);
    const auto removals = requestsOf(server, "DELETE");
    QCOMPARE(removals.size(), 1);
    QVERIFY(removals.first().isOverridden);
}

QTEST_GUILESS_MAIN(TestTusExtensions)
#include "tst_tus_extensions.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Our uploads to two real tus servers: whole, gone on with, expired, without a sign-in.
#include "core/transfer/uploader.h"

#include "core/base/error_text.h"
#include "tests/core/transfer/tus_servers_lab.h"

#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;

class TestTusServersUploads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void expired_data() { TusServersLab::servers(); }
    void expired();
    void expiredAndRemoved();
    void bytesWithTheCreation_data() { TusServersLab::servers(); }
    void bytesWithTheCreation();
    void withoutASignIn_data() { TusServersLab::servers(); }
    void withoutASignIn();
    void deliversWholeFiles_data() { TusServersLab::servers(); }
    void deliversWholeFiles();
    void neverLeavesAGap_data() { TusServersLab::servers(); }
    void neverLeavesAGap();

private:
    TusServersLab m_lab;
};

void TestTusServersUploads::init()
{
    QVERIFY(m_lab.empty());
}

void TestTusServersUploads::expired()
{
    QFETCH(const bool, isUploadx);
    const QMap<QString, QString> uploadx{{QStringLiteral("EXPIRE"), QStringLiteral("2s")},
                                         {QStringLiteral("PURGE"), QStringLiteral("1h")}};
    const QMap<QString, QString> reference{{QStringLiteral("EXPIRE_MS"), QStringLiteral("2000")}};
    m_lab.start(isUploadx, isUploadx ? uploadx : reference);
    const QUrl upload = m_lab.create();
    QTest::qWait(2'600);
    QCOMPARE(m_lab.ask("HEAD", upload, {{"Tus-Resumable", "1.0.0"}}).status, 410);
    QCOMPARE(m_lab.ask("PATCH", upload, patchHeaders, "abc").status, 410);
    // A stored one is begun anew.
    const QByteArray bytes = noise(100'000);
    const auto destination = m_lab.fixture().tus(m_lab.url());
    auto request = m_lab.fixture().request(
        m_lab.fixture().sourceOf(m_lab.fixture().write(QStringLiteral("clip.mp4"), bytes)));
    request.resumeState = {{QStringLiteral("protocol"), QStringLiteral("tus")},
                           {QStringLiteral("url"), upload.toString()}};
    const auto result = m_lab.fixture().upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().detail));
    QVERIFY(m_lab.isStored(bytes));
}

// Of what was purged only @uploadx/core can tell in a test's time: @tus/server's is called by hand.
void TestTusServersUploads::expiredAndRemoved()
{
    m_lab.start(true, {{QStringLiteral("EXPIRE"), QStringLiteral("1s")},
                       {QStringLiteral("PURGE"), QStringLiteral("1s")}});
    const QUrl upload = m_lab.create();
    const TusHeaders headers{{"Tus-Resumable", "1.0.0"}};
    QTRY_COMPARE_WITH_TIMEOUT(m_lab.ask("HEAD", upload, headers).status, 404, 20'000);
    const auto destination = m_lab.fixture().tus(m_lab.url());
    const QJsonObject state{{QStringLiteral("protocol"), QStringLiteral("tus")},
                            {QStringLiteral("url"), upload.toString()}};
    const auto still = QCoro::waitFor(destination->isStillDelivered(state, 6, {}));
    QVERIFY(still.has_value() && !*still);
}

void TestTusServersUploads::bytesWithTheCreation()
{
    QFETCH(const bool, isUploadx);
    m_lab.start(isUploadx);
    const TusHeaders headers{{"Tus-Resumable", "1.0.0"},
                             {"Upload-Length", "10"},
                             {"Upload-Metadata", "filename " + QByteArray("a.mp4").toBase64()},
                             {"Content-Type", "application/offset+octet-stream"}};
    const net::HttpReply reply = m_lab.ask("POST", m_lab.url(), headers, "0123456789");
    QCOMPARE(reply.status, isUploadx ? 200 : 201);
    QCOMPARE(reply.header("Upload-Offset"), QByteArray("10"));
    // As the destination does it.
    transfer::DestinationConfig config;
    config.name = QStringLiteral("Test server");
    config.type = QStringLiteral("tus");
    config.options = {{QStringLiteral("url"), m_lab.url().toString()},
                      {QStringLiteral("with_creation"), QStringLiteral("1")}};
    const auto destination = m_lab.fixture().create(config);
    const QByteArray bytes = noise(50'000);
    const auto result = m_lab.fixture().upload(
        *destination, m_lab.fixture().request(m_lab.fixture().sourceOf(
                          m_lab.fixture().write(QStringLiteral("clip.mp4"), bytes))));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().detail));
    QCOMPARE(result->attempts, isUploadx ? 2 : 1); // uploadx says no Tus-Version: its offer is unknown
    QVERIFY(m_lab.isStored(bytes));
}

void TestTusServersUploads::withoutASignIn()
{
    QFETCH(const bool, isUploadx);
    m_lab.start(isUploadx, {{QStringLiteral("AUTH_TOKEN"), QStringLiteral("canary-19c4e7")}});
    const TusHeaders plain{{"Tus-Resumable", "1.0.0"}, {"Upload-Length", "10"}};
    QCOMPARE(m_lab.ask("POST", m_lab.url(), plain).status, 401);
    const auto result = m_lab.upload("bytes");
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::SignInNeeded);
}

void TestTusServersUploads::deliversWholeFiles()
{
    QFETCH(const bool, isUploadx);
    m_lab.start(isUploadx);
    for (const qint64 size : {1LL, 100'000LL, 30'000'001LL}) {
        const QByteArray bytes = noise(size, quint32(size));
        const auto result = m_lab.upload(bytes);
        QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().detail));
        QVERIFY(m_lab.isStored(bytes));
        QCOMPARE(result->resentBytes, 0);
    }
}

// uploadx accepts any offset: that there is no hole is our affair. Stopped and gone on with, also
// from a state of before the last bytes.
void TestTusServersUploads::neverLeavesAGap()
{
    QFETCH(const bool, isUploadx);
    m_lab.start(isUploadx);
    const QByteArray bytes = noise(40'000'001);
    const FilePath file = m_lab.fixture().write(QStringLiteral("clip.mp4"), bytes);
    const auto destination = m_lab.fixture().tus(m_lab.url());
    QJsonObject state;
    for (int round = 0; round < 4; ++round) {
        auto request = m_lab.fixture().request(m_lab.fixture().sourceOf(file));
        request.resumeState = state;
        std::stop_source stop;
        QTimer watch;
        connect(&watch, &QTimer::timeout, [&, progress = request.progress] {
            if (progress->confirmed + progress->inFlight > (round + 1) * 9'000'000)
                stop.request_stop();
        });
        if (round < 3)
            watch.start(1);
        m_lab.fixture().network().setUploadLimit(round < 3 ? 40'000'000 : 0);
        const auto result =
            m_lab.fixture().upload(*destination, std::move(request), stop.get_token());
        QVERIFY(result.has_value() == (round == 3));
        if (m_lab.fixture().states.isEmpty())
            QFAIL("nothing was stored");
        state = m_lab.fixture().states.last();
    }
    m_lab.fixture().network().setUploadLimit(0);
    QVERIFY(m_lab.isStored(bytes));
}

QTEST_GUILESS_MAIN(TestTusServersUploads)
#include "tst_tus_servers_uploads.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What two real tus servers answer to what can go wrong, row by row, and what we make of it. They
// differ, so an upload trusts nothing but what a server says that it has.
#include "core/transfer/tus/tus_upload.h"

#include "core/base/error_text.h"
#include "core/transfer/uploader.h"
#include "tests/core/transfer/tus_servers_lab.h"

#include <QCryptographicHash>
#include <QProcess>
#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;

namespace {

TusHeaders with(TusHeaders headers, const QByteArray &name, const QByteArray &value)
{
    headers.insert(name, value);
    return headers;
}

TusHeaders without(TusHeaders headers, const QByteArray &name)
{
    headers.remove(name);
    return headers;
}

} // namespace

class TestTusServers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void patchesThatAreWrong_data();
    void patchesThatAreWrong();
    void tooLongWithoutALength_data() { TusServersLab::servers(); }
    void tooLongWithoutALength();
    void unknownUploads_data() { TusServersLab::servers(); }
    void unknownUploads();
    void deferredLength_data() { TusServersLab::servers(); }
    void deferredLength();
    void checksums_data() { TusServersLab::servers(); }
    void checksums();
    void partialUploads_data() { TusServersLab::servers(); }
    void partialUploads();
    void removedTwice_data() { TusServersLab::servers(); }
    void removedTwice();
    void metadataThatIsMissingOrBad_data() { TusServersLab::servers(); }
    void metadataThatIsMissingOrBad();

private:
    TusServersLab m_lab;
};

void TestTusServers::init()
{
    QVERIFY(m_lab.empty());
}

void TestTusServers::patchesThatAreWrong_data()
{
    QTest::addColumn<bool>("isUploadx");
    QTest::addColumn<TusHeaders>("headers");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<qint64>("offset"); // afterwards
    const auto row = [](const char *what, const TusHeaders &headers, const QByteArray &body,
                        int reference, int uploadx, qint64 uploadxOffset) {
        QTest::addRow("@tus/server: %s", what) << false << headers << body << reference << 0LL;
        QTest::addRow("@uploadx/core: %s", what) << true << headers << body << uploadx
                                                 << uploadxOffset;
    };
    using H = QByteArray;
    // The one that makes a file with a hole, and says that it is whole.
    row("wrong offset", with(patchHeaders, "Upload-Offset", "7"), "abc", 409, 200, 10);
    row("too long", patchHeaders, "0123456789ab", 413, 409, 0);
    row("no Content-Type", without(patchHeaders, "Content-Type"), "abc", 403, 204, 3);
    row("wrong Content-Type", with(patchHeaders, "Content-Type", H("text/plain")), "abc", 400, 204,
        3);
    row("no Upload-Offset", without(patchHeaders, "Upload-Offset"), "abc", 403, 204, 3);
    row("no Tus-Resumable", without(patchHeaders, "Tus-Resumable"), "abc", 412, 204, 3);
    row("another version", with(patchHeaders, "Tus-Resumable", "0.2.0"), "abc", 400, 204, 3);
}

void TestTusServers::patchesThatAreWrong()
{
    QFETCH(const bool, isUploadx);
    QFETCH(const TusHeaders, headers);
    QFETCH(const QByteArray, body);
    m_lab.start(isUploadx);
    const QUrl upload = m_lab.create();
    const net::HttpReply reply = m_lab.ask("PATCH", upload, headers, body);
    QTEST(reply.status, "status");
    QTEST(m_lab.offsetOf(upload), "offset");
    if (reply.status == 409) {
        transfer::TusServer server;
        server.name = QStringLiteral("Test server");
        QCOMPARE(transfer::tusUploadError(server, reply).kind, ErrorKind::UploadMismatch);
    }
}

// By curl: ours always says how long a body is.
void TestTusServers::tooLongWithoutALength()
{
    QFETCH(const bool, isUploadx);
    m_lab.start(isUploadx);
    const QUrl upload = m_lab.create();
    QProcess curl;
    curl.start(QStringLiteral("curl"),
               {QStringLiteral("-s"), QStringLiteral("-o"), QStringLiteral("/dev/null"),
                QStringLiteral("-w"), QStringLiteral("%{http_code}"), QStringLiteral("-X"),
                QStringLiteral("PATCH"), QStringLiteral("-H"), QStringLiteral("Tus-Resumable: 1.0.0"),
                QStringLiteral("-H"), QStringLiteral("Upload-Offset: 0"), QStringLiteral("-H"),
                QStringLiteral("Content-Type: application/offset+octet-stream"), QStringLiteral("-H"),
                QStringLiteral("Transfer-Encoding: chunked"), QStringLiteral("--data-binary"),
                QStringLiteral("0123456789ab"), upload.toString()});
    QVERIFY(curl.waitForFinished(30'000));
    QCOMPARE(curl.readAllStandardOutput().toInt(), isUploadx ? 409 : 413);
    QCOMPARE(m_lab.offsetOf(upload), 0); // nothing is kept
}

void TestTusServers::unknownUploads()
{
    QFETCH(const bool, isUploadx);
    m_lab.start(isUploadx);
    QUrl unknown = m_lab.url();
    unknown.setPath(unknown.path() + QStringLiteral("/0123456789abcdef0123456789abcdef"));
    QCOMPARE(m_lab.ask("HEAD", unknown, {{"Tus-Resumable", "1.0.0"}}).status, isUploadx ? 403 : 404);
    // To us it is the same: it is gone.
    transfer::TusServer server;
    server.net = &m_lab.fixture().network();
    server.creationUrl = m_lab.url();
    const auto status = QCoro::waitFor(transfer::tusAskStatus(server, unknown, {}));
    QVERIFY(!status);
    QCOMPARE(status.error().kind, ErrorKind::UploadExpired);
}

void TestTusServers::deferredLength()
{
    QFETCH(const bool, isUploadx);
    m_lab.start(isUploadx);
    const auto destination = m_lab.fixture().tus(m_lab.url());
    const auto rules = QCoro::waitFor(destination->capabilities({}));
    QVERIFY(rules.has_value());
    QCOMPARE(rules->needsLengthFirst, isUploadx);
    const TusHeaders deferred{{"Tus-Resumable", "1.0.0"},
                              {"Upload-Defer-Length", "1"},
                              {"Upload-Metadata", "filename " + QByteArray("a.mp4").toBase64()}};
    const net::HttpReply created = m_lab.ask("POST", m_lab.url(), deferred);
    QCOMPARE(created.status, 201);
    const QUrl upload = m_lab.url().resolved(QUrl::fromEncoded(created.header("Location")));
    if (isUploadx) { // it takes the most that it takes for the length: such an upload never ends
        const net::HttpReply made = m_lab.ask("HEAD", upload, {{"Tus-Resumable", "1.0.0"}});
        QCOMPARE(made.header("Upload-Length").toLongLong(), qint64(5) << 40);
        return;
    }
    QCOMPARE(m_lab.ask("PATCH", upload, patchHeaders, "abcdef").status, 204);
    const TusHeaders shorter = with(with(patchHeaders, "Upload-Offset", "6"), "Upload-Length", "3");
    QCOMPARE(m_lab.ask("PATCH", upload, shorter).status, 400); // less than it has
    const TusHeaders right = with(with(patchHeaders, "Upload-Offset", "6"), "Upload-Length", "6");
    QCOMPARE(m_lab.ask("PATCH", upload, right).status, 204);
}

void TestTusServers::checksums()
{
    QFETCH(const bool, isUploadx);
    m_lab.start(isUploadx);
    const auto destination = m_lab.fixture().tus(m_lab.url());
    const auto rules = QCoro::waitFor(destination->capabilities({}));
    QVERIFY(rules.has_value());
    QCOMPARE(rules->checksum, QString()); // uploadx offers them, but says no Tus-Version
    const QUrl upload = m_lab.create();
    const QByteArray other = QCryptographicHash::hash("other", QCryptographicHash::Sha1).toBase64();
    const net::HttpReply wrong =
        m_lab.ask("PATCH", upload, with(patchHeaders, "Upload-Checksum", "sha1 " + other), "abc");
    QCOMPARE(wrong.status, isUploadx ? 460 : 204); // not offered: not looked at
    QCOMPARE(m_lab.offsetOf(upload), isUploadx ? 0 : 3);
    if (!isUploadx)
        return;
    transfer::TusServer server;
    const Error error = transfer::tusUploadError(server, wrong);
    QCOMPARE(error.kind, ErrorKind::UploadMismatch);
    QCOMPARE(error.retry.when, RetryAdvice::When::Backoff);
    QCOMPARE(m_lab.ask("PATCH", upload, with(patchHeaders, "Upload-Checksum", "crc9 " + other), "abc")
                 .status,
             400);
    QCOMPARE(m_lab.offsetOf(upload), 0);
}

// Neither puts uploads together. Ours are sent in one piece then (tst_tus_parts).
void TestTusServers::partialUploads()
{
    QFETCH(const bool, isUploadx);
    m_lab.start(isUploadx);
    const TusHeaders partial{{"Tus-Resumable", "1.0.0"},
                             {"Upload-Length", "10"},
                             {"Upload-Concat", "partial"},
                             {"Upload-Metadata", "filename " + QByteArray("a").toBase64()}};
    QCOMPARE(m_lab.ask("POST", m_lab.url(), partial).status, isUploadx ? 201 : 501);
    transfer::TusServer server;
    server.net = &m_lab.fixture().network();
    server.creationUrl = m_lab.url();
    const auto offer = QCoro::waitFor(transfer::tusAskOffer(server, {}));
    QVERIFY(offer.has_value() && !offer->canConcatenate);
    QCOMPARE(offer->isKnown, !isUploadx); // no Tus-Version
}

void TestTusServers::removedTwice()
{
    QFETCH(const bool, isUploadx);
    m_lab.start(isUploadx);
    const QUrl upload = m_lab.create();
    const TusHeaders headers{{"Tus-Resumable", "1.0.0"}};
    QCOMPARE(m_lab.ask("DELETE", upload, headers).status, 204);
    QCOMPARE(m_lab.ask("HEAD", upload, headers).status, 404);
    QCOMPARE(m_lab.ask("DELETE", upload, headers).status, isUploadx ? 204 : 404);
    // To us both are the same.
    const auto destination = m_lab.fixture().tus(m_lab.url());
    const QJsonObject state{{QStringLiteral("protocol"), QStringLiteral("tus")},
                            {QStringLiteral("url"), upload.toString()}};
    QVERIFY(QCoro::waitFor(transfer::discardUpload(destination.get(), state, {})).has_value());
}

void TestTusServers::metadataThatIsMissingOrBad()
{
    QFETCH(const bool, isUploadx);
    m_lab.start(isUploadx);
    const TusHeaders plain{{"Tus-Resumable", "1.0.0"}, {"Upload-Length", "10"}};
    const net::HttpReply created = m_lab.ask("POST", m_lab.url(), plain);
    QCOMPARE(created.status, 201);
    const QUrl upload = m_lab.url().resolved(QUrl::fromEncoded(created.header("Location")));
    // uploadx lets nobody near one without a name; ours always has one.
    QCOMPARE(m_lab.ask("HEAD", upload, {{"Tus-Resumable", "1.0.0"}}).status, isUploadx ? 403 : 200);
    const TusHeaders bad = with(plain, "Upload-Metadata", "filename !!!not-base64!!!, ,");
    QCOMPARE(m_lab.ask("POST", m_lab.url(), bad).status, isUploadx ? 201 : 400);
}

QTEST_GUILESS_MAIN(TestTusServers)
#include "tst_tus_servers.moc"

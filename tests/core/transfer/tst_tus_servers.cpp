// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What two real tus servers answer to what can go wrong, row by row, and what we make of it. They
// differ, so an upload trusts nothing but what a server says that it has.
#include "core/transfer/tus/tus_upload.h"

#include "core/base/error_text.h"
#include "core/transfer/uploader.h"
#include "tests/core/transfer/transfer_fixture.h"
#include "tests/support/tus_server_process.h"

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QProcess>
#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;

namespace {

using Headers = QMap<QByteArray, QByteArray>;

const Headers patchHeaders{{"Tus-Resumable", "1.0.0"},
                           {"Upload-Offset", "0"},
                           {"Content-Type", "application/offset+octet-stream"}};

Headers with(Headers headers, const QByteArray &name, const QByteArray &value)
{
    headers.insert(name, value);
    return headers;
}

Headers without(Headers headers, const QByteArray &name)
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
    void tooLongWithoutALength_data() { servers(); }
    void tooLongWithoutALength();
    void unknownUploads_data() { servers(); }
    void unknownUploads();
    void deferredLength_data() { servers(); }
    void deferredLength();
    void checksums_data() { servers(); }
    void checksums();
    void partialUploads_data() { servers(); }
    void partialUploads();
    void removedTwice_data() { servers(); }
    void removedTwice();
    void expired_data() { servers(); }
    void expired();
    void bytesWithTheCreation_data() { servers(); }
    void bytesWithTheCreation();
    void metadataThatIsMissingOrBad_data() { servers(); }
    void metadataThatIsMissingOrBad();
    void withoutASignIn_data() { servers(); }
    void withoutASignIn();
    void deliversWholeFiles_data() { servers(); }
    void deliversWholeFiles();
    void neverLeavesAGap_data() { servers(); }
    void neverLeavesAGap();

private:
    void servers();
    void start(bool isUploadx, QMap<QString, QString> settings = {});
    net::HttpReply ask(const QByteArray &method, const QUrl &url, const Headers &headers,
                       const QByteArray &body = {});
    // Of 10 bytes.
    QUrl create(const Headers &more = {});
    qint64 offsetOf(const QUrl &upload);
    Result<transfer::UploadResult> upload(const QByteArray &bytes);
    bool isStored(const QByteArray &bytes) const; // somewhere in the server's folder

    std::unique_ptr<TransferFixture> m_fixture;
    std::unique_ptr<TusServerProcess> m_server;
};

void TestTusServers::init()
{
    m_server.reset();
    m_fixture = std::make_unique<TransferFixture>();
    QVERIFY(QDir().mkpath(m_fixture->path(QStringLiteral("data"))));
}

void TestTusServers::servers()
{
    QTest::addColumn<bool>("isUploadx");
    QTest::newRow("@tus/server") << false;
    QTest::newRow("@uploadx/core") << true;
}

void TestTusServers::start(bool isUploadx, QMap<QString, QString> settings)
{
    m_server = std::make_unique<TusServerProcess>(
        m_fixture->path(QStringLiteral("data")), std::move(settings),
        QString::fromLatin1(isUploadx ? TusServerProcess::uploadx : TusServerProcess::reference));
    if (!m_server->start())
        qFatal("%s", qPrintable(m_server->why()));
}

net::HttpReply TestTusServers::ask(const QByteArray &method, const QUrl &url,
                                   const Headers &headers, const QByteArray &body)
{
    net::HttpRequest request(method, url);
    for (auto it = headers.cbegin(); it != headers.cend(); ++it)
        request.headers.append(net::Header(it.key(), it.value()));
    if (method == "POST" || method == "PATCH")
        request.body = net::RequestBody(body);
    auto reply = QCoro::waitFor(m_fixture->network().send(std::move(request), {}));
    if (!reply)
        qFatal("%s", qPrintable(reply.error().detail));
    return *std::move(reply);
}

QUrl TestTusServers::create(const Headers &more)
{
    Headers headers{{"Tus-Resumable", "1.0.0"},
                    {"Upload-Length", "10"},
                    {"Upload-Metadata", "filename " + QByteArray("clip.mp4").toBase64()}};
    headers.insert(more);
    const net::HttpReply reply = ask("POST", m_server->url(), headers);
    if (reply.status != 201)
        qFatal("status %d", reply.status);
    return m_server->url().resolved(QUrl::fromEncoded(reply.header("Location")));
}

qint64 TestTusServers::offsetOf(const QUrl &upload)
{
    const net::HttpReply reply = ask("HEAD", upload, {{"Tus-Resumable", "1.0.0"}});
    return reply.isSuccess() ? reply.header("Upload-Offset").toLongLong() : -1;
}

Result<transfer::UploadResult> TestTusServers::upload(const QByteArray &bytes)
{
    const auto destination = m_fixture->tus(m_server->url());
    return m_fixture->upload(*destination,
                             m_fixture->request(m_fixture->sourceOf(
                                 m_fixture->write(QStringLiteral("clip.mp4"), bytes))));
}

bool TestTusServers::isStored(const QByteArray &bytes) const
{
    QDirIterator files(m_fixture->path(QStringLiteral("data")), QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        if (contentOf(files.next()) == bytes)
            return true;
    }
    return false;
}

void TestTusServers::patchesThatAreWrong_data()
{
    QTest::addColumn<bool>("isUploadx");
    QTest::addColumn<Headers>("headers");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<qint64>("offset"); // afterwards
    const auto row = [](const char *what, const Headers &headers, const QByteArray &body,
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
    QFETCH(const Headers, headers);
    QFETCH(const QByteArray, body);
    start(isUploadx);
    const QUrl upload = create();
    const net::HttpReply reply = ask("PATCH", upload, headers, body);
    QTEST(reply.status, "status");
    QTEST(offsetOf(upload), "offset");
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
    start(isUploadx);
    const QUrl upload = create();
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
    QCOMPARE(offsetOf(upload), 0); // nothing is kept
}

void TestTusServers::unknownUploads()
{
    QFETCH(const bool, isUploadx);
    start(isUploadx);
    QUrl unknown = m_server->url();
    unknown.setPath(unknown.path() + QStringLiteral("/0123456789abcdef0123456789abcdef"));
    QCOMPARE(ask("HEAD", unknown, {{"Tus-Resumable", "1.0.0"}}).status, isUploadx ? 403 : 404);
    // To us it is the same: it is gone.
    transfer::TusServer server;
    server.net = &m_fixture->network();
    server.creationUrl = m_server->url();
    const auto status = QCoro::waitFor(transfer::tusAskStatus(server, unknown, {}));
    QVERIFY(!status);
    QCOMPARE(status.error().kind, ErrorKind::UploadExpired);
}

void TestTusServers::deferredLength()
{
    QFETCH(const bool, isUploadx);
    start(isUploadx);
    const auto destination = m_fixture->tus(m_server->url());
    const auto rules = QCoro::waitFor(destination->capabilities({}));
    QVERIFY(rules.has_value());
    QCOMPARE(rules->needsLengthFirst, isUploadx); // it is asked first: uploadx takes the most it
    if (isUploadx) // would take for the length
        return;
    const Headers deferred{{"Tus-Resumable", "1.0.0"}, {"Upload-Defer-Length", "1"}};
    const net::HttpReply created = ask("POST", m_server->url(), deferred);
    QCOMPARE(created.status, 201);
    const QUrl upload = m_server->url().resolved(QUrl::fromEncoded(created.header("Location")));
    QCOMPARE(ask("PATCH", upload, patchHeaders, "abcdef").status, 204);
    const Headers shorter = with(with(patchHeaders, "Upload-Offset", "6"), "Upload-Length", "3");
    QCOMPARE(ask("PATCH", upload, shorter).status, 400); // less than it has
    const Headers right = with(with(patchHeaders, "Upload-Offset", "6"), "Upload-Length", "6");
    QCOMPARE(ask("PATCH", upload, right).status, 204);
}

void TestTusServers::checksums()
{
    QFETCH(const bool, isUploadx);
    start(isUploadx);
    const auto destination = m_fixture->tus(m_server->url());
    const auto rules = QCoro::waitFor(destination->capabilities({}));
    QVERIFY(rules.has_value());
    QCOMPARE(rules->checksum, QString()); // uploadx offers them, but says no Tus-Version
    const QUrl upload = create();
    const QByteArray other = QCryptographicHash::hash("other", QCryptographicHash::Sha1).toBase64();
    const net::HttpReply wrong =
        ask("PATCH", upload, with(patchHeaders, "Upload-Checksum", "sha1 " + other), "abc");
    QCOMPARE(wrong.status, isUploadx ? 460 : 204); // not offered: not looked at
    QCOMPARE(offsetOf(upload), isUploadx ? 0 : 3);
    if (!isUploadx)
        return;
    transfer::TusServer server;
    const Error error = transfer::tusUploadError(server, wrong);
    QCOMPARE(error.kind, ErrorKind::UploadMismatch);
    QCOMPARE(error.retry.when, RetryAdvice::When::Backoff);
    QCOMPARE(ask("PATCH", upload, with(patchHeaders, "Upload-Checksum", "crc9 " + other), "abc")
                 .status,
             400);
    QCOMPARE(offsetOf(upload), 0);
}

// Neither puts uploads together. Ours are sent in one piece then (tst_tus_parts).
void TestTusServers::partialUploads()
{
    QFETCH(const bool, isUploadx);
    start(isUploadx);
    const Headers partial{{"Tus-Resumable", "1.0.0"},
                          {"Upload-Length", "10"},
                          {"Upload-Concat", "partial"},
                          {"Upload-Metadata", "filename " + QByteArray("a").toBase64()}};
    QCOMPARE(ask("POST", m_server->url(), partial).status, isUploadx ? 201 : 501);
    transfer::TusServer server;
    server.net = &m_fixture->network();
    server.creationUrl = m_server->url();
    const auto offer = QCoro::waitFor(transfer::tusAskOffer(server, {}));
    QVERIFY(offer.has_value() && !offer->canConcatenate);
    QCOMPARE(offer->isKnown, !isUploadx); // no Tus-Version
}

void TestTusServers::removedTwice()
{
    QFETCH(const bool, isUploadx);
    start(isUploadx);
    const QUrl upload = create();
    const Headers headers{{"Tus-Resumable", "1.0.0"}};
    QCOMPARE(ask("DELETE", upload, headers).status, 204);
    QCOMPARE(ask("HEAD", upload, headers).status, 404);
    QCOMPARE(ask("DELETE", upload, headers).status, isUploadx ? 204 : 404);
    // To us both are the same.
    const auto destination = m_fixture->tus(m_server->url());
    const QJsonObject state{{QStringLiteral("protocol"), QStringLiteral("tus")},
                            {QStringLiteral("url"), upload.toString()}};
    QVERIFY(QCoro::waitFor(transfer::discardUpload(destination.get(), state, {})).has_value());
}

void TestTusServers::expired()
{
    QFETCH(const bool, isUploadx);
    start(isUploadx, isUploadx ? QMap<QString, QString>{{QStringLiteral("EXPIRE"),
                                                         QStringLiteral("2s")},
                                                        {QStringLiteral("PURGE"),
                                                         QStringLiteral("1h")}}
                               : QMap<QString, QString>{{QStringLiteral("EXPIRE_MS"),
                                                         QStringLiteral("2000")}});
    const QUrl upload = create();
    QTest::qWait(2'600);
    QCOMPARE(ask("HEAD", upload, {{"Tus-Resumable", "1.0.0"}}).status, 410);
    QCOMPARE(ask("PATCH", upload, patchHeaders, "abc").status, 410);
    // A stored one is begun anew.
    const QByteArray bytes = noise(100'000);
    const auto destination = m_fixture->tus(m_server->url());
    auto request = m_fixture->request(
        m_fixture->sourceOf(m_fixture->write(QStringLiteral("clip.mp4"), bytes)));
    request.resumeState = {{QStringLiteral("protocol"), QStringLiteral("tus")},
                           {QStringLiteral("url"), upload.toString()}};
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().detail));
    QVERIFY(isStored(bytes));
}

void TestTusServers::bytesWithTheCreation()
{
    QFETCH(const bool, isUploadx);
    start(isUploadx);
    const Headers headers{{"Tus-Resumable", "1.0.0"},
                          {"Upload-Length", "10"},
                          {"Upload-Metadata", "filename " + QByteArray("a.mp4").toBase64()},
                          {"Content-Type", "application/offset+octet-stream"}};
    const net::HttpReply reply = ask("POST", m_server->url(), headers, "0123456789");
    QCOMPARE(reply.status, isUploadx ? 200 : 201);
    QCOMPARE(reply.header("Upload-Offset"), QByteArray("10"));
    // As the destination does it.
    transfer::DestinationConfig config;
    config.name = QStringLiteral("Test server");
    config.type = QStringLiteral("tus");
    config.options = {{QStringLiteral("url"), m_server->url().toString()},
                      {QStringLiteral("with_creation"), QStringLiteral("1")}};
    const auto destination = m_fixture->create(config);
    const QByteArray bytes = noise(50'000);
    const auto result = m_fixture->upload(
        *destination, m_fixture->request(m_fixture->sourceOf(
                          m_fixture->write(QStringLiteral("clip.mp4"), bytes))));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().detail));
    QCOMPARE(result->attempts, isUploadx ? 2 : 1); // uploadx says no Tus-Version: its offer is unknown
    QVERIFY(isStored(bytes));
}

void TestTusServers::metadataThatIsMissingOrBad()
{
    QFETCH(const bool, isUploadx);
    start(isUploadx);
    const Headers plain{{"Tus-Resumable", "1.0.0"}, {"Upload-Length", "10"}};
    const net::HttpReply created = ask("POST", m_server->url(), plain);
    QCOMPARE(created.status, 201);
    const QUrl upload = m_server->url().resolved(QUrl::fromEncoded(created.header("Location")));
    // uploadx lets nobody near one without a name; ours always has one.
    QCOMPARE(ask("HEAD", upload, {{"Tus-Resumable", "1.0.0"}}).status, isUploadx ? 403 : 200);
    const Headers bad = with(plain, "Upload-Metadata", "filename !!!not-base64!!!, ,");
    QCOMPARE(ask("POST", m_server->url(), bad).status, isUploadx ? 201 : 400);
}

void TestTusServers::withoutASignIn()
{
    QFETCH(const bool, isUploadx);
    start(isUploadx, {{QStringLiteral("AUTH_TOKEN"), QStringLiteral("canary-19c4e7")}});
    const Headers plain{{"Tus-Resumable", "1.0.0"}, {"Upload-Length", "10"}};
    QCOMPARE(ask("POST", m_server->url(), plain).status, 401);
    const auto result = upload("bytes");
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::SignInNeeded);
}

void TestTusServers::deliversWholeFiles()
{
    QFETCH(const bool, isUploadx);
    start(isUploadx);
    for (const qint64 size : {1LL, 100'000LL, 30'000'001LL}) {
        const QByteArray bytes = noise(size, quint32(size));
        const auto result = upload(bytes);
        QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().detail));
        QVERIFY(isStored(bytes));
        QCOMPARE(result->resentBytes, 0);
    }
}

// uploadx accepts any offset: that there is no hole is our affair. Stopped and gone on with, also
// from a state of before the last bytes.
void TestTusServers::neverLeavesAGap()
{
    QFETCH(const bool, isUploadx);
    start(isUploadx);
    const QByteArray bytes = noise(40'000'001);
    const FilePath file = m_fixture->write(QStringLiteral("clip.mp4"), bytes);
    const auto destination = m_fixture->tus(m_server->url());
    QJsonObject state;
    for (int round = 0; round < 4; ++round) {
        auto request = m_fixture->request(m_fixture->sourceOf(file));
        request.resumeState = state;
        std::stop_source stop;
        QTimer watch;
        connect(&watch, &QTimer::timeout, [&, progress = request.progress] {
            if (progress->confirmed + progress->inFlight > (round + 1) * 9'000'000)
                stop.request_stop();
        });
        if (round < 3)
            watch.start(1);
        m_fixture->network().setUploadLimit(round < 3 ? 40'000'000 : 0);
        const auto result =
            m_fixture->upload(*destination, std::move(request), stop.get_token());
        QVERIFY(result.has_value() == (round == 3));
        if (m_fixture->states.isEmpty())
            QFAIL("nothing was stored");
        state = m_fixture->states.last();
    }
    m_fixture->network().setUploadLimit(0);
    QVERIFY(isStored(bytes));
}

QTEST_GUILESS_MAIN(TestTusServers)
#include "tst_tus_servers.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 9110 §15.4: a redirect is followed for questions only, and never from one origin to another.
// What changes something is not sent anywhere else, not even to another path of the same server:
// what answers there is nobody's choice.
#include "core/transfer/exchange.h"

#include "tests/core/transfer/fake_put.h"
#include "tests/core/transfer/fake_s3.h"
#include "tests/core/transfer/scripted_faults.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

class TestRedirects : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<TransferFixture>(); }
    void whatChangesSomethingGoesNowhereElse_data();
    void whatChangesSomethingGoesNowhereElse();
    void aTusUploadStaysWhereItIs_data();
    void aTusUploadStaysWhereItIs();
    void aFileIsPutWhereItIsMeant_data() { eachMovedStatus(); }
    void aFileIsPutWhereItIsMeant();
    void aPasswordGoesToNoOtherServer_data() { eachMovedStatus(); }
    void aPasswordGoesToNoOtherServer();
    void aBucketStaysWhereItIs_data();
    void aBucketStaysWhereItIs();

private:
    static void eachMovedStatus();
    Result<UploadResult> upload(const DestinationConfig &config, qint64 size = 300'000);
    // Of something that was made for it.
    Result<void> discarded(const DestinationConfig &config);

    std::unique_ptr<TransferFixture> m_fixture;
};

namespace {

constexpr auto elsewhere = "/elsewhere";

Script movedTo(const QByteArray &location, int status)
{
    Script script;
    return script.readBody().reply(status, {}, {{"Location", location}});
}

bool isAskedElsewhere(const QList<ReceivedRequest> &requests)
{
    return std::any_of(requests.begin(), requests.end(), [](const ReceivedRequest &request) {
        return request.target.startsWith(elsewhere);
    });
}

} // namespace

void TestRedirects::eachMovedStatus()
{
    QTest::addColumn<int>("status");
    for (const int status : {301, 302, 303, 307, 308})
        QTest::addRow("%d", status) << status;
}

void TestRedirects::whatChangesSomethingGoesNowhereElse_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<int>("status");
    for (const char *method : {"POST", "PATCH", "PUT", "DELETE"}) {
        for (const int status : {301, 302, 303, 307, 308})
            QTest::addRow("%d after %s", status, method) << QByteArray(method) << status;
    }
}

void TestRedirects::whatChangesSomethingGoesNowhereElse()
{
    QFETCH(const QByteArray, method);
    QFETCH(const int, status);
    FaultServer server;
    server.setResponder([status](const ReceivedRequest &) { return movedTo(elsewhere, status); });
    net::HttpRequest request(method, server.url());
    request.headers.append(net::Header("Authorization", "Bearer canary-19c4e7"));
    if (method != "DELETE")
        request.body = net::RequestBody(QByteArray("content"));
    auto asking = exchange(&m_fixture->network(), u"Server"_s, std::move(request), {});
    const auto reply = QCoro::waitFor(std::move(asking));
    QVERIFY(reply.has_value());
    QCOMPARE(reply->status, status);
    QCOMPARE(server.requests().size(), 1);
}

Result<UploadResult> TestRedirects::upload(const DestinationConfig &config, qint64 size)
{
    const auto destination = m_fixture->create(config);
    return m_fixture->upload(
        *destination,
        m_fixture->request(m_fixture->sourceOf(m_fixture->write(u"clip.mp4"_s, noise(size)))));
}

Result<void> TestRedirects::discarded(const DestinationConfig &config)
{
    const auto destination = m_fixture->create(config);
    const FilePath file = m_fixture->write(u"clip.mp4"_s, noise(1000));
    UploadTarget target;
    target.fileName = u"clip.mp4"_s;
    target.mediaType = "video/mp4";
    target.source = m_fixture->sourceOf(file);
    auto session = QCoro::waitFor(destination->open(target, {}, {}));
    if (!session)
        return failure(session.error());
    PartPlan part;
    part.range = {0, 1000};
    part.total = 1000;
    part.isLast = true;
    const auto sent = QCoro::waitFor((*session)->send(part, {}));
    if (!sent)
        return failure(sent.error());
    return QCoro::waitFor((*session)->discard({}));
}

void TestRedirects::aTusUploadStaysWhereItIs_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<int>("status");
    for (const char *method : {"POST", "PATCH", "DELETE"}) {
        for (const int status : {307, 308})
            QTest::addRow("%d after %s", status, method) << QByteArray(method) << status;
    }
}

void TestRedirects::aTusUploadStaysWhereItIs()
{
    QFETCH(const QByteArray, method);
    QFETCH(const int, status);
    FakeServer server({.token = "canary-19c4e7"});
    Fault redirect = answer(method, status);
    redirect.headers.insert("Location", elsewhere);
    server.script(redirect);
    DestinationConfig config;
    config.name = u"tus server"_s;
    config.type = u"tus"_s;
    config.options.insert(u"url"_s, server.url().toString());
    config.secrets.insert(u"token"_s, "canary-19c4e7");
    if (method == "DELETE") {
        const auto ended = discarded(config);
        QVERIFY(!ended.has_value());
        QCOMPARE(ended.error().kind, ErrorKind::RedirectRefused);
    } else {
        const auto result = upload(config);
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().kind, ErrorKind::RedirectRefused);
    }
    for (const FakeServer::Request &request : server.requests())
        QVERIFY2(request.path != elsewhere, request.method.constData());
}

void TestRedirects::aFileIsPutWhereItIsMeant()
{
    QFETCH(const int, status);
    for (const QByteArray &method : {QByteArray("PUT"), QByteArray("DELETE")}) {
        FakePut server([&](const ReceivedRequest &request) -> std::optional<Script> {
            const bool isRedirected = request.method == method && request.target != elsewhere;
            return isRedirected ? std::optional(movedTo(elsewhere, status)) : std::nullopt;
        });
        const auto ended = discarded(server.config());
        QVERIFY(!ended.has_value());
        QCOMPARE(ended.error().kind, ErrorKind::RedirectRefused);
        QVERIFY(!isAskedElsewhere(server.server().requests()));
    }
}

void TestRedirects::aPasswordGoesToNoOtherServer()
{
    QFETCH(const int, status);
    FaultServer canary;
    FakePut server([&](const ReceivedRequest &request) -> std::optional<Script> {
        if (request.method != "PUT")
            return std::nullopt;
        return movedTo(canary.url(u"/dav/clip.mp4"_s).toEncoded(), status);
    });
    const auto result = upload(server.config());
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::RedirectRefused);
    const auto requests = server.server().requests();
    QCOMPARE(requests.last().header("Authorization"),
             "Basic " + QByteArray("user:canary-7f3a").toBase64());
    QCOMPARE(canary.connectionCount(), 0);
    QCOMPARE(canary.bytesReceived(), 0);
}

void TestRedirects::aBucketStaysWhereItIs_data()
{
    QTest::addColumn<int>("ask"); // a FakeS3::Ask
    QTest::newRow("create") << int(FakeS3::Ask::Create);
    QTest::newRow("part") << int(FakeS3::Ask::Part);
    QTest::newRow("complete") << int(FakeS3::Ask::Complete);
}

void TestRedirects::aBucketStaysWhereItIs()
{
    QFETCH(const int, ask);
    FakeS3 bucket([=](FakeS3::Ask asked, const ReceivedRequest &, int) -> std::optional<Script> {
        if (int(asked) == ask)
            return movedTo(elsewhere, 307);
        return std::nullopt;
    });
    const auto result = upload(bucket.config());
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::RedirectRefused);
    QVERIFY(!isAskedElsewhere(bucket.server().requests()));
    QVERIFY(!bucket.isCompleted());
}

QTEST_GUILESS_MAIN(TestRedirects)
#include "tst_redirects.moc"

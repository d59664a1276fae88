// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Signatures are good for a quarter of an hour: by whose clock, made when, and what is learned of it.
// Issue: aws/aws-cli#1065, boto/boto3#3893, peak/s5cmd#205, s3fs-fuse/s3fs-fuse#1042:
// RequestTimeTooSkewed.
#include "core/transfer/server_memory.h"
#include "core/transfer/uploader.h"

#include "tests/core/transfer/fake_s3.h"
#include "tests/core/transfer/fake_s3_requests.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

constexpr qint64 part = 8 << 20;

DestinationConfig configWith(const FakeS3 &server, int parallel)
{
    DestinationConfig config = server.config();
    config.options.insert(QStringLiteral("parallel"), QString::number(parallel));
    return config;
}

QDateTime signedAt(const ReceivedRequest &request)
{
    return amzTime(request.header("X-Amz-Date"));
}

} // namespace

class TestS3Clock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void learnsTheServersClock();
    void asksBeforeABodyGoesAgain_data();
    void asksBeforeABodyGoesAgain();
    void signsWhenThereIsAConnection();
    void remembersTheServersClock_data();
    void remembersTheServersClock();

private:
    Result<UploadResult> upload(const FakeS3 &server, int parallel, qint64 size);

    std::unique_ptr<TransferFixture> m_fixture;
};

void TestS3Clock::init()
{
    m_fixture = std::make_unique<TransferFixture>();
}

Result<UploadResult> TestS3Clock::upload(const FakeS3 &server, int parallel, qint64 size)
{
    const FilePath file = m_fixture->write(QStringLiteral("source"), noise(size));
    const auto destination = m_fixture->create(configWith(server, parallel));
    return m_fixture->upload(*destination, m_fixture->request(m_fixture->sourceOf(file)));
}

// UPLOAD A3: on RequestTimeTooSkewed, the reply's Date counts, and the request is signed again.
void TestS3Clock::learnsTheServersClock()
{
    FakeS3 server;
    server.set([](FakeS3Model &model) { model.clockAhead = std::chrono::hours(24 * 1'000); });
    const auto result = upload(server, 4, 3 * part + 5);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.count(FakeS3::Ask::Look), 4); // the first one was signed for the wrong time
    QCOMPARE(server.count(FakeS3::Ask::Part), 4);
    QCOMPARE(m_fixture->delays.size(), 0);
}

void TestS3Clock::asksBeforeABodyGoesAgain_data()
{
    QTest::addColumn<int>("parallel");
    QTest::newRow("one part at once") << 1;
    QTest::newRow("four parts at once") << 4;
}

// The clocks part when the first part is there. What was refused for it was a body: the server is
// asked, by its own clock, and the body goes once more.
void TestS3Clock::asksBeforeABodyGoesAgain()
{
    QFETCH(const int, parallel);
    FakeS3 *self = nullptr;
    FakeS3 server([&self](FakeS3::Ask ask, const ReceivedRequest &,
                          int before) -> std::optional<Script> {
        if (ask == FakeS3::Ask::Part && before == 1)
            self->set([](FakeS3Model &model) { model.clockAhead = std::chrono::minutes(20); });
        return std::nullopt;
    });
    self = &server;
    const auto result = upload(server, parallel, 3 * part + 5);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.objects(), (QMap<QByteArray, qint64>{{"clip.mp4", 3 * part + 5}}));
    QCOMPARE(m_fixture->delays.size(), 1);
    const QList<FakeS3::Asked> asked = server.asked();
    int bodies = 0;
    bool isAsked = false;
    QList<int> sent;
    for (const FakeS3::Asked &request : asked) {
        isAsked = isAsked || request.ask == FakeS3::Ask::List;
        if (request.ask != FakeS3::Ask::Part)
            continue;
        ++bodies;
        QVERIFY(!sent.contains(request.part) || isAsked);
        sent.append(request.part);
    }
    QVERIFY(bodies > 4); // some were refused
    if (parallel == 1)
        QCOMPARE(bodies, 5);
    // From the question on, all are signed by the server's clock.
    const QList<ReceivedRequest> requests = server.server().requests();
    QVERIFY(QDateTime::currentDateTimeUtc().secsTo(signedAt(requests.last())) > 15 * 60);
}

// A part that waited for another one's connection is not signed for the time when it began to wait.
void TestS3Clock::signsWhenThereIsAConnection()
{
    constexpr std::chrono::milliseconds held{3'000};
    FakeS3 server([held](FakeS3::Ask ask, const ReceivedRequest &,
                         int before) -> std::optional<Script> {
        if (ask != FakeS3::Ask::Part || before != 1)
            return std::nullopt;
        return Script().readBody().wait(held).reply(503, FakeS3::errorXml("SlowDown"));
    });
    net::NetOptions narrow;
    narrow.connectionsPerHost = 1;
    net::Net network(narrow);
    m_fixture->context().net = &network;
    const auto result = upload(server, 2, 4 * part);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QList<ReceivedRequest> parts;
    for (const ReceivedRequest &request : server.server().requests()) {
        if (askOf(request) == FakeS3::Ask::Part)
            parts.append(request);
    }
    QVERIFY(parts.size() >= 3);
    QVERIFY(partNumberOf(parts[1]) != partNumberOf(parts[2])); // it had waited, and was not a retry
    const qint64 seconds = signedAt(parts[1]).secsTo(signedAt(parts[2]));
    QVERIFY2(seconds >= 2, qPrintable(QString::number(seconds)));
    m_fixture->context().net = &m_fixture->network();
}

void TestS3Clock::remembersTheServersClock_data()
{
    QTest::addColumn<bool>("hasMemory");
    QTest::addColumn<int>("looks"); // of both uploads
    QTest::newRow("as the program does") << true << 4 + 4;
    QTest::newRow("each upload for itself") << false << 4 + 5;
}

// UPLOAD A3: the offset belongs to the endpoint: the second upload is right from the start.
void TestS3Clock::remembersTheServersClock()
{
    QFETCH(const bool, hasMemory);
    QFETCH(const int, looks);
    if (hasMemory)
        m_fixture->context().memory = std::make_shared<ServerMemory>();
    FakeS3 server;
    server.set([](FakeS3Model &model) { model.clockAhead = -std::chrono::hours(3); });
    for (int time = 0; time < 2; ++time) {
        const auto result = upload(server, 4, 1'000);
        QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    }
    QCOMPARE(server.objects().size(), 2); // clip.mp4, and clip (2).mp4 with one look more
    QCOMPARE(server.count(FakeS3::Ask::Look), looks);
    QCOMPARE(server.count(FakeS3::Ask::Create), 2);
}

QTEST_GUILESS_MAIN(TestS3Clock)
#include "tst_s3_clock.moc"

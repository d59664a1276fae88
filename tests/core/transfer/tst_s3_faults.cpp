// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What an S3 server can do wrong in the middle of an upload. Against a fake one that does just that;
// the real one is in tst_s3_server and in the contract.
#include "core/transfer/uploader.h"

#include "tests/core/transfer/fake_s3.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QtTest>

#include <atomic>

Q_DECLARE_METATYPE(sendoff::test::Script)

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

constexpr qint64 part = 8 << 20;

// So many times, for requests of this kind from the `first` on.
FakeS3::Misbehave onceAt(FakeS3::Ask ask, int first, Script script, int times = 1)
{
    return [=](FakeS3::Ask asked, const ReceivedRequest &,
               int before) -> std::optional<Script> {
        if (asked != ask || before < first || before >= first + times)
            return std::nullopt;
        return script;
    };
}

} // namespace

class TestS3Faults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<TransferFixture>(); }
    void goesOnAfterAFault_data();
    void goesOnAfterAFault();
    void believesNoSuccessThatHoldsAnError();
    void completesOnceWhereTheReplyIsLost();
    void waitsAsLongAsItIsAsked();
    void learnsTheServersClock();
    void learnsTheRegion();
    void sendsAPartAgainWhoseETagIsWrong();
    void doesNotBelieveAnObjectOfAnotherETag();
    void doesNotBelieveAnObjectOfAnotherSize();
    void beginsAnewWhereTheUploadIsForgotten();
    void endsWhereNobodyMayWrite();
    void sendsPartsAtOnce();
    void comparesPartsOfAnEarlierRunWithTheFile();
    void sendsNoSecret();

private:
    Result<UploadResult> upload(const FakeS3 &server, qint64 size = 3 * part + 5);

    std::unique_ptr<TransferFixture> m_fixture;
    QByteArray m_bytes;
    FilePath m_file;
};

Result<UploadResult> TestS3Faults::upload(const FakeS3 &server, qint64 size)
{
    m_bytes = noise(size);
    m_file = m_fixture->write(QStringLiteral("source"), m_bytes);
    const auto destination = m_fixture->create(server.config());
    return m_fixture->upload(*destination, m_fixture->request(m_fixture->sourceOf(m_file)));
}

void TestS3Faults::goesOnAfterAFault_data()
{
    using Ask = FakeS3::Ask;
    QTest::addColumn<int>("ask");
    QTest::addColumn<int>("first");
    QTest::addColumn<Script>("script");
    const auto row = [](const char *name, Ask ask, int first, const Script &script) {
        QTest::newRow(name) << int(ask) << first << script;
    };
    row("the look is cut", Ask::Look, 0, Script().reset());
    row("the creation gets 500", Ask::Create, 0, FakeS3::error(500, "InternalError"));
    row("a part is cut in the middle", Ask::Part, 1, Script().readBodyBytes(1 << 20).reset());
    row("a part's reply is lost", Ask::Part, 1, Script().readBody().reset());
    row("a part gets 500", Ask::Part, 0, FakeS3::error(500, "InternalError"));
    row("a part gets SlowDown", Ask::Part, 2, FakeS3::error(503, "SlowDown"));
    // Issue: aws/aws-cli#401, nextcloud/server#20519.
    row("a part is too slow", Ask::Part, 2, FakeS3::error(400, "RequestTimeout"));
    row("a part is refused early", Ask::Part, 1,
        Script().reply(503, FakeS3::errorXml("SlowDown")).close());
    row("a part arrives damaged", Ask::Part, 3, FakeS3::error(400, "BadDigest"));
    row("the list is cut", Ask::List, 0, Script().reset());
    row("the end gets 500", Ask::Complete, 0, FakeS3::error(500, "InternalError"));
    row("the end is cut", Ask::Complete, 0, Script().reset());
    row("the last look is cut", Ask::Look, 2, Script().reset());
}

void TestS3Faults::goesOnAfterAFault()
{
    QFETCH(const int, ask);
    QFETCH(const int, first);
    QFETCH(const Script, script);
    FakeS3 server(onceAt(FakeS3::Ask(ask), first, script));
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(server.isCompleted());
    QCOMPARE(server.parts().size(), 4);
    const QByteArray firstPart = m_bytes.first(part);
    QCOMPARE(server.parts().value(1),
             QCryptographicHash::hash(firstPart, QCryptographicHash::Md5).toHex());
    QCOMPARE(result->sha256, sha256Of(m_bytes));
}

// UPLOAD A3: Complete can answer 200 and then say no.
void TestS3Faults::believesNoSuccessThatHoldsAnError()
{
    FakeS3 server(onceAt(FakeS3::Ask::Complete, 0, FakeS3::error(200, "InternalError"), 2));
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.count(FakeS3::Ask::Complete), 3);

    FakeS3 never(onceAt(FakeS3::Ask::Complete, 0, FakeS3::error(200, "InternalError"), 1000));
    const auto failed = upload(never);
    QVERIFY(!failed.has_value());
    QCOMPARE(failed.error().kind, ErrorKind::DestinationTrouble);
    QVERIFY(!never.isCompleted());
}

// P5: the reply is lost, and the upload is gone, as with AWS: looked up, not repeated.
void TestS3Faults::completesOnceWhereTheReplyIsLost()
{
    std::atomic<bool> isLost = false;
    FakeS3 *self = nullptr;
    FakeS3 server([&](FakeS3::Ask ask, const ReceivedRequest &,
                      int before) -> std::optional<Script> {
        if (ask != FakeS3::Ask::Complete || before > 0)
            return std::nullopt;
        isLost = true;
        self->completeSilently();
        return Script().readBody().reset();
    });
    self = &server;
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(isLost);
    QCOMPARE(server.count(FakeS3::Ask::Complete), 1);
    QCOMPARE(server.count(FakeS3::Ask::Create), 1);
    QCOMPARE(result->resentBytes, 0);
}

void TestS3Faults::waitsAsLongAsItIsAsked()
{
    Script busy;
    busy.readBody().reply(503, FakeS3::errorXml("SlowDown"), {{"Retry-After", "7"}});
    FakeS3 server(onceAt(FakeS3::Ask::Part, 1, busy));
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(!m_fixture->delays.isEmpty());
    QVERIFY(m_fixture->delays.first() >= std::chrono::milliseconds(6'000));
}

// UPLOAD A3: on RequestTimeTooSkewed, the reply's Date counts, and the request is signed again.
// Issue: aws/aws-cli#1065, boto/boto3#3893, peak/s5cmd#205, s3fs-fuse/s3fs-fuse#1042:
// RequestTimeTooSkewed.
void TestS3Faults::learnsTheServersClock()
{
    std::atomic<int> late = 0;
    FakeS3 server([&](FakeS3::Ask, const ReceivedRequest &request,
                      int) -> std::optional<Script> {
        // It lives in 2030.
        if (request.header("X-Amz-Date").startsWith("2030"))
            return std::nullopt;
        ++late;
        return Script().readBody().reply(403, FakeS3::errorXml("RequestTimeTooSkewed"),
                                         {{"Date", "Tue, 01 Jan 2030 12:00:00 GMT"}});
    });
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(late.load(), 1);
    QCOMPARE(m_fixture->delays.size(), 0);
}

void TestS3Faults::learnsTheRegion()
{
    std::atomic<int> wrong = 0;
    FakeS3 server([&](FakeS3::Ask, const ReceivedRequest &request,
                      int) -> std::optional<Script> {
        if (request.header("Authorization").contains("/eu-north-1/s3/"))
            return std::nullopt;
        ++wrong;
        return Script().readBody().reply(301, FakeS3::errorXml("PermanentRedirect"),
                                         {{"x-amz-bucket-region", "eu-north-1"},
                                          {"Location", "http://127.0.0.1:9/elsewhere"}});
    });
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(wrong.load(), 1);
}

void TestS3Faults::sendsAPartAgainWhoseETagIsWrong()
{
    Script other;
    other.readBody().reply(200, {}, {{"ETag", "\"00000000000000000000000000000000\""}});
    FakeS3 server(onceAt(FakeS3::Ask::Part, 1, other));
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.count(FakeS3::Ask::Part), 5);
}

void TestS3Faults::doesNotBelieveAnObjectOfAnotherETag()
{
    FakeS3 server([](FakeS3::Ask ask, const ReceivedRequest &,
                     int before) -> std::optional<Script> {
        if (ask != FakeS3::Ask::Look || before < 2)
            return std::nullopt;
        return Script().send("HTTP/1.1 200 OK\r\nContent-Length: 25165829\r\nETag: \"other-4\"\r\n"
                             "Last-Modified: Thu, 26 Nov 2026 10:00:00 GMT\r\n\r\n");
    });
    const auto result = upload(server);
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::UploadMismatch);
}

// Issue: nextcloud/desktop#10523, transloadit/uppy#5961: done, with 0 bytes.
void TestS3Faults::doesNotBelieveAnObjectOfAnotherSize()
{
    FakeS3 server([](FakeS3::Ask ask, const ReceivedRequest &,
                     int before) -> std::optional<Script> {
        if (ask != FakeS3::Ask::Look || before < 2)
            return std::nullopt;
        // B2 22: completed as an object of 0 bytes.
        return Script().send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: \"other-4\"\r\n"
                             "Last-Modified: Thu, 26 Nov 2026 10:00:00 GMT\r\n\r\n");
    });
    const auto result = upload(server);
    QVERIFY(!result.has_value());
}

void TestS3Faults::beginsAnewWhereTheUploadIsForgotten()
{
    FakeS3 server(onceAt(FakeS3::Ask::Part, 2, FakeS3::error(404, "NoSuchUpload")));
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.count(FakeS3::Ask::Create), 2);
}

void TestS3Faults::endsWhereNobodyMayWrite()
{
    FakeS3 server(onceAt(FakeS3::Ask::Create, 0, FakeS3::error(403, "AccessDenied"), 1000));
    const auto result = upload(server);
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::PermissionDenied);
    QCOMPARE(server.count(FakeS3::Ask::Create), 1);
}

void TestS3Faults::sendsPartsAtOnce()
{
    // The replies to parts 2 … 5 come when all four are there.
    std::atomic<int> arrived = 0;
    FakeS3 server([&](FakeS3::Ask ask, const ReceivedRequest &,
                      int before) -> std::optional<Script> {
        if (ask != FakeS3::Ask::Part || before == 0 || before > 4)
            return std::nullopt;
        ++arrived;
        return std::nullopt;
    });
    server.holdParts();
    QTimer watch;
    connect(&watch, &QTimer::timeout, [&] {
        if (arrived == 4)
            server.server().release();
    });
    watch.start(5);
    const auto result = upload(server, 10 * part);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.parts().size(), 10);
    QCOMPARE(server.count(FakeS3::Ask::Part), 10);
    QCOMPARE(result->resentBytes, 0);
}

// B2 21: the parts stay what they are, also after a resume; and what the server has of an earlier
// run is compared with the file before the end.
void TestS3Faults::comparesPartsOfAnEarlierRunWithTheFile()
{
    FakeS3 server(onceAt(FakeS3::Ask::Part, 2, FakeS3::error(403, "AccessDenied"), 2));
    const auto stopped = upload(server);
    QVERIFY(!stopped.has_value());
    QVERIFY(!m_fixture->states.isEmpty());
    const QJsonObject state = m_fixture->states.last();
    server.damagePart(1); // with the same size
    const auto destination = m_fixture->create(server.config());
    auto again = m_fixture->request(m_fixture->sourceOf(m_file));
    again.resumeState = state;
    const auto result = m_fixture->upload(*destination, std::move(again));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.parts().value(1),
             QCryptographicHash::hash(m_bytes.first(part), QCryptographicHash::Md5).toHex());
    QCOMPARE(server.count(FakeS3::Ask::Create), 1);
}

void TestS3Faults::sendsNoSecret()
{
    std::atomic<bool> isSeen = false;
    FakeS3 server([&](FakeS3::Ask, const ReceivedRequest &request,
                      int) -> std::optional<Script> {
        QByteArray all = request.target;
        for (const auto &[name, value] : request.headers)
            all += value;
        if (all.contains("canary-secret-key"))
            isSeen = true;
        return std::nullopt;
    });
    const auto destination = m_fixture->create(server.config());
    const FilePath file = m_fixture->write(QStringLiteral("source"), noise(1000));
    const auto result =
        m_fixture->upload(*destination, m_fixture->request(m_fixture->sourceOf(file)));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(!isSeen);
    QVERIFY(!result->delivery.link.toString().contains(QStringLiteral("canary")));
    for (const QJsonObject &state : m_fixture->states)
        QVERIFY(!QJsonDocument(state).toJson().contains("canary"));
}

QTEST_GUILESS_MAIN(TestS3Faults)
#include "tst_s3_faults.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What an S3 server can do wrong in the middle of an upload. Against a fake one that does just that;
// the real one is in tst_s3_server and in the contract.
#include "core/transfer/uploader.h"

#include "tests/core/transfer/fake_s3.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QtTest>

#include <atomic>

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

// What happens to the nth request of a kind.
struct Fault {
    FakeS3::Ask ask = FakeS3::Ask::Other;
    int nth = 0;
    std::optional<Script> script; // none: it is done, and its reply is lost
};
using Faults = QList<Fault>;

FakeS3::Misbehave misbehaving(const Faults &faults, std::atomic<int> *fired)
{
    return [=](FakeS3::Ask ask, const ReceivedRequest &, int before) -> std::optional<Script> {
        for (const Fault &fault : faults) {
            if (fault.ask != ask || fault.nth != before)
                continue;
            ++*fired;
            return fault.script;
        }
        return std::nullopt;
    };
}

// After the nth body came to grief, the same part goes again only when the server was asked.
bool isAskedBeforeABodyGoesAgain(const QList<FakeS3::Asked> &asked, int nth)
{
    qsizetype failed = -1;
    for (qsizetype i = 0; i < asked.size() && failed < 0; ++i) {
        if (asked[i].ask == FakeS3::Ask::Part && nth-- == 0)
            failed = i;
    }
    bool isAsked = false;
    for (qsizetype i = failed + 1; failed >= 0 && i < asked.size(); ++i) {
        isAsked = isAsked || asked[i].ask == FakeS3::Ask::List;
        if (asked[i].ask == FakeS3::Ask::Part && asked[i].part == asked[failed].part)
            return isAsked;
    }
    return isAsked; // it is there
}

} // namespace

Q_DECLARE_METATYPE(Faults)

class TestS3Faults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<TransferFixture>(); }
    void goesOnAfterAFault_data();
    void goesOnAfterAFault();
    void believesNoSuccessThatHoldsAnError();
    void completesOnceWhereTheReplyIsLost_data() { addDialects(); }
    void completesOnceWhereTheReplyIsLost();
    void waitsAsLongAsItIsAsked();
    void learnsTheRegion();
    void sendsAPartAgainAndAgain();
    void sendsAPartAgainWhoseETagIsWrong();
    void doesNotBelieveAnObjectOfAnotherETag();
    void doesNotBelieveAnObjectOfAnotherSize();
    void beginsAnewWhereTheUploadIsForgotten();
    void endsWhereNobodyMayWrite();
    void sendsPartsAtOnce();
    void comparesPartsOfAnEarlierRunWithTheFile();
    void sendsNoSecret();

private:
    static void addDialects();
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

void TestS3Faults::addDialects()
{
    QTest::addColumn<bool>("isCeph");
    QTest::newRow("Amazon") << false;
    QTest::newRow("Ceph") << true;
}

void TestS3Faults::goesOnAfterAFault_data()
{
    using Ask = FakeS3::Ask;
    QTest::addColumn<Faults>("faults");
    QTest::addColumn<bool>("isCeph");
    const auto row = [](const char *name, const Faults &faults) {
        QTest::addRow("%s", name) << faults << false;
        QTest::addRow("%s, Ceph", name) << faults << true;
    };
    const Script cut = Script().readBodyBytes(1 << 20).reset();
    row("the look is cut", {{Ask::Look, 0, Script().reset()}});
    row("the creation gets 500", {{Ask::Create, 0, FakeS3::error(500, "InternalError")}});
    row("a part is cut in the middle", {{Ask::Part, 1, cut}});
    row("a part's reply is lost", {{Ask::Part, 1, std::nullopt}});
    row("a part gets 500", {{Ask::Part, 0, FakeS3::error(500, "InternalError")}});
    row("a part gets SlowDown", {{Ask::Part, 2, FakeS3::error(503, "SlowDown")}});
    // Issue: aws/aws-cli#401, nextcloud/server#20519.
    row("a part is too slow", {{Ask::Part, 2, FakeS3::error(400, "RequestTimeout")}});
    row("a part is refused early",
        {{Ask::Part, 1, Script().reply(503, FakeS3::errorXml("SlowDown")).close()}});
    row("a part arrives damaged", {{Ask::Part, 3, FakeS3::error(400, "BadDigest")}});
    row("the list is cut, after a part", {{Ask::Part, 1, cut}, {Ask::List, 0, Script().reset()}});
    row("two parts are cut", {{Ask::Part, 1, cut}, {Ask::Part, 3, cut}});
    row("the end gets 500", {{Ask::Complete, 0, FakeS3::error(500, "InternalError")}});
    row("the end is cut", {{Ask::Complete, 0, Script().reset()}});
    row("the last look is cut", {{Ask::Look, 2, Script().reset()}});
}

// UPLOAD 0.3: after a body that failed, the server is asked what it has.
void TestS3Faults::goesOnAfterAFault()
{
    QFETCH(const Faults, faults);
    QFETCH(const bool, isCeph);
    std::atomic<int> fired = 0;
    FakeS3 server(misbehaving(faults, &fired), isCeph ? S3Dialect::Ceph : S3Dialect::Amazon);
    for (const Fault &fault : faults) {
        if (!fault.script)
            server.loseReplyTo(fault.ask, fault.nth);
    }
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(fired.load(), int(faults.size()));
    for (const Fault &fault : faults)
        QVERIFY(fault.ask != FakeS3::Ask::Part
                || isAskedBeforeABodyGoesAgain(server.asked(), fault.nth));
    QVERIFY(server.isCompleted());
    QCOMPARE(server.parts().size(), 4);
    for (int number = 1; number <= 4; ++number)
        QCOMPARE(server.parts().value(number),
                 QCryptographicHash::hash(m_bytes.mid((number - 1) * part, part),
                                          QCryptographicHash::Md5)
                     .toHex());
    QCOMPARE(server.objects(), (QMap<QByteArray, qint64>{{"clip.mp4", m_bytes.size()}}));
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
    QFETCH(const bool, isCeph);
    FakeS3 server({}, isCeph ? S3Dialect::Ceph : S3Dialect::Amazon);
    server.loseReplyTo(FakeS3::Ask::Complete, 0);
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(server.isCompleted());
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
    server.set([](FakeS3Model &model) { model.region = "eu-north-1"; });
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(wrong.load(), 1);
}

// Each time as it was, with the digest that was computed once.
void TestS3Faults::sendsAPartAgainAndAgain()
{
    std::atomic<int> refused = 0;
    FakeS3 server([&](FakeS3::Ask ask, const ReceivedRequest &request,
                      int) -> std::optional<Script> {
        const bool isIt = ask == FakeS3::Ask::Part && partNumberOf(request) == 2;
        if (!isIt || ++refused > 4)
            return std::nullopt;
        return FakeS3::error(500, "InternalError");
    });
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(refused.load(), 5);
    const QByteArray digest =
        QCryptographicHash::hash(m_bytes.mid(part, part), QCryptographicHash::Md5).toBase64();
    for (const ReceivedRequest &request : server.server().requests())
        QVERIFY(partNumberOf(request) != 2 || request.header("Content-MD5") == digest);
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
    QCOMPARE(server.count(FakeS3::Ask::Complete), 1);
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
    QCOMPARE(result.error().kind, ErrorKind::UploadMismatch);
    QCOMPARE(server.count(FakeS3::Ask::Complete), 1);
    QCOMPARE(server.count(FakeS3::Ask::Create), 1);
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

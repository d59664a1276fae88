// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a server answers: refusals, lies, claims to have forgotten, other addresses. Every case ends.
#include "core/transfer/uploader.h"

#include "core/base/error_text.h"
#include "core/transfer/server_memory.h"
#include "tests/core/transfer/scripted_faults.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace std::chrono_literals;

namespace {

constexpr qint64 fileSize = 3'000'001;
constexpr qint64 largeSize = 30'000'001; // more than the kernel takes at once

// So that it is asked twice what it has: half a megabyte, then a tenth more.
void cutTwice(FakeServer &server)
{
    server.script(fault("PATCH", Fault::Do::Cut, 500'000));
    Fault again = fault("PATCH", Fault::Do::Cut, 100'000);
    again.after = 1;
    server.script(again);
}

Fault claim(const QByteArray &text, Fault::Do what = Fault::Do::Claim)
{
    Fault made = fault("PATCH", what);
    made.text = text;
    return made;
}

} // namespace

Q_DECLARE_METATYPE(sendoff::test::Fault)

class TestUploaderAnswers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void doesNotBelieve_data();
    void doesNotBelieve();
    void asksOnceMoreWhereItSuddenlyHasLess();
    void endsWhereItHasLessASecondTime();
    void sendsSmallerPartsAfter413();
    void remembersWhatAServerRefused();
    void asksAServerOnceWhatItOffers();
    void believesAnOfferForAWhile();
    void leavesToTheUser_data();
    void leavesToTheUser();
    void waitsAsLongAsTheServerAsks();
    void beginsAnewWhereTheServerHasForgotten();
    void beginsAnewOnlyOnceWithoutProgress();
    void sendsNothingToWhereItIsRedirected();
    void asksAgainWithinTheSameOrigin();
};

void TestUploaderAnswers::doesNotBelieve_data()
{
    QTest::addColumn<QList<Fault>>("faults");
    using Do = Fault::Do;
    Fault lost = fault("HEAD", Do::LoseBytes, 10);
    Fault cut = fault("PATCH", Do::Cut, 500'000);
    Fault cutAgain = fault("PATCH", Do::Cut, 100'000);
    cutAgain.after = 1;
    lost.after = 1;
    QTest::newRow("more than the file has") << QList{claim("30000002")};
    QTest::newRow("all of it at once") << QList{claim("30000001", Do::ClaimAtOnce)};
    QTest::newRow("a word") << QList{claim("all")};
    QTest::newRow("a negative number") << QList{claim("-1")};
    QTest::newRow("a number that is too large") << QList{claim("99999999999999999999")};
    QTest::newRow("two offsets") << QList{claim({}, Do::ClaimTwice)};
    QTest::newRow("less and less") << QList{cut, cutAgain, lost};
    QTest::newRow("two offsets on HEAD") << QList{cut, fault("HEAD", Do::ClaimTwice)};
    Fault more = fault("HEAD", Do::Claim);
    more.text = "30000001";
    QTest::newRow("all of it after a cut") << QList{fault("PATCH", Do::Cut, 10), more};
}

void TestUploaderAnswers::doesNotBelieve()
{
    QFETCH(const QList<Fault>, faults);
    TransferFixture fixture;
    FakeServer server;
    for (const Fault &wrong : faults)
        server.script(wrong);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(*destination,
                                       fixture.request(fixture.sourceOf(fixture.write(
                                           QStringLiteral("clip.mp4"), noise(largeSize)))));
    QVERIFY2(!result.has_value(), "a lie was believed");
    QCOMPARE(result.error().kind, ErrorKind::ProtocolViolation);
    QVERIFY(!result.error()[argument::reason].isEmpty());
    QVERIFY(describe(result.error()).what.contains(u"Test server"));
}

// A proxy may answer with what it remembers.
void TestUploaderAnswers::asksOnceMoreWhereItSuddenlyHasLess()
{
    TransferFixture fixture;
    FakeServer server;
    cutTwice(server);
    Fault less = fault("HEAD", Fault::Do::Claim);
    less.text = "10";
    less.after = 1;
    server.script(less);
    const QByteArray bytes = noise(fileSize);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(
        *destination,
        fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("clip.mp4"), bytes))));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(server.uploads().first().bytes == bytes);
    QCOMPARE(server.count("HEAD"), 4); // after each cut, once more, and in the end
    QCOMPARE(server.count("PATCH"), 3);
}

void TestUploaderAnswers::endsWhereItHasLessASecondTime()
{
    TransferFixture fixture;
    FakeServer server;
    cutTwice(server);
    Fault lost = fault("HEAD", Fault::Do::LoseBytes, 10);
    lost.after = 1;
    server.script(lost);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(*destination,
                                       fixture.request(fixture.sourceOf(fixture.write(
                                           QStringLiteral("clip.mp4"), noise(fileSize)))));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::ProtocolViolation);
    QCOMPARE(server.count("HEAD"), 3);
    QCOMPARE(server.count("PATCH"), 2);
}

// A proxy on the way that takes bodies up to some size only.
// Issue: nextcloud/desktop#4271, #4826, #925, #7980: a proxy takes bodies of 100 MB at most.
void TestUploaderAnswers::sendsSmallerPartsAfter413()
{
    TransferFixture fixture;
    FakeServer server;
    server.script(refusal(413));
    const QByteArray bytes = noise(fileSize);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(
        *destination,
        fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("clip.mp4"), bytes))));
    QVERIFY(result.has_value());
    QCOMPARE(server.uploads().size(), 1);
    QVERIFY(server.uploads()[0].bytes == bytes);
    QVERIFY(result->attempts >= 4); // the creation, the refused one, and two halves at least
}

// The same issues: the next file is not refused again; another server is asked for nothing smaller.
void TestUploaderAnswers::remembersWhatAServerRefused()
{
    TransferFixture fixture;
    fixture.context().memory = std::make_shared<transfer::ServerMemory>();
    FakeServer narrow;
    FakeServer wide;
    narrow.script(refusal(413));
    const auto attemptsOf = [&](FakeServer &server, const QString &name) {
        const auto destination = fixture.tus(server.url());
        const auto result = fixture.upload(
            *destination, fixture.request(fixture.sourceOf(fixture.write(name, noise(fileSize)))));
        return result ? result->attempts : -1;
    };
    QVERIFY(attemptsOf(narrow, QStringLiteral("first.mp4")) >= 4);
    QCOMPARE(attemptsOf(narrow, QStringLiteral("second.mp4")), 4); // the creation, two halves, one byte
    QCOMPARE(attemptsOf(wide, QStringLiteral("third.mp4")), 2);
}

// Many small files: each costs its own requests, and no further question.
void TestUploaderAnswers::asksAServerOnceWhatItOffers()
{
    TransferFixture fixture;
    fixture.context().memory = std::make_shared<transfer::ServerMemory>();
    FakeServer server;
    const auto isSent = [&](const QString &name) {
        const auto destination = fixture.tus(server.url());
        const auto result = fixture.upload(
            *destination, fixture.request(fixture.sourceOf(fixture.write(name, noise(1000)))));
        return result.has_value();
    };
    QVERIFY(isSent(QStringLiteral("first.mp4")));
    QVERIFY(isSent(QStringLiteral("second.mp4")));
    QCOMPARE(server.count("OPTIONS"), 1);
    server.script(answer("POST", 403)); // it may have been set up anew
    QVERIFY(!isSent(QStringLiteral("third.mp4")));
    QVERIFY(isSent(QStringLiteral("fourth.mp4")));
    QCOMPARE(server.count("OPTIONS"), 2);
}

// Five minutes later it may offer something else; to another user, at once.
void TestUploaderAnswers::believesAnOfferForAWhile()
{
    std::chrono::steady_clock::time_point now{};
    transfer::TusOffers offers([&now] { return now; });
    transfer::TusServer server;
    server.creationUrl = QUrl(QStringLiteral("https://host/files"));
    QVERIFY(!offers.find(server));
    transfer::TusOffer offer;
    offer.maximumSize = 7;
    offers.note(server, offer);
    now += transfer::TusOffers::lifetime;
    QVERIFY(offers.find(server));
    QCOMPARE(offers.find(server)->maximumSize, 7);
    transfer::TusServer other = server;
    other.authorization = "Bearer other";
    QVERIFY(!offers.find(other));
    now += std::chrono::seconds(1);
    QVERIFY(!offers.find(server));
    offers.note(server, offer);
    offers.forget(server);
    QVERIFY(!offers.find(server));
}

void TestUploaderAnswers::leavesToTheUser_data()
{
    QTest::addColumn<Fault>("wrong");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("413 of every size") << refusal(413, 100) << ErrorKind::DestinationLimit;
    QTest::newRow("413 on creation") << answer("POST", 413) << ErrorKind::DestinationLimit;
    QTest::newRow("415") << refusal(415) << ErrorKind::Refused;
    QTest::newRow("507") << refusal(507) << ErrorKind::DestinationFull;
    QTest::newRow("401 on creation") << answer("POST", 401) << ErrorKind::SignInNeeded;
    QTest::newRow("401 in the middle") << refusal(401) << ErrorKind::SignInNeeded;
    QTest::newRow("403 on creation") << answer("POST", 403) << ErrorKind::PermissionDenied;
    QTest::newRow("404 on creation") << answer("POST", 404) << ErrorKind::Refused;
    QTest::newRow("412") << refusal(412) << ErrorKind::ProtocolViolation;
}

void TestUploaderAnswers::leavesToTheUser()
{
    QFETCH(const Fault, wrong);
    QFETCH(const ErrorKind, kind);
    TransferFixture fixture;
    FakeServer server;
    server.script(wrong);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(*destination,
                                       fixture.request(fixture.sourceOf(fixture.write(
                                           QStringLiteral("clip.mp4"), noise(fileSize)))));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, kind);
    QCOMPARE(fixture.delays.size(), 0);
    QVERIFY(!describe(result.error()).sentence().contains(u'%'));
}

void TestUploaderAnswers::waitsAsLongAsTheServerAsks()
{
    TransferFixture fixture;
    FakeServer server;
    Fault busy = refusal(429);
    busy.headers.insert("Retry-After", "120");
    server.script(busy);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(*destination,
                                       fixture.request(fixture.sourceOf(fixture.write(
                                           QStringLiteral("clip.mp4"), noise(fileSize)))));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(fixture.delays.size(), 1);
    QVERIFY2(fixture.delays.first() >= 118s && fixture.delays.first() <= 127s,
             qPrintable(QString::number(fixture.delays.first().count())));
    QCOMPARE(fixture.waits.first().kind, ErrorKind::DestinationBusy);
}

void TestUploaderAnswers::beginsAnewWhereTheServerHasForgotten()
{
    TransferFixture fixture;
    FakeServer server;
    server.script(fault("PATCH", Fault::Do::Cut, 700'000));
    Fault forgotten = fault("HEAD", Fault::Do::Forget);
    forgotten.status = 410;
    server.script(forgotten);
    const QByteArray bytes = noise(fileSize);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(
        *destination,
        fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("clip.mp4"), bytes))));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.uploads().size(), 2);
    QVERIFY(server.uploads().last().bytes == bytes);
    QVERIFY(result->resentBytes >= 700'000);
    QVERIFY(fixture.states.contains(QJsonObject())); // the old one was struck out
}

// Issue: tus/tus-js-client#97: one that has expired was asked for ever.
void TestUploaderAnswers::beginsAnewOnlyOnceWithoutProgress()
{
    TransferFixture fixture;
    FakeServer server;
    Fault forgotten = fault("PATCH", Fault::Do::Forget);
    forgotten.status = 404;
    forgotten.times = 100;
    server.script(forgotten);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(*destination,
                                       fixture.request(fixture.sourceOf(fixture.write(
                                           QStringLiteral("clip.mp4"), noise(fileSize)))));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::UploadExpired);
    QCOMPARE(server.uploads().size(), 2);
}

// Issue: rclone GHSA-h4mf-4v27-hggj, GHSA-486v-q2wf-fp2r: credentials followed redirects elsewhere.
void TestUploaderAnswers::sendsNothingToWhereItIsRedirected()
{
    for (const QByteArray &method : {QByteArray("POST"), QByteArray("PATCH"), QByteArray("HEAD")}) {
        TransferFixture fixture;
        FakeServer canary;
        FakeServer::Options options;
        options.token = "canary-token";
        FakeServer server(options);
        if (method == "HEAD")
            server.script(fault("PATCH", Fault::Do::Cut, 10));
        Fault redirect = answer(method, 307);
        redirect.headers.insert("Location", canary.url().toEncoded());
        server.script(redirect);
        const auto destination = fixture.tus(server.url(), options.token);
        const auto result = fixture.upload(*destination,
                                           fixture.request(fixture.sourceOf(fixture.write(
                                               QStringLiteral("clip.mp4"), noise(fileSize)))));
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().kind, ErrorKind::RedirectRefused);
        QCOMPARE(canary.requests().size(), 0);
        QVERIFY(!result.error().detail.contains(u"canary-token"));
    }
}

// A question may be asked again within the same origin: tusd cleans paths up this way.
void TestUploaderAnswers::asksAgainWithinTheSameOrigin()
{
    TransferFixture fixture;
    FakeServer server;
    const QByteArray bytes = noise(fileSize);
    const auto destination = fixture.tus(server.url());
    auto request = fixture.request(
        fixture.sourceOf(fixture.write(QStringLiteral("clip.mp4"), bytes)));
    server.script(fault("PATCH", Fault::Do::Cut, 10));
    Fault redirect = answer("HEAD", 301, 2);
    request.saveState = [&, saved = request.saveState](QJsonObject state) {
        const QUrl upload(state[u"url"].toString()); // as soon as it is known
        redirect.headers.insert("Location", upload.path().toUtf8());
        if (server.count("PATCH") == 0)
            server.script(redirect);
        return saved(state);
    };
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(server.uploads().value(0).bytes == bytes);
    QVERIFY(server.count("HEAD") >= 4); // two that were sent elsewhere, and what they asked

    // For ever is not an answer.
    Fault circle = answer("HEAD", 301, 1000);
    circle.headers.insert("Location", "/files/1");
    server.script(circle);
    const int before = server.count("HEAD");
    const auto again = fixture.upload(*destination,
                                      fixture.request(fixture.sourceOf(fixture.write(
                                          QStringLiteral("other.mp4"), bytes))));
    QVERIFY(!again.has_value());
    QCOMPARE(again.error().kind, ErrorKind::RedirectRefused);
    QCOMPARE(server.count("HEAD"), before + 6);
}

QTEST_GUILESS_MAIN(TestUploaderAnswers)
#include "tst_uploader_answers.moc"

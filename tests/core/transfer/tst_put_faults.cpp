// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PUT where something goes wrong, against a double that does it on order: whatever breaks, the folder
// ends with one whole file or with none, and nobody is told of a file that is not all there.
#include "core/transfer/put/put_upload.h"

#include "core/base/error_text.h"
#include "tests/core/transfer/fake_put.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace std::chrono_literals;
using Rule = FakePut::Rule;
using Do = FakePut::Rule::Do;

Q_DECLARE_METATYPE(sendoff::test::FakePut::Rule)

namespace {

constexpr qint64 clipSize = 3'000'001; // more than the kernel takes at once

QCoro::Task<Result<void>> allow()
{
    co_return Result<void>();
}

} // namespace

class TestPutFaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void goesOnAfterAFault_data();
    void goesOnAfterAFault();
    void waitsAsLongAsItIsTold();
    void doesNotSendAgainWhatIsThere();
    void doesNotBelieveAStatus_data();
    void doesNotBelieveAStatus();
    void leavesToTheUser_data();
    void leavesToTheUser();
    void readsTheSizeBackByRange_data();
    void readsTheSizeBackByRange();
    void sendsNothingWhereNobodyMayLook();
    void believesAPlaceThatShowsNothingWhereTheUserSaysSo();
    void noticesAChangedSource();

private:
    Result<transfer::UploadResult> upload(FakePut &server, const QString &unverified = {});

    std::unique_ptr<TransferFixture> m_fixture;
    QByteArray m_bytes;
};

void TestPutFaults::init()
{
    m_fixture = std::make_unique<TransferFixture>();
    m_fixture->context().stallTimeout = 1s;
    m_bytes = noise(clipSize);
}

Result<transfer::UploadResult> TestPutFaults::upload(FakePut &server, const QString &unverified)
{
    auto config = server.config();
    if (!unverified.isEmpty())
        config.options.insert(QStringLiteral("allow_unverified"), unverified);
    const auto destination = m_fixture->create(std::move(config));
    return m_fixture->upload(
        *destination,
        m_fixture->request(m_fixture->sourceOf(m_fixture->write(QStringLiteral("a.mp4"), m_bytes))));
}

void TestPutFaults::goesOnAfterAFault_data()
{
    QTest::addColumn<Rule>("rule");
    QTest::newRow("cut, what came is left there") << Rule{Do::Cut, 0, 1'000'000, {}};
    QTest::newRow("cut, nothing is left there") << Rule{Do::Cut, 0, 1'000'000, {}, true};
    QTest::newRow("stands still") << Rule{Do::Stall, 0, 500'000, {}};
    QTest::newRow("500") << Rule{Do::Refuse, 500, 0, {}};
    QTest::newRow("503") << Rule{Do::Refuse, 503, 0, {}};
    QTest::newRow("201 before the body was read") << Rule{Do::AnswerEarly, 0, 0, {}};
    QTest::newRow("201 for a part of it") << Rule{Do::Keep, 0, 1'000'000, {}};
}

void TestPutFaults::goesOnAfterAFault()
{
    QFETCH(const Rule, rule);
    FakePut server;
    server.script(rule);
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    const auto files = server.files();
    QCOMPARE(files.keys(), QList<QByteArray>{"clip.mp4"});
    QVERIFY(files.first() == m_bytes);
    QCOMPARE(result->sha256, sha256Of(m_bytes));
    QCOMPARE(result->delivery.verifiedBy, QStringLiteral("size"));
    // Ask, never guess: it is looked at what is there before a body goes again.
    const QList<QByteArray> methods = server.methods();
    QCOMPARE(methods.count("PUT"), 2);
    const qsizetype first = methods.indexOf("PUT");
    QVERIFY(methods.mid(first + 1, methods.lastIndexOf("PUT") - first - 1).contains("HEAD"));
}

void TestPutFaults::waitsAsLongAsItIsTold()
{
    FakePut server;
    server.script({Do::Refuse, 503, 0, {{"Retry-After", "77"}}});
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    const auto longest = std::max_element(m_fixture->delays.cbegin(), m_fixture->delays.cend());
    QVERIFY(longest != m_fixture->delays.cend());
    QVERIFY2(*longest >= 77s, qPrintable(QString::number(longest->count())));
}

void TestPutFaults::doesNotSendAgainWhatIsThere()
{
    FakePut server;
    server.script({Do::LoseReply, 0, 0, {}});
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.count("PUT"), 1);
    QVERIFY(server.files().value("clip.mp4") == m_bytes);
    QCOMPARE(result->resentBytes, 0);
}

void TestPutFaults::doesNotBelieveAStatus_data()
{
    QTest::addColumn<Rule>("rule");
    QTest::newRow("201, and nothing there") << Rule{Do::Keep, 0, 0, {}};
    QTest::newRow("201, and a byte too little") << Rule{Do::Keep, 0, clipSize - 1, {}};
    QTest::newRow("201 before the body was read") << Rule{Do::AnswerEarly, 0, 0, {}};
}

void TestPutFaults::doesNotBelieveAStatus()
{
    QFETCH(const Rule, rule);
    FakePut server;
    server.script(rule, 100);
    const auto result = upload(server);
    QVERIFY2(!result.has_value(), "a lie was believed");
    QCOMPARE(result.error().kind, ErrorKind::UploadMismatch);
    QVERIFY(server.count("PUT") > 1); // it was tried again
    QVERIFY(server.count("PUT") < 20); // and not for ever
}

void TestPutFaults::leavesToTheUser_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("401") << 401 << ErrorKind::SignInNeeded;
    QTest::newRow("403") << 403 << ErrorKind::PermissionDenied;
    QTest::newRow("404") << 404 << ErrorKind::Refused;
    QTest::newRow("405") << 405 << ErrorKind::Refused;
    QTest::newRow("413") << 413 << ErrorKind::DestinationLimit;
    QTest::newRow("507") << 507 << ErrorKind::DestinationFull;
}

void TestPutFaults::leavesToTheUser()
{
    QFETCH(const int, status);
    QFETCH(const ErrorKind, kind);
    FakePut server;
    server.script({Do::Refuse, status, 0, {}}, 100);
    const auto result = upload(server);
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, kind);
    QCOMPARE(server.count("PUT"), 1);
    QVERIFY(server.files().isEmpty());
    const ErrorText said = describe(result.error());
    QVERIFY2(said.what.contains(u"Test server") && !said.what.contains(u'%'), qPrintable(said.what));
}

void TestPutFaults::readsTheSizeBackByRange_data()
{
    QTest::addColumn<bool>("answersHead");
    QTest::addColumn<bool>("headTellsSize");
    QTest::newRow("HEAD is refused") << false << true;
    QTest::newRow("HEAD tells no size") << true << false;
}

// RFC 9110 §14.4.
void TestPutFaults::readsTheSizeBackByRange()
{
    QFETCH(const bool, answersHead);
    QFETCH(const bool, headTellsSize);
    FakePut server({.answersHead = answersHead, .answersGet = true, .headTellsSize = headTellsSize});
    server.put("clip.mp4", "theirs"); // so that a name must be found
    server.script({Do::Keep, 0, clipSize - 1, {}});
    const auto result = upload(server);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(result->delivery.verifiedBy, QStringLiteral("size"));
    const auto files = server.files();
    QCOMPARE(files.value("clip.mp4"), QByteArray("theirs"));
    QVERIFY(files.value("clip%20%282%29.mp4") == m_bytes);
}

void TestPutFaults::sendsNothingWhereNobodyMayLook()
{
    FakePut server({.answersHead = false, .answersGet = false, .headTellsSize = false});
    const auto result = upload(server);
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::Refused);
    QVERIFY(describe(result.error()).what.contains(u"allow_unverified=1"));
    QCOMPARE(server.count("PUT"), 0);
}

void TestPutFaults::believesAPlaceThatShowsNothingWhereTheUserSaysSo()
{
    FakePut server({.answersHead = false, .answersGet = false, .headTellsSize = false});
    const auto result = upload(server, QStringLiteral("1"));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(result->delivery.verifiedBy, QStringLiteral("status"));
    QVERIFY(server.files().value("clip.mp4") == m_bytes);
    // Never over what has the name by now, whosever it is.
    const auto again = upload(server, QStringLiteral("1"));
    QVERIFY(!again.has_value());
    QCOMPARE(again.error().kind, ErrorKind::Refused);
    QCOMPARE(server.files().size(), 1);
}

void TestPutFaults::noticesAChangedSource()
{
    FakePut server;
    const FilePath file = m_fixture->write(QStringLiteral("a.mp4"), m_bytes);
    auto request = m_fixture->request(m_fixture->sourceOf(file));
    request.mayFinish = [&](std::stop_token) {
        std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) + 1s);
        return allow();
    };
    const auto destination = m_fixture->create(server.config());
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::SourceChanged);
    QVERIFY(server.files().isEmpty()); // what was sent of it is removed
}

QTEST_GUILESS_MAIN(TestPutFaults)
#include "tst_put_faults.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error_text.h"
#include "core/transfer/net/connection_slots.h"
#include "core/transfer/net/http.h"
#include "core/transfer/net/reply_parser.h"
#include "core/transfer/net/stall_watch.h"

#include <QTest>

using namespace sendoff;
using namespace sendoff::net;
using namespace std::chrono_literals;

namespace {

HttpReply replyWith(int status, const QByteArray &name = {}, const QByteArray &value = {})
{
    HttpReply reply;
    reply.status = status;
    if (!name.isEmpty())
        reply.headers.append(Header(name, value));
    return reply;
}

// Sun, 06 Nov 1994 08:49:37 GMT: the moment of RFC 9110's examples.
constexpr std::chrono::system_clock::time_point exampleMoment{784111777s};

} // namespace

class HttpTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsHeadersWhateverTheirCase();
    void comparesOrigins_data();
    void comparesOrigins();
    void knowsThisComputer_data();
    void knowsThisComputer();
    void readsRetryAfter_data();
    void readsRetryAfter();
    void mapsStatusToError_data();
    void mapsStatusToError();
    void waitsAsLongAsTheServerAsks();
    void quotesTheServerSafelyInTheDetail();
    void keepsTheFinalBlockOfHeaders();
    void refusesRepliesOverTheCaps();
    void readsARawReply_data();
    void readsARawReply();
    void noticesAStall();
    void keepsConnectionsForRequestsWithoutBody();
};

void HttpTest::findsHeadersWhateverTheirCase()
{
    HttpReply reply = replyWith(200, "Upload-Offset", "5");
    reply.headers.append(Header("upload-offset", "7"));
    QCOMPARE(reply.header("UPLOAD-OFFSET"), QByteArray("5"));
    QCOMPARE(reply.headerCount("Upload-offset"), 2);
    QCOMPARE(reply.header("Location"), QByteArray());
}

void HttpTest::comparesOrigins_data()
{
    QTest::addColumn<QUrl>("a");
    QTest::addColumn<QUrl>("b");
    QTest::addColumn<bool>("isSame");
    const QUrl base(QStringLiteral("https://host.example/files"));
    QTest::newRow("other path") << base << QUrl(QStringLiteral("https://host.example/x")) << true;
    QTest::newRow("default port said")
        << base << QUrl(QStringLiteral("https://HOST.example:443/")) << true;
    QTest::newRow("other scheme") << base << QUrl(QStringLiteral("http://host.example/")) << false;
    QTest::newRow("other port") << base << QUrl(QStringLiteral("https://host.example:8443/"))
                                << false;
    QTest::newRow("other host") << base << QUrl(QStringLiteral("https://host.example.org"))
                                << false;
}

void HttpTest::comparesOrigins()
{
    QFETCH(const QUrl, a);
    QFETCH(const QUrl, b);
    QTEST(isSameOrigin(a, b), "isSame");
    QTEST(isSameOrigin(b, a), "isSame");
}

void HttpTest::knowsThisComputer_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<bool>("isThis");
    for (const char *host : {"127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]", "localhost",
                             "LOCALHOST", "shelf.localhost"})
        QTest::newRow(host) << QString::fromLatin1(host) << true;
    for (const char *host : {"128.0.0.1", "[::2]", "localhost.example", "notlocalhost", "10.0.0.1",
                             "127.0.0.1.example"})
        QTest::newRow(host) << QString::fromLatin1(host) << false;
}

void HttpTest::knowsThisComputer()
{
    QFETCH(const QString, host);
    QTEST(isLoopback(QUrl(QStringLiteral("http://%1:8080/").arg(host))), "isThis");
}

void HttpTest::readsRetryAfter_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<qint64>("seconds"); // -1: nothing
    const auto row = [](const char *name, const char *value, qint64 seconds) {
        QTest::newRow(name) << QByteArray(value) << seconds;
    };
    row("seconds", "120", 120);
    row("seconds with spaces", " 7 ", 7);
    row("an hour", "3600", 3600);
    row("a billion seconds", "1000000000", 3600);
    row("more digits than a number has", "99999999999999999999999999", 3600);
    row("a date", "Sun, 06 Nov 1994 08:50:37 GMT", 60);
    row("a date of RFC 850", "Sunday, 06-Nov-94 08:50:37 GMT", 60);
    row("a date of asctime", "Sun Nov  6 08:50:37 1994", 60);
    row("a date far away", "Sun, 06 Nov 2094 08:49:37 GMT", 3600);
    row("a date in the past", "Sun, 06 Nov 1994 08:48:37 GMT", -1);
    row("this very moment", "Sun, 06 Nov 1994 08:49:37 GMT", -1);
    row("zero", "0", -1);
    row("negative", "-5", -1);
    row("a fraction", "1.5", -1);
    row("a word", "soon", -1);
    row("half a date", "Sun, 06 Nov: never", -1);
    row("empty", "", -1);
}

void HttpTest::readsRetryAfter()
{
    QFETCH(const QByteArray, value);
    QFETCH(const qint64, seconds);
    const auto wait = retryAfter(replyWith(503, "Retry-After", value), exampleMoment);
    QCOMPARE(wait ? wait->count() : -1, seconds);
}

void HttpTest::mapsStatusToError_data()
{
    using When = RetryAdvice::When;
    QTest::addColumn<int>("status");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<RetryAdvice::When>("when");
    const auto row = [](int status, ErrorKind kind, When when) {
        QTest::addRow("%d", status) << status << kind << when;
    };
    row(204, ErrorKind::ProtocolViolation, When::Never);
    row(302, ErrorKind::RedirectRefused, When::Never);
    row(308, ErrorKind::RedirectRefused, When::Never);
    row(400, ErrorKind::Refused, When::Never);
    row(401, ErrorKind::SignInNeeded, When::AfterSignIn);
    row(403, ErrorKind::PermissionDenied, When::Never);
    row(404, ErrorKind::Refused, When::Never);
    row(408, ErrorKind::DestinationTrouble, When::Backoff);
    row(410, ErrorKind::Refused, When::Never);
    row(413, ErrorKind::DestinationLimit, When::Never);
    row(418, ErrorKind::Refused, When::Never);
    row(423, ErrorKind::UploadLocked, When::Backoff);
    row(425, ErrorKind::DestinationTrouble, When::Backoff);
    row(429, ErrorKind::DestinationBusy, When::Backoff);
    row(500, ErrorKind::DestinationTrouble, When::Backoff);
    row(501, ErrorKind::Refused, When::Never);
    row(502, ErrorKind::DestinationTrouble, When::Backoff);
    row(503, ErrorKind::DestinationBusy, When::Backoff);
    row(504, ErrorKind::DestinationTrouble, When::Backoff);
    row(507, ErrorKind::DestinationFull, When::Never);
    row(520, ErrorKind::DestinationTrouble, When::Backoff);
}

void HttpTest::mapsStatusToError()
{
    QFETCH(const int, status);
    const Error error = errorForStatus(replyWith(status), QStringLiteral("Family server"));
    QTEST(error.kind, "kind");
    QTEST(error.retry.when, "when");
    const QString sentence = describe(error).sentence();
    QVERIFY2(sentence.contains(u"Family server") && !sentence.contains(u'%')
                 && !sentence.contains(u"no reason was given"),
             qPrintable(sentence));
}

void HttpTest::waitsAsLongAsTheServerAsks()
{
    const auto before = std::chrono::system_clock::now();
    const Error error = errorForStatus(replyWith(429, "Retry-After", "90"), QStringLiteral("x"));
    QCOMPARE(error.retry.when, RetryAdvice::When::At);
    QVERIFY(error.retry.at >= before + 90s && error.retry.at <= before + 95s);
}

void HttpTest::quotesTheServerSafelyInTheDetail()
{
    HttpReply reply = replyWith(400);
    reply.body = QByteArray("  bad \x1b[31m token=abcdefgh\nsecond line") + QByteArray(5000, 'x');
    const QString detail = errorForStatus(reply, QStringLiteral("x")).detail;
    QVERIFY(detail.contains(u"bad "));
    QVERIFY(!detail.contains(QChar(0x1b)));
    QVERIFY(!detail.contains(u"abcdefgh"));
    QVERIFY(!detail.contains(u"second"));
    reply.body = QByteArray(5000, 'x');
    QVERIFY(errorForStatus(reply, QStringLiteral("x")).detail.size() < 250);
}

void HttpTest::keepsTheFinalBlockOfHeaders()
{
    ReplyParser parser(64 << 10, 1 << 20);
    for (const char *line : {"HTTP/1.1 103 Early Hints\r\n", "Link: a\r\n", "\r\n"})
        QVERIFY(parser.addHeaderLine(line));
    QVERIFY(!parser.hasFinalHead());
    for (const char *line : {"HTTP/1.1 201 Created\r\n", "Location:  /files/1 \r\n", "X: one\r\n",
                             "  two\r\n", "no colon\r\n", "\r\n"})
        QVERIFY(parser.addHeaderLine(line));
    QVERIFY(parser.hasFinalHead());
    QVERIFY(parser.addHeaderLine("Location: /trailer\r\n"));
    QCOMPARE(parser.reply().status, 201);
    QCOMPARE(parser.reply().headers.size(), 2);
    QCOMPARE(parser.reply().header("Location"), QByteArray("/files/1"));
    QCOMPARE(parser.reply().header("X"), QByteArray("one two"));
}

void HttpTest::refusesRepliesOverTheCaps()
{
    ReplyParser parser(100, 10);
    QVERIFY(parser.addHeaderLine("HTTP/1.1 200 OK\r\n"));
    QVERIFY(parser.addBody("0123456789"));
    QVERIFY(!parser.addBody("x"));
    QVERIFY(parser.isTooLarge());
    QVERIFY(!parser.addHeaderLine(QByteArray(100, 'h')));
}

void HttpTest::readsARawReply_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status"); // 0: nothing
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("head and body")
        << QByteArray("HTTP/1.1 413 Large\r\nContent-Length: 2\r\n\r\nno") << 413
        << QByteArray("no");
    QTest::newRow("after a 100") << QByteArray("HTTP/1.1 100 Continue\r\n\r\n"
                                               "HTTP/1.1 409 Conflict\r\n\r\n")
                                 << 409 << QByteArray();
    QTest::newRow("body cut") << QByteArray("HTTP/1.1 413 Large\r\nContent-Length: 20\r\n\r\nno")
                              << 413 << QByteArray("no");
    QTest::newRow("body in chunks")
        << QByteArray("HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n")
        << 500 << QByteArray();
    QTest::newRow("head cut") << QByteArray("HTTP/1.1 413 Large\r\nContent-Le") << 0
                              << QByteArray();
    QTest::newRow("the tail of another reply")
        << QByteArray("ength: 5\r\n\r\nHTTP/1.1 413") << 0 << QByteArray();
}

void HttpTest::readsARawReply()
{
    QFETCH(const QByteArray, bytes);
    ReplyParser parser(64 << 10, 1 << 20);
    parser.addRawReply(bytes);
    QTEST(parser.hasFinalHead() ? parser.reply().status : 0, "status");
    QTEST(parser.reply().body, "body");
}

void HttpTest::noticesAStall()
{
    StallWatch watch(30s);
    const StallWatch::Moment start;
    QVERIFY(!watch.hasStalled(0, start));
    QVERIFY(!watch.hasStalled(0, start + 29s));
    QVERIFY(!watch.hasStalled(1, start + 31s)); // one byte is progress
    QVERIFY(!watch.hasStalled(1, start + 60s));
    QVERIFY(watch.hasStalled(1, start + 61s));
    watch.excuse();
    QVERIFY(!watch.hasStalled(1, start + 100s));
    QVERIFY(watch.hasStalled(1, start + 130s));
    StallWatch never(0s);
    QVERIFY(!never.hasStalled(0, start));
    QVERIFY(!never.hasStalled(0, start + 24h));
}

void HttpTest::keepsConnectionsForRequestsWithoutBody()
{
    using Use = ConnectionSlots::Use;
    ConnectionSlots connections(3, 4);
    for (int i = 0; i < 3; ++i)
        QVERIFY(connections.acquire(Use::Body, "a"));
    QVERIFY(!connections.acquire(Use::Body, "a"));
    QVERIFY(connections.acquire(Use::Control, "a"));
    QVERIFY(connections.acquire(Use::Control, "a"));
    QVERIFY(!connections.acquire(Use::Control, "a"));
    QVERIFY(connections.acquire(Use::Body, "b"));
    QVERIFY(!connections.acquire(Use::Body, "b")); // four bodies over all
    connections.release(Use::Body, "a");
    QVERIFY(connections.acquire(Use::Body, "b"));
}

QTEST_GUILESS_MAIN(HttpTest)
#include "tst_http.moc"

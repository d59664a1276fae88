// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/http_request_parser.h"

#include <QRandomGenerator>
#include <QTest>

using namespace sendoff::shelf;
using namespace Qt::StringLiterals;

namespace {

// What a parser makes of bytes: one line for each event, pieces of a body joined.
struct Transcript {
    QByteArrayList requests; // "METHOD path?query host body" of each that ended
    int problem = 0; // status
    bool operator==(const Transcript &) const = default;
};

Transcript transcriptOf(const QByteArrayList &pieces)
{
    Transcript transcript;
    HttpRequestParser parser;
    QByteArray body;
    for (const QByteArray &piece : pieces) {
        QByteArrayView input = piece;
        for (auto event = parser.next(input); event != HttpRequestParser::Event::NeedMore;
             event = parser.next(input)) {
            if (event == HttpRequestParser::Event::Bad) {
                transcript.problem = parser.problem().status;
                return transcript;
            }
            const RequestHead &head = parser.head();
            if (event == HttpRequestParser::Event::Head)
                body.clear();
            else if (event == HttpRequestParser::Event::Body)
                body += parser.body().toByteArray();
            else
                transcript.requests.append(head.method + ' ' + head.path + '?' + head.query + ' '
                                           + head.host + ' ' + body);
        }
    }
    return transcript;
}

QByteArray request(const QByteArray &headers, const QByteArray &body = {})
{
    return "PATCH /files/1 HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n" + body;
}

} // namespace

class HttpRequestParserTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void understands_data();
    void understands();
    void refuses_data();
    void refuses();
    void doesNotCareHowBytesArrive();
    void survivesRandomDamage();
    void holdsHeadsToTheirLimits();
    void tellsWhetherTheConnectionStays_data();
    void tellsWhetherTheConnectionStays();
    void namesAreComparedWithoutCase();
};

void HttpRequestParserTest::understands_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArrayList>("requests");
    QTest::newRow("no body") << request("") << QByteArrayList{"PATCH /files/1? h "};
    QTest::newRow("a query") << "GET /v/a?x=1&y=?2 HTTP/1.1\r\nHost: h\r\n\r\n"_qba
                             << QByteArrayList{"GET /v/a?x=1&y=?2 h "};
    QTest::newRow("a length") << request("Content-Length: 5\r\n", "hello")
                              << QByteArrayList{"PATCH /files/1? h hello"};
    QTest::newRow("length zero") << request("Content-Length: 0\r\n")
                                 << QByteArrayList{"PATCH /files/1? h "};
    QTest::newRow("chunks") << request("Transfer-Encoding: chunked\r\n",
                                       "5\r\nhello\r\n1;a=b\r\n!\r\n0\r\n\r\n")
                            << QByteArrayList{"PATCH /files/1? h hello!"};
    QTest::newRow("chunks with upper-case sizes and trailers")
        << request("transfer-encoding: Chunked\r\n", "A\r\n0123456789\r\n0\r\nX: y\r\n\r\n")
        << QByteArrayList{"PATCH /files/1? h 0123456789"};
    QTest::newRow("two requests at once")
        << request("Content-Length: 2\r\n", "ab") + "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
        << QByteArrayList{"PATCH /files/1? h ab", "GET /? h "};
    QTest::newRow("empty lines between requests")
        << "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n"_qba
        << QByteArrayList{"GET /? h ", "GET /2? h "};
    QTest::newRow("an absolute address overrides Host")
        << "GET http://other:1/x?q HTTP/1.1\r\nHost: h\r\n\r\n"_qba
        << QByteArrayList{"GET /x?q other:1 "};
    QTest::newRow("an absolute address without path")
        << "GET http://other HTTP/1.1\r\nHost: h\r\n\r\n"_qba << QByteArrayList{"GET /? other "};
    QTest::newRow("asterisk") << "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"_qba
                              << QByteArrayList{"OPTIONS *? h "};
    QTest::newRow("HTTP/1.0 without Host")
        << "GET / HTTP/1.0\r\n\r\n"_qba << QByteArrayList{"GET /?  "};
    QTest::newRow("values with bytes that are no ASCII")
        << request("X: \xc3\xa4\xff\r\n") << QByteArrayList{"PATCH /files/1? h "};
    QTest::newRow("an empty value") << request("X:\r\n") << QByteArrayList{"PATCH /files/1? h "};
    QTest::newRow("not yet whole") << "GET / HTTP/1.1\r\nHost: h\r\n"_qba << QByteArrayList{};
    QTest::newRow("body not yet whole")
        << request("Content-Length: 6\r\n", "hello") << QByteArrayList{};
    QTest::newRow("the largest length")
        << request("Content-Length: 9223372036854775807\r\n", "x") << QByteArrayList{};
}

void HttpRequestParserTest::understands()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArrayList, requests);
    const Transcript transcript = transcriptOf({bytes});
    QCOMPARE(transcript.problem, 0);
    QCOMPARE(transcript.requests, requests);
}

void HttpRequestParserTest::refuses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &bytes, int status) {
        QTest::newRow(name) << bytes << status;
    };
    row("not HTTP", "hello\r\n", 400);
    row("TLS", QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 12), 400);
    row("two spaces", "GET  / HTTP/1.1\r\n", 400);
    row("no version", "GET /\r\n", 400);
    row("a word too many", "GET / x HTTP/1.1\r\n", 400);
    row("HTTP/2", "PRI * HTTP/2.0\r\n", 400); // * belongs to OPTIONS alone
    row("HTTP/1.2", "GET / HTTP/1.2\r\n", 505);
    row("HTTP/0.9 in disguise", "GET / HTTP/0.9\r\n", 505);
    row("a method that is no token", "G(T / HTTP/1.1\r\n", 400);
    row("a relative path", "GET files HTTP/1.1\r\n", 400);
    row("a fragment", "GET /#x HTTP/1.1\r\n", 400);
    row("a control character in the path", "GET /\x01 HTTP/1.1\r\n", 400);
    row("a byte over ASCII in the path", "GET /\xc3\xa4 HTTP/1.1\r\n", 400);
    row("a proxy's CONNECT", "CONNECT host:443 HTTP/1.1\r\n", 400);
    row("bare LF after the request line", "GET / HTTP/1.1\nHost: h\r\n\r\n", 400);
    row("bare LF after a header", request("X: y\n"), 400);
    row("CR inside of a header", request("X: y\rZ: z\r\n"), 400);
    row("NUL in a header", request(QByteArray("X: a\0b\r\n", 8)), 400);
    row("a header without colon", request("X\r\n"), 400);
    row("a header without name", request(": x\r\n"), 400);
    row("space before the colon", request("X : y\r\n"), 400);
    row("a folded header", request("X: y\r\n z\r\n"), 400);
    row("no Host", "GET / HTTP/1.1\r\n\r\n", 400);
    row("two Hosts", request("Host: h\r\n"), 400);
    row("two lengths", request("Content-Length: 5\r\nContent-Length: 5\r\n"), 400);
    row("a list of lengths", request("Content-Length: 5, 5\r\n"), 400);
    row("a negative length", request("Content-Length: -1\r\n"), 400);
    row("a signed length", request("Content-Length: +1\r\n"), 400);
    row("a length in hexadecimal", request("Content-Length: 0x10\r\n"), 400);
    row("an empty length", request("Content-Length:\r\n"), 400);
    row("a length over 63 bits", request("Content-Length: 9223372036854775808\r\n"), 400);
    row("length and chunks", request("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400);
    row("chunks in HTTP/1.0", "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
    row("gzip", request("Transfer-Encoding: gzip, chunked\r\n"), 501);
    row("chunked twice", request("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        501);
    row("another expectation", request("Expect: gold\r\n"), 417);
    const QByteArray chunked = "Transfer-Encoding: chunked\r\n";
    row("a chunk without size", request(chunked, "\r\n"), 400);
    row("a negative chunk", request(chunked, "-5\r\nhello\r\n"), 400);
    row("a chunk size with 0x", request(chunked, "0x5\r\nhello\r\n"), 400);
    row("a chunk over 63 bits", request(chunked, "8000000000000000\r\n"), 400);
    row("a chunk longer than it says", request(chunked, "4\r\nhello\r\n"), 400);
    row("a chunk line with bare LF", request(chunked, "5\nhello\r\n"), 400);
    row("a chunk extension without end", request(chunked, "5;" + QByteArray(2000, 'x')), 400);
    row("trailers without end", request(chunked, "0\r\n" + QByteArray("X: y\r\n").repeated(4000)),
        400);
}

void HttpRequestParserTest::refuses()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    QCOMPARE(transcriptOf({bytes}).problem, status);
}

void HttpRequestParserTest::doesNotCareHowBytesArrive()
{
    const QByteArray bytes = request("Content-Length: 5\r\nX: y\r\n", "hello")
        + request("Transfer-Encoding: chunked\r\n",
                  "5\r\nhello\r\na\r\n0123456789\r\n0\r\nT: t\r\n\r\n")
        + "GET /v/x HTTP/1.1\r\nHost: h\r\n\r\n";
    const Transcript whole = transcriptOf({bytes});
    QCOMPARE(whole.requests.size(), 3);
    for (qsizetype cut = 0; cut <= bytes.size(); ++cut)
        QCOMPARE(transcriptOf({bytes.first(cut), bytes.sliced(cut)}).requests, whole.requests);
    QByteArrayList singleBytes;
    for (const char byte : bytes)
        singleBytes.append(QByteArray(1, byte));
    QCOMPARE(transcriptOf(singleBytes).requests, whole.requests);
}

// Nothing that arrives may make the parser read outside of its input (ASan), loop, or lose the
// property that cutting the input elsewhere changes nothing.
void HttpRequestParserTest::survivesRandomDamage()
{
    QRandomGenerator random(20261123);
    const QByteArray good =
        request("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\nX: y\r\n\r\n")
        + request("Content-Length: 5\r\nExpect: 100-continue\r\n", "hello");
    for (int round = 0; round < 20'000; ++round) {
        QByteArray damaged = good;
        for (int change = 0; change < 3; ++change)
            damaged[random.bounded(damaged.size())] = char(random.bounded(256));
        const qsizetype cut = random.bounded(damaged.size() + 1);
        const Transcript whole = transcriptOf({damaged});
        QVERIFY(transcriptOf({damaged.first(cut), damaged.sliced(cut)}) == whole);
    }
}

void HttpRequestParserTest::holdsHeadsToTheirLimits()
{
    const auto requestWith = [](qsizetype count, qsizetype valueBytes) {
        QByteArray bytes = "GET / HTTP/1.1\r\nHost: h\r\n";
        for (qsizetype i = 1; i < count; ++i)
            bytes += "X: " + QByteArray(valueBytes, 'v') + "\r\n";
        return bytes + "\r\n";
    };
    QCOMPARE(transcriptOf({requestWith(HttpRequestParser::maxHeaders, 1)}).problem, 0);
    QCOMPARE(transcriptOf({requestWith(HttpRequestParser::maxHeaders + 1, 1)}).problem, 431);
    const qsizetype overhead = requestWith(2, 0).size();
    QCOMPARE(transcriptOf({requestWith(2, HttpRequestParser::maxHeadBytes - overhead)}).problem, 0);
    QCOMPARE(transcriptOf({requestWith(2, HttpRequestParser::maxHeadBytes - overhead + 1)}).problem,
             431);
    // Also where no line ever ends, in whatever pieces.
    QCOMPARE(transcriptOf({"GET /" + QByteArray(20'000, 'x')}).problem, 414);
    QCOMPARE(transcriptOf(QByteArrayList(20'000, "x")).problem, 414);
    QCOMPARE(transcriptOf({QByteArray("\r\n").repeated(10'000)}).problem, 414);
}

void HttpRequestParserTest::tellsWhetherTheConnectionStays_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("keepsAlive");
    QTest::newRow("HTTP/1.1") << request("") << true;
    QTest::newRow("close") << request("Connection: close\r\n") << false;
    QTest::newRow("close in a list") << request("Connection: TE, Close\r\n") << false;
    QTest::newRow("keep-alive") << request("Connection: keep-alive\r\n") << true;
    QTest::newRow("HTTP/1.0") << "GET / HTTP/1.0\r\n\r\n"_qba << false;
}

void HttpRequestParserTest::tellsWhetherTheConnectionStays()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, keepsAlive);
    HttpRequestParser parser;
    QByteArrayView input = bytes;
    QCOMPARE(parser.next(input), HttpRequestParser::Event::Head);
    QCOMPARE(parser.head().keepsAlive, keepsAlive);
}

void HttpRequestParserTest::namesAreComparedWithoutCase()
{
    HttpRequestParser parser;
    const QByteArray bytes = request("upload-OFFSET: \t7 \r\nUpload-Offset: 8\r\n"
                                     "EXPECT: 100-Continue\r\nContent-Length: 1\r\n");
    QByteArrayView input = bytes;
    QCOMPARE(parser.next(input), HttpRequestParser::Event::Head);
    QCOMPARE(parser.head().headerValues("Upload-Offset"), (QByteArrayList{"7", "8"}));
    QCOMPARE(parser.head().header("UPLOAD-OFFSET"), "7"_qba);
    QVERIFY(!parser.head().hasHeader("Upload-Length"));
    QVERIFY(parser.head().expectsContinue);
}

QTEST_GUILESS_MAIN(HttpRequestParserTest)
#include "tst_http_request_parser.moc"

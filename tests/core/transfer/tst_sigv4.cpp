// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// AWS's own published examples (Amazon S3 API reference, “Signature calculations for the
// Authorization header” and “Using query parameters”).
#include "core/transfer/s3/sigv4.h"

#include <QtTest>

using namespace sendoff::transfer;

namespace {

const sigv4::Keys exampleKeys{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                              {}};
constexpr char emptyHash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr char welcomeHash[] = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";

sigv4::Scope exampleScope()
{
    sigv4::Scope scope;
    scope.region = "us-east-1";
    scope.time = std::chrono::sys_days(std::chrono::year(2013) / 5 / 24);
    return scope;
}

sigv4::Request exampleRequest(const QByteArray &method, const QByteArray &path,
                              const sigv4::Pairs &query, const sigv4::Pairs &headers,
                              const QByteArray &hash)
{
    sigv4::Request request;
    request.method = method;
    request.path = path;
    request.query = query;
    request.headers = {{"Host", "examplebucket.s3.amazonaws.com"},
                       {"x-amz-content-sha256", hash},
                       {"x-amz-date", "20130524T000000Z"}};
    request.headers += headers;
    request.payloadHash = hash;
    return request;
}

} // namespace

class TestSigV4 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void signsAsAwsDoes_data();
    void signsAsAwsDoes();
    void writesTheAuthorizationHeader();
    void hashesTheCanonicalRequestOfTheExample();
    void presignsAsAwsDoes();
    void putsTheSessionTokenIntoALink();
    void encodesAsS3Does_data();
    void encodesAsS3Does();
    void sortsTheQueryByItsEncodedForm();
    void joinsHeadersOfOneName();
};

void TestSigV4::signsAsAwsDoes_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<sigv4::Pairs>("query");
    QTest::addColumn<sigv4::Pairs>("headers");
    QTest::addColumn<QByteArray>("hash");
    QTest::addColumn<QByteArray>("signature");
    using Bytes = QByteArray;
    using Pairs = sigv4::Pairs;
    QTest::newRow("GET object") << Bytes("GET") << Bytes("/test.txt") << Pairs{}
                                << Pairs{{"Range", "bytes=0-9"}} << Bytes(emptyHash)
                                << Bytes("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c603"
                                         "6bdb41");
    QTest::newRow("PUT object") << Bytes("PUT") << sigv4::encodePath("/test$file.text") << Pairs{}
                                << Pairs{{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                                         {"x-amz-storage-class", "REDUCED_REDUNDANCY"}}
                                << Bytes(welcomeHash)
                                << Bytes("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ec"
                                         "e108bd");
    QTest::newRow("GET bucket lifecycle")
        << Bytes("GET") << Bytes("/") << Pairs{{"lifecycle", ""}} << Pairs{} << Bytes(emptyHash)
        << Bytes("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    QTest::newRow("list objects")
        << Bytes("GET") << Bytes("/") << Pairs{{"max-keys", "2"}, {"prefix", "J"}} << Pairs{}
        << Bytes(emptyHash)
        << Bytes("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

void TestSigV4::signsAsAwsDoes()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, path);
    QFETCH(const sigv4::Pairs, query);
    QFETCH(const sigv4::Pairs, headers);
    QFETCH(const QByteArray, hash);
    QFETCH(const QByteArray, signature);
    const sigv4::Request request = exampleRequest(method, path, query, headers, hash);
    QCOMPARE(sigv4::signature(request, exampleScope(), exampleKeys), signature);
}

void TestSigV4::writesTheAuthorizationHeader()
{
    const sigv4::Request request =
        exampleRequest("GET", "/test.txt", {}, {{"Range", "bytes=0-9"}}, emptyHash);
    QCOMPARE(sigv4::authorization(request, exampleScope(), exampleKeys),
             QByteArray("AWS4-HMAC-SHA256 "
                        "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
                        "Signature="
                        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
}

void TestSigV4::hashesTheCanonicalRequestOfTheExample()
{
    const QByteArray canonical = sigv4::canonicalRequest(
        exampleRequest("GET", "/test.txt", {}, {{"Range", "bytes=0-9"}}, emptyHash));
    QCOMPARE(QCryptographicHash::hash(canonical, QCryptographicHash::Sha256).toHex(),
             QByteArray("7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972"));
}

void TestSigV4::presignsAsAwsDoes()
{
    sigv4::Request request;
    request.method = "GET";
    request.path = "/test.txt";
    request.headers = {{"Host", "examplebucket.s3.amazonaws.com"}};
    QCOMPARE(sigv4::presignedQuery(request, exampleScope(), exampleKeys, std::chrono::hours(24)),
             QByteArray("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%"
                        "2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-"
                        "Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature="
                        "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"));
}

void TestSigV4::putsTheSessionTokenIntoALink()
{
    sigv4::Request request;
    request.method = "GET";
    request.path = "/";
    request.headers = {{"Host", "h"}};
    sigv4::Keys keys = exampleKeys;
    keys.sessionToken = "a/b=";
    const QByteArray query =
        sigv4::presignedQuery(request, exampleScope(), keys, std::chrono::hours(1));
    QVERIFY(query.contains("X-Amz-Security-Token=a%2Fb%3D&"));
}

void TestSigV4::encodesAsS3Does_data()
{
    QTest::addColumn<QByteArray>("plain");
    QTest::addColumn<QByteArray>("encoded");
    QTest::newRow("unreserved") << QByteArray("aZ09-._~") << QByteArray("aZ09-._~");
    QTest::newRow("space, not plus") << QByteArray(" +") << QByteArray("%20%2B");
    QTest::newRow("upper case") << QByteArray("\xc3\xa9") << QByteArray("%C3%A9");
    QTest::newRow("reserved") << QByteArray("!*'();:@&=$,?#[]") << QByteArray(
        "%21%2A%27%28%29%3B%3A%40%26%3D%24%2C%3F%23%5B%5D");
}

void TestSigV4::encodesAsS3Does()
{
    QFETCH(const QByteArray, plain);
    QFETCH(const QByteArray, encoded);
    QCOMPARE(sigv4::encode(plain + '/'), encoded + "%2F");
    QCOMPARE(sigv4::encodePath(plain + '/'), encoded + '/');
}

void TestSigV4::sortsTheQueryByItsEncodedForm()
{
    QCOMPARE(sigv4::encodeQuery({{"b", "2"}, {"a", "é"}, {"a", " "}, {"uploads", ""}}),
             QByteArray("a=%20&a=%C3%A9&b=2&uploads="));
}

// The example of AWS's signature test suite “get-header-key-duplicate”, in our form.
void TestSigV4::joinsHeadersOfOneName()
{
    sigv4::Request request;
    request.method = "GET";
    request.path = "/";
    request.headers = {{"Host", "example.amazonaws.com"}, {"My-Header1", "value2"},
                       {"My-Header1", " value2 "},        {"My-Header1", "value1"},
                       {"X-Amz-Date", "20150830T123600Z"}};
    request.payloadHash = emptyHash;
    sigv4::Scope scope;
    scope.region = "us-east-1";
    scope.service = "service";
    scope.time = std::chrono::sys_days(std::chrono::year(2015) / 8 / 30) + std::chrono::hours(12)
        + std::chrono::minutes(36);
    const sigv4::Keys keys{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", {}};
    QCOMPARE(sigv4::signature(request, scope, keys),
             QByteArray("c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"));
}

QTEST_APPLESS_MAIN(TestSigV4)
#include "tst_sigv4.moc"

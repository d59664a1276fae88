// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/redaction.h"

#include <QTest>

using namespace sendoff;

class RedactionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hidesSecrets_data();
    void hidesSecrets();
    void leavesOrdinaryTextAlone_data();
    void leavesOrdinaryTextAlone();
    void namesAnUploadUrlWithoutGivingItAway();
};

// Each row hides a canary, and only that.
void RedactionTest::hidesSecrets_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *text, const char *expected) {
        QTest::newRow(name) << QString::fromLatin1(text) << QString::fromLatin1(expected);
    };
    row("bearer header", "Authorization: Bearer s3cr3t.x-_~+/=", "Authorization: ***");
    row("basic header in lower case", "authorization: basic dXNlcjpw", "authorization: ***");
    row("proxy header", "Proxy-Authorization: Digest s3cr3t", "Proxy-Authorization: ***");
    row("cookie between other lines", "Host: h\r\nCookie: a=s3cr3t; b=s3cr3t\r\nAccept: */*",
        "Host: h\r\nCookie: ***\r\nAccept: */*");
    row("set-cookie", "Set-Cookie: sid=s3cr3t; Path=/", "Set-Cookie: ***");
    row("header in JSON", "{\"authorization\":\"Bearer s3cr3t\"}", "{\"authorization\":***");
    row("bearer in a sentence", "sent Bearer s3cr3t to the server",
        "sent Bearer *** to the server");
    row("signed query", "GET /b/k?X-Amz-Credential=s3cr3t&X-Amz-Date=1&X-Amz-Signature=s3cr3t",
        "GET /b/k?X-Amz-Credential=***&X-Amz-Date=1&X-Amz-Signature=***");
    row("access token", "https://h/cb?access_token=s3cr3t&state=1",
        "https://h/cb?access_token=***&state=1");
    row("authorization code", "http://127.0.0.1:1/?code=s3cr3t&scope=a",
        "http://127.0.0.1:1/?code=***&scope=a");
    row("resumable session", "PUT /upload?uploadType=resumable&upload_id=s3cr3t HTTP/1.1",
        "PUT /upload?uploadType=resumable&upload_id=*** HTTP/1.1");
    row("multipart upload", "POST /k?uploadId=s3cr3t", "POST /k?uploadId=***");
    row("password in a form", "user=me&password=s3cr3t", "user=me&password=***");
    row("user and password in a URL", "https://me:s3cr3t@host/dir", "https://***@host/dir");
    row("two URLs", "sftp://a:s3cr3t@x and ftps://b:s3cr3t@y", "sftp://***@x and ftps://***@y");
    row("token in JSON", "{\"refresh_token\": \"s3cr3t\", \"expires_in\": 3600}",
        "{\"refresh_token\": \"***\", \"expires_in\": 3600}");
    row("quoted secret in JSON", "{\"client_secret\":\"a\\\"s3cr3t\"}",
        "{\"client_secret\":\"***\"}");
}

void RedactionTest::hidesSecrets()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(redacted(text), expected);
    QVERIFY(!redacted(text).contains(u"s3cr3t"));
    QCOMPARE(redacted(redacted(text)), expected);
}

void RedactionTest::leavesOrdinaryTextAlone_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("status line") << QStringLiteral("HTTP/1.1 409 Conflict, Upload-Offset: 42");
    QTest::newRow("address") << QStringLiteral("https://host:8080/dir/file.mp4?width=1080");
    QTest::newRow("mail address") << QStringLiteral("ask admin@example.org for an account");
    QTest::newRow("decoder") << QStringLiteral("codec=h264, bitrate=8000000");
}

void RedactionTest::leavesOrdinaryTextAlone()
{
    QFETCH(QString, text);
    QCOMPARE(redacted(text), text);
}

void RedactionTest::namesAnUploadUrlWithoutGivingItAway()
{
    const QUrl one(QStringLiteral("https://me:s3cr3t@host:8443/files/s3cr3t?upload_id=s3cr3t"));
    const QUrl other(QStringLiteral("https://host:8443/files/s3cr3t2"));
    const QString name = redactedUrl(one);
    QVERIFY(name.startsWith(u"https://host:8443/…"));
    QVERIFY(!name.contains(u"s3cr3t"));
    QCOMPARE(redactedUrl(one), name);
    QVERIFY(redactedUrl(other) != name);
}

QTEST_GUILESS_MAIN(RedactionTest)
#include "tst_redaction.moc"

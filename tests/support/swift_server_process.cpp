// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/swift_server_process.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTcpServer>

#include <array>

namespace sendoff::test {

namespace {

constexpr int swiftStartLimitMs = 240'000;
constexpr int portsNeeded = 5;

// The first of five ports in a row that are free at this moment; 0 where none were found.
quint16 freePorts()
{
    for (int attempt = 0; attempt < 100; ++attempt) {
        const int first = QRandomGenerator::global()->bounded(20'000, 32'000);
        std::array<QTcpServer, portsNeeded> servers;
        bool areFree = true;
        for (int i = 0; i < portsNeeded; ++i)
            areFree = areFree && servers[i].listen(QHostAddress::LocalHost, quint16(first + i));
        if (areFree)
            return quint16(first);
    }
    return 0;
}

} // namespace

SwiftServerProcess::~SwiftServerProcess()
{
    m_process.closeWriteChannel(); // its sign to end
    if (!m_process.waitForFinished(20'000))
        m_process.kill();
}

bool SwiftServerProcess::start()
{
    const QString script = qEnvironmentVariable("SENDOFF_SOURCE_DIR", QStringLiteral("."))
        + QStringLiteral("/tests/servers/swift-s3.sh");
    if (!QFileInfo::exists(QStringLiteral("/usr/bin/swift-proxy-server"))) {
        m_why = QStringLiteral("Swift is not installed: tests/run.sh installs it");
        return false;
    }
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("DATA_DIR"), m_folder.path());
    environment.insert(QStringLiteral("PORT"), QString::number(freePorts()));
    m_process.setProcessEnvironment(environment);
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(QStringLiteral("bash"), {script});
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(swiftStartLimitMs)) {
            m_why = QStringLiteral("Swift does not start: %1").arg(m_process.errorString());
            return false;
        }
    }
    m_endpoint = QUrl(QString::fromUtf8(m_process.readLine()).trimmed());
    signIn();
    return true;
}

// By Swift's own interface: not S3, and not our client.
QByteArray SwiftServerProcess::ask(const QStringList &arguments, int *status) const
{
    QProcess curl;
    curl.start(QStringLiteral("curl"),
               QStringList{QStringLiteral("-s"), QStringLiteral("--noproxy"), QStringLiteral("*"),
                           QStringLiteral("--path-as-is"), QStringLiteral("-w"),
                           QStringLiteral("\n%{http_code}")}
                   + arguments);
    curl.waitForFinished(-1);
    const QByteArray said = curl.readAllStandardOutput();
    const qsizetype end = said.lastIndexOf('\n');
    *status = said.mid(end + 1).toInt();
    return said.left(end);
}

void SwiftServerProcess::signIn()
{
    int status = 0;
    const QByteArray headers =
        ask({QStringLiteral("-D-"), QStringLiteral("-o/dev/null"),
             QStringLiteral("-HX-Auth-User: ") + QLatin1String(accessKey),
             QStringLiteral("-HX-Auth-Key: ") + QLatin1String(secretKey),
             m_endpoint.toString() + QStringLiteral("/auth/v1.0")},
            &status);
    for (const QByteArray &line : headers.split('\n')) {
        if (line.toLower().startsWith("x-auth-token:"))
            m_token = QString::fromLatin1(line.mid(13).trimmed());
    }
    if (m_token.isEmpty())
        qFatal("Swift does not let the tests in (%d)", status);
}

QString SwiftServerProcess::address(const QString &path) const
{
    return m_endpoint.toString() + QStringLiteral("/v1/AUTH_test/") + path;
}

void SwiftServerProcess::makeBucket(const QString &name) const
{
    int status = 0;
    (void)ask({QStringLiteral("-XPUT"), QStringLiteral("-HContent-Length: 0"),
               QStringLiteral("-HX-Auth-Token: ") + m_token, address(name)},
              &status);
    if (status / 100 != 2)
        qFatal("Swift makes no bucket (%d)", status);
}

QByteArray SwiftServerProcess::object(const QString &bucket, const QString &key) const
{
    int status = 0;
    const QString path =
        bucket + u'/' + QString::fromLatin1(QUrl::toPercentEncoding(key, "/"));
    const QByteArray bytes =
        ask({QStringLiteral("-HX-Auth-Token: ") + m_token, address(path)}, &status);
    return status == 200 ? bytes : QByteArray("(not there)");
}

QStringList SwiftServerProcess::keys(const QString &bucket) const
{
    int status = 0;
    const QByteArray names =
        ask({QStringLiteral("-HX-Auth-Token: ") + m_token,
             address(bucket) + QStringLiteral("?format=json")},
            &status);
    QStringList keys;
    for (const QJsonValue &entry : QJsonDocument::fromJson(names).array())
        keys.append(entry[u"name"].toString());
    return keys;
}

} // namespace sendoff::test

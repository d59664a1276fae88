// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/apache_server_process.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>

namespace sendoff::test {

namespace {

constexpr int apacheStartLimitMs = 60'000;

// Free at this moment; somebody else may take it before Apache does.
quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : quint16(0);
}

bool listens(quint16 port)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    return socket.waitForConnected(1000);
}

} // namespace

ApacheServerProcess::~ApacheServerProcess()
{
    m_process.terminate();
    if (!m_process.waitForFinished(20'000))
        m_process.kill();
}

bool ApacheServerProcess::start()
{
    if (!QFileInfo::exists(QStringLiteral("/usr/sbin/apache2"))) {
        m_why = QStringLiteral("Apache is not installed: tests/run.sh installs it");
        return false;
    }
    const QString script = qEnvironmentVariable("SENDOFF_SOURCE_DIR", QStringLiteral("."))
        + QStringLiteral("/tests/servers/apache-dav.sh");
    const quint16 port = freePort();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("DATA_DIR"), m_folder.path());
    environment.insert(QStringLiteral("PORT"), QString::number(port));
    environment.insert(QStringLiteral("PATH"),
                       environment.value(QStringLiteral("PATH")) + QStringLiteral(":/usr/sbin"));
    m_process.setProcessEnvironment(environment);
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(QStringLiteral("bash"), {script});
    QElapsedTimer watch;
    watch.start();
    while (!listens(port)) {
        const bool hasEnded = m_process.waitForFinished(50);
        if (hasEnded || watch.elapsed() > apacheStartLimitMs) {
            m_why = QStringLiteral("Apache does not start: %1").arg(m_process.errorString());
            return false;
        }
    }
    m_url = QUrl(QStringLiteral("http://127.0.0.1:%1/dav/").arg(port));
    return true;
}

} // namespace sendoff::test

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/tus_server_process.h"

#include <QFileInfo>

namespace sendoff::test {

namespace {

QString sourceFolder()
{
    return qEnvironmentVariable("SENDOFF_SOURCE_DIR", QStringLiteral("."));
}

constexpr int startLimitMs = 30'000;

} // namespace

QString nodeProgram()
{
    const QString own =
        sourceFolder() + QStringLiteral("/tests/servers/node_modules/node/bin/node");
    const QString fallback = QFileInfo::exists(own) ? own : QStringLiteral("node");
    return qEnvironmentVariable("SENDOFF_NODE", fallback);
}

QString serversFolder(QString *why)
{
    const QString folder = sourceFolder() + QStringLiteral("/tests/servers");
    if (QFileInfo::exists(folder + QStringLiteral("/node_modules/@tus/server/package.json"))
        && QFileInfo::exists(folder
                             + QStringLiteral("/node_modules/@uploadx/core/package.json")))
        return folder;
    *why = QStringLiteral("The test servers are not installed: run tests/servers/install.sh");
    return {};
}

TusServerProcess::TusServerProcess(QString dataFolder, QMap<QString, QString> settings,
                                   QString program)
    : m_dataFolder(std::move(dataFolder))
    , m_settings(std::move(settings))
    , m_program(std::move(program))
{
}

TusServerProcess::~TusServerProcess()
{
    kill();
}

bool TusServerProcess::start()
{
    const QString folder = serversFolder(&m_why);
    if (folder.isEmpty())
        return false;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("DATA_DIR"), m_dataFolder);
    environment.insert(QStringLiteral("PORT"), QString::number(m_url.port(0)));
    for (auto it = m_settings.cbegin(); it != m_settings.cend(); ++it)
        environment.insert(it.key(), it.value());
    m_process.setProcessEnvironment(environment);
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(nodeProgram(), {folder + u'/' + m_program});
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(startLimitMs)) {
            m_why = QStringLiteral("The tus server does not start (%1); is tests/servers/"
                                   "install.sh up to date?")
                        .arg(m_process.errorString());
            return false;
        }
    }
    m_url = QUrl(QString::fromUtf8(m_process.readLine()).trimmed());
    return true;
}

void TusServerProcess::kill()
{
    m_process.kill();
    m_process.waitForFinished();
}

QString TusServerProcess::storedFile(const QUrl &upload) const
{
    return m_dataFolder + u'/' + upload.fileName();
}

} // namespace sendoff::test

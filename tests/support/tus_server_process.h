// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TusServerProcess: the reference tus server (@tus/server) as a process of its own, which tests
// start, kill and start again. Needs what tests/servers/install.sh installs.

#include <QByteArray>
#include <QMap>
#include <QProcess>
#include <QString>
#include <QUrl>

namespace sendoff::test {

// The Node program: SENDOFF_NODE, or the one beside the servers, or the system's.
QString nodeProgram();
// tests/servers. Empty, with `why` set to a sentence, where the servers are not installed.
QString serversFolder(QString *why);

class TusServerProcess {
public:
    static constexpr char reference[] = "tus-server.mjs"; // @tus/server
    static constexpr char uploadx[] = "uploadx-server.mjs"; // @uploadx/core: looser, with checksums
    // Stores in `dataFolder`. `settings` as `program` (in tests/servers) names them.
    explicit TusServerProcess(QString dataFolder, QMap<QString, QString> settings = {},
                              QString program = QString::fromLatin1(reference));
    ~TusServerProcess(); // kills it

    // Returns once it listens. A later start takes the port of the first. False, with why() set,
    // where it does not.
    bool start();
    QString why() const { return m_why; }
    void kill(); // SIGKILL
    QUrl url() const { return m_url; } // to create uploads
    qint64 processId() const { return m_process.processId(); }
    // What it stored of the upload at `upload`: its bytes so far.
    QString storedFile(const QUrl &upload) const;

private:
    QString m_dataFolder;
    QMap<QString, QString> m_settings;
    QString m_program;
    QProcess m_process;
    QUrl m_url;
    QString m_why;
};

} // namespace sendoff::test

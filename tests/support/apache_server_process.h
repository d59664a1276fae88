// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ApacheServerProcess: Apache with mod_dav as a process of its own: takes files by PUT, with a
// password. Needs the Debian package that tests/run.sh names.

#include <QProcess>
#include <QString>
#include <QTemporaryDir>
#include <QUrl>

namespace sendoff::test {

class ApacheServerProcess {
public:
    static constexpr char user[] = "u";
    static constexpr char password[] = "canary-7f3a";

    ApacheServerProcess() = default;
    ~ApacheServerProcess(); // ends it
    ApacheServerProcess(const ApacheServerProcess &) = delete;
    ApacheServerProcess &operator=(const ApacheServerProcess &) = delete;

    // Returns once it listens. False, with why() set, where it does not.
    bool start();
    QString why() const { return m_why; }
    QUrl url() const { return m_url; } // of the folder
    QString folder() const { return m_folder.filePath(QStringLiteral("dav")); }

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    QUrl m_url;
    QString m_why;
};

} // namespace sendoff::test

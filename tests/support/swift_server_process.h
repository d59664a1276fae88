// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SwiftServerProcess: a real S3 server (OpenStack Swift with its S3 interface) as processes of its
// own. Takes some seconds to start: one for a whole test program. Needs the Debian packages that
// tests/run.sh names.

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>
#include <QUrl>

namespace sendoff::test {

class SwiftServerProcess {
public:
    static constexpr char accessKey[] = "test:tester";
    static constexpr char secretKey[] = "canary-secret-key";
    static constexpr char region[] = "us-east-1";

    SwiftServerProcess() = default;
    ~SwiftServerProcess(); // ends it
    SwiftServerProcess(const SwiftServerProcess &) = delete;
    SwiftServerProcess &operator=(const SwiftServerProcess &) = delete;

    // Returns once it answers. False, with why() set, where it does not.
    bool start();
    QString why() const { return m_why; }
    QUrl endpoint() const { return m_endpoint; }

    // By Swift's own interface, with curl: not our client.
    void makeBucket(const QString &name) const;
    QByteArray object(const QString &bucket, const QString &key) const; // or "(not there)"
    QStringList keys(const QString &bucket) const; // of finished objects

private:
    QByteArray ask(const QStringList &arguments, int *status) const;
    void signIn();
    QString address(const QString &path) const;

    QTemporaryDir m_folder;
    QProcess m_process;
    QUrl m_endpoint;
    QString m_token; // of Swift's own interface
    QString m_why;
};

} // namespace sendoff::test

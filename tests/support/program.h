// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Program: a child process with byte-exact arguments, whose output goes to files; for tests that
// run sendoff, ffprobe, curl, … and for those that kill it. What sendoff writes, and shows of itself in
// the list of processes while it runs, is looked through for secrets (canary.h).

#include <QByteArray>
#include <QElapsedTimer>
#include <QJsonObject>
#include <QList>
#include <QStringList>

#include <chrono>
#include <string>
#include <vector>

namespace sendoff::test {

class Program {
public:
    // `arguments[0]` is looked up in PATH. `environment` are NAME=value to add.
    explicit Program(std::vector<std::string> arguments, std::vector<std::string> environment = {});
    ~Program(); // kills what still runs
    Program(const Program &) = delete;
    Program &operator=(const Program &) = delete;

    bool isRunning();
    void signal(int number);
    // The exit code, or 128 + the signal that ended it; -1 where it did not end in time.
    int wait(std::chrono::milliseconds limit = std::chrono::minutes(4));

    QByteArray output() const; // so far
    QByteArray errorOutput() const;
    QList<QJsonObject> events() const; // output() as JSON lines
    // Of those with this "event" (and, where given, "leg").
    QList<QJsonObject> events(const QString &name, const QString &leg = {}) const;
    int processId() const { return m_processId; }

private:
    QByteArray readAll(const std::string &file) const;

    bool m_isSendoff;
    QElapsedTimer m_looked; // at the list of processes
    int m_processId = -1;
    int m_status = 0;
    bool m_ended = false;
    std::string m_folder; // of the output files
};

// Runs it to the end.
struct Finished {
    int exitCode = -1;
    QByteArray output;
    QByteArray errorOutput;
    QList<QJsonObject> events;

    QList<QJsonObject> eventsOf(const QString &name, const QString &leg = {}) const;
    // For a failure's message, of which Qt Test shows the first 1,000 characters: how it ended and
    // what it said last.
    QByteArray ending() const;
};
Finished runProgram(std::vector<std::string> arguments, std::vector<std::string> environment = {});

// The sendoff that was built with the tests (SENDOFF_PROGRAM), with --json and --profile.
std::vector<std::string> sendoffCommand(const std::string &profile,
                                        const std::vector<std::string> &arguments);

QByteArray sha256OfFileByCoreutils(const std::string &path); // by sha256sum; empty where it fails

} // namespace sendoff::test

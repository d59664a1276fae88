// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program.h"

#include "tests/support/canary.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sendoff::test {

namespace {

QList<QJsonObject> parsedLines(const QByteArray &output)
{
    QList<QJsonObject> events;
    for (const QByteArray &line : output.split('\n')) {
        const QJsonDocument document = QJsonDocument::fromJson(line);
        if (document.isObject())
            events.append(document.object());
    }
    return events;
}

QList<QJsonObject> filtered(const QList<QJsonObject> &events, const QString &name,
                            const QString &leg)
{
    QList<QJsonObject> matching;
    for (const QJsonObject &event : events) {
        const bool isLeg = leg.isEmpty() || event[u"leg"].toString() == leg;
        if (event[u"event"].toString() == name && isLeg)
            matching.append(event);
    }
    return matching;
}

std::vector<char *> pointers(std::vector<std::string> &words)
{
    std::vector<char *> result;
    result.reserve(words.size() + 1);
    for (std::string &word : words)
        result.push_back(word.data());
    result.push_back(nullptr);
    return result;
}

} // namespace

Program::Program(std::vector<std::string> arguments, std::vector<std::string> environment)
    : m_isSendoff(std::find(arguments.begin(), arguments.end(),
                            qgetenv("SENDOFF_PROGRAM").toStdString())
                  != arguments.end()) // perhaps by way of “env”
{
    if (m_isSendoff)
        std::for_each(arguments.begin(), arguments.end(), &lookForCanary);
    std::string folder = "/tmp/sendoff-test-XXXXXX";
    m_folder = ::mkdtemp(folder.data());
    for (char **variable = environ; *variable; ++variable)
        environment.emplace_back(*variable); // the first of a name counts
    const std::string output = m_folder + "/out";
    const std::string error = m_folder + "/err";
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(),
                                       O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, error.c_str(),
                                       O_WRONLY | O_CREAT | O_APPEND, 0600);
    pid_t child = -1;
    const int failed = ::posix_spawnp(&child, arguments[0].c_str(), &actions, nullptr,
                                      pointers(arguments).data(), pointers(environment).data());
    ::posix_spawn_file_actions_destroy(&actions);
    m_processId = failed == 0 ? child : -1;
    m_ended = failed != 0;
    m_status = 127 << 8;
}

Program::~Program()
{
    if (isRunning()) {
        signal(SIGKILL);
        wait();
    }
    lookForCanaries(m_folder); // what it said
    std::error_code code;
    std::filesystem::remove_all(m_folder, code);
}

bool Program::isRunning()
{
    if (m_ended)
        return false;
    if (m_isSendoff && (!m_looked.isValid() || m_looked.elapsed() > 250)) {
        lookAtProcesses(qgetenv("SENDOFF_PROGRAM").toStdString());
        m_looked.start();
    }
    m_ended = ::waitpid(m_processId, &m_status, WNOHANG) == m_processId;
    return !m_ended;
}

void Program::signal(int number)
{
    if (!m_ended)
        ::kill(m_processId, number);
}

int Program::wait(std::chrono::milliseconds limit)
{
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (isRunning()) {
        if (std::chrono::steady_clock::now() > deadline)
            return -1;
        QTest::qWait(5);
    }
    return WIFEXITED(m_status) ? WEXITSTATUS(m_status) : 128 + WTERMSIG(m_status);
}

QByteArray Program::readAll(const std::string &file) const
{
    QFile content(QString::fromStdString(m_folder + '/' + file));
    return content.open(QIODevice::ReadOnly) ? content.readAll() : QByteArray();
}

QByteArray Program::output() const
{
    return readAll("out");
}

QByteArray Program::errorOutput() const
{
    return readAll("err");
}

QList<QJsonObject> Program::events() const
{
    return parsedLines(output());
}

QList<QJsonObject> Program::events(const QString &name, const QString &leg) const
{
    return filtered(events(), name, leg);
}

QList<QJsonObject> Finished::eventsOf(const QString &name, const QString &leg) const
{
    return filtered(events, name, leg);
}

Finished runProgram(std::vector<std::string> arguments, std::vector<std::string> environment)
{
    Program program(std::move(arguments), std::move(environment));
    Finished finished;
    finished.exitCode = program.wait();
    finished.output = program.output();
    finished.errorOutput = program.errorOutput();
    finished.events = parsedLines(finished.output);
    return finished;
}

QByteArray Finished::ending() const
{
    return "exit code " + QByteArray::number(exitCode) + "\n" + errorOutput.right(300) + "\n[...] "
        + output.right(500);
}

std::vector<std::string> sendoffCommand(const std::string &profile,
                                        const std::vector<std::string> &arguments)
{
    const char *program = std::getenv("SENDOFF_PROGRAM");
    std::vector<std::string> command{program ? program : "sendoff", "--json", "--profile", profile};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

QByteArray sha256OfFileByCoreutils(const std::string &path)
{
    const Finished sum = runProgram({"sha256sum", "--", path});
    const QByteArray line = sum.output.startsWith('\\') ? sum.output.mid(1) : sum.output;
    return sum.exitCode == 0 ? line.left(64) : QByteArray();
}

} // namespace sendoff::test

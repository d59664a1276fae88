// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// JobSession: runs a batch of jobs for one command and tells a Reporter what happens.

#include "app/application.h"
#include "app/cli/reporter.h"
#include "core/base/task_scope.h"

#include <QCoroTask>
#include <QTimer>

#include <map>
#include <memory>
#include <stop_token>
#include <vector>

namespace sendoff::app {

// Main thread; `application` and `reporter` outlive it.
class JobSession : public QObject {
public:
    JobSession(Application &application, Reporter &reporter);

    // Is what was asked already under way or done (CLI.md: "the same")?
    enum class Again { GoOn, StartOver };
    // Opens the file and makes or finds its job. A file that cannot be used is reported.
    QCoro::Task<void> add(FilePath file, queue::Recipe recipe, Again again, std::stop_token stop);
    // Runs all that was added. Resolves when nothing goes on by itself, or when stopped.
    QCoro::Task<void> run(std::stop_token stop);

    // For a result of the last run(): 0 all done, 1 something needs attention.
    int exitCode() const;
    QStringList jobIds() const { return m_jobIds; }
    Summary summary() const;

private:
    struct Eta {
        qint64 startedNs = 0;
        double startedAt = 0;
    };

    QCoro::Task<Result<queue::Job>> jobFor(FilePath file, queue::Recipe recipe, Again again,
                                           std::stop_token stop);
    queue::Job reopened(queue::Job job) const;
    QCoro::Task<void> runJob(QString id, std::stop_token stop);
    QCoro::Task<void> checkDelivered(QString id, std::stop_token stop);
    LegRef refOf(const queue::Job &job, int leg) const;
    void legChanged(const QString &id, int leg);
    void pollProgress();
    std::optional<double> secondsLeft(const QString &key, double fraction);

    Application &m_application;
    Reporter &m_reporter;
    QStringList m_jobIds;
    std::map<QString, Eta> m_etas; // by "job/leg"
    int m_failedFiles = 0;
    qint64 m_startNs;
    QTimer m_poll;
};

} // namespace sendoff::app

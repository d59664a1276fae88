// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// JobSession: the jobs of one command: has them run and tells a Reporter what happens to them. Other
// commands may be at work in the same process.

#include "app/application.h"
#include "app/cli/reporter.h"
#include "core/base/task_scope.h"

#include <QCoroTask>
#include <QSet>
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
    // Jobs that stand in the queue already.
    void watch(const QStringList &ids);
    QStringList notWatched(const QStringList &ids) const;
    // Has all of them run. Resolves when nothing goes on by itself, or when stopped.
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

    QCoro::Task<Result<void>> addJob(FilePath file, queue::Recipe recipe, Again again,
                                     std::stop_token stop);
    void takeUp(const QString &id);
    QCoro::Task<void> checkAndAllow(QString id, std::stop_token stop);
    QCoro::Task<void> checkDelivered(QString id, std::stop_token stop);
    const queue::Job *watched(const QString &id) const;
    LegRef refOf(const queue::Job &job, int leg) const;
    void legChanged(const QString &id, int leg);
    void pollProgress();
    std::optional<double> secondsLeft(const QString &key, double fraction);

    Application &m_application;
    Reporter &m_reporter;
    QStringList m_jobIds;
    QSet<QString> m_watched; // the same
    QSet<QString> m_takenUp; // of an earlier command
    std::map<QString, Eta> m_etas; // by "job/leg"
    int m_failedFiles = 0;
    qint64 m_startNs;
    QTimer m_poll;
};

} // namespace sendoff::app

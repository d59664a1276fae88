// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/session_log.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

namespace sendoff::queue {

namespace {

constexpr int crashesUntilHeldBack = 2;
constexpr int quickEndsUntilPaused = 2;
const QString sessionSetting = QStringLiteral("session");
const QString crashesSetting = QStringLiteral("crashes"); // by job id

QJsonObject read(const JobQueue &queue, const QString &name)
{
    return QJsonDocument::fromJson(queue.settingOf(name).toUtf8()).object();
}

void write(JobQueue &queue, const QString &name, const QJsonObject &value)
{
    queue.setSetting(name,
                     QString::fromUtf8(QJsonDocument(value).toJson(QJsonDocument::Compact)));
}

LastEnd lastEnd(const QJsonObject &session, bool hasCrashed)
{
    if (!session[u"is_open"].toBool())
        return LastEnd::Ended;
    return hasCrashed ? LastEnd::Crashed : LastEnd::Killed;
}

QString sentenceAbout(const Job &job)
{
    return QCoreApplication::translate(
               "SessionLog", "it stopped twice while it worked on “%1”, so that is left alone")
        .arg(displayName(job.source));
}

void holdBack(JobQueue &queue, const QString &id)
{
    const Job *job = queue.find(id);
    for (int leg = 0; job && leg < job->legs.size(); ++leg) {
        if (job->legs[leg].state != LegState::Waiting)
            continue;
        JobQueue::Why why;
        why.error = Error(ErrorKind::Internal, QStringLiteral("crashed twice in a row"))
                        .with(argument::reason, sentenceAbout(*job));
        queue.apply(id, leg, LegEvent::Fail, std::move(why));
        return;
    }
}

// Those that crashed now and before; how often each has is kept for the next start.
QStringList countCrashes(JobQueue &queue, const LoadReport &loaded, LastEnd end)
{
    QStringList heldBack;
    if (end == LastEnd::Killed)
        return heldBack;
    const QJsonObject before = read(queue, crashesSetting);
    QJsonObject crashes;
    for (const QString &id : end == LastEnd::Crashed ? loaded.ran : QStringList()) {
        const int count = before[id].toInt() + 1;
        if (count >= crashesUntilHeldBack) {
            heldBack.append(id);
            holdBack(queue, id);
        } else {
            crashes.insert(id, count);
        }
    }
    write(queue, crashesSetting, crashes);
    return heldBack;
}

} // namespace

StartReport beginSession(JobQueue &queue, const LoadReport &loaded, SessionKind kind,
                         bool hasCrashed)
{
    const QJsonObject last = read(queue, sessionSetting);
    const LastEnd end = lastEnd(last, hasCrashed);
    StartReport report;
    report.restored = loaded.restored;
    report.resumedExports = loaded.resumedExports;
    report.resumedUploads = loaded.resumedUploads;
    report.problems = loaded.problems;
    report.wasUnclean = end != LastEnd::Ended;
    report.heldBack = countCrashes(queue, loaded, end);

    const bool wasQuick =
        report.wasUnclean && last[u"is_window"].toBool() && !last[u"is_settled"].toBool();
    int quickEnds = last[u"quick_ends"].toInt();
    if (kind == SessionKind::Window) {
        quickEnds = wasQuick ? quickEnds + 1 : 0;
        report.startsPaused = quickEnds >= quickEndsUntilPaused;
        if (report.startsPaused)
            queue.setSetting(setting::pausedAll, QStringLiteral("1"));
    }
    write(queue, sessionSetting,
          {{QStringLiteral("is_open"), true},
           {QStringLiteral("is_window"), kind == SessionKind::Window},
           {QStringLiteral("is_settled"), false},
           {QStringLiteral("quick_ends"), quickEnds}});
    return report;
}

void settleSession(JobQueue &queue)
{
    QJsonObject session = read(queue, sessionSetting);
    session.insert(QStringLiteral("is_settled"), true);
    session.insert(QStringLiteral("quick_ends"), 0);
    write(queue, sessionSetting, session);
}

void endSession(JobQueue &queue)
{
    QJsonObject session = read(queue, sessionSetting);
    session.insert(QStringLiteral("is_open"), false);
    write(queue, sessionSetting, session);
}

} // namespace sendoff::queue

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/process_lock.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSysInfo>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace sendoff {

namespace {

constexpr qsizetype maxRecord = 4096;

// Field 22 of /proc/<process>/stat; 0 where there is no such process. The name of the program, the
// second field, may hold spaces and parentheses: counted is from the last one.
qint64 startOfProcess(qint64 process)
{
    QFile stat(QStringLiteral("/proc/%1/stat").arg(process));
    if (!stat.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray line = stat.readAll();
    constexpr int fieldsBehindName = 20;
    return line.mid(line.lastIndexOf(')') + 2).split(' ').value(fieldsBehindName - 1).toLongLong();
}

QByteArray readRecord(int descriptor)
{
    std::array<char, maxRecord> buffer{};
    const ssize_t got = ::pread(descriptor, buffer.data(), buffer.size(), 0);
    return got > 0 ? QByteArray(buffer.data(), got) : QByteArray();
}

// Best effort: the kernel's lock is what counts on this computer.
void writeRecord(int descriptor, const QByteArray &record)
{
    if (::ftruncate(descriptor, 0) != 0)
        return;
    const ssize_t written = ::pwrite(descriptor, record.constData(), std::size_t(record.size()), 0);
    if (written == record.size())
        ::fsync(descriptor);
}

Error lockError(ErrorKind kind, const FilePath &file, const QString &name)
{
    return Error(kind, QStringLiteral("locked by %1").arg(name))
        .with(argument::folder, displayPath(file.parent_path()))
        .with(argument::file, displayPath(file))
        .with(argument::name, name);
}

// Somebody else who may still be at work though the kernel gave the lock to us.
std::optional<Error> livingHolder(const std::optional<LockHolder> &holder, const FilePath &file)
{
    if (!holder)
        return std::nullopt;
    const LockHolder self = LockHolder::thisProcess();
    const bool isHere = holder->boot == self.boot || holder->host == self.host;
    if (!isHere)
        return lockError(ErrorKind::ProfileOnOtherHost, file, holder->host);
    if (holder->process != self.process && holder->isAlive())
        return lockError(ErrorKind::ProfileInUse, file, QString::number(holder->process));
    return std::nullopt;
}

} // namespace

LockHolder LockHolder::thisProcess()
{
    LockHolder holder;
    holder.process = ::getpid();
    holder.started = startOfProcess(holder.process);
    holder.boot = QString::fromLatin1(QSysInfo::bootUniqueId());
    holder.host = QSysInfo::machineHostName();
    return holder;
}

QByteArray LockHolder::toJson() const
{
    const QJsonObject json{{QStringLiteral("process"), process},
                           {QStringLiteral("started"), started},
                           {QStringLiteral("boot"), boot},
                           {QStringLiteral("host"), host}};
    return QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';
}

std::optional<LockHolder> LockHolder::fromJson(const QByteArray &text)
{
    const QJsonObject json = QJsonDocument::fromJson(text).object();
    LockHolder holder;
    holder.process = json[u"process"].toInteger();
    holder.started = json[u"started"].toInteger();
    holder.boot = json[u"boot"].toString();
    holder.host = json[u"host"].toString();
    if (holder.process <= 0 || holder.host.isEmpty())
        return std::nullopt;
    return holder;
}

bool LockHolder::isAlive() const
{
    const bool isThisBoot = boot == QString::fromLatin1(QSysInfo::bootUniqueId());
    return isThisBoot && started > 0 && startOfProcess(process) == started;
}

Result<std::unique_ptr<ProcessLock>> ProcessLock::take(const FilePath &file)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return failure(Error::fromErrno(errno, Error::FileRole::Output, QStringLiteral("lock"),
                                        displayPath(file.parent_path())));
    std::unique_ptr<ProcessLock> lock(new ProcessLock(descriptor));
    const bool isLocked = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    const int code = errno;
    const auto holder = LockHolder::fromJson(readRecord(descriptor));
    std::optional<Error> problem;
    if (!isLocked && code == EWOULDBLOCK)
        problem = lockError(ErrorKind::ProfileInUse, file,
                            QString::number(holder ? holder->process : 0));
    else // locked, or a file system without locks: then the record decides alone
        problem = livingHolder(holder, file);
    if (problem) {
        ::close(std::exchange(lock->m_descriptor, -1)); // the record is not ours to empty
        return failure(std::move(*problem));
    }
    writeRecord(descriptor, LockHolder::thisProcess().toJson());
    return lock;
}

ProcessLock::~ProcessLock()
{
    if (m_descriptor < 0)
        return;
    // Emptied, not removed: whoever opened it meanwhile would hold a file without a name.
    writeRecord(m_descriptor, {});
    ::close(m_descriptor);
}

} // namespace sendoff

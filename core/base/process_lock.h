// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ProcessLock: a file that one living process holds, on one computer. The kernel lets go of it when
// the process dies, however it dies; what stands in the file tells who holds it, and keeps a folder
// that several computers share from having two owners. Not for: locking threads.

#include "core/base/file_path.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <optional>

namespace sendoff {

// Who holds a lock: what stands in its file.
struct LockHolder {
    qint64 process = 0;
    qint64 started = 0; // in the kernel's ticks since boot: tells a process from a later one of its id
    QString boot; // of the kernel; equal in all containers on it
    QString host;

    static LockHolder thisProcess();
    QByteArray toJson() const;
    // Nothing where it is not complete.
    static std::optional<LockHolder> fromJson(const QByteArray &json);
    // This kernel runs a process of that id that began then.
    bool isAlive() const;
    bool operator==(const LockHolder &) const = default;
};

class ProcessLock {
public:
    // Does not wait. ProfileInUse with `name` = the holder's process id; ProfileOnOtherHost with
    // `name` = its computer: such a lock is never taken over, dead or not. OutputNotWritable, …
    static Result<std::unique_ptr<ProcessLock>> take(const FilePath &file);
    ~ProcessLock();
    ProcessLock(const ProcessLock &) = delete;
    ProcessLock &operator=(const ProcessLock &) = delete;

private:
    explicit ProcessLock(int descriptor) : m_descriptor(descriptor) {}

    int m_descriptor;
};

} // namespace sendoff

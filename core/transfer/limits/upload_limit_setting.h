// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// UploadLimitSetting: the limit over all uploads that the user has chosen, kept in a file of the
// profile. Not for: those of single destinations (their option upload_limit), or acting on it
// (timed_limits.h).

#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/transfer/limits/limit_timetable.h"

#include <QCoroTask>
#include <QObject>

#include <memory>

namespace sendoff {
class WorkerPool;
}

namespace sendoff::transfer {

// Main thread; the file is touched on the I/O pool, which outlives this.
class UploadLimitSetting : public QObject {
    Q_OBJECT

public:
    // No limit where there is no such file, or it cannot be understood.
    static QCoro::Task<Result<std::unique_ptr<UploadLimitSetting>>> open(FilePath file,
                                                                         WorkerPool *io);

    const LimitTimetable &timetable() const { return m_timetable; }
    // Holds at once; resolves when it is stored as well. StoreUnavailable: it holds as long as the
    // program runs. Awaited before this dies.
    QCoro::Task<Result<void>> set(LimitTimetable timetable);

Q_SIGNALS:
    void changed();

private:
    UploadLimitSetting(FilePath file, WorkerPool *io);

    FilePath m_file;
    WorkerPool *m_io;
    LimitTimetable m_timetable;
};

} // namespace sendoff::transfer

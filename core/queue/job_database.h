// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// JobDatabase: jobs and legs in SQLite, version 2 of the schema. Blocking; lives and dies on one
// thread. Callers of the queue use JobStore instead, which keeps it on a thread of its own.

#include "core/queue/job_store.h"
#include "core/queue/store_connection.h"

namespace sendoff::queue {

class JobDatabase {
public:
    // As JobStore::open(). A damaged file is set aside, and what can be read of it is
    // taken over, which the first load() then says.
    static Result<std::unique_ptr<JobDatabase>> open(const FilePath &file);

    Result<JobStore::Loaded> load();
    Result<void> commit(const StoreChanges &changes);
    Result<void> save(const QList<Job> &jobs);
    Result<void> saveLeg(const QString &jobId, const Leg &leg);
    Result<void> remove(const QStringList &jobIds);
    Result<std::optional<Job>> findSame(const QByteArray &sameness);

private:
    explicit JobDatabase(std::unique_ptr<StoreConnection> connection);
    static Result<std::unique_ptr<JobDatabase>> openSound(const FilePath &file);
    Result<void> takeOver(const FilePath &damaged);

    std::unique_ptr<StoreConnection> m_connection;
    QStringList m_problems; // found while opening
};

} // namespace sendoff::queue

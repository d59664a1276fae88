// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ReadyJobs: the jobs that could run and do not yet, in queue order, by what they need next. Pure.
// Not for: how many may run (scheduler.h).

#include "core/queue/job.h"

#include <QHash>
#include <QString>
#include <QStringList>

#include <map>
#include <optional>
#include <set>
#include <utility>

namespace sendoff::queue {

// Whether any leg of it could go on without a person. An upload goes on only after its export.
bool canGoOn(const Job &job);
bool needsExport(const Job &job); // the export comes first
std::optional<int> legHeldForSpace(const Job &job); // index into Job::legs
// The destinations that it would be uploaded to next; empty while it needs its export.
QStringList nextPlaces(const Job &job);

class ReadyJobs {
public:
    // In or out, as the job is now.
    void update(const Job &job);
    void remove(const QString &id);
    void clear();
    bool contains(const QString &id) const { return m_entries.contains(id); }

    // The first in queue order; nothing where there is none.
    std::optional<QString> firstExport() const { return firstOf(m_exports); }
    std::optional<QString> firstUpload(const QString &place) const;
    QStringList places() const;

private:
    using InOrder = std::set<std::pair<qint64, QString>>; // position, id
    struct Entry {
        qint64 position = 0;
        bool needsExport = false;
        QStringList places;
    };
    static std::optional<QString> firstOf(const InOrder &jobs);

    QHash<QString, Entry> m_entries;
    InOrder m_exports;
    std::map<QString, InOrder> m_uploads; // by place
};

} // namespace sendoff::queue

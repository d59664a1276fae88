// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// DestinationStore: the destinations that the user has set up, in one file of the profile. Not for:
// their secrets (credentials.h), which never lie there.

#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/transfer/destination.h"

#include <QCoroTask>
#include <QJsonArray>
#include <QObject>

#include <memory>

namespace sendoff {
class WorkerPool;
}

namespace sendoff::transfer {

struct StoredDestination {
    QString id; // never changes; what its secrets are kept under
    DestinationConfig config; // without secrets
};

// Main thread; files are touched on the I/O pool, which outlives this. Changes are made one after
// the other: the next is begun when the one before has resolved.
class DestinationStore : public QObject {
    Q_OBJECT

public:
    // A file that cannot be understood is moved aside (problems() says where) and the list is
    // empty. StoreTooNew for one of a newer Sendoff, which stays untouched; StoreUnavailable.
    static QCoro::Task<Result<std::unique_ptr<DestinationStore>>> open(FilePath file,
                                                                       WorkerPool *io);

    const QList<StoredDestination> &destinations() const { return m_destinations; }
    // By name, upper and lower case alike; null where there is none.
    const StoredDestination *find(QStringView name) const;
    const QStringList &problems() const { return m_problems; } // sentences

    // Stores it under a new id, without its secrets. DestinationUnknown, DestinationInvalid (an
    // option, or a name that is taken or looks like an address), StoreUnavailable.
    QCoro::Task<Result<StoredDestination>> add(DestinationConfig config);
    // Other values for some of its options; an empty one takes the option out, so that its default
    // holds. DestinationUnknown, DestinationInvalid, StoreUnavailable: nothing is changed then.
    QCoro::Task<Result<StoredDestination>> change(QString id, QMap<QString, QString> options);
    // DestinationUnknown, StoreUnavailable. Its secrets are the caller's affair.
    QCoro::Task<Result<void>> remove(QString id);

Q_SIGNALS:
    void changed(); // stored already

private:
    DestinationStore(FilePath file, WorkerPool *io);
    Result<void> read(const QByteArray &json);
    QCoro::Task<Result<void>> save(QList<StoredDestination> destinations);

    FilePath m_file;
    WorkerPool *m_io;
    QList<StoredDestination> m_destinations;
    QJsonArray m_unread; // entries that this version cannot read; kept as they are
    QStringList m_problems;
};

// The name of the environment variable with the secret of a destination: SENDOFF_SECRET_ and its
// name in upper case, other characters than A–Z and 0–9 as _.
QByteArray secretVariable(const QString &destinationName);

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Credentials: the secrets of the destinations that the user has set up: in the desktop's keychain;
// where there is none, in memory until the program ends, or, by the user's explicit consent, in a
// file that only they can read. Not for: upload addresses, which lie with the jobs.

#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/transfer/destination.h"

#include <QCoroTask>
#include <QHash>
#include <QMap>
#include <QString>

namespace sendoff {
class WorkerPool;
}

namespace sendoff::transfer {

using Secrets = QMap<QString, QByteArray>; // by option

// Main thread. One call after the other; each is awaited before this dies. `io` outlives this.
class Credentials {
public:
    // `file` is where the consented file lies or would lie.
    Credentials(FilePath file, WorkerPool *io);

    enum class Place {
        Keychain,
        File, // by consent
        Memory, // gone when the program ends
    };
    enum class FileConsent { No, Yes }; // to a file, where there is no keychain
    // Keeps the secrets of one destination (its id in the DestinationStore) and says where. In
    // memory they are in any case.
    QCoro::Task<Result<Place>> store(QString destination, Secrets secrets, FileConsent consent);
    // Reads them into memory, once. Empty where none are kept. SignInNeeded where the keychain is
    // locked and stays so.
    QCoro::Task<Result<Secrets>> load(QString destination);
    // Those that were loaded or stored before.
    Secrets known(const QString &destination) const { return m_known.value(destination); }
    // From wherever they are.
    QCoro::Task<Result<void>> remove(QString destination);

private:
    FilePath m_file;
    WorkerPool *m_io;
    QHash<QString, Secrets> m_known;
};

QString placeName(Credentials::Place place); // for JSON: "keychain", "file", "memory"

// The secrets that the environment gives a destination: its main one from `variable`, others (and
// that one, where `variable` is not set) from the variables that other programs know them by.
Secrets secretsFromEnvironment(const DestinationConfig &config, const QByteArray &variable);

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Credentials: the secrets of the destinations that the user has set up: in the desktop's keychain;
// where there is none, in memory until the program ends, or, by the user's explicit consent, in a
// file that only they can read. Not for: upload addresses, which lie with the jobs.

#include "core/base/async_event.h"
#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/base/task_scope.h"
#include "core/transfer/destination.h"

#include <QCoroTask>
#include <QHash>
#include <QMap>
#include <QString>

#include <memory>
#include <optional>
#include <stop_token>

namespace sendoff {
class WorkerPool;
}

namespace sendoff::transfer {

using Secrets = QMap<QString, QByteArray>; // by option

// Main thread. store() and remove() one after the other. close() is awaited before this dies; `io`
// outlives it.
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
    // Reads them into memory, once, for however many ask. Empty where none are kept. SignInNeeded
    // where the keychain is locked and stays so: the next call asks again.
    QCoro::Task<Result<Secrets>> load(QString destination, std::stop_token stop);
    // Those that were loaded or stored before.
    Secrets known(const QString &destination) const { return m_known.value(destination); }
    // From wherever they are.
    QCoro::Task<Result<void>> remove(QString destination);
    // Gives up what is being read.
    QCoro::Task<void> close();

private:
    struct Reading {
        AsyncEvent ended;
        std::optional<Error> error;
    };
    QCoro::Task<void> read(QString destination, std::shared_ptr<Reading> reading,
                           std::stop_token stop);
    QCoro::Task<Result<Secrets>> readAnywhere(QString destination, std::stop_token stop);

    FilePath m_file;
    WorkerPool *m_io;
    QHash<QString, Secrets> m_known;
    QHash<QString, std::shared_ptr<Reading>> m_readings;
    TaskScope m_tasks;
};

QString placeName(Credentials::Place place); // for JSON: "keychain", "file", "memory"

// Environment variables by name: SENDOFF_SECRET…, and those that other programs know secrets by.
using SecretVariables = QMap<QByteArray, QByteArray>;
SecretVariables secretVariablesOfThisProcess();
// The secrets of a destination: the main one from its `own` variable, else those that are `kept`,
// else from the variables that other programs know them by, which may be meant for another account.
Secrets secretsFrom(const SecretVariables &variables, const DestinationConfig &config,
                    const QByteArray &own, const Secrets &kept = {});

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The desktop's keychain (Secret Service, KWallet) by way of QtKeychain: one entry for each key. Not
// for: what to do where there is none (credentials.h).

#include <QByteArray>
#include <QCoroTask>
#include <QString>

#include <stop_token>

namespace sendoff::transfer {

enum class KeychainOutcome {
    Done,
    NotThere, // it has no such entry
    Locked, // and was not opened for us
    Absent, // there is no keychain here
};

struct KeychainReply {
    KeychainOutcome outcome = KeychainOutcome::Absent;
    QByteArray value; // of a read
    QString detail; // for the log
};

// Main thread, whose event loop runs. May wait for the user to open the keychain; at most two
// minutes, and a read only until it is stopped.
QCoro::Task<KeychainReply> readFromKeychain(QString key, std::stop_token stop);
QCoro::Task<KeychainReply> writeToKeychain(QString key, QByteArray value);
QCoro::Task<KeychainReply> removeFromKeychain(QString key);

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FakePut: a web server's folder that takes files by PUT, written from RFC 9110 (9.3.4, 13.1.2, 14),
// which misbehaves where a test says so. The real one is apache_server_process.h.

#include "core/transfer/destination.h"
#include "tests/support/fault_server.h"

#include <functional>
#include <map>
#include <mutex>
#include <optional>

namespace sendoff::test {

class FakePut {
public:
    // What is done with the next PUT.
    struct Rule {
        enum class Do {
            Refuse, // answers `status` without reading the body, and closes
            AnswerEarly, // answers 201 before the body is read, and keeps nothing of it
            Keep, // reads all, keeps `bytes`, answers 201
            Cut, // resets after `bytes`, which it keeps
            LoseReply, // keeps all, then resets
            Stall, // stops reading after `bytes`, which it keeps, and says nothing any more
        };
        Do what = Do::Refuse;
        int status = 0;
        qint64 bytes = 0; // kept; 0 leaves no file
        Script::Headers headers = {};
        bool leavesNothing = false; // of a body that was cut
    };
    struct Options {
        bool answersHead = true; // else 405
        bool answersGet = true; // else 405
        bool headTellsSize = true;
    };

    // Called on the server's thread with each request; what it returns is done instead of the right
    // thing.
    using Misbehave = std::function<std::optional<Script>(const ReceivedRequest &)>;

    FakePut();
    explicit FakePut(Options options);
    explicit FakePut(Misbehave misbehave);

    // With a user and a password, which it does not ask for.
    transfer::DestinationConfig config() const;
    void script(Rule rule, int times = 1);
    void put(const QByteArray &name, const QByteArray &bytes); // somebody else's
    QMap<QByteArray, QByteArray> files() const; // by name as it stands in the address
    QList<QByteArray> methods() const; // of the requests, in order
    int count(const QByteArray &method) const { return int(methods().count(method)); }
    FaultServer &server() { return m_server; }

private:
    FakePut(Options options, Misbehave misbehave);

    struct Stored {
        std::optional<QByteArray> bytes; // of somebody else
        int upload = 0; // else the PUT of this number
        qint64 kept = 0; // bytes of it; -1 = all
    };
    Script serve(const ReceivedRequest &request);
    Script take(const ReceivedRequest &request, const QByteArray &name);
    std::optional<QByteArray> contentOf(const QByteArray &name) const; // under m_mutex
    static Script sized(int status, qint64 size, const Script::Headers &headers);

    const Options m_options;
    mutable std::mutex m_mutex;
    QList<Rule> m_rules;
    std::map<QByteArray, Stored> m_files;
    int m_uploads = 0;
    FaultServer m_server; // last: its thread ends first
};

} // namespace sendoff::test

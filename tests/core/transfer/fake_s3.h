// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FakeS3: as much of an S3 server as one multipart upload needs, which misbehaves where a test says
// so. It checks no signature: that is for the real server (swift_server_process.h).

#include "core/transfer/destination.h"
#include "tests/support/fault_server.h"

#include <functional>
#include <map>
#include <mutex>
#include <optional>

namespace sendoff::test {

class FakeS3 {
public:
    // What a request is about.
    enum class Ask { Look, Create, Part, List, Complete, Abort, Put, Other };
    // Called on the server's thread with each request and how many of its kind came before; what it
    // returns is done instead of the right thing. Before the first request.
    using Misbehave = std::function<std::optional<Script>(Ask, const ReceivedRequest &, int)>;

    explicit FakeS3(Misbehave misbehave = {});

    transfer::DestinationConfig config() const;
    int count(Ask ask) const;
    QMap<int, QByteArray> parts() const; // ETags of what it has, by number
    bool isCompleted() const;
    QByteArray etag() const; // of the object
    // The replies to all parts but the first wait for server().release().
    void holdParts();
    FaultServer &server() { return m_server; }
    void completeSilently(); // as if a Complete had come whose reply is lost
    void damagePart(int number); // other bytes of the same size

    static QByteArray errorXml(const QByteArray &code);
    static Script error(int status, const QByteArray &code);

private:
    struct Model {
        mutable std::mutex mutex;
        std::map<Ask, int> counts;
        struct Part {
            QByteArray etag;
            qint64 size = 0;
        };
        std::map<int, Part> parts;
        bool isOpen = false;
        bool isCompleted = false;
        bool holdsParts = false;

        QByteArray etag() const;
        qint64 size() const;
        Script serve(Ask ask, const ReceivedRequest &request);
    };
    static Ask askOf(const ReceivedRequest &request);

    std::shared_ptr<Model> m_model;
    FaultServer m_server;
};

} // namespace sendoff::test

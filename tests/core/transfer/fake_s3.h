// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FakeS3: as much of an S3 server as uploads need, which misbehaves where a test says so. A double
// (fake_s3_model.h); the real server is in swift_server_process.h.

#include "core/transfer/destination.h"
#include "tests/core/transfer/fake_s3_model.h"
#include "tests/support/fault_server.h"

#include <functional>
#include <map>
#include <mutex>
#include <optional>

namespace sendoff::test {

class FakeS3 {
public:
    using Ask = S3Ask;
    // Called on the server's thread with each request and how many of its kind came before; what it
    // returns is done instead of the right thing. Before the first request.
    using Misbehave = std::function<std::optional<Script>(Ask, const ReceivedRequest &, int)>;

    explicit FakeS3(Misbehave misbehave = {}, S3Dialect dialect = S3Dialect::Amazon);

    transfer::DestinationConfig config() const;
    // Changes how it is, from the next request on: speaks, encrypts, lists, … Any thread.
    void set(const std::function<void(FakeS3Model &)> &change);

    struct Asked {
        Ask ask;
        int part = 0; // its number, of Ask::Part
    };
    QList<Asked> asked() const; // all requests in the order they came
    int count(Ask ask) const;
    // Of the last upload that was created: ETags by number, sizes in order, its object's ETag.
    QMap<int, QByteArray> parts() const;
    QList<qint64> partSizes() const;
    bool isCompleted() const;
    QByteArray etag() const;
    int openUploads() const;
    QMap<QByteArray, qint64> objects() const; // sizes by key

    // The replies to all parts but the first wait for server().release().
    void holdParts();
    FaultServer &server() { return m_server; }
    const FaultServer &server() const { return m_server; }
    // The nth request of this kind, counted from 0, is done and never answered.
    void loseReplyTo(Ask ask, int nth);
    void damagePart(int number); // other bytes of the same size

    static QByteArray errorXml(const QByteArray &code);
    static Script error(int status, const QByteArray &code);

private:
    struct State {
        mutable std::mutex mutex;
        FakeS3Model model;
        std::map<Ask, int> counts;
        QList<Asked> asked;
        bool holdsParts = false;
        std::optional<std::pair<Ask, int>> lost; // whose reply
    };
    static Script rightThing(const std::shared_ptr<State> &state, Ask ask, int before);

    std::shared_ptr<State> m_state;
    FaultServer m_server;
};

} // namespace sendoff::test

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FakeServer: a tus server as a model in memory, which misbehaves where a script says so. Tests
// look at the model: what is stored equals the file. Not for: HTTP's own faults (fault_server.h).

#include "core/base/byte_ranges.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QThread>
#include <QUrl>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

namespace sendoff::test {

// What the server does wrong when a request with `method` comes: from the `after`th such request
// on, `times` times.
struct Fault {
    enum class Do {
        Refuse, // answers `status` at once, without reading or keeping the body, and closes
        Answer, // reads the body, keeps nothing of it and answers `status`
        Cut, // keeps `bytes` of the body, then resets the connection
        LoseReply, // does all that was asked, then resets the connection instead of answering
        Stall, // keeps `bytes` of the body, then reads and says nothing any more
        KeepOnly, // keeps `bytes` of the body and says so
        Claim, // does all that was asked, but Upload-Offset says `text`
        ClaimAtOnce, // keeps nothing, but says so before it has read the body
        ClaimTwice, // does all that was asked and sends Upload-Offset twice
        SayNothing, // does all that was asked, but answers without any header of tus
        LoseBytes, // forgets all but the first `bytes` of what it had confirmed, then goes on
        Forget, // forgets the upload, then answers `status`
        Damage, // a bit of the body turns on the way
        Expire, // keeps `bytes` of the body, wants the token `text` from then on and answers 401
    };
    QByteArray method;
    Do what = Do::Answer;
    int status = 500;
    qint64 bytes = 0;
    QByteArray text;
    QMap<QByteArray, QByteArray> headers; // of Refuse and Answer
    int after = 0;
    int times = 1;
};

class FakeServer {
public:
    struct Options {
        bool answersOptions = true;
        bool canDeferLength = true;
        bool canConcatenate = false;
        int asksUntilConcatenated = 0; // HEAD of a final upload tells no offset so often
        std::chrono::milliseconds concatenationTakes{0}; // until the reply to a final upload
        QByteArray checksums; // Tus-Checksum-Algorithm; empty = parts are not checked
        bool wantsOverride = false; // PATCH and DELETE must come as POST: a proxy on the way
        qint64 maximumSize = 0;
        QByteArray token; // wanted of each request but OPTIONS, where not empty
        QByteArray location; // instead of the upload's own, where not empty
        QByteArray certificate; // PEM: then it speaks TLS
        QByteArray key; // PEM, EC
    };
    struct Upload {
        QByteArray path;
        QByteArray bytes;
        std::optional<qint64> length;
        QByteArray metadata;
        QByteArray concat; // Upload-Concat as it was sent; empty for an upload in one piece
        int asksUntilConcatenated = 0;
        bool isRemoved = false;
        QList<ByteRange> received; // what each PATCH stored, in order
    };
    struct Request {
        QByteArray method; // that was meant
        bool isOverridden = false; // came as POST with X-HTTP-Method-Override
        QByteArray path;
        QMap<QByteArray, QByteArray> headers; // names in lower case
        qint64 bodyBytes = 0;
        int status = 0; // 0: it got no answer
    };

    FakeServer(); // on 127.0.0.1, on a thread of its own
    explicit FakeServer(Options options);
    ~FakeServer();
    FakeServer(const FakeServer &) = delete;
    FakeServer &operator=(const FakeServer &) = delete;

    QUrl url() const; // to create uploads
    // Any thread, any time.
    void script(Fault fault);
    QList<Upload> uploads() const; // removed ones too
    QList<Request> requests() const;
    int count(const QByteArray &method) const; // of requests
    int mostBodiesAtOnce() const; // that came in side by side

private:
    friend class FakeConnection;
    friend class FakeListener;
    struct Model;

    std::shared_ptr<Model> m_model;
    QThread m_thread;
    std::unique_ptr<QObject> m_listener; // lives on m_thread
    quint16 m_port = 0;
};

} // namespace sendoff::test

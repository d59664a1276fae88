// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FakeS3Model: what a FakeS3 holds and what it answers, in Amazon's words or in Ceph's. A double:
// written from Amazon's documentation and, for Ceph, from answers of RGW 16 that were recorded
// (UPLOAD.md C3). Not for: faults (fake_s3.h).

#include "tests/support/fault_server.h"

#include <QDateTime>
#include <QHash>

#include <chrono>
#include <map>

namespace sendoff::test {

// What a request is about.
enum class S3Ask { Look, Create, Part, List, Complete, Abort, Put, Leftovers, Other };
S3Ask askOf(const ReceivedRequest &request);
int partNumberOf(const ReceivedRequest &request); // 0 = none

enum class S3Dialect { Amazon, Ceph };

// How the next page of a list is told.
enum class S3Marker { Told, LeftOut, StandsStill };

// Not thread-safe: FakeS3 locks.
class FakeS3Model {
public:
    struct Part {
        QByteArray md5;
        QByteArray etag;
        qint64 size = 0;
    };
    using Parts = std::map<int, Part>;
    struct Upload {
        QByteArray key;
        Parts parts;
        enum class State { Open, Complete, Aborted } state = State::Open;
    };
    struct Object {
        QByteArray etag;
        qint64 size = 0;
    };

    // Of a request whose body is there; what is wrong with its signature, date or headers first.
    Script serve(S3Ask ask, const ReceivedRequest &request);
    void complete(Upload &upload);
    Upload *lastUpload() { return uploads.empty() ? nullptr : &uploads.rbegin()->second; }
    int openUploads() const;
    QByteArray etagOf(const Parts &parts) const; // of an object
    static qint64 sizeOf(const Parts &parts);

    S3Dialect dialect = S3Dialect::Amazon;
    QByteArray secretKey = "canary-secret-key"; // of the access key “key”
    QByteArray region = "us-east-1";
    std::chrono::seconds clockAhead{0};
    bool usesKms = false; // ETags are no MD5 then
    std::size_t pageSize = 1'000;
    S3Marker marker = S3Marker::Told;
    std::map<QByteArray, Upload> uploads; // by id, the oldest first
    std::map<QByteArray, Object> objects; // by key

private:
    Script errorReply(int status, const QByteArray &code, const QByteArray &more = {}) const;
    Script notFound(const Upload *upload, S3Ask ask) const;
    std::optional<Script> refusal(const ReceivedRequest &request) const;
    Script create(const ReceivedRequest &request);
    Script look(const ReceivedRequest &request) const;
    Script put(const ReceivedRequest &request);
    Script takePart(Upload &upload, const ReceivedRequest &request) const;
    Script listParts(const Upload &upload, const ReceivedRequest &request) const;
    Script listUploads(const ReceivedRequest &request) const;
    Script completeAsAsked(Upload &upload, const ReceivedRequest &request);
    QByteArray whyIncomplete(const Upload &upload, const ReceivedRequest &request) const;
    QByteArray etagFor(const QByteArray &md5) const;
    QDateTime now() const;
};

} // namespace sendoff::test

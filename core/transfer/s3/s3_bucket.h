// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// S3Bucket: how one bucket is spoken to: its address in either style, signed requests, what its
// region and its clock turn out to be, and what its errors mean. Not for: one upload (s3_upload.h).

#include "core/base/result.h"
#include "core/transfer/net/http.h"
#include "core/transfer/s3/s3_reply.h"
#include "core/transfer/s3/sigv4.h"

#include <QCoroTask>

#include <chrono>
#include <memory>
#include <stop_token>

namespace sendoff {
class WorkerPool;
namespace net {
class Net;
}
} // namespace sendoff

namespace sendoff::transfer {

struct ServerMemory; // server_memory.h

// A value; what it points to outlives every use.
struct S3Bucket {
    // What the server's replies taught us; shared by the copies.
    struct Learned {
        QByteArray region;
        std::chrono::seconds clockAhead{0}; // the server's clock before ours
    };

    net::Net *net = nullptr;
    WorkerPool *io = nullptr;
    QString name; // in sentences
    QUrl endpoint; // empty = AWS, of the region
    QString bucket;
    bool isPathStyle = false;
    sigv4::Keys keys;
    net::TrustPolicy trust;
    QByteArray limitGroup; // net::HttpRequest::limitGroup
    std::chrono::milliseconds stallTimeout{30'000};
    std::shared_ptr<Learned> learned;
    std::shared_ptr<ServerMemory> memory; // null: nothing is known of it, and nothing is kept

    void recall(); // what an earlier upload learned of the endpoint
    std::chrono::sys_seconds now() const; // by the server's clock
};

// One request about an object, or about the bucket where the key is empty.
struct S3Request {
    S3Request(QByteArray requestMethod, QString objectKey)
        : method(std::move(requestMethod)), key(std::move(objectKey))
    {
    }
    QByteArray method;
    QString key;
    sigv4::Pairs query;
    QList<net::Header> headers;
    net::RequestBody body; // none: an empty one where the method wants one
    bool isIdempotent = true;
    bool isSlow = false; // the server may work for minutes before it answers
    std::shared_ptr<net::TransferProgress> progress;
};

// Signs and sends it; a reply of any status is a success here. Where the reply says that our clock
// or the region is wrong, that is learned, and the request is sent once more, unless its body is a
// stretch of a file: the caller asks the server first.
QCoro::Task<Result<net::HttpReply>> s3Exchange(S3Bucket bucket, S3Request request,
                                               std::stop_token stop);

// What the bucket has under `key`; nothing where it has nothing (404).
struct S3Object {
    qint64 size = 0;
    QByteArray etag;
    std::chrono::sys_seconds modified{};
};
QCoro::Task<Result<std::optional<S3Object>>> s3Look(S3Bucket bucket, QString key,
                                                    std::stop_token stop);

// Where an object lies, without a signature.
QUrl s3Address(const S3Bucket &bucket, const QString &key);
// An address that anybody can open until seven days after `from`; the same one for the same time.
QUrl s3Link(const S3Bucket &bucket, const QString &key, std::chrono::sys_seconds from);

// What anything but a success means. UploadExpired for an upload that the server does not know.
Error s3Error(const S3Bucket &bucket, const net::HttpReply &reply);
// Of a <Error> in the body of a 200.
Error s3Error(const S3Bucket &bucket, const s3::ErrorReply &said, const net::HttpReply &reply);
// The same of a request about an unfinished upload (with an uploadId), where NoSuchKey is said of an
// upload too: Ceph does, of one that is complete or that it never knew.
Error s3UploadError(const S3Bucket &bucket, const net::HttpReply &reply);
Error s3UploadError(const S3Bucket &bucket, s3::ErrorReply said, const net::HttpReply &reply);
Error s3Violation(const S3Bucket &bucket, const QString &reason);

} // namespace sendoff::transfer

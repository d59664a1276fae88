// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What a web server has under an address, and whether it can be of our file. Not for: sending
// (put_upload.h).

#include "core/base/result.h"
#include "core/transfer/byte_source.h"
#include "core/transfer/net/http.h"

#include <QCoroTask>
#include <QJsonObject>
#include <QUrl>

#include <chrono>
#include <stop_token>

namespace sendoff {
class WorkerPool;
namespace net {
class Net;
}
} // namespace sendoff

namespace sendoff::transfer {

// The server's folder. A value; `net` and `io` outlive every use.
struct PutFolder {
    net::Net *net = nullptr;
    WorkerPool *io = nullptr;
    QString name; // in sentences
    QUrl url;
    QByteArray authorization; // "Basic …"; empty = none
    net::TrustPolicy trust;
    QByteArray limitGroup; // net::HttpRequest::limitGroup
    std::chrono::milliseconds stallTimeout{30'000};
    // A place that takes files and lets nobody look at them: its word is believed. Only where the
    // user says so.
    bool allowsUnverified = false;
};

net::HttpRequest putRequest(const PutFolder &folder, QByteArray method, const QUrl &url);

// What lies at an address, by HEAD, or by GET of the first byte where that does not tell.
struct PutThere {
    bool isThere = false;
    bool cannotTell = false; // it answers neither
    qint64 size = -1; // -1 = not said
};
QCoro::Task<Result<PutThere>> putLook(PutFolder folder, QUrl url, std::stop_token stop);

// The beginning of a file, to know it again: a hash of up to 64 KiB.
struct PutHead {
    qint64 size = 0;
    QByteArray sha256; // in hex; empty = not known
    QJsonObject toJson() const;
    static PutHead fromJson(const QJsonObject &json);
};
QCoro::Task<Result<PutHead>> putHeadOf(PutFolder folder, std::shared_ptr<ByteSource> source,
                                       std::stop_token stop);

// Whose is what lies there? Ours begins with the same bytes, also where it broke off behind them.
// Unknown where the server does not give it out.
enum class PutOwner { Ours, Other, Unknown };
QCoro::Task<PutOwner> putOwnerOf(PutFolder folder, QUrl url, PutThere there, PutHead head,
                                 std::stop_token stop);

} // namespace sendoff::transfer

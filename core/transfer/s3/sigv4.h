// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// AWS Signature Version 4 as pure functions: what is signed, and the signature. Proved by AWS's own
// published vectors. Not for: sending, or the meaning of replies (s3_bucket.h).

#include <QByteArray>
#include <QList>
#include <QString>

#include <chrono>
#include <utility>

namespace sendoff::transfer::sigv4 {

using Pairs = QList<std::pair<QByteArray, QByteArray>>;

struct Keys {
    QByteArray accessKey;
    QByteArray secretKey;
    QByteArray sessionToken; // of temporary keys; else empty
};

// Where and when a signature is good.
struct Scope {
    QByteArray region;
    QByteArray service = "s3";
    std::chrono::sys_seconds time;
};

struct Request {
    QByteArray method;
    QByteArray path; // encoded by encodePath(), as it is sent
    Pairs query; // plain names and values
    Pairs headers; // with Host; what is not in it is not signed
    QByteArray payloadHash; // hex SHA-256, or one of the values below
};

inline constexpr char unsignedPayload[] = "UNSIGNED-PAYLOAD";

// Everything but A–Z a–z 0–9 - . _ ~ as %XX, upper case; encodePath() leaves “/” as it is.
QByteArray encode(QByteArrayView text);
QByteArray encodePath(QByteArrayView path);
// “a=b&c=d”, encoded and in the order that is signed.
QByteArray encodeQuery(const Pairs &query);

QByteArray amzDate(std::chrono::sys_seconds time); // "20130524T000000Z"
QByteArray canonicalRequest(const Request &request);
QByteArray signature(const Request &request, const Scope &scope, const Keys &keys); // hex
// The value of Authorization. `request.headers` holds X-Amz-Date already.
QByteArray authorization(const Request &request, const Scope &scope, const Keys &keys);
// The query of a GET that anybody may send for `validFor` (at most seven days) from the scope's
// time on. `request.headers` is Host alone.
QByteArray presignedQuery(Request request, const Scope &scope, const Keys &keys,
                          std::chrono::seconds validFor);

} // namespace sendoff::transfer::sigv4

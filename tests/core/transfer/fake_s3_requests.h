// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What a FakeS3 reads out of a request as it came over the wire: which object, whose signature,
// which parts.

#include "tests/support/fault_server.h"

#include <QDateTime>

namespace sendoff::test {

inline constexpr char fakeBucket[] = "bucket";

QByteArray queryItem(const ReceivedRequest &request, const char16_t *name);
bool hasQueryItem(const ReceivedRequest &request, const char16_t *name);
// Of either style: http://host/bucket/key or http://bucket.host/key. Empty = the bucket itself.
QByteArray keyOf(const ReceivedRequest &request);
// Checksums and trailers of Amazon's own: x-amz-checksum-…, x-amz-sdk-…, x-amz-trailer.
bool hasChecksumHeaders(const ReceivedRequest &request);

// Of an X-Amz-Date; invalid where it is none.
QDateTime amzTime(const QByteArray &text);

struct SignedBy {
    QByteArray accessKey;
    QByteArray region;
};
SignedBy signedBy(const ReceivedRequest &request);
// Whether the signature is that of this request, its target and its headers as they arrived.
bool isSignedWith(const ReceivedRequest &request, const QByteArray &secretKey);

struct ListedPart {
    int number = 0;
    QByteArray etag;
};
QList<ListedPart> listedParts(const QByteArray &completion); // in the order they stand there

} // namespace sendoff::test

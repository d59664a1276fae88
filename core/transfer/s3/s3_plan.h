// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What is decided before an S3 upload begins: its parts and its key.

#include "core/transfer/part_grid.h"
#include "core/transfer/s3/s3_bucket.h"

namespace sendoff::transfer {

inline constexpr qint64 s3SmallestPart = 5 << 20; // of all parts but the last
inline constexpr qint64 s3LargestPart = qint64(5) << 30;
inline constexpr int s3MostParts = 10'000;

// What is known of the line when an upload begins.
struct S3Line {
    double bytesPerSecond = 0; // of one request, lately; 0 = not known
    int partsAtOnce = 1;
};

// The parts of an upload, which stay what they are. Of `total` bytes: as many whole MiB as take
// half a minute on that line, 8 MiB where it is not known; but no larger than leaves a part to each
// of those at once and, beyond 8 MiB, four to each and sixteen to the file; and larger where there
// would be more than 9,000. Without a total they do not follow the line: they begin with the
// smallest, because the first and the last one can only go when an export has ended, and grow, so
// that 10,000 parts hold a terabyte; where all must be of one size (`wantsEqualParts`) they are of
// 64 MiB from the start.
PartGrid s3GridFor(std::optional<qint64> total, bool wantsEqualParts, const S3Line &line = {});

// The first of prefix/name, prefix/name (2), … under which the bucket has nothing.
QCoro::Task<Result<QString>> s3FreeKey(S3Bucket bucket, QString prefix, QString fileName,
                                       std::stop_token stop);

// The object below the address at which the bucket can be read.
QUrl s3PublicLink(const QUrl &base, const QString &key);

} // namespace sendoff::transfer

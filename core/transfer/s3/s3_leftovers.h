// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Unfinished multipart uploads in a bucket: they cost money until somebody removes them.

#include "core/transfer/destination.h"
#include "core/transfer/s3/s3_bucket.h"

namespace sendoff::transfer {

// All below `prefix`, the oldest first.
QCoro::Task<Result<QList<Leftover>>> s3Leftovers(S3Bucket bucket, QString prefix,
                                                 std::stop_token stop);

} // namespace sendoff::transfer

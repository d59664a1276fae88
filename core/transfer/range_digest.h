// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The digest of a stretch of a source, as protocols want it with each part: computed on the I/O
// pool. Not for: the hash of the whole (source_hash.h).

#include "core/base/byte_ranges.h"
#include "core/base/result.h"
#include "core/transfer/byte_source.h"

#include <QCoroTask>

#include <stop_token>

namespace sendoff {
class WorkerPool;
}

namespace sendoff::transfer {

enum class DigestKind { Md5, Sha1, Sha256 };

// In hex. SourceChanged on a short read, SourceUnreadable, Cancelled. `name` is for the sentence.
QCoro::Task<Result<QByteArray>> digestOfRange(WorkerPool &io, ByteSource::Handle source,
                                              ByteRange range, DigestKind kind, QString name,
                                              std::stop_token stop);

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Waiting for a source to seal more, with an end.

#include "core/base/result.h"
#include "core/transfer/byte_source.h"

#include <QCoroTask>

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>

namespace sendoff::transfer {

// Resolves when the source's revision is above `seen` or `limit` has passed (no limit = never);
// Cancelled when stopped.
QCoro::Task<Result<void>> waitForSource(std::shared_ptr<ByteSource> source, quint64 seen,
                                        std::optional<std::chrono::milliseconds> limit,
                                        std::stop_token stop);

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/source_wait.h"

#include <QTimer>

#include <functional>
#include <utility>

namespace sendoff::transfer {

QCoro::Task<Result<void>> waitForSource(std::shared_ptr<ByteSource> source, quint64 seen,
                                        std::optional<std::chrono::milliseconds> limit,
                                        std::stop_token stop)
{
    // Ends the wait for either of two reasons; which one, `stop` tells.
    std::stop_source either;
    const std::stop_callback<std::function<void()>> link(
        stop, std::function<void()>([either]() mutable { either.request_stop(); }));
    QTimer timer;
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, [either]() mutable { either.request_stop(); });
    if (limit)
        timer.start(*limit);
    auto waiting = source->waitForMore(seen, either.get_token());
    (void)co_await std::move(waiting); // its only error is the stop that is looked at below
    if (stop.stop_requested())
        co_return failure(Error::cancelled());
    co_return Result<void>();
}

} // namespace sendoff::transfer

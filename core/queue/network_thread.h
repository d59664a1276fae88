// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// NetworkThread: the one thread whose event loop runs every upload as a coroutine. Its methods are
// called on the main thread and resume there.

#include "core/activity/loop_lag.h"
#include "core/activity/recorder.h"
#include "core/base/worker_pool.h"
#include "core/transfer/destination_check.h"
#include "core/transfer/limits/limit_timetable.h"
#include "core/transfer/uploader.h"

#include <QCoroTask>

#include <functional>
#include <memory>
#include <stop_token>

class QThread;

namespace sendoff::queue {

class NetworkThread {
public:
    // `recorder` (may be null) and `io` outlive this.
    NetworkThread(WorkerPool *io, activity::Recorder *recorder);
    // Every call has resolved before: the runner joins its jobs first.
    ~NetworkThread();

    // How long an upload tries by itself before its error is the caller's.
    enum class Persistence {
        Command, // a person waits: about a quarter of a minute without an answer
        Queue, // a destination that does not answer is the queue's affair, after a second attempt
        Probe, // at once: whether it answers is what is asked
    };
    QCoro::Task<Result<transfer::UploadResult>> upload(transfer::DestinationConfig config,
                                                       transfer::UploadRequest request,
                                                       Persistence persistence,
                                                       std::stop_token stop);
    // As transfer::discardUpload().
    QCoro::Task<Result<void>> discard(transfer::DestinationConfig config, QJsonObject resumeState,
                                      std::stop_token stop);
    QCoro::Task<Result<transfer::Capabilities>> capabilities(transfer::DestinationConfig config,
                                                             std::stop_token stop);
    // As Destination::isStillDelivered().
    QCoro::Task<Result<bool>> isStillDelivered(transfer::DestinationConfig config,
                                               QJsonObject receipt, qint64 size,
                                               std::stop_token stop);

    QCoro::Task<Result<QList<transfer::CheckStep>>> check(transfer::DestinationConfig config,
                                                          std::stop_token stop);
    // Of a destination that can list them (Capabilities::canListLeftovers), else Refused.
    QCoro::Task<Result<QList<transfer::Leftover>>> leftovers(transfer::DestinationConfig config,
                                                             std::stop_token stop);

    // One plain request.
    QCoro::Task<Result<net::HttpReply>> fetch(net::HttpRequest request, std::stop_token stop);

    // Where the Shelf listens; before the first upload to it.
    void setShelf(transfer::DestinationContext::Shelf shelf);
    // Over all uploads; those that run keep to it at once, and to its times.
    void setUploadLimit(transfer::LimitTimetable limit);
    void setUploadLimit(qint64 bytesPerSecond); // 0 = no limit
    // What uploads to one destination keep to at once, also those that run: its limit, within that of
    // all, and how many parts of a file go at once. `config` is a checked one.
    void applyLiveSettings(const transfer::DestinationConfig &config);
    activity::LagSummary loopLag() const;
    QObject *context() const { return m_context.get(); }

private:
    struct Inside; // what lives on the thread
    QCoro::Task<Result<transfer::UploadResult>> uploadInside(transfer::DestinationConfig config,
                                                             transfer::UploadRequest request,
                                                             Persistence persistence,
                                                             std::stop_token stop);
    QCoro::Task<Result<void>> discardInside(transfer::DestinationConfig config,
                                            QJsonObject resumeState, std::stop_token stop);
    QCoro::Task<Result<transfer::Capabilities>>
    capabilitiesInside(transfer::DestinationConfig config, std::stop_token stop);
    QCoro::Task<Result<bool>> isStillDeliveredInside(transfer::DestinationConfig config,
                                                     QJsonObject receipt, qint64 size,
                                                     std::stop_token stop);

    QCoro::Task<Result<QList<transfer::CheckStep>>> checkInside(transfer::DestinationConfig config,
                                                                std::stop_token stop);
    QCoro::Task<Result<QList<transfer::Leftover>>>
    leftoversInside(transfer::DestinationConfig config, std::stop_token stop);

    std::unique_ptr<QThread> m_thread;
    std::unique_ptr<QObject> m_context; // on m_thread
    std::unique_ptr<Inside> m_inside; // made and destroyed on m_thread
};

} // namespace sendoff::queue

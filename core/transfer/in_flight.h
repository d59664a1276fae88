// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// InFlight: shows how much of the part being sent has been acknowledged, ten times a second.

#include "core/transfer/uploader.h"

#include <QTimer>

#include <memory>

namespace sendoff::transfer {

// Lives while one part is being sent, on the network thread. The server's own word comes after
// it, so nothing is in flight once it is gone.
class InFlight {
public:
    InFlight(std::shared_ptr<UploadProgress> shown, std::shared_ptr<net::TransferProgress> part)
        : m_shown(std::move(shown))
        , m_part(std::move(part))
    {
        QObject::connect(&m_timer, &QTimer::timeout, [this] {
            m_shown->inFlight.store(m_part->acknowledged.load(std::memory_order_relaxed),
                                    std::memory_order_relaxed);
        });
        m_timer.start(std::chrono::milliseconds(100));
    }
    ~InFlight() { m_shown->inFlight.store(0, std::memory_order_relaxed); }
    InFlight(const InFlight &) = delete;
    InFlight &operator=(const InFlight &) = delete;

private:
    std::shared_ptr<UploadProgress> m_shown;
    std::shared_ptr<net::TransferProgress> m_part;
    QTimer m_timer;
};

} // namespace sendoff::transfer

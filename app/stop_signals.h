// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// StopSignals: SIGINT and SIGTERM as a stop request on the main thread's event loop. A second one
// ends the program at once: everything that matters is durable already.

#include <QObject>

#include <functional>
#include <memory>

class QSocketNotifier;

namespace sendoff::app {

// Main thread; one at a time.
class StopSignals : public QObject {
public:
    explicit StopSignals(std::function<void()> stop);
    ~StopSignals() override;
    bool wasRequested() const { return m_requested; }

private:
    std::function<void()> m_stop;
    std::unique_ptr<QSocketNotifier> m_notifier;
    bool m_requested = false;
};

} // namespace sendoff::app

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// DestinationBoard: how each destination is, as far as the last uploads told, and how many uploads
// it gets at once. One that does not answer is one fact: all its uploads wait at its gate, a single
// one tries from time to time, and when it gets through the others follow one after another.

#include "core/base/error.h"
#include "core/base/sleep.h"
#include "core/base/task_scope.h"
#include "core/queue/leg_state.h"
#include "core/queue/slot_gate.h"

#include <QCoroTask>
#include <QList>
#include <QObject>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>

namespace sendoff::queue {

// A dead server is one fact, not one failure per job.
struct DestinationState {
    enum class Health { Ready, Unreachable, SignInNeeded, Full };
    QString place; // as in Recipe::destinations
    Health health = Health::Ready;
    std::optional<Error> error;
    qint64 nextTryMs = 0; // system clock; 0 = not waiting
    int waitingJobs = 0;
};

// What an upload that waits for its turn there waits for.
WaitFor waitFor(const DestinationState &state);

// Whether an upload's failure says something about its destination, and so about all of its
// uploads.
bool isAboutDestination(const Error &error);

// Main thread. close() is awaited before it dies.
class DestinationBoard : public QObject {
    Q_OBJECT

public:
    struct Timing {
        Delay delay; // empty = sleepFor
        std::function<double()> random; // in [0, 1); empty = the system's generator
        std::chrono::milliseconds first{2'000};
        std::chrono::milliseconds longest{60'000};
        std::chrono::milliseconds between{500}; // of two that follow when it answers again
    };
    DestinationBoard(int uploadsAtOnce, Timing timing);

    // Where uploads to `place` wait for their turn.
    SlotGate &gate(const QString &place);
    bool isReady(const QString &place) const;
    DestinationState state(const QString &place) const; // without waitingJobs
    QList<DestinationState> states() const; // of every place that was asked for

    // What an upload met. `error` for which isAboutDestination() holds.
    void failed(const QString &place, const Error &error);
    void answered(const QString &place);
    // By the user: now, not when the next try is due. Also after signing in.
    void tryNow(const QString &place);

    void setUploadsAtOnce(int number); // of each destination
    QCoro::Task<void> close();

Q_SIGNALS:
    void changed(const QString &place);

private:
    struct Entry {
        explicit Entry(int slots) : gate(slots) {}
        SlotGate gate;
        DestinationState state;
        int failures = 0; // in a row
        std::stop_source waiting; // of the pause before the next try, or of opening up again
        bool isPausing = false;
    };
    Entry &entry(const QString &place);
    QCoro::Task<void> tryLater(QString place, std::chrono::milliseconds pause,
                               std::stop_token stop);
    QCoro::Task<void> openUp(QString place, std::stop_token stop);
    std::chrono::milliseconds pauseAfter(const Error &error, int failures) const;
    void spawn(Entry &entry, std::function<QCoro::Task<void>(std::stop_token)> start);

    int m_uploadsAtOnce;
    Timing m_timing;
    std::map<QString, std::unique_ptr<Entry>> m_entries;
    TaskScope m_tasks;
};

} // namespace sendoff::queue

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// QueueEstimate: how long everything that runs and waits will take, as a range, from what the jobs
// at work do now. Pure. Says nothing rather than something that cannot be known. Not for: one leg
// (eta_estimate.h).

#include <QtGlobal>

#include <chrono>
#include <optional>

namespace sendoff::queue {

// What is left of one job that runs or waits. What stands still is not added.
struct JobWork {
    qint64 sourceBytes = 0; // what is not measured yet is guessed by this
    double exportLeft = 0; // 0…1 of the export
    double exportRate = 0; // parts of the export in a second; 0 = it does not run or is not known
    bool uploads = false; // something of it is still to be uploaded
    qint64 uploadLeft = -1; // bytes, or what is expected of a running export; -1 = not known
    qint64 uploadTotal = -1; // bytes, -1 as above
    double uploadRate = 0; // bytes in a second
};

struct TimeRange {
    std::chrono::seconds shortest{0};
    std::chrono::seconds longest{0};

    bool operator==(const TimeRange &) const = default;
};

class QueueEstimate {
public:
    void add(const JobWork &job);
    // From “both kinds of work overlap wholly” to “one after the other”; at least a fifth apart,
    // since speeds vary. Both rounded (roundedLeft). Nothing while a speed that is needed is
    // unknown, and where nothing is left.
    std::optional<TimeRange> left() const;

private:
    double m_exportLeft = 0; // bytes of sources
    double m_exportSpeed = 0; // the same in a second
    double m_uploadLeft = 0; // bytes of results
    double m_uploadSpeed = 0;
    double m_uploadUnknown = 0; // bytes of sources whose results are not known
    double m_knownSources = 0; // of jobs whose results are known
    double m_knownResults = 0;
};

} // namespace sendoff::queue

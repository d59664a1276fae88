// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Overlap: how long exports ran, and how long uploads went on meanwhile, over the whole run of the
// program, however short the rings are (CLI.md: overlap_s, and the divisor of cores_used).

#include "core/activity/intervals.h"
#include "core/activity/recorder.h"

#include <vector>

namespace sendoff::activity {

class Overlap {
public:
    // Each update of one cursor, in order.
    void take(const Recorder::Update &update);

    // As exportSeconds() and overlapSeconds() of a snapshot that has lost nothing.
    double exportSeconds() const;
    double overlapSeconds() const;
    // Length of the union of upload activity.
    double uploadSeconds() const;

private:
    std::vector<Interval> m_exports; // united
    std::vector<Interval> m_uploads; // united
    std::vector<Interval> m_openExports;
    std::vector<Interval> m_openUploads;
};

} // namespace sendoff::activity

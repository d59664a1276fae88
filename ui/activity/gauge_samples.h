// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The samples of a gauge: two a second, of the last half minute. Private to the gauges.

#include <QRect>

#include <deque>

namespace sendoff::ui {

inline constexpr std::size_t sampleCount = 60;
inline constexpr qint64 sampleNs = 500'000'000;

template <typename Sample>
void keep(std::deque<Sample> &samples, const Sample &sample)
{
    samples.push_back(sample);
    if (samples.size() > sampleCount)
        samples.pop_front();
}

// x of the sample that is `ago` samples old: the newest at the right.
inline int sampleX(const QRect &rect, std::size_t ago)
{
    return rect.right() - int(double(ago) / double(sampleCount - 1) * (rect.width() - 1));
}

} // namespace sendoff::ui

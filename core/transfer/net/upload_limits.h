// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// UploadLimits: the limit over all uploads and those of single groups (destinations) within it. An
// upload draws from both. Pure arithmetic on an injected clock, as BandwidthLimit.

#include "core/transfer/net/bandwidth_limit.h"

#include <QByteArray>

#include <map>

namespace sendoff::net {

// Lives on one thread.
class UploadLimits {
public:
    explicit UploadLimits(BandwidthLimit::Clock clock);

    // Bytes per second; 0 = no limit. An empty group is the limit over all.
    void setRate(const QByteArray &group, qint64 bytesPerSecond);
    bool isLimited() const; // anything at all
    // The next upload that may go on, or null; to be called each 10 ms until there is none.
    BandwidthLimit::Client *admitNext();

    // One upload's place in both lines. Released before the limits die.
    class Draw {
    public:
        // Either may come out of admitNext().
        Draw(BandwidthLimit::Client &total, BandwidthLimit::Client &ofGroup)
            : m_total(&total)
            , m_ofGroup(&ofGroup)
        {
        }
        void open(UploadLimits &limits, const QByteArray &group);
        void close();
        bool isWaiting() const { return m_total->isWaiting() || m_ofGroup->isWaiting(); }
        // As BandwidthLimit's. What the group has set aside stays its own while the total holds
        // the upload up.
        qint64 take(qint64 wanted);
        void giveBack(qint64 bytes);

    private:
        BandwidthLimit::Client *m_total;
        BandwidthLimit::Client *m_ofGroup;
        BandwidthLimit *m_limit = nullptr;
        BandwidthLimit *m_groupLimit = nullptr; // null: of no group
    };

private:
    BandwidthLimit &groupLimit(const QByteArray &group);

    BandwidthLimit::Clock m_clock;
    BandwidthLimit m_total;
    // Made when they are first named, and kept: there are as many as destinations.
    std::map<QByteArray, BandwidthLimit> m_groups;
};

} // namespace sendoff::net

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/bottleneck.h"

#include <algorithm>

namespace sendoff::activity {

namespace {

// An export that leaves more of its processor time unused than this waits for something else.
constexpr double busyEncoder = 0.6;

Bottleneck ofExport(const Load &load)
{
    return load.exportCpuShare >= 0 && load.exportCpuShare < busyEncoder ? Bottleneck::Disk
                                                                         : Bottleneck::Encoding;
}

Bottleneck ofWait(WaitReason reason)
{
    switch (reason) {
    case WaitReason::SpeedLimit:
        return Bottleneck::SpeedLimit;
    case WaitReason::Reply:
        return Bottleneck::Server;
    case WaitReason::Backoff:
        return Bottleneck::Connection;
    case WaitReason::Disk:
        return Bottleneck::Disk;
    case WaitReason::Export:
        return Bottleneck::Export;
    case WaitReason::Network:
    case WaitReason::Other:
    case WaitReason::None:
        break;
    }
    return Bottleneck::Network;
}

} // namespace

Bottleneck bottleneckOf(const Load &load)
{
    const bool isExporting = load.exportNs > 0;
    if (load.uploadNs <= 0)
        return isExporting ? ofExport(load) : Bottleneck::Nothing;
    const auto most = std::max_element(load.waitNs.begin(), load.waitNs.end());
    if (load.readyNs > *most)
        return Bottleneck::Thread;
    const Bottleneck wait = ofWait(WaitReason(most - load.waitNs.begin()));
    return wait == Bottleneck::Export && isExporting ? ofExport(load) : wait;
}

Load loadOf(const Timeline &timeline, const QString &job, qint64 fromNs, qint64 toNs,
            double exportCpuShare)
{
    Load load;
    load.exportCpuShare = exportCpuShare;
    const auto isAsked = [&](ActivityId id) {
        return job.isEmpty() || timeline.facts(id).job == job;
    };
    const auto countWork = [&](const LaneSpan &span) {
        if (span.kind == SpanKind::Work && isAsked(span.activity))
            load.exportNs += std::max<qint64>(0, std::min(span.endNs, toNs)
                                                  - std::max(span.beginNs, fromNs));
    };
    for (const Lane &lane : timeline.lanes()) {
        if (lane.kind() == LaneKind::Worker) {
            for (const LaneSpan &span : lane.spans(fromNs, toNs))
                countWork(span);
            if (lane.open())
                countWork(*lane.open());
        } else if (lane.kind() == LaneKind::Upload && isAsked(lane.activity())) {
            const Duty duty = lane.duty(fromNs, toNs);
            load.uploadNs += duty.turnNs + duty.readyNs + duty.waitTotalNs();
            load.readyNs += duty.readyNs;
            for (std::size_t reason = 0; reason < waitReasonCount; ++reason)
                load.waitNs[reason] += duty.waitNs[reason];
        }
    }
    return load;
}

} // namespace sendoff::activity

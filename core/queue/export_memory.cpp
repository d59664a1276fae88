// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/export_memory.h"

#include <QFile>

#include <algorithm>
#include <unistd.h>

namespace sendoff::queue {

namespace {

constexpr qint64 besidesFrames = 64 << 20;

qint64 frameBytes(int width, int height, bool isDeep)
{
    return qint64(width) * height * 3 / (isDeep ? 1 : 2);
}

// Of this control group; a whole exabyte where there is none.
qint64 groupLimit()
{
    QFile file(QStringLiteral("/sys/fs/cgroup/memory.max"));
    bool isNumber = false;
    qint64 limit = 0;
    if (file.open(QIODevice::ReadOnly))
        limit = file.readAll().trimmed().toLongLong(&isNumber);
    return isNumber && limit > 0 ? limit : qint64(1) << 60;
}

} // namespace

qint64 estimatedExportBytes(const media::ExportPlan &plan, const media::MediaInfo &source,
                            int codecThreads)
{
    qint64 bytes = besidesFrames;
    for (const media::StreamPlan &stream : plan.streams) {
        if (stream.kind != media::StreamKind::Video || stream.action != media::StreamAction::Convert)
            continue;
        for (const media::StreamInfo &input : source.streams) {
            if (input.index == stream.sourceIndex) {
                bytes += frameBytes(input.width, input.height, input.bitDepth > 8)
                    * (codecThreads + 16 + 4);
            }
        }
        const bool isDeep = stream.pixelFormat.contains(u"10") || stream.pixelFormat.contains(u"12");
        bytes += frameBytes(stream.width, stream.height, isDeep) * (40 + 16 + 2 * codecThreads);
    }
    return bytes;
}

qint64 exportMemoryBudget()
{
    const qint64 machine = qint64(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
    return std::min(machine, groupLimit()) / 10 * 6;
}

} // namespace sendoff::queue

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Exports that tests stop on the way and let go on.

#include "tests/support/media_export.h"
#include "tests/support/media_tools.h"

#include <QDir>
#include <QFile>

#include <chrono>
#include <thread>

namespace sendoff::test {

inline QByteArray bytesOf(const FilePath &path)
{
    QFile file(fromPath(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QStringList segmentsIn(const FilePath &journal)
{
    return QDir(fromPath(journal))
        .entryList({QStringLiteral("*.segment")}, QDir::Files, QDir::Name);
}

// Stops as soon as so much is safe; the journal then ends somewhere behind it.
inline ExportOutcome stopAfter(ExportCase what, qint64 safeUs)
{
    std::stop_source stop;
    what.progress = std::make_shared<media::ExportProgress>();
    const std::jthread watch([&stop, safeUs, progress = what.progress](std::stop_token ended) {
        while (!ended.stop_requested() && progress->safeUs < safeUs)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        stop.request_stop();
    });
    return exportFile(what, stop.get_token());
}

} // namespace sendoff::test

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// One export from a path to a finished partial file, as the job runner does it: probe, plan,
// export.

#include "core/media/export.h"
#include "core/media/media_info.h"

#include <functional>

namespace sendoff::test {

struct ExportCase {
    FilePath source;
    FilePath output; // where the partial file goes
    QString preset = QStringLiteral("web-1080p");
    media::PlanWishes wishes;
    int threads = 2;
    FilePath journal; // a folder; empty: none
    std::shared_ptr<OutputFeed> feed;
    std::shared_ptr<media::ExportProgress> progress = std::make_shared<media::ExportProgress>();
    // Changes the plan before it is carried out.
    std::function<void(media::ExportPlan &)> adapt;
};

struct ExportOutcome {
    media::MediaInfo info;
    media::ExportPlan plan;
    media::JournalState journal;
    Result<media::ExportResult> result = failure(ErrorKind::Internal);

    bool isDone() const { return result.has_value(); }
    QStringList warningKinds() const;
    // One line for a failed check.
    QString summary() const;
};

ExportOutcome exportFile(const ExportCase &what, std::stop_token stop = {});

} // namespace sendoff::test

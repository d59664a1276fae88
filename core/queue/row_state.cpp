// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/row_state.h"

#include <optional>

namespace sendoff::queue {

namespace {

std::optional<int> firstLeg(const Job &job, LegState state)
{
    for (int leg = 0; leg < job.legs.size(); ++leg) {
        if (job.legs[leg].state == state)
            return leg;
    }
    return std::nullopt;
}

std::optional<int> firstUpload(const Job &job, LegState state)
{
    for (int leg = 1; leg < job.legs.size(); ++leg) {
        if (job.legs[leg].state == state)
            return leg;
    }
    return std::nullopt;
}

// What runs at this moment; nothing where nothing does.
std::optional<RowState> workOf(const Job &job)
{
    const bool isExporting = job.exportLeg().state == LegState::Running;
    const auto uploading = firstUpload(job, LegState::Running);
    if (isExporting && uploading)
        return RowState{RowWord::ExportingAndUploading, WaitFor::Nothing, 0};
    if (isExporting)
        return RowState{RowWord::Exporting, WaitFor::Nothing, 0};
    if (uploading)
        return RowState{RowWord::Uploading, WaitFor::Nothing, *uploading};
    if (const auto leg = firstLeg(job, LegState::Verifying))
        return RowState{RowWord::Verifying, WaitFor::Nothing, *leg};
    return std::nullopt;
}

} // namespace

RowState rowStateOf(const Job &job, bool isPausedAll)
{
    if (!job.isChecked && !firstLeg(job, LegState::NeedsAttention)
        && !firstLeg(job, LegState::Cancelled))
        return {RowWord::Checking};
    if (const auto leg = firstLeg(job, LegState::NeedsAttention))
        return {RowWord::NeedsAttention, WaitFor::Nothing, *leg};
    if (const auto leg = firstLeg(job, LegState::Cancelled))
        return {RowWord::Cancelled, WaitFor::Nothing, *leg};
    const auto work = workOf(job);
    if (!work) {
        if (const auto leg = firstLeg(job, LegState::Paused))
            return {RowWord::Paused, WaitFor::Nothing, *leg};
    }
    const auto retrying = firstLeg(job, LegState::Retrying);
    const auto waiting = firstLeg(job, LegState::Waiting);
    if (!work && isPausedAll && (retrying || waiting))
        return {RowWord::Paused, WaitFor::Nothing, retrying ? *retrying : *waiting, true};
    if (work)
        return *work;
    if (retrying)
        return {RowWord::Retrying, WaitFor::Nothing, *retrying};
    if (waiting)
        return {RowWord::Waiting, job.legs[*waiting].waitFor, *waiting};
    return {RowWord::Done, WaitFor::Nothing, int(job.legs.size()) - 1};
}

QString rowWordName(RowWord word)
{
    switch (word) {
    case RowWord::Checking:
        return QStringLiteral("checking");
    case RowWord::NeedsAttention:
        return QStringLiteral("needs-attention");
    case RowWord::Cancelled:
        return QStringLiteral("cancelled");
    case RowWord::Paused:
        return QStringLiteral("paused");
    case RowWord::ExportingAndUploading:
        return QStringLiteral("exporting-and-uploading");
    case RowWord::Exporting:
        return QStringLiteral("exporting");
    case RowWord::Uploading:
        return QStringLiteral("uploading");
    case RowWord::Verifying:
        return QStringLiteral("verifying");
    case RowWord::Retrying:
        return QStringLiteral("retrying");
    case RowWord::Waiting:
        return QStringLiteral("waiting");
    case RowWord::Done:
        return QStringLiteral("done");
    }
    Q_UNREACHABLE();
}

} // namespace sendoff::queue

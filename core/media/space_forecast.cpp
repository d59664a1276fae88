// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/space_forecast.h"

#include "core/media/disk_space.h"
#include "core/media/export.h"
#include "core/media/plan_size.h"

#include <algorithm>
#include <sys/stat.h>

namespace sendoff::media {

namespace {

// Before so much is done the beginning may still be unlike the rest.
constexpr double tellingPart = 0.1;
// The rest may be lighter than what came so far.
constexpr double lightestRest = 0.5;

struct Need {
    FilePath folder;
    qint64 bytes = 0;
};

FilePath folderOf(const FilePath &file)
{
    return file.has_parent_path() ? file.parent_path() : FilePath(".");
}

// The folder itself, or the one above it that there is.
FilePath standingFolder(FilePath folder)
{
    std::error_code code;
    while (folder.has_parent_path() && folder != folder.parent_path()
           && !std::filesystem::exists(folder, code))
        folder = folder.parent_path();
    return folder;
}

qint64 bytesIn(const FilePath &folder)
{
    qint64 bytes = 0;
    std::error_code code;
    for (const auto &entry : std::filesystem::directory_iterator(folder, code)) {
        const auto size = entry.file_size(code);
        bytes += code ? 0 : qint64(size);
    }
    return bytes;
}

bool areOnOneDisk(const FilePath &first, const FilePath &second)
{
    struct stat one {};
    struct stat other {};
    return ::stat(first.c_str(), &one) == 0 && ::stat(second.c_str(), &other) == 0
        && one.st_dev == other.st_dev;
}

Result<void> checkNeed(const Need &need)
{
    const std::optional<qint64> available = freeBytes(need.folder);
    if (!available || *available >= need.bytes)
        return {};
    Error error(ErrorKind::DiskFull, QStringLiteral("forecast"),
                {RetryAdvice::When::WhenSpace, {}});
    error.with(argument::folder, displayPath(need.folder))
        .with(argument::needed, QString::number(need.bytes))
        .with(argument::available, QString::number(*available));
    return failure(std::move(error));
}

Result<void> checkNeeds(const Need &output, const Need &journal)
{
    if (areOnOneDisk(output.folder, journal.folder))
        return checkNeed({output.folder, output.bytes + journal.bytes});
    SO_TRY_VOID(checkNeed(output));
    return checkNeed(journal);
}

} // namespace

SpaceForecast::SpaceForecast(const FilePath &output, FilePath journal)
    : m_outputFolder(folderOf(output)), m_journal(std::move(journal))
{
}

Result<void> SpaceForecast::check(double done, qint64 outputBytes) const
{
    if (done < tellingPart || done >= 1)
        return {};
    const double rest = lightestRest * (1 - done) / done;
    const Need output{m_outputFolder, qint64(double(outputBytes) * rest)};
    if (m_journal.empty())
        return checkNeed(output);
    return checkNeeds(output, {m_journal, qint64(double(bytesIn(m_journal)) * rest)});
}

Result<void> checkSpace(const FilePath &output, const FilePath &journal, const ExportPlan &plan)
{
    const qint64 missing = std::max<qint64>(0, leastJournalBytes(plan) - bytesIn(journal));
    return checkNeeds({folderOf(output), plan.minBytes}, {standingFolder(journal), missing});
}

} // namespace sendoff::media

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/crash_point.h"
#include "core/media/export_job.h"
#include "core/media/output_file.h"

#include <vector>

namespace sendoff::media {

namespace {

constexpr qint64 copyBlock = 1 << 20;

Result<void> copyBlocks(const ExportRequest &request, OutputFile &file, const std::stop_token &stop)
{
    const qint64 size = request.source->identity().size;
    ExportProgress &progress = *request.progress;
    const qint64 totalUs = request.plan.durationUs.value_or(size);
    progress.totalUs = totalUs;
    std::vector<char> buffer(static_cast<std::size_t>(std::min(size, copyBlock)));
    for (qint64 done = 0; done < size;) {
        if (stop.stop_requested())
            return failure(Error::cancelled());
        const qint64 part = std::min(copyBlock, size - done);
        SO_TRY_VOID(request.source->readExactly(buffer.data(), part, done));
        SO_TRY_VOID(file.append(buffer.data(), part));
        done += part;
        if (request.feed)
            request.feed->seal({0, done});
        progress.bytes = done;
        progress.doneUs = qint64(double(totalUs) * double(done) / double(size));
        crashPoint("export-middle");
    }
    return {};
}

} // namespace

Result<ExportResult> exportBytes(const ExportRequest &request, std::stop_token stop)
{
    SO_TRY(const auto file,
           OutputFile::create(request.partial, OutputFile::Order::InOrder, stop));
    file->setExpectedBytes(request.source->identity().size);
    if (request.feed)
        request.feed->begin(request.partial, 0);
    crashPoint("export-created");
    SO_TRY_VOID(copyBlocks(request, *file, stop));
    SO_TRY_VOID(request.source->verifyUnchanged());
    SO_TRY_VOID(file->sync());
    request.progress->isVerifying = true;
    SO_TRY(const QByteArray written, file->sha256(stop));
    SO_TRY(const QByteArray read, sha256OfFile(file->descriptor(), file->size(),
                                               displayName(request.partial), stop));
    if (read != written)
        return failure(Error(ErrorKind::OutputDamaged)
                           .with(argument::reason,
                                 QStringLiteral("the copy reads back differently")));
    crashPoint("export-verified");
    file->keep();
    if (request.feed)
        request.feed->complete(file->size(), written, identityOfOpen(file->descriptor()));
    ExportResult result;
    result.bytes = file->size();
    result.sha256 = written;
    result.durationUs = request.plan.durationUs.value_or(0);
    return result;
}

} // namespace sendoff::media

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/file_check.h"

#include "core/media/probe.h"

#include <algorithm>

namespace sendoff::queue {

Result<FileIdentity> checkFile(const FilePath &path, Look look, const std::stop_token &stop)
{
    SO_TRY(const auto source, SourceFile::open(path));
    if (look == Look::OutsideOnly)
        return source->identity();
    if (source->identity().size == 0)
        return failure(Error(ErrorKind::SourceEmpty).with(argument::file, displayName(path)));
    auto info = media::probe(source, stop);
    if (!info) {
        Error error = std::move(info).error();
        if (error[argument::file].isEmpty())
            error.with(argument::file, displayName(path));
        return failure(std::move(error));
    }
    return source->identity();
}

std::vector<PathKind> kindsOf(const std::vector<FilePath> &paths)
{
    std::vector<PathKind> kinds;
    for (const FilePath &path : paths) {
        std::error_code code;
        const auto status = std::filesystem::status(path, code);
        const bool isMissing = !std::filesystem::exists(status);
        kinds.push_back(isMissing                          ? PathKind::Missing
                        : std::filesystem::is_directory(status) ? PathKind::Folder
                                                                : PathKind::File);
    }
    return kinds;
}

FilePath plainPath(const FilePath &path)
{
    std::error_code code;
    const FilePath absolute = std::filesystem::absolute(path, code);
    return code ? path : absolute.lexically_normal();
}

bool isInside(const FilePath &path, const FilePath &folder)
{
    const FilePath plain = (folder / "").lexically_normal().parent_path();
    const auto [end, rest] =
        std::mismatch(plain.begin(), plain.end(), path.begin(), path.end());
    return end == plain.end();
}

} // namespace sendoff::queue

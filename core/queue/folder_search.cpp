// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/folder_search.h"

#include "core/queue/file_kind.h"

#include <QCollator>
#include <QLocale>

#include <algorithm>

namespace sendoff::queue {

namespace {

namespace fs = std::filesystem;

bool isHidden(const FilePath &path)
{
    return path.filename().string().starts_with('.');
}

struct Search {
    FolderSearch result;
    std::atomic<int> *found = nullptr;
    std::stop_token stop;

    void take(const fs::directory_entry &entry, const FilePath &subFolder)
    {
        std::error_code code;
        if (!entry.is_regular_file(code))
            return; // fifos, devices, broken links
        if (kindOfName(entry.path()) == FileKind::NotMedia) {
            result.notVideos.append(displayName(entry.path()));
            return;
        }
        result.files.push_back({entry.path(), subFolder, qint64(entry.file_size(code))});
        ++*found;
    }

    // Files before sub-folders, each in natural order.
    void look(const FilePath &folder, const FilePath &subFolder)
    {
        std::error_code code;
        std::vector<fs::directory_entry> entries;
        for (fs::directory_iterator entry(folder, code), end; !code && entry != end;
             entry.increment(code)) {
            if (stop.stop_requested())
                return;
            if (!isHidden(entry->path()))
                entries.push_back(*entry);
        }
        if (code) {
            result.errors.append(Error::fromErrno(code.value(), Error::FileRole::Source,
                                                  QStringLiteral("list the folder"),
                                                  displayPath(folder)));
        }
        std::sort(entries.begin(), entries.end(), [](const auto &a, const auto &b) {
            return isNaturallyBefore(a.path(), b.path());
        });
        for (const fs::directory_entry &entry : entries) {
            if (!isRealFolder(entry))
                take(entry, subFolder);
        }
        for (const fs::directory_entry &entry : entries) {
            if (isRealFolder(entry))
                look(entry.path(), subFolder / entry.path().filename());
        }
    }

    static bool isRealFolder(const fs::directory_entry &entry)
    {
        std::error_code code;
        return entry.is_directory(code) && !entry.is_symlink(code);
    }
};

} // namespace

bool isNaturallyBefore(const FilePath &a, const FilePath &b)
{
    static thread_local const QCollator collator = [] {
        // The C locale knows no numbers.
        const QLocale own;
        QCollator natural(own == QLocale::c() ? QLocale(QLocale::English) : own);
        natural.setNumericMode(true);
        natural.setCaseSensitivity(Qt::CaseInsensitive);
        return natural;
    }();
    const int order = collator.compare(displayName(a), displayName(b));
    return order != 0 ? order < 0 : a.filename() < b.filename();
}

FolderSearch searchFolder(const FilePath &folder, std::atomic<int> &found, std::stop_token stop)
{
    Search search;
    search.found = &found;
    search.stop = std::move(stop);
    const FilePath plain = folder.has_filename() ? folder : folder.parent_path();
    search.look(plain, plain.filename());
    return std::move(search.result);
}

} // namespace sendoff::queue

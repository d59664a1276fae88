// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/folder_search.h"

#include "core/queue/file_kind.h"

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

// The digits from `position` on, without leading zeros; moves it behind them.
QStringView numberAt(const QString &text, qsizetype &position)
{
    const qsizetype begin = position;
    while (position < text.size() && text[position].isDigit())
        ++position;
    QStringView digits = QStringView(text).mid(begin, position - begin);
    while (digits.size() > 1 && digits.front() == u'0')
        digits = digits.mid(1);
    return digits;
}

} // namespace

// By hand: QCollator's numeric mode does nothing in the C locale.
bool isNaturallyBefore(const FilePath &a, const FilePath &b)
{
    const QString left = displayName(a).toCaseFolded();
    const QString right = displayName(b).toCaseFolded();
    qsizetype at = 0;
    qsizetype over = 0;
    while (at < left.size() && over < right.size()) {
        if (!left[at].isDigit() || !right[over].isDigit()) {
            if (left[at] != right[over])
                return left[at] < right[over];
            ++at;
            ++over;
            continue;
        }
        const QStringView leftNumber = numberAt(left, at);
        const QStringView rightNumber = numberAt(right, over);
        if (leftNumber.size() != rightNumber.size())
            return leftNumber.size() < rightNumber.size();
        if (const int order = leftNumber.compare(rightNumber))
            return order < 0;
    }
    const bool isShorter = left.size() - at < right.size() - over;
    const bool areEqual = left.size() - at == right.size() - over;
    return areEqual ? a.filename() < b.filename() : isShorter;
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

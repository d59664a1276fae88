// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/canary.h"

#include <QByteArray>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace sendoff::test {

namespace {

constexpr std::uintmax_t largestFile = 8 << 20; // videos are larger, and hold no secrets

// Several tests run at once: a line is written in one piece.
void note(const char *file, const std::string &line)
{
    const QByteArray folder = qgetenv("SENDOFF_CANARY_FOLDER");
    if (folder.isEmpty())
        return;
    std::error_code code;
    std::filesystem::create_directories(folder.toStdString(), code);
    std::ofstream(folder.toStdString() + '/' + file, std::ios::app) << line + '\n' << std::flush;
}

} // namespace

bool holdsCanary(const std::string &bytes)
{
    return std::any_of(std::begin(canarySecrets), std::end(canarySecrets), [&](QByteArray secret) {
        return bytes.find(secret.toStdString()) != std::string::npos
            || bytes.find(secret.toBase64().toStdString()) != std::string::npos;
    });
}

void lookForCanaries(const FilePath &root)
{
    std::error_code code;
    for (auto it = std::filesystem::recursive_directory_iterator(root, code);
         !code && it != std::filesystem::recursive_directory_iterator(); it.increment(code)) {
        std::error_code unreadable;
        const bool isSmall = it->is_regular_file(unreadable) && !it->is_symlink(unreadable)
            && it->file_size(unreadable) <= largestFile;
        if (!isSmall || it->path().filename() == "secrets.json")
            continue;
        std::ifstream file(it->path(), std::ios::binary);
        if (holdsCanary({std::istreambuf_iterator<char>(file), {}}))
            note("found", it->path().string());
    }
    note("looked", root.string());
}

void lookForCanary(const std::string &argument)
{
    if (holdsCanary(argument))
        note("found", "an argument: " + argument);
}

} // namespace sendoff::test

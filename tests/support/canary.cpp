// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/canary.h"

#include <QByteArray>

#include <algorithm>
#include <elf.h>
#include <fstream>
#include <iterator>
#include <vector>

namespace sendoff::test {

namespace {

constexpr std::size_t chunk = 1 << 20; // bytes
constexpr std::size_t longestPattern = 64;
constexpr std::uintmax_t enoughOfAFile = 8 << 20;

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

// Three bytes make four characters: what a secret looks like in them depends on how many bytes stand
// before it. Only the characters that are made of its own bits.
std::string inBase64(const QByteArray &secret, qsizetype bytesBefore)
{
    const QByteArray encoded = (QByteArray(bytesBefore, 'x') + secret).toBase64();
    const qsizetype first = (bytesBefore * 8 + 5) / 6;
    const qsizetype end = (bytesBefore + secret.size()) * 8 / 6;
    return encoded.mid(first, end - first).toStdString();
}

const std::vector<std::string> &patterns()
{
    static const std::vector<std::string> all = [] {
        std::vector<std::string> made;
        for (const QByteArray secret : canarySecrets) {
            made.push_back(secret.toStdString());
            for (const qsizetype bytesBefore : {0, 1, 2})
                made.push_back(inBase64(secret, bytesBefore));
        }
        return made;
    }();
    return all;
}

bool isCore(const std::string &head)
{
    Elf64_Half type = ET_NONE;
    if (head.size() < sizeof(Elf64_Ehdr) || head.compare(0, SELFMAG, ELFMAG) != 0)
        return false;
    head.copy(reinterpret_cast<char *>(&type), sizeof type, offsetof(Elf64_Ehdr, e_type));
    return type == ET_CORE;
}

bool fileHoldsCanary(const FilePath &path)
{
    std::ifstream file(path, std::ios::binary);
    std::string window;
    std::string piece(chunk, '\0');
    std::uintmax_t seen = 0;
    std::uintmax_t enough = enoughOfAFile;
    while (seen < enough) {
        file.read(piece.data(), std::streamsize(chunk));
        const std::size_t got = std::size_t(file.gcount());
        if (got == 0)
            return false;
        window.append(piece, 0, got);
        if (seen == 0 && isCore(window))
            enough = UINTMAX_MAX;
        if (holdsCanary(window))
            return true;
        seen += got;
        window.erase(0, window.size() - std::min(window.size(), longestPattern));
    }
    return false;
}

} // namespace

bool holdsCanary(const std::string &bytes)
{
    return std::any_of(patterns().begin(), patterns().end(), [&](const std::string &pattern) {
        return bytes.find(pattern) != std::string::npos;
    });
}

void lookForCanaries(const FilePath &root)
{
    std::error_code code;
    for (auto it = std::filesystem::recursive_directory_iterator(root, code);
         !code && it != std::filesystem::recursive_directory_iterator(); it.increment(code)) {
        std::error_code unreadable;
        const bool isFile = it->is_regular_file(unreadable) && !it->is_symlink(unreadable);
        if (isFile && it->path().filename() != "secrets.json" && fileHoldsCanary(it->path()))
            note("found", it->path().string());
    }
    note("looked", root.string());
}

void lookForCanary(const std::string &argument)
{
    if (holdsCanary(argument))
        note("found", "an argument: " + argument);
}

void lookAtProcesses(const FilePath &program)
{
    std::error_code code;
    const FilePath wanted = std::filesystem::canonical(program, code);
    for (const auto &entry : std::filesystem::directory_iterator("/proc", code)) {
        std::error_code gone; // or another's
        const FilePath running = std::filesystem::read_symlink(entry.path() / "exe", gone);
        if (gone || running != wanted)
            continue;
        std::ifstream file(entry.path() / "cmdline", std::ios::binary);
        std::string line{std::istreambuf_iterator<char>(file), {}};
        std::replace(line.begin(), line.end(), '\0', ' ');
        if (holdsCanary(line))
            note("found", "the list of processes: " + line);
        if (!line.empty())
            note("processes", entry.path().filename().string());
    }
}

} // namespace sendoff::test

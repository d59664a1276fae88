// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Scratch: a temporary folder with clips, for tests of the whole program.

#include "core/media/sample_clip.h"
#include "tests/support/canary.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <iterator>
#include <string>

namespace sendoff::test {

class Scratch {
public:
    Scratch() { m_folder.setAutoRemove(false); }
    ~Scratch()
    {
        lookForCanaries(root());
        // Not QTemporaryDir: it cannot remove names that are not UTF-8.
        std::error_code code;
        std::filesystem::remove_all(root(), code);
    }
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;

    FilePath root() const { return m_folder.path().toStdString(); }
    FilePath profile() const { return root() / "profile"; }
    FilePath folder(const std::string &name) const
    {
        std::filesystem::create_directories(root() / name);
        return root() / name;
    }
    // Any bytes under a name.
    FilePath file(const std::string &name, const std::string &content) const
    {
        std::ofstream(root() / name, std::ios::binary) << content;
        return root() / name;
    }
    // A small clip that web-1080p must encode.
    FilePath clip(const std::string &name, double seconds = 2, int width = 320,
                  int height = 180) const
    {
        media::SampleClip clip;
        clip.width = width;
        clip.height = height;
        clip.seconds = seconds;
        return clipOf(name, clip);
    }
    FilePath clipOf(const std::string &name, const media::SampleClip &clip) const
    {
        const auto made = media::makeSampleClip(clip, root() / name, {});
        if (!made)
            qFatal("no clip: %s", qPrintable(made.error().detail));
        return root() / name;
    }

private:
    QTemporaryDir m_folder;
};

inline std::string contentOf(const FilePath &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace sendoff::test

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SmallDisk: a disk of its own for tests, small enough to be filled. Mounting it needs root.

#include "core/base/file_path.h"

#include <QFile>

#include <string>
#include <sys/mount.h>

namespace sendoff::queue::test {

// A disk of its own, small enough to be filled.
class SmallDisk {
public:
    explicit SmallDisk(const FilePath &point, const char *size = "2m")
        : m_point(point)
    {
        std::filesystem::create_directory(point);
        const std::string options = std::string("size=") + size;
        m_isMounted = ::mount("tmpfs", point.c_str(), "tmpfs", 0, options.c_str()) == 0;
    }
    ~SmallDisk()
    {
        if (m_isMounted)
            ::umount2(m_point.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk &) = delete;
    SmallDisk &operator=(const SmallDisk &) = delete;

    bool isMounted() const { return m_isMounted; }
    void fill() const
    {
        QFile filler(QString::fromStdString((m_point / "filler").string()));
        (void)filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered);
        while (filler.write(QByteArray(4'096, 'x')) == 4'096) {}
    }
    void empty() const { std::filesystem::remove(m_point / "filler"); }

private:
    FilePath m_point;
    bool m_isMounted;
};

} // namespace sendoff::queue::test

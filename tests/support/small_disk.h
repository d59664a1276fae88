// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SmallDisk: a disk of its own for tests, small enough to be filled. Mounting it needs root.

#include "core/base/file_path.h"

#include <QFile>

#include <filesystem>
#include <string>
#include <sys/mount.h>

namespace sendoff::test {

class SmallDisk {
public:
    // Makes the folder. size: of tmpfs(5), bytes or with k or m; more options may follow a comma.
    explicit SmallDisk(FilePath point, const std::string &size = "2m")
        : m_point(std::move(point))
    {
        std::filesystem::create_directories(m_point);
        m_isMounted = mount(0, size);
    }
    ~SmallDisk()
    {
        if (m_isMounted)
            ::umount2(m_point.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk &) = delete;
    SmallDisk &operator=(const SmallDisk &) = delete;

    bool isMounted() const { return m_isMounted; }
    FilePath file(const char *name) const { return m_point / name; }
    bool resize(const std::string &size) const { return mount(MS_REMOUNT, size); }
    void fill() const
    {
        QFile filler(QString::fromStdString(file("filler").string()));
        (void)filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered);
        while (filler.write(QByteArray(4'096, 'x')) == 4'096) {}
    }
    void empty() const { std::filesystem::remove(file("filler")); }

private:
    bool mount(unsigned long flags, const std::string &size) const
    {
        return ::mount("tmpfs", m_point.c_str(), "tmpfs", flags, ("size=" + size).c_str()) == 0;
    }

    FilePath m_point;
    bool m_isMounted = false;
};

} // namespace sendoff::test

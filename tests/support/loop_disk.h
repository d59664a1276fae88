// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// LoopDisk: a disk with a file system of its own for tests, that can be unplugged, stop answering,
// and come back as another device, as disks on USB and network disks do. Mounting it needs root.

#include "core/base/file_path.h"

#include <QString>

namespace sendoff::test {

class LoopDisk {
public:
    // Makes `image`, a file for an ext4 file system, and the folder `point`, and mounts it there.
    LoopDisk(FilePath image, FilePath point, qint64 bytes);
    ~LoopDisk();
    LoopDisk(const LoopDisk &) = delete;
    LoopDisk &operator=(const LoopDisk &) = delete;

    bool isMounted() const { return m_isMounted; }
    QString whyNot() const { return m_whyNot; } // isMounted()
    FilePath point() const { return m_point; }
    // Of the file system that lies at point().
    quint64 device() const;

    // What was written so far is on the disk.
    void sync() const;
    // Pulled: from now on everything fails that is open there, and what was not on the disk is
    // lost. The mount point stays, empty.
    void pull();
    // As by "umount --lazy": what is open goes on.
    void unmount();
    // Mounts it by a device of another number.
    bool plug();
    // Until thaw() whatever writes there waits, in a sleep that no signal ends.
    bool freeze();
    void thaw();

private:
    bool fail(const QString &step);

    FilePath m_image;
    FilePath m_point;
    QString m_device; // the last
    bool m_isMounted = false;
    bool m_wasPulled = false; // what is still open of it writes nothing any more
    int m_frozen = -1; // a descriptor
    QString m_whyNot;
};

} // namespace sendoff::test

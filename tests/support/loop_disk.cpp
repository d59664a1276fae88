// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/loop_disk.h"

#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <linux/fs.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sendoff::test {

namespace {

// ext4's, which xfstests use for the same purpose; in no header of the system.
constexpr unsigned long shutdownRequest = _IOR('X', 125, __u32);
constexpr __u32 withoutFlushing = 2;

// A loop device over the image, which goes when nobody uses it any more; -1 where there is none.
int loopDevice(const FilePath &image, QString *name)
{
    const int control = ::open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    const int file = ::open(image.c_str(), O_RDWR | O_CLOEXEC);
    int device = -1;
    // Somebody else may take the same free one.
    for (int attempt = 0; control >= 0 && file >= 0 && device < 0 && attempt < 100; ++attempt) {
        const int number = ::ioctl(control, LOOP_CTL_GET_FREE);
        *name = QStringLiteral("/dev/loop%1").arg(number);
        device = ::open(qPrintable(*name), O_RDWR | O_CLOEXEC);
        loop_config config{};
        config.fd = __u32(file);
        config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
        if (device >= 0 && ::ioctl(device, LOOP_CONFIGURE, &config) != 0) {
            ::close(device);
            device = -1;
        }
    }
    ::close(file);
    ::close(control);
    return device;
}

} // namespace

LoopDisk::LoopDisk(FilePath image, FilePath point, qint64 bytes)
    : m_image(std::move(image)), m_point(std::move(point))
{
    std::filesystem::create_directories(m_point);
    const int file = ::open(m_image.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool isMade = file >= 0 && ::ftruncate(file, bytes) == 0;
    ::close(file);
    const QString maker = QStandardPaths::findExecutable(
        QStringLiteral("mkfs.ext4"), {QStringLiteral("/usr/sbin"), QStringLiteral("/sbin")});
    if (!isMade || maker.isEmpty()) {
        m_whyNot = QStringLiteral("there is no mkfs.ext4");
        return;
    }
    QProcess make;
    make.start(maker, {QStringLiteral("-q"), QStringLiteral("-F"), QStringLiteral("-m"),
                       QStringLiteral("0"), QString::fromStdString(m_image.string())});
    if (make.waitForFinished(-1) && make.exitCode() == 0)
        plug();
    else
        m_whyNot = QStringLiteral("mkfs.ext4 failed");
}

LoopDisk::~LoopDisk()
{
    thaw();
    if (m_isMounted)
        unmount();
}

quint64 LoopDisk::device() const
{
    struct stat status {};
    return ::stat(m_point.c_str(), &status) == 0 ? status.st_dev : 0;
}

void LoopDisk::sync() const
{
    const int folder = ::open(m_point.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ::syncfs(folder);
    ::close(folder);
}

void LoopDisk::pull()
{
    const int folder = ::open(m_point.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    __u32 how = withoutFlushing;
    if (::ioctl(folder, shutdownRequest, &how) != 0)
        qFatal("cannot be shut down: %s", std::strerror(errno));
    ::close(folder);
    unmount();
    m_wasPulled = true;
}

void LoopDisk::unmount()
{
    if (::umount2(m_point.c_str(), MNT_DETACH) != 0)
        qFatal("cannot be unmounted: %s", std::strerror(errno));
    m_isMounted = false;
}

bool LoopDisk::plug()
{
    // What was left open of it is closed a moment later. Two file systems on it would be its ruin.
    const QString inUse = QStringLiteral("/sys/block%1/loop").arg(m_device.mid(4));
    if (!m_wasPulled && !m_device.isEmpty()
        && !QTest::qWaitFor([&] { return !QFileInfo::exists(inUse); }, 30'000))
        return fail(QStringLiteral("it is still in use"));
    QString name;
    int device = loopDevice(m_image, &name);
    if (device >= 0 && name == m_device) { // it became free again
        const int other = loopDevice(m_image, &name);
        ::close(device);
        device = other;
    }
    if (device < 0)
        return fail(QStringLiteral("a loop device"));
    m_device = name;
    m_wasPulled = false;
    m_isMounted = ::mount(qPrintable(name), m_point.c_str(), "ext4", 0, "") == 0;
    if (!m_isMounted)
        fail(QStringLiteral("mount %1").arg(name));
    ::close(device);
    return m_isMounted;
}

bool LoopDisk::freeze()
{
    m_frozen = ::open(m_point.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return ::ioctl(m_frozen, FIFREEZE, 0) == 0;
}

void LoopDisk::thaw()
{
    if (m_frozen < 0)
        return;
    ::ioctl(m_frozen, FITHAW, 0);
    ::close(m_frozen);
    m_frozen = -1;
}

bool LoopDisk::fail(const QString &step)
{
    m_whyNot = QStringLiteral("%1: %2").arg(step, QString::fromLocal8Bit(std::strerror(errno)));
    return false;
}

} // namespace sendoff::test

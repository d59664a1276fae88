// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/source_file.h"

#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sendoff {

namespace {

constexpr qint64 edgeSize = 1 << 20;

FileIdentity identityOf(const struct stat &status)
{
    FileIdentity identity;
    identity.device = status.st_dev;
    identity.inode = status.st_ino;
    identity.size = status.st_size;
    identity.modifiedNs = qint64(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
    return identity;
}

// Reads up to `size` bytes; a shorter result is the end of the file.
Result<qint64> readSome(int descriptor, char *buffer, qint64 size, qint64 offset,
                        const QString &name)
{
    qint64 done = 0;
    while (done < size) {
        const ssize_t got =
            ::pread(descriptor, buffer + done, std::size_t(size - done), offset + done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failure(Error::fromErrno(errno, Error::FileRole::Source,
                                            QStringLiteral("read"), name));
        if (got == 0)
            break;
        done += got;
    }
    return done;
}

Result<QByteArray> edgeHashOf(int descriptor, qint64 size, const QString &name)
{
    std::vector<char> buffer(std::size_t(std::min<qint64>(edgeSize, size)));
    XXH3_state_t *state = XXH3_createState();
    const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> owner(state, &XXH3_freeState);
    XXH3_128bits_reset(state);
    for (const qint64 offset : {qint64(0), std::max<qint64>(0, size - edgeSize)}) {
        SO_TRY(const qint64 got,
               readSome(descriptor, buffer.data(), qint64(buffer.size()), offset, name));
        XXH3_128bits_update(state, buffer.data(), std::size_t(got));
    }
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
    return QByteArray(reinterpret_cast<const char *>(canonical.digest), sizeof canonical.digest)
        .toHex();
}

} // namespace

FileDescriptor::FileDescriptor(FileDescriptor &&other) noexcept : m_descriptor(other.release()) {}

FileDescriptor &FileDescriptor::operator=(FileDescriptor &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

FileDescriptor::~FileDescriptor()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

int FileDescriptor::release() noexcept
{
    return std::exchange(m_descriptor, -1);
}

bool FileIdentity::isUnchanged(const FileIdentity &other) const
{
    const bool edgesAgree =
        edgeHash.isEmpty() || other.edgeHash.isEmpty() || edgeHash == other.edgeHash;
    return size == other.size && modifiedNs == other.modifiedNs && edgesAgree;
}

QJsonObject FileIdentity::toJson() const
{
    // Device and inode as text: JSON numbers hold only 53 bits.
    return {{QStringLiteral("device"), QString::number(device)},
            {QStringLiteral("inode"), QString::number(inode)},
            {QStringLiteral("size"), size},
            {QStringLiteral("modified_ns"), QString::number(modifiedNs)},
            {QStringLiteral("edge_hash"), QString::fromLatin1(edgeHash)}};
}

std::optional<FileIdentity> FileIdentity::fromJson(const QJsonObject &json)
{
    FileIdentity identity;
    bool ok[3] = {};
    identity.device = json[u"device"].toString().toULongLong(&ok[0]);
    identity.inode = json[u"inode"].toString().toULongLong(&ok[1]);
    identity.modifiedNs = json[u"modified_ns"].toString().toLongLong(&ok[2]);
    identity.size = json[u"size"].toInteger(-1);
    identity.edgeHash = json[u"edge_hash"].toString().toLatin1();
    if (!ok[0] || !ok[1] || !ok[2] || identity.size < 0)
        return std::nullopt;
    return identity;
}

SourceFile::SourceFile(FilePath path, FileDescriptor descriptor, FileIdentity identity)
    : m_path(std::move(path)), m_descriptor(std::move(descriptor)), m_identity(std::move(identity))
{
}

Result<std::shared_ptr<const SourceFile>> SourceFile::open(const FilePath &path)
{
    const QString name = displayName(path);
    // O_NONBLOCK: opening a fifo or a device must not wait; it means nothing for regular files.
    FileDescriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!descriptor)
        return failure(
            Error::fromErrno(errno, Error::FileRole::Source, QStringLiteral("open"), name));
    struct stat status {};
    if (::fstat(descriptor.get(), &status) != 0)
        return failure(
            Error::fromErrno(errno, Error::FileRole::Source, QStringLiteral("stat"), name));
    if (!S_ISREG(status.st_mode)) {
        const QString what = S_ISDIR(status.st_mode) ? QStringLiteral("it is a folder")
                                                     : QStringLiteral("it is not an ordinary file");
        return failure(Error(ErrorKind::SourceNotRegular)
                           .with(argument::file, name)
                           .with(argument::reason, what));
    }
    FileIdentity identity = identityOf(status);
    SO_TRY(identity.edgeHash, edgeHashOf(descriptor.get(), identity.size, name));
    return std::shared_ptr<const SourceFile>(
        new SourceFile(path, std::move(descriptor), std::move(identity)));
}

Result<void> SourceFile::verifyUnchanged() const
{
    const auto changed = [this](const QString &how) {
        return failure(
            Error(ErrorKind::SourceChanged, how).with(argument::file, displayName(m_path)));
    };
    const auto open = identityOfOpen(descriptor());
    if (!open || !open->isUnchanged(m_identity))
        return changed(QStringLiteral("size or time differ"));
    // By size and time: a file system of the network may give a file a new inode at each look.
    const auto named = identityAt(m_path);
    if (named && !named->isSameFile(m_identity) && !named->isUnchanged(m_identity))
        return changed(QStringLiteral("another file has its name"));
    return {};
}

Result<void> SourceFile::readExactly(char *buffer, qint64 size, qint64 offset) const
{
    SO_TRY(const qint64 got, readSome(descriptor(), buffer, size, offset, displayName(m_path)));
    if (got == size)
        return {};
    return failure(Error(ErrorKind::SourceChanged, QStringLiteral("short read"))
                       .with(argument::file, displayName(m_path)));
}

std::optional<FileIdentity> identityOfOpen(int descriptor)
{
    struct stat status {};
    if (::fstat(descriptor, &status) != 0)
        return std::nullopt;
    return identityOf(status);
}

std::optional<FileIdentity> identityAt(const FilePath &path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return std::nullopt;
    return identityOf(status);
}

} // namespace sendoff

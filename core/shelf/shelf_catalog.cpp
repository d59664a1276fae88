// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/shelf_catalog.h"

#include "core/base/crash_point.h"

#include <QJsonDocument>

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace sendoff::shelf {

namespace {

constexpr qint64 maxRecordBytes = 64 << 10; // metadata comes in a header of at most 16 KiB
// A finished video that is gone is forgotten only after this: its disk may come back.
constexpr std::chrono::seconds forgetAfter = std::chrono::hours(24 * 30);
constexpr int maxRenameAttempts = 1000;

qint64 modifiedNs(const struct stat &status)
{
    return qint64(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
}

qint64 secondsSinceEpoch()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

bool fileStatus(const FilePath &path, struct stat &status)
{
    return ::lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

tl::unexpected<Error> catalogFailure(const QString &step, const FilePath &path)
{
    const int code = errno;
    return failure(
        Error::fromErrno(code, Error::FileRole::Output, step, displayPath(path.parent_path())));
}

} // namespace

ShelfCatalog::ShelfCatalog(FilePath folder, FilePath stateFolder)
    : m_folder(std::move(folder))
    , m_recordFolder(std::move(stateFolder) / "uploads")
    , m_besideFolder(m_folder / ".sendoff-unfinished")
    , m_partFolder(m_recordFolder)
{
}

Result<std::unique_ptr<ShelfCatalog>> ShelfCatalog::open(FilePath folder, FilePath stateFolder)
{
    SO_TRY_VOID(makeFolder(folder));
    SO_TRY_VOID(makePrivateFolder(stateFolder));
    std::unique_ptr<ShelfCatalog> catalog(
        new ShelfCatalog(std::move(folder), std::move(stateFolder)));
    SO_TRY_VOID(makePrivateFolder(catalog->m_recordFolder));
    SO_TRY_VOID(catalog->choosePartFolder());
    SO_TRY_VOID(catalog->load());
    return catalog;
}

// A finished upload is renamed into the Shelf's folder, which works only within one file system
// (and one mount of it). Where the state folder is on another, parts lie in a hidden folder beside
// the videos. Tried out, because no other question has a certain answer.
Result<void> ShelfCatalog::choosePartFolder()
{
    const std::string name = ".sendoff-probe-" + newUploadId().toStdString();
    const FilePath from = m_recordFolder / name;
    const FilePath to = m_folder / name;
    SO_TRY_VOID(createFile(from));
    const bool isSameDisk = ::rename(from.c_str(), to.c_str()) == 0;
    const int code = errno;
    ::unlink(from.c_str());
    ::unlink(to.c_str());
    if (isSameDisk)
        return {};
    errno = code;
    if (code != EXDEV)
        return catalogFailure(QStringLiteral("rename into the folder of the videos"), to);
    m_partFolder = m_besideFolder;
    return makePrivateFolder(m_partFolder);
}

Result<void> ShelfCatalog::load()
{
    std::error_code code;
    for (const auto &entry : std::filesystem::directory_iterator(m_recordFolder, code)) {
        if (entry.path().extension() != ".json")
            continue;
        const QByteArray bytes = readSmallFile(entry.path(), maxRecordBytes).value_or(QByteArray());
        auto record = UploadRecord::fromJson(QJsonDocument::fromJson(bytes).object());
        if (!record || recordPath(*record) != entry.path())
            continue; // not ours, or damaged: left for people to look at
        auto upload = std::make_shared<Upload>();
        upload->record = *std::move(record);
        upload->isKept = true;
        SO_TRY(const bool isThere, restore(*upload));
        if (!isThere) {
            ::unlink(entry.path().c_str());
            continue;
        }
        m_uploads.insert(upload->record.id, upload);
        m_links.insert(upload->record.linkId, upload);
    }
    removeOrphans(m_recordFolder);
    removeOrphans(m_besideFolder);
    return {};
}

// Parts whose creation was never confirmed to anybody, and halves of replaced files.
void ShelfCatalog::removeOrphans(const FilePath &folder) const
{
    std::error_code code;
    for (const auto &entry : std::filesystem::directory_iterator(folder, code)) {
        const FilePath name = entry.path().filename();
        const bool isPart = name.extension() == ".part"
            && isUploadId(QByteArray::fromStdString(name.stem().string()))
            && !m_uploads.contains(QByteArray::fromStdString(name.stem().string()));
        const bool isHalf =
            name.extension() == ".tmp" || name.string().starts_with(".sendoff-probe-");
        if (isPart || isHalf)
            ::unlink(entry.path().c_str());
    }
}

// Brings a record that was read back in line with the files. False where nothing is left of it.
Result<bool> ShelfCatalog::restore(Upload &upload)
{
    using State = UploadRecord::State;
    UploadRecord &record = upload.record;
    struct stat status {};
    if (record.state == State::Finished) {
        upload.offset = record.length.value_or(0);
        return fileStatus(videoPath(record), status)
            || secondsSinceEpoch() - record.finishedAt < forgetAfter.count();
    }
    // In the other folder, if the videos' folder or its disk has changed since.
    const FilePath other = m_partFolder == m_recordFolder ? m_besideFolder : m_recordFolder;
    (void)renameWithoutReplacing(other / partPath(record).filename(), partPath(record));
    if (fileStatus(partPath(record), status)) {
        record.state = State::Receiving;
        SO_TRY(const FileDescriptor part, openPart(upload));
        SO_TRY_VOID(restorePart(upload, part));
        return true;
    }
    if (record.state != State::Publishing || !isPublished(record))
        return false;
    // Renamed, but the process ended before it could say so.
    ::lstat(videoPath(record).c_str(), &status);
    upload.offset = status.st_size;
    record.modifiedNs = modifiedNs(status);
    record.finishedAt = secondsSinceEpoch();
    record.state = State::Finished;
    SO_TRY_VOID(keep(upload, Durability::Synced));
    return true;
}

Result<void> ShelfCatalog::restorePart(Upload &upload, const FileDescriptor &part)
{
    UploadRecord &record = upload.record;
    struct stat status {};
    ::fstat(part.get(), &status);
    upload.offset = status.st_size;
    const qint64 trusted = std::min({upload.offset, record.unverifiedFrom.value_or(upload.offset),
                                     record.length.value_or(upload.offset)});
    if (trusted == upload.offset && !record.unverifiedFrom)
        return {};
    if (::ftruncate(part.get(), trusted) != 0)
        return catalogFailure(QStringLiteral("cut off unverified bytes"), partPath(record));
    upload.offset = trusted;
    record.unverifiedFrom.reset();
    return keep(upload, Durability::Written);
}

bool ShelfCatalog::isPublished(const UploadRecord &record) const
{
    struct stat status {};
    return fileStatus(videoPath(record), status) && status.st_ino == record.inode
        && record.length == status.st_size;
}

std::shared_ptr<Upload> ShelfCatalog::findUpload(QByteArrayView id) const
{
    return m_uploads.value(id.toByteArray());
}

std::shared_ptr<Upload> ShelfCatalog::findLink(QByteArrayView linkId) const
{
    return m_links.value(linkId.toByteArray());
}

Result<std::shared_ptr<Upload>> ShelfCatalog::create(NewUpload upload)
{
    auto created = std::make_shared<Upload>();
    created->record.id = newUploadId();
    created->record.linkId = newUploadId();
    created->record.fileName = std::move(upload.fileName);
    created->record.metadata = std::move(upload.metadata);
    created->record.length = upload.length;
    SO_TRY_VOID(createFile(partPath(created->record)));
    m_uploads.insert(created->record.id, created);
    m_links.insert(created->record.linkId, created);
    return created;
}

Result<void> ShelfCatalog::keep(Upload &upload, Durability durability)
{
    const QByteArray json = QJsonDocument(upload.record.toJson()).toJson();
    SO_TRY_VOID(replaceFile(recordPath(upload.record), json, durability));
    upload.isKept = true;
    return {};
}

Result<FileDescriptor> ShelfCatalog::openPart(const Upload &upload) const
{
    return openFile(partPath(upload.record));
}

Result<void> ShelfCatalog::publish(Upload &upload)
{
    using State = UploadRecord::State;
    Q_ASSERT(upload.isComplete() && !upload.isFinished());
    SO_TRY(const FileDescriptor part, openPart(upload));
    SO_TRY_VOID(syncFile(part, partPath(upload.record)));
    struct stat status {};
    if (::fstat(part.get(), &status) != 0 || ::fchmod(part.get(), 0644) != 0)
        return catalogFailure(QStringLiteral("give the video its mode"), partPath(upload.record));
    if (status.st_size != upload.offset) // somebody else wrote to our file
        return failure(Error(ErrorKind::OutputDamaged)
                           .with(argument::reason, QStringLiteral("its size has changed")));
    upload.record.inode = status.st_ino;
    SO_TRY_VOID(renameToFreeName(upload));
    crashPoint("shelf-renamed");
    upload.record.modifiedNs = modifiedNs(status);
    upload.record.finishedAt = secondsSinceEpoch();
    upload.record.state = State::Finished;
    // The rename must be durable before the record may say so.
    SO_TRY_VOID(syncFolder(m_folder));
    return keep(upload, Durability::Synced);
}

// Each name is recorded before it is tried, so that after a crash at any moment the record tells
// where the bytes are.
Result<void> ShelfCatalog::renameToFreeName(Upload &upload)
{
    UploadRecord &record = upload.record;
    const FilePath part = partPath(record);
    const QString wanted = record.fileName;
    record.state = UploadRecord::State::Publishing;
    Result<void> renamed = failure(ErrorKind::OutputExists);
    for (int attempt = 0; attempt < maxRenameAttempts; ++attempt) {
        const FilePath target = freePath(m_folder / wanted.toStdString());
        record.fileName = QString::fromStdString(target.filename().string());
        renamed = keep(upload, Durability::Synced);
        if (renamed)
            renamed = renameWithoutReplacing(part, target);
        if (renamed || renamed.error().kind != ErrorKind::OutputExists)
            break;
    }
    if (!renamed) {
        record.fileName = wanted;
        record.state = UploadRecord::State::Receiving;
    }
    return renamed;
}

void ShelfCatalog::remove(const Upload &upload)
{
    const UploadRecord record = upload.record;
    struct stat status {};
    // A finished video belongs to the user: only the very bytes that were uploaded go.
    if (upload.isFinished() && isPublished(record) && fileStatus(videoPath(record), status)
        && modifiedNs(status) == record.modifiedNs)
        ::unlink(videoPath(record).c_str());
    if (!upload.isFinished())
        ::unlink(partPath(record).c_str());
    ::unlink(recordPath(record).c_str());
    m_uploads.remove(record.id);
    m_links.remove(record.linkId);
}

FileDescriptor ShelfCatalog::openVideo(const Upload &upload) const
{
    if (!upload.isFinished())
        return FileDescriptor();
    FileDescriptor file(
        ::open(videoPath(upload.record).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status {};
    if (file && (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)))
        return FileDescriptor();
    return file;
}

DiskSpace ShelfCatalog::space() const
{
    struct statvfs status {};
    if (::statvfs(m_partFolder.c_str(), &status) != 0)
        return {};
    return {qint64(status.f_bavail) * qint64(status.f_frsize),
            qint64(status.f_blocks) * qint64(status.f_frsize)};
}

FilePath ShelfCatalog::recordPath(const UploadRecord &record) const
{
    return m_recordFolder / (record.id.toStdString() + ".json");
}

FilePath ShelfCatalog::partPath(const UploadRecord &record) const
{
    return m_partFolder / (record.id.toStdString() + ".part");
}

FilePath ShelfCatalog::videoPath(const UploadRecord &record) const
{
    return m_folder / record.fileName.toStdString();
}

} // namespace sendoff::shelf

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/folder/folder_upload.h"

#include "core/base/run_on.h"
#include "core/base/sha256.h"
#include "core/transfer/folder/folder_mount.h"
#include "core/transfer/server_memory.h"

#include <utility>

namespace sendoff::transfer {

namespace {

QUrl fileUrl(const FilePath &path)
{
    // Byte-exact: a name need not be valid UTF-8.
    const QByteArray bytes = QByteArray::fromStdString(path.string());
    return QUrl::fromEncoded("file://" + bytes.toPercentEncoding("/"));
}

FilePath finalName(const FilePath &folder, const UploadTarget &target)
{
    return folder / safeFileName(target.fileName).toStdString();
}

} // namespace

FolderPlace::FolderPlace(FilePath folder, const DestinationContext &context)
    : io(context.io)
    , memory(context.memory)
{
    calls.folder = std::move(folder);
    calls.patience.silence = 2 * context.stallTimeout; // a disk may have to start first
    if (memory) {
        std::shared_ptr<StuckCalls> &known = memory->stuckFolders[toStored(calls.folder)];
        if (!known)
            known = std::make_shared<StuckCalls>();
        calls.stuck = known;
    } else {
        calls.stuck = std::make_shared<StuckCalls>();
    }
}

FilePath FolderPlace::mountedBefore() const
{
    return memory ? fromStored(memory->folderMounts.value(toStored(calls.folder))) : FilePath();
}

void FolderPlace::remember(const FilePath &mountPoint) const
{
    if (memory && !mountPoint.empty())
        memory->folderMounts.insert(toStored(calls.folder), toStored(mountPoint));
}

FolderUpload::FolderUpload(FolderPlace place, UploadTarget target, FolderCopy copy)
    : m_io(place.io)
    , m_calls(std::move(place.calls))
    , m_target(finalName(m_calls.folder, target))
    , m_upload(std::move(target))
    , m_copy(std::move(copy))
{
}

QCoro::Task<Result<std::unique_ptr<UploadSession>>>
FolderUpload::create(FolderPlace place, UploadTarget target, std::stop_token stop)
{
    SO_CO_TRY(const ByteSource::Handle source, target.source->handle());
    const FilePath name = finalName(place.calls.folder, target);
    const FilePath mountedBefore = place.mountedBefore();
    const OutputFeed::State now = target.source->state();
    const auto total = now.total;
    auto beginning = callFolder(
        place.calls,
        [name, source, total, mountedBefore](std::stop_token) {
            return beginFolderCopy(name, source.descriptor, total, mountedBefore);
        },
        stop);
    SO_CO_TRY(FolderCopy copy, co_await std::move(beginning));
    place.remember(copy.mountPoint);
    std::unique_ptr<FolderUpload> upload(
        new FolderUpload(std::move(place), std::move(target), std::move(copy)));
    if (!total)
        upload->m_missing.add(ByteRange{0, now.headReserve}); // comes last
    co_return std::unique_ptr<UploadSession>(std::move(upload));
}

QCoro::Task<Result<std::unique_ptr<UploadSession>>>
FolderUpload::restore(FolderPlace place, UploadTarget target, QJsonObject state,
                      std::stop_token stop)
{
    FolderCopy known;
    known.path = fromStored(state[u"partial"].toString());
    known.mountPoint = fromStored(state[u"mount"].toString());
    known.isPublished = state.contains(u"published");
    const auto identity = FileIdentity::fromJson(state[u"file"].toObject());
    const auto missing = ByteRanges::fromJson(state[u"missing"].toArray());
    if (!identity || !missing || known.path.parent_path() != place.calls.folder)
        co_return failure(ErrorKind::UploadExpired,
                          QStringLiteral("the stored copy is not one in this folder"));
    known.identity = *identity;
    place.remember(known.mountPoint); // if it is away, others know what to wait for
    auto finding = callFolder(
        place.calls, [known](std::stop_token) { return findFolderCopy(known); }, stop);
    SO_CO_TRY(FolderCopy copy, co_await std::move(finding));
    place.remember(copy.mountPoint);
    const auto total = target.source->state().total;
    const qint64 length = copy.identity.size;
    const bool isOther = total && (length > *total || (copy.isPublished && length != *total));
    std::unique_ptr<FolderUpload> upload(
        new FolderUpload(std::move(place), std::move(target), std::move(copy)));
    if (isOther) {
        (void)co_await upload->discard(stop); // best effort
        co_return failure(ErrorKind::UploadExpired,
                          QStringLiteral("the stored copy is of another size"));
    }
    upload->m_isRestored = true;
    upload->m_missing = *missing;
    upload->m_confirmed = ByteRanges::upTo(length);
    upload->m_confirmed.subtract(*missing);
    co_return std::unique_ptr<UploadSession>(std::move(upload));
}

QCoro::Task<Result<bool>> FolderUpload::isComplete(FolderPlace place, QJsonObject state,
                                                   qint64 size, std::stop_token stop)
{
    const auto recorded = FileIdentity::fromJson(state[u"file"].toObject());
    const FilePath path = fromStored(state[u"published"].toString());
    const FilePath mountPoint = fromStored(state[u"mount"].toString());
    const QByteArray sha256 = state[u"sha256"].toString().toLatin1();
    if (!recorded || path.empty() || sha256.isEmpty())
        co_return false;
    auto looking = callFolder(
        place.calls,
        [recorded = *recorded, path, mountPoint, sha256,
         size](std::stop_token ended) -> Result<bool> {
            const auto there = identityAt(path);
            if (!there && !mountPoint.empty() && !isMountPoint(mountPoint))
                return failure(notMountedError(path.parent_path(), mountPoint));
            if (!there || there->size != size)
                return false;
            if (there->isSameFile(recorded) && there->isUnchanged(recorded))
                return true;
            SO_TRY(const auto file, SourceFile::open(path));
            SO_TRY(const QByteArray now,
                   sha256OfFile(file->descriptor(), size, displayName(path), ended));
            return now == sha256;
        },
        stop, FolderCallWatch::Limit::None);
    co_return co_await std::move(looking);
}

QJsonObject FolderUpload::resumeState() const
{
    // The file's length says what it has, but for what was left out; so the state need not be
    // stored with each part. Size and time say something only of a finished copy.
    FileIdentity file = m_copy.identity;
    if (!m_copy.isPublished) {
        file.size = 0;
        file.modifiedNs = 0;
    }
    QJsonObject state{{QStringLiteral("protocol"), QStringLiteral("folder")},
                      {QStringLiteral("file"), file.toJson()},
                      {QStringLiteral("missing"), m_missing.toJson()}};
    if (m_copy.isPublished) {
        state.insert(QStringLiteral("published"), toStored(m_copy.path));
        state.insert(QStringLiteral("sha256"), QString::fromLatin1(m_sha256));
    }
    state.insert(QStringLiteral("partial"), toStored(m_copy.path));
    state.insert(QStringLiteral("mount"), toStored(m_copy.mountPoint));
    return state;
}

QCoro::Task<Result<void>> FolderUpload::refresh(std::stop_token stop)
{
    auto looking = callFolder(
        m_calls, [copy = m_copy](std::stop_token) { return findFolderCopy(copy); }, stop);
    SO_CO_TRY(FolderCopy found, co_await std::move(looking));
    if (!found.identity.isSameFile(m_copy.identity)) {
        // What was written since may have gone to what was mounted there before.
        const QString reason = QStringLiteral("it was mounted anew");
        co_return failure(awayError(m_calls.folder, reason, reason));
    }
    // Of a part that broke off, what the file has by now counts.
    m_confirmed = ByteRanges::upTo(found.identity.size);
    m_confirmed.subtract(m_missing);
    m_copy = std::move(found);
    co_return Result<void>();
}

QCoro::Task<Result<void>> FolderUpload::send(PartPlan part, std::stop_token stop)
{
    if (m_copy.isPublished)
        co_return failure(ErrorKind::UploadExpired, QStringLiteral("the copy found is another"));
    SO_CO_TRY(const ByteSource::Handle source, m_upload.source->handle());
    const auto progress = part.progress;
    auto copying = callFolder(
        m_calls,
        [source, name = m_upload.source->displayedName(), copy = m_copy, part](
            std::stop_token ended) {
            return copyRange(source.descriptor, name, copy, part.range, part.progress.get(), ended);
        },
        stop, FolderCallWatch::Limit::Silence, progress);
    // What lies between the end of the file and this part is left out for now.
    const qint64 end = m_confirmed.isEmpty() ? 0 : m_confirmed.ranges().back().end;
    m_missing.add(ByteRange{end, part.range.begin});
    SO_CO_TRY_VOID(co_await std::move(copying));
    m_missing.subtract(part.range);
    m_confirmed.add(part.range);
    co_return Result<void>();
}

QCoro::Task<Result<QByteArray>> FolderUpload::sourceHash(qint64 size, std::stop_token stop)
{
    const QByteArray known = m_upload.source->sha256();
    if (!known.isEmpty())
        co_return known;
    SO_CO_TRY(const ByteSource::Handle source, m_upload.source->handle());
    auto hashing = runOn(
        *m_io,
        [source, size, name = m_upload.source->displayedName(), stop] {
            return sha256OfFile(source.descriptor, size, name, stop);
        },
        stop);
    co_return co_await std::move(hashing);
}

QCoro::Task<Result<void>> FolderUpload::checkCopy(qint64 size, std::stop_token stop)
{
    SO_CO_TRY_VOID(co_await refresh(stop));
    if (m_copy.identity.size != size)
        co_return failure(differs(QStringLiteral("it has another size")));
    SO_CO_TRY(const QByteArray wanted, co_await sourceHash(size, stop));
    auto hashing = callFolder(
        m_calls,
        [copy = m_copy, size](std::stop_token ended) { return syncAndHash(copy, size, ended); },
        stop, FolderCallWatch::Limit::None);
    SO_CO_TRY(m_sha256, co_await std::move(hashing));
    if (m_sha256 != wanted)
        co_return failure(differs(QStringLiteral("its checksum is another")));
    co_return Result<void>();
}

QCoro::Task<Result<Delivery>> FolderUpload::finish(qint64 size, std::stop_token stop)
{
    const auto checked = co_await checkCopy(size, stop);
    if (!checked) {
        if (checked.error().kind == ErrorKind::UploadExpired)
            (void)co_await discard(stop); // best effort
        co_return failure(checked.error());
    }
    auto publishing = callFolder(
        m_calls,
        [copy = m_copy, name = m_target](std::stop_token) { return publishFolderCopy(copy, name); },
        stop, FolderCallWatch::Limit::None);
    SO_CO_TRY(m_copy, co_await std::move(publishing));
    SO_CO_TRY_VOID(co_await refresh(stop)); // with its last time of change
    Delivery delivery;
    delivery.link = fileUrl(m_copy.path);
    delivery.verifiedBy = QStringLiteral("size+sha256");
    co_return delivery;
}

// What a disk kept from before may be less than its length says (a power cut): it is copied anew.
// What was written just now and reads back differently is for the user.
Error FolderUpload::differs(const QString &reason) const
{
    if (m_isRestored)
        return Error(ErrorKind::UploadExpired, QStringLiteral("the stored copy: %1").arg(reason));
    return Error(ErrorKind::UploadMismatch, reason).with(argument::reason, reason);
}

QCoro::Task<Result<void>> FolderUpload::discard(std::stop_token stop)
{
    auto removing = callFolder(
        m_calls,
        [copy = m_copy](std::stop_token) -> Result<void> {
            if (!copy.isPublished)
                removeFolderCopy(copy);
            return {};
        },
        stop);
    co_return co_await std::move(removing);
}

} // namespace sendoff::transfer

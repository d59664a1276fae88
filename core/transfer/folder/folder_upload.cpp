// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/folder/folder_upload.h"

#include "core/base/run_on.h"
#include "core/base/sha256.h"

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

FolderUpload::FolderUpload(WorkerPool *io, FilePath folder, UploadTarget target, FolderCopy copy)
    : m_io(io)
    , m_target(finalName(folder, target))
    , m_upload(std::move(target))
    , m_copy(std::move(copy))
{
}

QCoro::Task<Result<std::unique_ptr<UploadSession>>>
FolderUpload::create(WorkerPool *io, FilePath folder, UploadTarget target, std::stop_token stop)
{
    SO_CO_TRY(const ByteSource::Handle source, target.source->handle());
    const FilePath name = finalName(folder, target);
    const OutputFeed::State now = target.source->state();
    const auto total = now.total;
    auto beginning = runOn(
        *io, [name, source, total] { return beginFolderCopy(name, source.descriptor, total); },
        stop);
    SO_CO_TRY(FolderCopy copy, co_await std::move(beginning));
    std::unique_ptr<FolderUpload> upload(
        new FolderUpload(io, std::move(folder), std::move(target), std::move(copy)));
    if (!total)
        upload->m_missing.add(ByteRange{0, now.headReserve}); // comes last
    co_return std::unique_ptr<UploadSession>(std::move(upload));
}

QCoro::Task<Result<std::unique_ptr<UploadSession>>>
FolderUpload::restore(WorkerPool *io, FilePath folder, UploadTarget target, QJsonObject state,
                      std::stop_token stop)
{
    const FilePath partial = fromStored(state[u"partial"].toString());
    const auto identity = FileIdentity::fromJson(state[u"file"].toObject());
    const auto missing = ByteRanges::fromJson(state[u"missing"].toArray());
    if (!identity || !missing || partial.parent_path() != folder)
        co_return failure(ErrorKind::UploadExpired,
                          QStringLiteral("the stored copy is not one in this folder"));
    auto finding = runOn(
        *io, [partial, file = *identity] { return findFolderCopy(partial, file); }, stop);
    SO_CO_TRY(FolderCopy copy, co_await std::move(finding));
    copy.isPublished = copy.isPublished || state.contains(u"published");
    const auto total = target.source->state().total;
    const qint64 length = copy.identity.size;
    const bool isOther = total && (length > *total || (copy.isPublished && length != *total));
    std::unique_ptr<FolderUpload> upload(
        new FolderUpload(io, std::move(folder), std::move(target), std::move(copy)));
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

QCoro::Task<Result<bool>> FolderUpload::isComplete(WorkerPool *io, QJsonObject state, qint64 size,
                                                   std::stop_token stop)
{
    const auto recorded = FileIdentity::fromJson(state[u"file"].toObject());
    const FilePath path = fromStored(state[u"published"].toString());
    const QByteArray sha256 = state[u"sha256"].toString().toLatin1();
    if (!recorded || path.empty() || sha256.isEmpty())
        co_return false;
    auto looking = runOn(
        *io,
        [recorded = *recorded, path, sha256, size, stop]() -> Result<bool> {
            const auto there = identityAt(path);
            if (!there || there->size != size)
                return false;
            if (there->isSameFile(recorded) && there->isUnchanged(recorded))
                return true;
            SO_TRY(const auto file, SourceFile::open(path));
            SO_TRY(const QByteArray now,
                   sha256OfFile(file->descriptor(), size, displayName(path), stop));
            return now == sha256;
        },
        stop);
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
    return state;
}

QCoro::Task<Result<void>> FolderUpload::refresh(std::stop_token stop)
{
    auto looking = runOn(
        *m_io, [copy = m_copy] { return findFolderCopy(copy.path, copy.identity); }, stop);
    SO_CO_TRY(FolderCopy found, co_await std::move(looking));
    found.isPublished = found.isPublished || m_copy.isPublished;
    // Of a part that broke off, what the file has by now counts.
    m_confirmed = ByteRanges::upTo(found.identity.size);
    m_confirmed.subtract(m_missing);
    m_copy = std::move(found);
    co_return Result<void>();
}

QCoro::Task<Result<void>> FolderUpload::send(PartPlan part, std::stop_token stop)
{
    SO_CO_TRY(const ByteSource::Handle source, m_upload.source->handle());
    auto copying = runOn(
        *m_io,
        [source, name = m_upload.source->displayedName(), copy = m_copy, part, stop] {
            return copyRange(source.descriptor, name, copy, part.range, part.progress.get(), stop);
        },
        stop);
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
    auto hashing = runOn(
        *m_io, [copy = m_copy, size, stop] { return syncAndHash(copy, size, stop); }, stop);
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
    if (!m_copy.isPublished) {
        auto publishing = runOn(
            *m_io, [copy = m_copy, name = m_target] { return publishFolderCopy(copy, name); },
            stop);
        SO_CO_TRY(m_copy, co_await std::move(publishing));
        SO_CO_TRY_VOID(co_await refresh(stop)); // with its last time of change
    }
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
    auto removing = runOn(
        *m_io,
        [copy = m_copy]() -> Result<void> {
            if (!copy.isPublished)
                removeFolderCopy(copy);
            return {};
        },
        stop);
    co_return co_await std::move(removing);
}

} // namespace sendoff::transfer

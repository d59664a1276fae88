// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FolderUpload: one copy into a folder, new or restored. The blocking work is in folder_files.h.

#include "core/transfer/destination.h"
#include "core/transfer/folder/folder_calls.h"
#include "core/transfer/folder/folder_files.h"

namespace sendoff {
class WorkerPool;
}

namespace sendoff::transfer {

// What a copy works with; what is pointed to outlives it.
struct FolderPlace {
    // `folder`: without a separator at its end.
    FolderPlace(FilePath folder, const DestinationContext &context);

    WorkerPool *io; // for the source
    FolderCallContext calls;
    std::shared_ptr<ServerMemory> memory; // may be null

    FilePath mountedBefore() const; // empty where no copy was begun there in this run
    void remember(const FilePath &mountPoint) const;
};

class FolderUpload final : public UploadSession {
public:
    static QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    create(FolderPlace place, UploadTarget target, std::stop_token stop);
    static QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    restore(FolderPlace place, UploadTarget target, QJsonObject state, std::stop_token stop);
    // Compares size and identity, and the hash where the file was touched since. FolderUnreachable
    // where its disk is away: that says nothing of the file.
    static QCoro::Task<Result<bool>> isComplete(FolderPlace place, QJsonObject state, qint64 size,
                                                std::stop_token stop);

    const ByteRanges &confirmed() const override { return m_confirmed; }
    QJsonObject resumeState() const override;
    QCoro::Task<Result<void>> refresh(std::stop_token stop) override;
    QCoro::Task<Result<void>> send(PartPlan part, std::stop_token stop) override;
    QCoro::Task<Result<Delivery>> finish(qint64 size, std::stop_token stop) override;
    QCoro::Task<Result<void>> discard(std::stop_token stop) override;

private:
    FolderUpload(FolderPlace place, UploadTarget target, FolderCopy copy);

    QCoro::Task<Result<QByteArray>> sourceHash(qint64 size, std::stop_token stop);
    QCoro::Task<Result<void>> checkCopy(qint64 size, std::stop_token stop);
    Error differs(const QString &reason) const;

    WorkerPool *m_io;
    FolderCallContext m_calls;
    FilePath m_target; // the final name, if it is free
    UploadTarget m_upload;
    FolderCopy m_copy;
    ByteRanges m_confirmed;
    ByteRanges m_missing; // left out so far, though the file is longer
    bool m_isRestored = false;
    QByteArray m_sha256; // of the published file
};

} // namespace sendoff::transfer

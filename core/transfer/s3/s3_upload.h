// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// S3Upload: one multipart upload to an S3 bucket, new or restored. The parts are fixed when it is
// made; what the object is in the end is compared with the parts' MD5s.

#include "core/transfer/destination.h"
#include "core/transfer/part_grid.h"
#include "core/transfer/s3/s3_bucket.h"

#include <map>

namespace sendoff::transfer {

// How uploads to a bucket are made.
struct S3Settings {
    QString prefix; // of keys; without or with a “/” at its end
    bool wantsEqualParts = false; // all but the last (Cloudflare R2)
    int partsAtOnce = 1;
    QUrl publicUrl; // where the bucket can be read by anybody; empty = signed links
};

class S3Upload final : public UploadSession {
public:
    // Under the first key that is free: name, “name (2)”, …
    static QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    create(S3Bucket bucket, S3Settings settings, UploadTarget target, std::stop_token stop);
    // Of resumeState(); asks what the server has. UploadExpired where that is nothing, or `state`
    // is none of this bucket's.
    static QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    restore(S3Bucket bucket, S3Settings settings, UploadTarget target, QJsonObject state,
            std::stop_token stop);
    // Whether the object is there, of this size and as it was confirmed.
    static QCoro::Task<Result<bool>> isComplete(S3Bucket bucket, QJsonObject state, qint64 size,
                                                std::stop_token stop);

    const ByteRanges &confirmed() const override { return m_confirmed; }
    const PartGrid *grid() const override { return &m_grid; }
    QJsonObject resumeState() const override;
    QCoro::Task<Result<void>> refresh(std::stop_token stop) override;
    QCoro::Task<Result<void>> send(PartPlan part, std::stop_token stop) override;
    QCoro::Task<Result<Delivery>> finish(qint64 size, std::stop_token stop) override;
    QCoro::Task<Result<void>> discard(std::stop_token stop) override;

private:
    S3Upload(S3Bucket bucket, S3Settings settings, UploadTarget target, QString key, PartGrid grid);

    QCoro::Task<Result<void>> begin(std::stop_token stop);
    QCoro::Task<Result<s3::Parts>> listParts(std::stop_token stop);
    void confirm(const s3::Parts &listed);
    QCoro::Task<Result<QByteArray>> digestOf(int number, std::stop_token stop);
    QCoro::Task<Result<void>> sendPart(int number, PartPlan part, std::stop_token stop);
    // Compares the parts of an earlier run with the file, and sends again what differs.
    QCoro::Task<Result<void>> verifyParts(qint64 size, std::stop_token stop);
    QCoro::Task<Result<bool>> isDelivered(qint64 size, std::stop_token stop);
    QCoro::Task<Result<bool>> isEndRepeated(qint64 size, std::stop_token stop);
    QCoro::Task<Result<void>> complete(std::stop_token stop);
    QCoro::Task<Result<void>> putEmpty(std::stop_token stop);
    QCoro::Task<Result<Delivery>> check(qint64 size, std::stop_token stop);
    Error damaged(const QString &detail) const;
    sigv4::Pairs uploadQuery() const;

    S3Bucket m_bucket;
    S3Settings m_settings;
    UploadTarget m_target;
    QString m_key;
    QByteArray m_uploadId;
    PartGrid m_grid;
    s3::Parts m_parts; // confirmed
    std::map<int, QByteArray> m_digests; // MD5 of the file's parts in hex, as far as computed
    ByteRanges m_confirmed;
    QByteArray m_etag; // of the finished object
    bool m_etagIsMd5 = true; // not where the server encrypts with keys of its own (KMS)
};

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/s3/s3_leftovers.h"

#include "core/transfer/s3/s3_plan.h"

#include <algorithm>
#include <utility>

namespace sendoff::transfer {

namespace {

constexpr int mostPages = 1'000; // of up to 1,000 uploads each

// Enough for discardUpload(): the parts do not matter any more.
Leftover leftoverOf(const S3Bucket &bucket, const s3::UnfinishedUpload &upload)
{
    Leftover leftover;
    leftover.name = upload.key;
    leftover.since = upload.since;
    leftover.resumeState = {{QStringLiteral("protocol"), QStringLiteral("s3")},
                            {QStringLiteral("bucket"), bucket.bucket},
                            {QStringLiteral("key"), upload.key},
                            {QStringLiteral("upload"), QString::fromUtf8(upload.uploadId)},
                            {QStringLiteral("grid"), PartGrid::equal(s3SmallestPart).toJson()}};
    return leftover;
}

} // namespace

QCoro::Task<Result<QList<Leftover>>> s3Leftovers(S3Bucket bucket, QString prefix,
                                                 std::stop_token stop)
{
    QList<Leftover> leftovers;
    s3::UploadsPage page;
    for (int pages = 0; pages < mostPages; ++pages) {
        S3Request request("GET", QString());
        request.query = {{"uploads", ""}, {"prefix", prefix.toUtf8()}};
        if (page.isTruncated) {
            request.query.append({"key-marker", page.nextKey});
            request.query.append({"upload-id-marker", page.nextUploadId});
        }
        auto asking = s3Exchange(bucket, std::move(request), stop);
        SO_CO_TRY(const net::HttpReply reply, co_await std::move(asking));
        if (!reply.isSuccess())
            co_return failure(s3Error(bucket, reply));
        auto parsed = s3::parseUploads(reply.body);
        if (!parsed)
            co_return failure(
                s3Violation(bucket, QStringLiteral("it does not say which uploads it has")));
        const bool standsStill = parsed->isTruncated && parsed->nextKey == page.nextKey
            && parsed->nextUploadId == page.nextUploadId;
        if (standsStill)
            co_return failure(
                s3Violation(bucket, QStringLiteral("its list of uploads has no end")));
        page = *std::move(parsed);
        for (const s3::UnfinishedUpload &upload : std::as_const(page.uploads))
            leftovers.append(leftoverOf(bucket, upload));
        if (!page.isTruncated)
            break;
    }
    std::stable_sort(leftovers.begin(), leftovers.end(),
                     [](const Leftover &a, const Leftover &b) { return a.since < b.since; });
    co_return std::move(leftovers);
}

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/s3/s3_plan.h"

#include "core/base/file_path.h"
#include "core/transfer/numbered_name.h"

#include <algorithm>

namespace sendoff::transfer {

namespace {

constexpr qint64 usualPart = 8 << 20;
constexpr qint64 equalPart = 64 << 20;
constexpr int comfortableParts = 9'000; // leaves room for a file that grew
constexpr int mostNames = 1'000;

QString keyOf(const QString &prefix, const QString &name, int number)
{
    const bool isJoined = prefix.isEmpty() || prefix.endsWith(u'/');
    return prefix + (isJoined ? QString() : QStringLiteral("/")) + numberedName(name, number);
}

} // namespace

PartGrid s3GridFor(std::optional<qint64> total, bool wantsEqualParts)
{
    if (!total) {
        if (wantsEqualParts)
            return PartGrid::equal(equalPart);
        // 1.25 GiB, then 6.25 GiB, then 63 GiB, then 868 GiB.
        return PartGrid({{256, s3SmallestPart},
                         {800, usualPart},
                         {2'000, 4 * usualPart},
                         {6'944, 16 * usualPart}});
    }
    constexpr qint64 mebibyte = 1 << 20;
    const qint64 needed = (*total + comfortableParts - 1) / comfortableParts;
    return PartGrid::equal(std::max(usualPart, (needed + mebibyte - 1) / mebibyte * mebibyte));
}

QCoro::Task<Result<QString>> s3FreeKey(S3Bucket bucket, QString prefix, QString fileName,
                                       std::stop_token stop)
{
    const QString name = safeFileName(fileName);
    for (int number = 1; number <= mostNames; ++number) {
        QString key = keyOf(prefix, name, number);
        auto looking = s3Look(bucket, key, stop);
        const auto there = co_await std::move(looking);
        // Who may write but not look learns of a name that is taken at the end.
        const bool cannotTell = !there && there.error().kind == ErrorKind::PermissionDenied;
        if (!there && !cannotTell)
            co_return failure(there.error());
        if (cannotTell || !*there)
            co_return std::move(key);
    }
    co_return failure(Error(ErrorKind::Refused, QStringLiteral("%1 objects of this name").arg(mostNames))
                          .with(argument::destination, bucket.name)
                          .with(argument::reason,
                                QStringLiteral("there are %1 files of this name already")
                                    .arg(mostNames)));
}

QUrl s3PublicLink(const QUrl &base, const QString &key)
{
    QByteArray address = base.toEncoded(QUrl::RemoveQuery | QUrl::RemoveFragment);
    if (!address.endsWith('/'))
        address += '/';
    return QUrl::fromEncoded(address + sigv4::encodePath(key.toUtf8()), QUrl::StrictMode);
}

} // namespace sendoff::transfer

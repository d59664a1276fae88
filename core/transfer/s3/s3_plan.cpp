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
constexpr qint64 mebibyte = 1 << 20;
constexpr double secondsForPart = 30;
constexpr int fewestParts = 16; // a break costs no more of a file than one of so many
constexpr int turnsOfEach = 4; // of those at once
constexpr int mostNames = 1'000;

QString keyOf(const QString &prefix, const QString &name, int number)
{
    const bool isJoined = prefix.isEmpty() || prefix.endsWith(u'/');
    return prefix + (isJoined ? QString() : QStringLiteral("/")) + numberedName(name, number);
}

qint64 wholeMebibytes(double bytes)
{
    return std::max(s3SmallestPart, qint64(bytes) / mebibyte * mebibyte);
}

qint64 partSizeFor(qint64 total, const S3Line &line)
{
    if (line.bytesPerSecond <= 0)
        return usualPart;
    const double wanted = std::min(line.bytesPerSecond * secondsForPart, double(s3LargestPart));
    const int fewest = std::max(fewestParts, turnsOfEach * line.partsAtOnce);
    const qint64 forBreaks = std::max(usualPart, wholeMebibytes(double(total / fewest)));
    const qint64 forAllAtOnce = wholeMebibytes(double(total / std::max(1, line.partsAtOnce)));
    return std::min({wholeMebibytes(wanted), forBreaks, forAllAtOnce});
}

} // namespace

PartGrid s3GridFor(std::optional<qint64> total, bool wantsEqualParts, const S3Line &line)
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
    const qint64 least = (*total + comfortableParts - 1) / comfortableParts;
    const qint64 needed = (least + mebibyte - 1) / mebibyte * mebibyte;
    return PartGrid::equal(std::min(std::max(partSizeFor(*total, line), needed), s3LargestPart));
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

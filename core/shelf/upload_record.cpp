// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/upload_record.h"

#include "core/base/durable_file.h"

#include <algorithm>
#include <array>

namespace sendoff::shelf {

namespace {

constexpr int recordVersion = 1;
constexpr qsizetype idBytes = 16;
constexpr std::array<QStringView, 3> stateNames{u"receiving", u"publishing", u"finished"};

std::optional<qint64> optionalCount(const QJsonObject &json, QStringView key)
{
    const qint64 count = json[key].toInteger(-1);
    return count >= 0 ? std::optional(count) : std::nullopt;
}

} // namespace

QByteArray newUploadId()
{
    return randomBytes(idBytes).toHex();
}

bool isUploadId(QByteArrayView text)
{
    return text.size() == 2 * idBytes && std::all_of(text.begin(), text.end(), [](char character) {
               return (character >= '0' && character <= '9')
                   || (character >= 'a' && character <= 'f');
           });
}

QJsonObject UploadRecord::toJson() const
{
    QJsonObject json{{QStringLiteral("version"), recordVersion},
                     {QStringLiteral("id"), QString::fromLatin1(id)},
                     {QStringLiteral("link"), QString::fromLatin1(linkId)},
                     {QStringLiteral("metadata"), QString::fromLatin1(metadata)},
                     {QStringLiteral("file"), fileName},
                     {QStringLiteral("state"), stateNames[std::size_t(state)].toString()},
                     // As text: JSON numbers hold only 53 bits everywhere.
                     {QStringLiteral("inode"), QString::number(inode)},
                     {QStringLiteral("modified_ns"), QString::number(modifiedNs)},
                     {QStringLiteral("finished_at"), finishedAt}};
    if (length)
        json.insert(QStringLiteral("length"), *length);
    if (unverifiedFrom)
        json.insert(QStringLiteral("unverified_from"), *unverifiedFrom);
    return json;
}

std::optional<UploadRecord> UploadRecord::fromJson(const QJsonObject &json)
{
    UploadRecord record;
    record.id = json[u"id"].toString().toLatin1();
    record.linkId = json[u"link"].toString().toLatin1();
    record.metadata = json[u"metadata"].toString().toLatin1();
    record.fileName = json[u"file"].toString();
    record.length = optionalCount(json, u"length");
    record.unverifiedFrom = optionalCount(json, u"unverified_from");
    record.inode = json[u"inode"].toString().toULongLong();
    record.modifiedNs = json[u"modified_ns"].toString().toLongLong();
    record.finishedAt = json[u"finished_at"].toInteger();
    const auto state = std::find(stateNames.begin(), stateNames.end(), json[u"state"].toString());
    // The name becomes part of a path.
    const bool isGood = json[u"version"].toInteger() == recordVersion && isUploadId(record.id)
        && isUploadId(record.linkId) && state != stateNames.end() && !record.fileName.isEmpty()
        && !record.fileName.contains(u'/') && !record.fileName.startsWith(u'.')
        && !record.fileName.contains(QChar::Null);
    if (!isGood)
        return std::nullopt;
    record.state = State(state - stateNames.begin());
    return record;
}

} // namespace sendoff::shelf

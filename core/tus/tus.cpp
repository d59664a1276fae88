// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tus/tus.h"

#include <algorithm>
#include <limits>

namespace sendoff::tus {

namespace {

using namespace Qt::StringLiterals;

bool isMetadataKey(QByteArrayView key)
{
    return !key.isEmpty() && std::all_of(key.begin(), key.end(), [](char character) {
        return character > ' ' && character < 0x7f && character != ',';
    });
}

// RFC 4648 §4, padding required (§3.2).
std::optional<QByteArray> decodedBase64(QByteArrayView text)
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    auto decoded = QByteArray::fromBase64Encoding(
        text.toByteArray(), QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return std::nullopt;
    return std::move(decoded.decoded);
}

QList<QByteArrayView> splitAt(QByteArrayView text, char separator)
{
    QList<QByteArrayView> parts;
    for (;;) {
        const qsizetype end = text.indexOf(separator);
        if (end < 0) {
            parts.append(text);
            return parts;
        }
        parts.append(text.first(end));
        text = text.sliced(end + 1);
    }
}

} // namespace

std::optional<qint64> parseByteCount(QByteArrayView value)
{
    if (value.isEmpty())
        return std::nullopt;
    qint64 count = 0;
    for (const char character : value) {
        if (character < '0' || character > '9')
            return std::nullopt;
        const int digit = character - '0';
        if (count > (std::numeric_limits<qint64>::max() - digit) / 10)
            return std::nullopt;
        count = count * 10 + digit;
    }
    return count;
}

std::optional<qint64> parseByteCount(const QList<QByteArray> &values)
{
    if (values.size() != 1)
        return std::nullopt;
    return parseByteCount(QByteArrayView(values.first()));
}

bool isDeferLength(QByteArrayView value)
{
    return value == "1";
}

QList<QByteArray> parseList(QByteArrayView value)
{
    QList<QByteArray> items;
    for (const QByteArrayView part : splitAt(value, ',')) {
        const QByteArrayView item = part.trimmed();
        if (!item.isEmpty())
            items.append(item.toByteArray());
    }
    return items;
}

QByteArray formatList(const QList<QByteArray> &items)
{
    return items.join(',');
}

bool listHas(QByteArrayView list, QByteArrayView item)
{
    return parseList(list).contains(item);
}

std::optional<Metadata> parseMetadata(QByteArrayView value)
{
    Metadata metadata;
    if (value.trimmed().isEmpty())
        return metadata;
    for (const QByteArrayView part : splitAt(value, ',')) {
        // The space between key and value may be left out where the value is empty.
        const QByteArrayView pair = part.trimmed();
        const qsizetype space = pair.indexOf(' ');
        const QByteArrayView key = space < 0 ? pair : pair.first(space);
        const QByteArrayView encoded = space < 0 ? QByteArrayView() : pair.sliced(space + 1);
        const std::optional<QByteArray> decoded = decodedBase64(encoded);
        if (!isMetadataKey(key) || !decoded || metadata.contains(key.toByteArray()))
            return std::nullopt;
        metadata.insert(key.toByteArray(), *decoded);
    }
    return metadata;
}

std::optional<QByteArray> formatMetadata(const Metadata &metadata)
{
    QList<QByteArray> pairs;
    for (auto it = metadata.cbegin(); it != metadata.cend(); ++it) {
        if (!isMetadataKey(it.key()))
            return std::nullopt;
        pairs.append(it.value().isEmpty() ? it.key() : it.key() + ' ' + it.value().toBase64());
    }
    return formatList(pairs);
}

std::optional<Checksum> parseChecksum(QByteArrayView value)
{
    const QList<QByteArrayView> parts = splitAt(value, ' ');
    if (parts.size() != 2 || parts[0].isEmpty() || parts[1].isEmpty())
        return std::nullopt;
    std::optional<QByteArray> digest = decodedBase64(parts[1]);
    if (!digest)
        return std::nullopt;
    return Checksum{parts[0].toByteArray().toLower(), *std::move(digest)};
}

QByteArray formatChecksum(const Checksum &checksum)
{
    return checksum.algorithm + ' ' + checksum.digest.toBase64();
}

std::optional<Concatenation> parseConcatenation(QByteArrayView value)
{
    Concatenation concatenation;
    if (value == "partial")
        return concatenation;
    constexpr QByteArrayView finalPrefix = "final;";
    if (!value.startsWith(finalPrefix))
        return std::nullopt;
    concatenation.kind = Concatenation::Kind::Final;
    for (const QByteArrayView part : splitAt(value.sliced(finalPrefix.size()), ' ')) {
        if (!part.isEmpty())
            concatenation.parts.append(part.toByteArray());
    }
    if (concatenation.parts.isEmpty())
        return std::nullopt;
    return concatenation;
}

QByteArray formatConcatenation(const Concatenation &concatenation)
{
    if (concatenation.kind == Concatenation::Kind::Partial)
        return "partial"_ba;
    return "final;"_ba + concatenation.parts.join(' ');
}

std::optional<QUrl> resolveLocation(const QUrl &creationUrl, QByteArrayView location)
{
    const bool isPlain = std::all_of(location.begin(), location.end(), [](char character) {
        return static_cast<unsigned char>(character) > ' ' && character != 0x7f;
    });
    if (location.isEmpty() || !isPlain)
        return std::nullopt;
    const QUrl reference(QString::fromUtf8(location), QUrl::StrictMode);
    if (!reference.isValid())
        return std::nullopt;
    constexpr auto bareParts = QUrl::RemoveFragment | QUrl::RemoveUserInfo;
    const QUrl url = creationUrl.resolved(reference).adjusted(bareParts);
    const bool isHttp = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
    if (!url.isValid() || !isHttp || url.host().isEmpty() || !reference.userInfo().isEmpty())
        return std::nullopt;
    // PATCH goes there: a server that names the creation URL itself has not made an upload.
    if (url == creationUrl.adjusted(bareParts))
        return std::nullopt;
    return url;
}

} // namespace sendoff::tus

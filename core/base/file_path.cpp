// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file_path.h"

#include <QStringDecoder>
#include <QUrl>

#include <array>

namespace sendoff {

namespace {

const QString bytesPrefix = QStringLiteral("bytes:");

bool reordersText(char32_t character)
{
    return (character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069)
        || character == 0x200e || character == 0x200f || character == 0x061c;
}

QString escapedCharacter(char32_t character)
{
    switch (character) {
    case '\n':
        return QStringLiteral("\\n");
    case '\r':
        return QStringLiteral("\\r");
    case '\t':
        return QStringLiteral("\\t");
    default:
        break;
    }
    if (character < 0x20 || (character >= 0x7f && character < 0xa0))
        return QStringLiteral("\\x%1").arg(uint(character), 2, 16, QLatin1Char('0'));
    if (reordersText(character) || character == 0x2028 || character == 0x2029)
        return QStringLiteral("\\u%1").arg(uint(character), 4, 16, QLatin1Char('0'));
    return QString::fromUcs4(&character, 1);
}

// Decodes UTF-8; each byte that is not part of it as \xNN.
QString decodedForDisplay(const std::string &bytes)
{
    QString text;
    std::size_t position = 0;
    while (position < bytes.size()) {
        std::size_t length = 1;
        const auto lead = static_cast<unsigned char>(bytes[position]);
        if (lead >= 0xf0)
            length = 4;
        else if (lead >= 0xe0)
            length = 3;
        else if (lead >= 0xc0)
            length = 2;
        QStringDecoder decoder(QStringDecoder::Utf8);
        const QString decoded =
            decoder(QByteArrayView(bytes.data() + position,
                                   qsizetype(std::min(length, bytes.size() - position))));
        const bool isWhole = position + length <= bytes.size() && !decoder.hasError()
            && !decoded.isEmpty() && !decoded.contains(QChar::ReplacementCharacter);
        if (isWhole) {
            text += escapedText(decoded);
            position += length;
        } else {
            text += QStringLiteral("\\x%1").arg(uint(lead), 2, 16, QLatin1Char('0'));
            ++position;
        }
    }
    return text;
}

bool isValidUtf8(const std::string &bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString decoded = decoder(QByteArrayView(bytes.data(), qsizetype(bytes.size())));
    (void)decoded;
    return !decoder.hasError();
}

// The longest prefix of at most `maxBytes` bytes of UTF-8.
QString cutToBytes(const QString &text, qsizetype maxBytes)
{
    QString result;
    qsizetype bytes = 0;
    for (const char32_t character : text.toUcs4()) {
        const qsizetype length = character < 0x80 ? 1
            : character < 0x800                   ? 2
            : character < 0x10000                 ? 3
                                                  : 4;
        if (bytes + length > maxBytes)
            break;
        bytes += length;
        result += QString::fromUcs4(&character, 1);
    }
    return result;
}

bool isReservedName(const QString &stem)
{
    static const QStringList reserved{QStringLiteral("CON"), QStringLiteral("PRN"),
                                      QStringLiteral("AUX"), QStringLiteral("NUL")};
    const QString upper = stem.toUpper();
    if (reserved.contains(upper))
        return true;
    return upper.size() == 4 && upper[3] >= u'1' && upper[3] <= u'9'
        && (upper.startsWith(u"COM") || upper.startsWith(u"LPT"));
}

} // namespace

QString escapedText(QStringView text)
{
    QString result;
    result.reserve(text.size());
    for (const char32_t character : text.toUcs4())
        result += escapedCharacter(character);
    return result;
}

QString displayName(const FilePath &path)
{
    return decodedForDisplay(path.filename().empty() ? path.string() : path.filename().string());
}

QString displayPath(const FilePath &path)
{
    return decodedForDisplay(path.string());
}

QString toStored(const FilePath &path)
{
    const std::string bytes = path.string();
    const QString plain = QString::fromStdString(bytes);
    if (isValidUtf8(bytes) && !plain.startsWith(bytesPrefix))
        return plain;
    const QByteArray encoded = QByteArray(bytes.data(), qsizetype(bytes.size())).toPercentEncoding();
    return bytesPrefix + QString::fromLatin1(encoded);
}

FilePath fromStored(const QString &stored)
{
    if (!stored.startsWith(bytesPrefix))
        return stored.toStdString();
    const QByteArray encoded = stored.mid(bytesPrefix.size()).toLatin1();
    return QByteArray::fromPercentEncoding(encoded).toStdString();
}

QString safeFileName(const QString &name, qsizetype maxBytes)
{
    QString clean;
    for (char32_t character : name.toUcs4()) {
        static constexpr std::u32string_view separators = U"/\\:*?\"<>|";
        if (character < 0x20 || (character >= 0x7f && character < 0xa0) || reordersText(character)
            || separators.find(character) != std::u32string_view::npos
            || character == QChar::ReplacementCharacter)
            character = U'_';
        clean += QString::fromUcs4(&character, 1);
    }
    while (clean.startsWith(u'.') || clean.startsWith(u' '))
        clean.remove(0, 1);
    while (clean.endsWith(u'.') || clean.endsWith(u' '))
        clean.chop(1);
    const qsizetype dot = clean.lastIndexOf(u'.');
    const bool hasExtension = dot > 0 && clean.size() - dot <= 12;
    QString extension = hasExtension ? clean.mid(dot) : QString();
    QString stem = hasExtension ? clean.left(dot) : clean;
    if (isReservedName(stem))
        stem += u'_';
    stem = cutToBytes(stem, maxBytes - extension.toUtf8().size());
    if (stem.isEmpty())
        stem = QStringLiteral("video");
    return stem + extension;
}

FilePath partialPath(const FilePath &target, const QString &id)
{
    const std::string suffix = ".part-" + id.toStdString();
    std::string name = target.filename().string();
    const std::size_t room = 255 - 1 - suffix.size();
    if (name.size() > room) {
        std::size_t end = room;
        while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80)
            --end; // not inside of a character
        name.resize(end);
    }
    return target.parent_path() / ("." + name + suffix);
}

FilePath freePath(const FilePath &target)
{
    FilePath candidate = target;
    std::error_code code;
    for (int number = 2; std::filesystem::symlink_status(candidate, code).type()
         != std::filesystem::file_type::not_found;
         ++number) {
        const std::string name = target.stem().string() + " (" + std::to_string(number) + ")"
            + target.extension().string();
        candidate = target.parent_path() / name;
    }
    return candidate;
}

} // namespace sendoff

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
    return (character >= 0x202a && character <= 0x202e)
        || (character >= 0x2066 && character <= 0x2069) || character == 0x200e
        || character == 0x200f || character == 0x061c;
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
        const QString decoded = decoder(QByteArrayView(
            bytes.data() + position, qsizetype(std::min(length, bytes.size() - position))));
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

// On Windows, whatever follows the first dot.
bool isReservedName(const QString &name)
{
    static const QStringList reserved{QStringLiteral("CON"), QStringLiteral("PRN"),
                                      QStringLiteral("AUX"), QStringLiteral("NUL")};
    const QString upper = name.left(name.indexOf(u'.')).trimmed().toUpper();
    if (reserved.contains(upper))
        return true;
    return upper.size() == 4 && upper[3] >= u'1' && upper[3] <= u'9'
        && (upper.startsWith(u"COM") || upper.startsWith(u"LPT"));
}

QString withoutDotsAndSpacesAtTheEnd(QString name)
{
    while (name.endsWith(u'.') || name.endsWith(u' '))
        name.chop(1);
    return name;
}

// Cut at a UTF-8 boundary.
void shorten(std::string &name, std::size_t maxBytes)
{
    if (name.size() <= maxBytes)
        return;
    std::size_t end = maxBytes;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80)
        --end; // not inside of a character
    name.resize(end);
}

constexpr std::size_t maxNameBytes = 255; // of one component, on every file system in use

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
    // Not only invalid UTF-8 is lost on the way to text: a byte order mark at the start is too.
    if (plain.toStdString() == bytes && !plain.startsWith(bytesPrefix))
        return plain;
    const QByteArray encoded =
        QByteArray(bytes.data(), qsizetype(bytes.size())).toPercentEncoding();
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
    clean = withoutDotsAndSpacesAtTheEnd(clean);
    if (isReservedName(clean))
        clean.prepend(u'_');
    const qsizetype dot = clean.lastIndexOf(u'.');
    const bool hasExtension = dot > 0 && clean.size() - dot <= 12;
    QString extension = hasExtension ? clean.mid(dot) : QString();
    QString stem = hasExtension ? clean.left(dot) : clean;
    stem = cutToBytes(stem, maxBytes - extension.toUtf8().size());
    if (extension.isEmpty())
        stem = withoutDotsAndSpacesAtTheEnd(stem);
    if (stem.isEmpty())
        stem = QStringLiteral("video");
    return stem + extension;
}

FilePath partialPath(const FilePath &target, const QString &id)
{
    const std::string suffix = ".part-" + id.toStdString();
    std::string name = target.filename().string();
    shorten(name, maxNameBytes - 1 - suffix.size());
    return target.parent_path() / ("." + name + suffix);
}

FilePath freePath(const FilePath &target)
{
    FilePath candidate = target;
    std::error_code code;
    // A link that leads nowhere is taken too. What cannot be looked at (a folder without
    // permission) is not: opening it will say why.
    for (int number = 2; std::filesystem::exists(std::filesystem::symlink_status(candidate, code));
         ++number) {
        const std::string ending =
            " (" + std::to_string(number) + ")" + target.extension().string();
        std::string stem = target.stem().string();
        shorten(stem, maxNameBytes - std::min(ending.size(), maxNameBytes));
        candidate = target.parent_path() / (stem + ending);
    }
    return candidate;
}

} // namespace sendoff

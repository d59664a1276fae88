// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/shell_quote.h"

#include "core/base/file_path.h"

#include <algorithm>

namespace sendoff::media {

namespace {

bool isSafeByte(char byte)
{
    const bool isLetter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    const bool isDigit = byte >= '0' && byte <= '9';
    return isLetter || isDigit || QByteArrayView("_-./:,=+@%").contains(byte);
}

// Valid UTF-8 without anything that a terminal would act on or that a copied line would lose.
bool isPrintable(const QByteArray &bytes)
{
    const QString text = QString::fromUtf8(bytes);
    return text.toUtf8() == bytes && escapedText(text) == text;
}

QByteArray inSingleQuotes(QByteArray bytes)
{
    return '\'' + bytes.replace('\'', "'\\''") + '\'';
}

// "$(printf '…')" with octal escapes, the one portable way; command substitution takes final line
// feeds away, so these follow in quotes.
QByteArray byPrintf(const QByteArray &bytes)
{
    qsizetype end = bytes.size();
    while (end > 0 && bytes[end - 1] == '\n')
        --end;
    QByteArray format;
    for (const char byte : bytes.first(end)) {
        const auto value = static_cast<unsigned char>(byte);
        const bool isPlain =
            value > 0x20 && value < 0x7f && byte != '\\' && byte != '%' && byte != '\'';
        if (isPlain || byte == ' ')
            format += byte;
        else
            format += '\\' + QByteArray::number(value, 8).rightJustified(3, '0');
    }
    QByteArray word = "\"$(printf '" + format + "')\"";
    if (end < bytes.size())
        word += inSingleQuotes(bytes.sliced(end));
    return word;
}

} // namespace

QString shellQuoted(const QByteArray &bytes)
{
    const bool isPlain = !bytes.isEmpty() && std::all_of(bytes.cbegin(), bytes.cend(), &isSafeByte);
    if (isPlain)
        return QString::fromLatin1(bytes);
    return QString::fromUtf8(isPrintable(bytes) ? inSingleQuotes(bytes) : byPrintf(bytes));
}

QString shellQuoted(const QString &text)
{
    return shellQuoted(text.toUtf8());
}

} // namespace sendoff::media

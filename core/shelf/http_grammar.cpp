// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/http_grammar.h"

#include <algorithm>
#include <limits>

namespace sendoff::shelf {

namespace {

bool isTokenCharacter(char character)
{
    constexpr QByteArrayView marks = "!#$%&'*+-.^_`|~";
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z') || marks.contains(character);
}

} // namespace

bool isToken(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), isTokenCharacter);
}

bool isVisible(char character)
{
    return character > ' ' && character < 0x7f;
}

bool isFieldValue(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char character) {
        const auto byte = static_cast<unsigned char>(character);
        return byte == '\t' || (byte >= ' ' && byte != 0x7f);
    });
}

QByteArrayView withoutFieldSpace(QByteArrayView text)
{
    const auto isSpace = [](char character) { return character == ' ' || character == '\t'; };
    while (!text.isEmpty() && isSpace(text.front()))
        text = text.sliced(1);
    while (!text.isEmpty() && isSpace(text.back()))
        text.chop(1);
    return text;
}

bool isSameName(QByteArrayView a, QByteArrayView b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

std::optional<qint64> parseDigits(QByteArrayView text, int base)
{
    qint64 value = 0;
    for (const char character : text) {
        int digit = base;
        if (character >= '0' && character <= '9')
            digit = character - '0';
        else if (character >= 'a' && character <= 'f')
            digit = character - 'a' + 10;
        else if (character >= 'A' && character <= 'F')
            digit = character - 'A' + 10;
        if (digit >= base || value > (std::numeric_limits<qint64>::max() - digit) / base)
            return std::nullopt;
        value = value * base + digit;
    }
    if (text.isEmpty())
        return std::nullopt;
    return value;
}

} // namespace sendoff::shelf

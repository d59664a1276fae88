// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The smallest pieces of HTTP's grammar (RFC 9110 §5), as the request parser needs them. Pure.

#include <QByteArray>

#include <optional>

namespace sendoff::shelf {

// Methods and names of headers (RFC 9110 §5.6.2); not empty.
bool isToken(QByteArrayView text);
// A character that may stand in a request's address: ASCII without space and controls.
bool isVisible(char character);
// What may stand in a header (RFC 9110 §5.5): no control characters but the tab; bytes from 0x80
// are opaque.
bool isFieldValue(QByteArrayView text);
// Without spaces and tabs at both ends (OWS).
QByteArrayView withoutFieldSpace(QByteArrayView text);
// Names are compared without case.
bool isSameName(QByteArrayView a, QByteArrayView b);
// Digits only, `base` 10 or 16, without sign and prefix; nothing over an int64.
std::optional<qint64> parseDigits(QByteArrayView text, int base);

} // namespace sendoff::shelf

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// HTTP-date (RFC 9110 §5.6.7), the form of Upload-Expires, Last-Modified and If-Range. Not for:
// any other way to write a date.

#include <QByteArray>

#include <chrono>
#include <optional>

namespace sendoff::tus {

// Reads all three forms: IMF-fixdate, RFC 850 and asctime. `now` decides the century of an RFC 850
// year: one that would lie more than 50 years ahead is in the past. Nothing for anything else.
// A wrong weekday is not looked at.
std::optional<std::chrono::sys_seconds> parseHttpDate(QByteArrayView text,
                                                      std::chrono::sys_seconds now);

// IMF-fixdate, the one form that may be sent: "Sun, 06 Nov 1994 08:49:37 GMT". Years 0 to 9999.
QByteArray formatHttpDate(std::chrono::sys_seconds time);

} // namespace sendoff::tus

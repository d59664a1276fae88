// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Paths are std::filesystem::path, byte-exact on every platform: a file name need not be valid
// UTF-8. What people see is an escaped form; what is stored reads back exactly.

#include <QString>

#include <filesystem>

namespace sendoff {

using FilePath = std::filesystem::path;

// For people: control characters and what would reorder a line as \n, \x1b, \u202e; invalid
// UTF-8 as \xff. Never used to open a file.
QString displayName(const FilePath &path); // the last component
QString displayPath(const FilePath &path);
// Any text from outside (metadata, server replies) in the same escaped form.
QString escapedText(QStringView text);

// For JSON and the database; fromStored(toStored(p)) == p for any p. Plain text where the bytes
// are valid UTF-8, else "bytes:" + percent-encoding.
QString toStored(const FilePath &path);
FilePath fromStored(const QString &stored);

// A valid UTF-8 name for a server or a new file, made from any text: separators, control
// characters, reserved names, leading dots and trailing dots and spaces replaced; at most
// `maxBytes` of UTF-8, cut at a character, the extension kept. Never empty.
QString safeFileName(const QString &name, qsizetype maxBytes = 240);

// `.name.part-<id>` beside `target`, its name cut so that it fits 255 bytes.
FilePath partialPath(const FilePath &target, const QString &id);
// `target`, or the first of `target (2)`, `target (3)`, … that does not exist.
FilePath freePath(const FilePath &target);

} // namespace sendoff

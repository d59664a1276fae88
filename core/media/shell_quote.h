// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// One word for a POSIX shell, from any bytes. Private to core/media.

#include <QByteArray>
#include <QString>

namespace sendoff::media {

// Reads back as exactly these bytes in sh, dash, bash and zsh. Stays on one line and printable
// whatever the bytes are, but for a line feed at the very end, which a shell can only take as it
// is. NUL cannot occur in a word.
QString shellQuoted(const QByteArray &bytes);
QString shellQuoted(const QString &text);

} // namespace sendoff::media

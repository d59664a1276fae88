// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Which files the Shelf takes and serves: videos and sound, told by the end of their names. A list
// of what is allowed, so that nothing a browser would run or render can ever lie behind a link.

#include <QByteArray>
#include <QString>

#include <optional>

namespace sendoff::shelf {

// "video/…" or "audio/…" for a name the Shelf takes. Case does not matter.
std::optional<QByteArray> mediaTypeOf(QStringView fileName);
// The usual extension, without the dot, for a media type that the Shelf takes.
std::optional<QString> extensionFor(QByteArrayView mediaType);

} // namespace sendoff::shelf

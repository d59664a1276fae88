// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// presetDigest(): tells whether a preset is still the one that a job was made with. A preset that
// was edited is another one.

#include "core/base/sha256.h"
#include "core/media/preset.h"

#include <QJsonDocument>

namespace sendoff::media {

// SHA-256 of its JSON, hex.
inline QByteArray presetDigest(const Preset &preset)
{
    const QByteArray json = QJsonDocument(preset.source).toJson(QJsonDocument::Compact);
    Sha256 digest;
    digest.add(json.constData(), json.size());
    return digest.hex();
}

} // namespace sendoff::media

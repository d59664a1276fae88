// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What a preset may say: containers, encoders and, for each encoder, the options that can neither
// name a file nor reach a filter. Private to core/media.

#include <QString>
#include <QStringList>

#include <optional>

namespace sendoff::media {

struct KnownEncoder {
    const char *name; // libav's encoder name
    const char *codec; // of what it makes, libav's codec name
    bool isVideo;
};

// Null for an encoder that presets may not use.
const KnownEncoder *knownEncoder(const QString &name);

// Nothing where the option may be set so, else why not: "crf must be 0 to 51".
std::optional<QString> encoderOptionProblem(const QString &encoder, const QString &option,
                                            const QString &value);

struct KnownContainer {
    const char *name; // muxer
    const char *extension;
    const char *audioExtension; // where no video is left
    const char *title;
};
const KnownContainer *knownContainer(const QString &name); // null for others
QStringList containerNames();

// Whether players expect such a stream there, and the muxer takes it. "source" takes all.
bool containerHolds(const QString &container, const QString &codec);

// Formats that an encoder may be asked for.
const QStringList &knownPixelFormats();

} // namespace sendoff::media

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// probe(): what is in a file, read through our own descriptor within the limits of input.h.

#include "core/base/result.h"
#include "core/base/source_file.h"
#include "core/media/media_info.h"

#include <QJsonObject>

#include <memory>
#include <stop_token>

namespace sendoff::media {

// Blocking, typically 10–100 ms: I/O pool. SourceEmpty, SourceNotMedia, SourceNoStreams (neither
// video nor audio), SourceTooLarge, SourceUnreadable, SourceChanged, Cancelled. Gives up after
// ten seconds of reading with SourceNotMedia.
Result<MediaInfo> probe(std::shared_ptr<const SourceFile> source, std::stop_token stop);

// For `probe --json`: times in decimal seconds, texts from the file as they are.
QJsonObject toJson(const MediaInfo &info);

} // namespace sendoff::media

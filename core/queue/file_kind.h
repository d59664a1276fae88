// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FileKind: what a file's name says about it, before anything is opened. Pure. Not for: what is in
// it (core/media/probe.h).

#include "core/base/file_path.h"

namespace sendoff::queue {

enum class FileKind {
    Media, // video or sound: a row even where it cannot be read
    NotMedia, // pictures, texts, archives, …: never opened
    Unknown, // only its content tells
};

FileKind kindOfName(const FilePath &path);

} // namespace sendoff::queue

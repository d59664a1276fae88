// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The names that are tried where one is taken: “name.mp4”, “name (2).mp4”, … Not for: files of this
// computer (freePath in core/base/file_path.h).

#include <QString>

namespace sendoff::transfer {

// `number` counts from 1.
QString numberedName(const QString &name, int number);

} // namespace sendoff::transfer

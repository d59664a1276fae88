// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// describeInput(): what probe() says of a file, for whoever has opened it already. Private to
// core/media.

#include "core/media/input.h"
#include "core/media/media_info.h"

namespace sendoff::media {

MediaInfo describeInput(const Input &input);

} // namespace sendoff::media

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Whether a video may be sent while it is exported, and how. Pure.

#include "core/media/plan.h"
#include "core/transfer/destination.h"

#include <QList>

namespace sendoff::queue {

// `layout` is the user's wish, `destinations` what each of them can. In order where any of them
// takes bytes only so; not yet where one needs the length first, or shows at once what it gets.
media::SendOrder sendOrderFor(media::Layout layout,
                              const QList<transfer::Capabilities> &destinations);

} // namespace sendoff::queue

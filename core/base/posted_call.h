// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Functions that run on the event loop of another thread. Work goes there by runOn() (run_on.h),
// which stands on this; what is here starts, sets and ends what lives on a thread.

#include <functional>

class QThread;

namespace sendoff {

// Any thread. Calls from one thread to another run in their order, among other posted events. The
// function is destroyed on `thread`, after it ran; a thread whose loop has ended runs nothing.
// What the caller wrote before is visible to the function, also to ThreadSanitizer, which cannot
// see the locks inside of Qt.
void postCall(QThread *thread, std::function<void()> call);

// The same, and waits until `call` has run; the caller then sees what it wrote. `thread` runs its
// event loop and is not the caller's.
void callAndWait(QThread *thread, const std::function<void()> &call);

} // namespace sendoff

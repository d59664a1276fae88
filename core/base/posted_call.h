// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// postCall(): runs a function on the event loop of another thread. The ground under runOn()
// (run_on.h), which is what everyone else uses.

#include <functional>

class QThread;

namespace sendoff {

// Any thread. Calls from one thread to another run in their order, among other posted events. The
// function is destroyed on `thread`, after it ran; a thread whose loop has ended runs nothing.
// What the caller wrote before is visible to the function, also to ThreadSanitizer, which cannot
// see the locks inside of Qt.
void postCall(QThread *thread, std::function<void()> call);

} // namespace sendoff

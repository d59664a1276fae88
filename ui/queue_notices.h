// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the notice bar says about the queue as a whole: what was restored, a server that does not
// answer, a queue that cannot be saved. Pure. Not for: one job's trouble (its row says it).

#include "core/queue/scheduler.h"
#include "core/queue/session_log.h"
#include "ui/bars/notice_bar.h"

#include <QStringList>

#include <functional>
#include <optional>

namespace sendoff::ui {

QString destinationKey(const QString &place);
// Nothing where it is ready, or where nothing waits for it.
std::optional<Notice> destinationNotice(const queue::DestinationState &state,
                                        std::function<void()> tryNow);

Notice notSavedNotice(const Error &error);
// Records of the stored queue that could not be read; they are kept aside.
Notice problemsNotice(const QStringList &problems);
// How the queue was found at the start; nothing where there is nothing to say. `pauseAll` and
// `resumeAll` stand behind its button.
std::optional<Notice> restoredNotice(const queue::StartReport &report,
                                     std::function<void()> pauseAll,
                                     std::function<void()> resumeAll);

} // namespace sendoff::ui

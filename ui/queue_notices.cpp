// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue_notices.h"

#include "core/base/error_text.h"
#include "core/queue/recipe_text.h"

#include <QCoreApplication>

namespace sendoff::ui {

namespace {

struct NoticeWords {
    Q_DECLARE_TR_FUNCTIONS(NoticeWords)
};

QString whatIsWrong(const queue::DestinationState &state)
{
    using Health = queue::DestinationState::Health;
    const QString name = queue::placeText(state.place);
    switch (state.health) {
    case Health::Ready:
        return {};
    case Health::Unreachable:
        return NoticeWords::tr("Can't reach %1.").arg(name);
    case Health::SignInNeeded:
        return NoticeWords::tr("%1 wants you to sign in.").arg(name);
    case Health::Full:
        break;
    }
    return NoticeWords::tr("%1 is full.").arg(name);
}

} // namespace

QString destinationKey(const QString &place)
{
    return QStringLiteral("destination ") + place;
}

std::optional<Notice> destinationNotice(const queue::DestinationState &state,
                                        std::function<void()> tryNow)
{
    using Health = queue::DestinationState::Health;
    if (state.health == Health::Ready || state.waitingJobs == 0)
        return std::nullopt;
    const QString waits =
        NoticeWords::tr("%n upload(s) wait(s) and will go on by itself.", nullptr, state.waitingJobs);
    Notice notice;
    notice.key = destinationKey(state.place);
    notice.tone = state.health == Health::Unreachable ? Tone::Held : Tone::Attention;
    //: %1 is what is wrong, %2 what waits for it
    notice.text = NoticeWords::tr("%1 %2").arg(whatIsWrong(state), waits);
    BarAction again;
    again.text = NoticeWords::tr("&Try now");
    again.act = std::move(tryNow);
    again.keepsBar = true;
    notice.actions = {again};
    return notice;
}

Notice notSavedNotice(const Error &error)
{
    Notice notice;
    notice.key = QStringLiteral("not-saved");
    notice.tone = Tone::Attention;
    //: %1 is a sentence: "The disk is full."
    notice.text =
        NoticeWords::tr("The queue is not being saved; it goes on in memory. %1")
            .arg(describe(error).sentence());
    return notice;
}

Notice problemsNotice(const QStringList &problems)
{
    Notice notice;
    notice.key = QStringLiteral("problems");
    notice.tone = Tone::Attention;
    notice.text = problems.join(u' ');
    return notice;
}

std::optional<Notice> restoredNotice(const queue::StartReport &report,
                                     std::function<void()> pauseAll,
                                     std::function<void()> resumeAll)
{
    if (report.restored == 0)
        return std::nullopt;
    QStringList sentences;
    if (report.startsPaused)
        sentences.append(NoticeWords::tr("Everything is paused, because Sendoff stopped twice "
                                         "right after its start."));
    else if (report.wasUnclean)
        sentences.append(
            NoticeWords::tr("Sendoff did not close properly. Nothing finished was lost."));
    sentences.append(NoticeWords::tr("Restored %n video(s).", nullptr, report.restored));
    if (!report.startsPaused && report.resumedExports > 0)
        sentences.append(NoticeWords::tr("%n export(s) go(es) on from the last segment.", nullptr,
                                         report.resumedExports));
    if (!report.startsPaused && report.resumedUploads > 0)
        sentences.append(NoticeWords::tr("%n upload(s) go(es) on where it was.", nullptr,
                                         report.resumedUploads));
    if (!report.heldBack.isEmpty())
        sentences.append(NoticeWords::tr("%n video(s) wait(s) for you, because Sendoff stopped "
                                         "twice while it was at work on them.",
                                         nullptr, int(report.heldBack.size())));
    BarAction action;
    action.text =
        report.startsPaused ? NoticeWords::tr("&Resume all") : NoticeWords::tr("&Pause all");
    action.act = report.startsPaused ? std::move(resumeAll) : std::move(pauseAll);
    Notice notice;
    notice.key = QStringLiteral("restored");
    notice.tone = report.startsPaused || !report.heldBack.isEmpty() ? Tone::Attention
                                                                     : Tone::Information;
    notice.text = sentences.join(u' ');
    notice.actions = {action};
    return notice;
}

} // namespace sendoff::ui

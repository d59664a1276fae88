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

std::optional<Notice> restoredNotice(int unfinished, int exports, int uploads,
                                     std::function<void()> pauseAll)
{
    if (unfinished == 0)
        return std::nullopt;
    Notice notice;
    notice.key = QStringLiteral("restored");
    notice.text = NoticeWords::tr("Restored %n video(s).", nullptr, unfinished);
    if (exports > 0)
        notice.text += u' ' + NoticeWords::tr("%n export(s) start(s) again.", nullptr, exports);
    if (uploads > 0)
        notice.text +=
            u' ' + NoticeWords::tr("%n upload(s) go(es) on where it was.", nullptr, uploads);
    BarAction pause;
    pause.text = NoticeWords::tr("&Pause all");
    pause.act = std::move(pauseAll);
    notice.actions = {pause};
    return notice;
}

} // namespace sendoff::ui

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue_words.h"

#include "core/base/error_text.h"

#include <QCoreApplication>
#include <QStringList>

namespace sendoff::ui {

namespace {

struct QueueWords {
    Q_DECLARE_TR_FUNCTIONS(QueueWords)
};

QString leftText(const QueueFigures &figures)
{
    if (!figures.shortestLeft || !figures.longestLeft)
        return {};
    const qint64 shortest = figures.shortestLeft->count();
    const qint64 longest = figures.longestLeft->count();
    if (longest >= 120 && longest / 60 > shortest / 60)
        //: A range of time: "8–11 min left"
        return QueueWords::tr("%1–%2 min left")
            .arg(qMax<qint64>(1, shortest / 60))
            .arg((longest + 59) / 60);
    //: %1 is a duration: "40 s", "3 min 20 s"
    return QueueWords::tr("%1 left").arg(durationText(longest));
}

} // namespace

QString windowTitle(const QueueFigures &figures)
{
    const QString program = QStringLiteral("Sendoff");
    const bool exports = figures.exporting > 0;
    const bool uploads = figures.uploading > 0;
    QString state;
    if (exports && uploads)
        state = QueueWords::tr("%1 exporting, %2 uploading")
                    .arg(figures.exporting)
                    .arg(figures.uploading);
    else if (exports)
        state = QueueWords::tr("%1 exporting").arg(figures.exporting);
    else if (uploads)
        state = QueueWords::tr("%1 uploading").arg(figures.uploading);
    else if (figures.attention > 0)
        state = QueueWords::tr("%n need(s) attention", nullptr, figures.attention);
    else if (figures.isPausedAll && figures.all > figures.done)
        state = QueueWords::tr("paused");
    //: The window's title. %1 says what runs, %2 is the program's name.
    return state.isEmpty() ? program : QueueWords::tr("%1 — %2").arg(state, program);
}

QString statusSentence(const QueueFigures &figures)
{
    if (figures.all == 0)
        return QueueWords::tr("Ready");
    QStringList parts;
    if (figures.isPausedAll)
        parts.append(QueueWords::tr("All paused"));
    if (figures.exporting > 0)
        parts.append(QueueWords::tr("%1 of %2 exports")
                         .arg(figures.exporting)
                         .arg(qMax(figures.exporting, figures.exportSlots)));
    if (figures.uploading > 0)
        parts.append(QueueWords::tr("%1 of %2 uploads")
                         .arg(figures.uploading)
                         .arg(qMax(figures.uploading, figures.uploadSlots)));
    if (figures.attention > 0)
        parts.append(QueueWords::tr("%n need(s) attention", nullptr, figures.attention));
    const bool isAtRest = parts.isEmpty();
    if (isAtRest && figures.done == figures.all)
        parts.append(QueueWords::tr("%n video(s) done", nullptr, figures.done));
    else if (isAtRest)
        parts.append(QueueWords::tr("%n video(s) waiting", nullptr, figures.waiting + figures.paused));
    if (const QString left = leftText(figures); !left.isEmpty() && !figures.isPausedAll)
        parts.append(left);
    return parts.join(QStringLiteral(" · "));
}

QString quitQuestion(const QuitCost &cost)
{
    if (cost.exports == 0 || cost.exportSeconds < worthAsking)
        return {};
    //: %1 is a duration: "40 s"
    QString question =
        QueueWords::tr("%n export(s) start again (about %1 of work).", nullptr, cost.exports)
            .arg(durationText(qint64(cost.exportSeconds)));
    if (cost.uploads > 0)
        question += u' '
            + QueueWords::tr("%n upload(s) continue where they are.", nullptr, cost.uploads);
    return question;
}

} // namespace sendoff::ui

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/row_content.h"

#include "core/queue/quantity_text.h"

#include <QCoreApplication>
#include <QUrl>

#include <algorithm>
#include <cmath>

namespace sendoff::ui {

using queue::Job;
using queue::Leg;
using queue::LegKind;
using queue::LegState;
using queue::RowFacts;
using queue::RowState;
using queue::RowWord;

namespace {

struct RowWords {
    Q_DECLARE_TR_FUNCTIONS(QueueRow)
};

double fractionOf(const Leg &leg, const queue::LegProgress &progress)
{
    if (leg.state == LegState::Done)
        return 1;
    if (std::isfinite(progress.fraction) && progress.fraction >= 0)
        return std::min(progress.fraction, 1.0);
    if (leg.totalBytes > 0)
        return std::clamp(double(leg.doneBytes) / double(leg.totalBytes), 0.0, 1.0);
    return 0;
}

Track::Look lookOf(const Leg &leg, const RowState &state, double fraction)
{
    switch (leg.state) {
    case LegState::Running:
    case LegState::Verifying:
        return Track::Look::Working;
    case LegState::NeedsAttention:
        return Track::Look::Attention;
    case LegState::Done:
        return Track::Look::Done;
    case LegState::Paused:
    case LegState::Retrying:
    case LegState::Cancelled:
        return fraction > 0 ? Track::Look::Held : Track::Look::NotBegun;
    case LegState::Waiting:
    case LegState::NotNeeded:
        break;
    }
    const bool isHeld = state.word != RowWord::Checking && fraction > 0;
    return isHeld ? Track::Look::Held : Track::Look::NotBegun;
}

// The look that a person must see first where several uploads share one track.
int urgency(Track::Look look)
{
    switch (look) {
    case Track::Look::Attention:
        return 4;
    case Track::Look::Working:
        return 3;
    case Track::Look::Held:
        return 2;
    case Track::Look::NotBegun:
        return 1;
    case Track::Look::Done:
        return 0;
    }
    Q_UNREACHABLE();
}

std::array<RowAction, 2> buttonsOf(const Job &job, RowWord word)
{
    switch (word) {
    case RowWord::Checking:
    case RowWord::ExportingAndUploading:
    case RowWord::Exporting:
    case RowWord::Uploading:
    case RowWord::Verifying:
    case RowWord::Retrying:
    case RowWord::Waiting:
        return {RowAction::Pause, RowAction::Cancel};
    case RowWord::Paused:
        return {RowAction::Resume, RowAction::Cancel};
    case RowWord::NeedsAttention:
        return {RowAction::Retry, RowAction::Cancel};
    case RowWord::Cancelled:
        return {job.cancelledMs > 0 ? RowAction::UndoCancel : RowAction::StartOver,
                RowAction::Remove};
    case RowWord::Done:
        return {linkOf(job).isEmpty() ? RowAction::ShowInFolder : RowAction::CopyLink,
                RowAction::Remove};
    }
    Q_UNREACHABLE();
}

QString accessibleText(const RowContent &row, RowPlace place)
{
    const QString number = QLocale().toString(place.row + 1);
    const QString count = QLocale().toString(place.rows);
    if (row.text.left.isEmpty()) {
        //: For screen readers. %1 name, %2 recipe, %3 state, %4 and %5 “row 1 of 9”.
        return RowWords::tr("%1, %2, %3, row %4 of %5")
            .arg(row.name, row.recipe, row.text.sentence, number, count);
    }
    //: For screen readers. %1 name, %2 recipe, %3 state, %4 time left, %5 and %6 “row 1 of 9”.
    return RowWords::tr("%1, %2, %3, %4, row %5 of %6")
        .arg(row.name, row.recipe, row.text.sentence, row.text.left, number, count);
}

} // namespace

QList<Track> tracksOf(const Job &job, const RowState &state, const RowFacts &facts)
{
    QList<Track> tracks;
    const double exported = fractionOf(job.exportLeg(), facts.leg(0));
    if (job.exportLeg().state != LegState::NotNeeded) {
        tracks.append({LegKind::Export, lookOf(job.exportLeg(), state, exported), exported});
    }
    if (job.legs.size() < 2)
        return tracks;
    Track uploads{LegKind::Upload, Track::Look::Done, 0};
    for (int index = 1; index < job.legs.size(); ++index) {
        const double fraction = fractionOf(job.legs[index], facts.leg(index));
        const Track::Look look = lookOf(job.legs[index], state, fraction);
        if (urgency(look) > urgency(uploads.look))
            uploads.look = look;
        uploads.fraction += fraction / double(job.legs.size() - 1);
    }
    tracks.append(uploads);
    return tracks;
}

RowContent rowContent(const Job &job, const RowState &state, const RowFacts &facts,
                      const queue::PresetTitles &titles, RowPlace place)
{
    RowContent row;
    row.id = job.id;
    row.name = displayName(job.source);
    row.recipe = queue::recipeText(job.recipe, titles);
    row.state = state;
    row.text = queue::rowText(job, state, facts);
    row.tracks = tracksOf(job, state, facts);
    row.buttons = buttonsOf(job, state.word);
    row.accessible = accessibleText(row, place);
    return row;
}

QString iconName(const RowState &state)
{
    switch (state.word) {
    case RowWord::Checking:
        return QStringLiteral("checking");
    case RowWord::NeedsAttention:
        return QStringLiteral("attention");
    case RowWord::Cancelled:
        return QStringLiteral("cancelled");
    case RowWord::Paused:
        return QStringLiteral("pause");
    case RowWord::ExportingAndUploading:
        return QStringLiteral("exporting-and-uploading");
    case RowWord::Exporting:
        return QStringLiteral("exporting");
    case RowWord::Uploading:
        return QStringLiteral("uploading");
    case RowWord::Verifying:
        return QStringLiteral("verifying");
    case RowWord::Retrying:
        return QStringLiteral("retrying");
    case RowWord::Waiting:
        return QStringLiteral("waiting");
    case RowWord::Done:
        return QStringLiteral("done");
    }
    Q_UNREACHABLE();
}

QString iconName(RowAction action)
{
    switch (action) {
    case RowAction::None:
        return {};
    case RowAction::Pause:
        return QStringLiteral("pause");
    case RowAction::Resume:
        return QStringLiteral("resume");
    case RowAction::Cancel:
    case RowAction::Remove:
        return QStringLiteral("cancel");
    case RowAction::UndoCancel:
        return QStringLiteral("undo");
    case RowAction::Retry:
        return QStringLiteral("retry");
    case RowAction::StartOver:
        return QStringLiteral("start-over");
    case RowAction::CopyLink:
        return QStringLiteral("copy-link");
    case RowAction::ShowInFolder:
        return QStringLiteral("show-in-folder");
    }
    Q_UNREACHABLE();
}

QString actionText(RowAction action)
{
    switch (action) {
    case RowAction::None:
        return {};
    case RowAction::Pause:
        return RowWords::tr("Pause");
    case RowAction::Resume:
        return RowWords::tr("Resume");
    case RowAction::Cancel:
        return RowWords::tr("Cancel");
    case RowAction::UndoCancel:
        return RowWords::tr("Undo cancel");
    case RowAction::Retry:
        return RowWords::tr("Retry");
    case RowAction::StartOver:
        return RowWords::tr("Start over");
    case RowAction::CopyLink:
        return RowWords::tr("Copy link");
    case RowAction::ShowInFolder:
        return RowWords::tr("Show in folder");
    case RowAction::Remove:
        return RowWords::tr("Remove from list");
    }
    Q_UNREACHABLE();
}

QString linkOf(const Job &job)
{
    for (const Leg &leg : job.legs) {
        const QString link = leg.result[u"url"].toString();
        if (leg.state == LegState::Done && !link.isEmpty())
            return link;
    }
    return {};
}

FilePath outputOf(const Job &job)
{
    const Leg &leg = job.exportLeg();
    if (leg.state == LegState::Done && !job.recipe.outputFolder.empty())
        return fromStored(leg.result[u"output"].toString());
    const QUrl link(linkOf(job));
    return link.isLocalFile() ? FilePath(link.toLocalFile().toStdString()) : FilePath();
}

} // namespace sendoff::ui

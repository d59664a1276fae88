// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// RowContent: all that one row of the queue shows, as a value: words, tracks, buttons. Pure. Not
// for: where it stands (row_layout.h) and how it is painted (row_delegate.h).

#include "core/queue/recipe_text.h"
#include "core/queue/row_text.h"

#include <QList>
#include <QMetaType>
#include <QString>

#include <array>

namespace sendoff::ui {

// One half of a row's progress: the export's or the uploads'.
struct Track {
    enum class Look {
        NotBegun, // an outline
        Working,
        Held, // hatched: paused, offline, backing off
        Attention, // with a red outline
        Done,
    };
    queue::LegKind kind = queue::LegKind::Export;
    Look look = Look::NotBegun;
    double fraction = 0; // 0…1

    bool operator==(const Track &) const = default;
};

// What a row's buttons and the menus can do.
enum class RowAction {
    None,
    Pause,
    Resume,
    Cancel,
    UndoCancel,
    Retry,
    StartOver,
    CopyLink,
    ShowInFolder,
    Remove,
};

struct RowContent {
    QString id;
    QString name; // displayed
    QString recipe;
    queue::RowState state;
    queue::RowText text;
    QList<Track> tracks; // one, or two halves
    std::array<RowAction, 2> buttons{RowAction::None, RowAction::None};
    QString accessible; // the whole row as one sentence
};

// `row` counts from 0.
struct RowPlace {
    int row = 0;
    int rows = 0;
};
RowContent rowContent(const queue::Job &job, const queue::RowState &state,
                      const queue::RowFacts &facts, const queue::PresetTitles &titles,
                      RowPlace place);

// Two halves where there are two phases; one where the file is only exported or only uploaded.
QList<Track> tracksOf(const queue::Job &job, const queue::RowState &state,
                      const queue::RowFacts &facts);

// resources/icons
QString iconName(const queue::RowState &state);
QString iconName(RowAction action);
// What a button or a menu entry says: “Pause”, “Copy link”.
QString actionText(RowAction action);

// Where the finished video is: a link, a local file; empty where there is none yet.
QString linkOf(const queue::Job &job);
FilePath outputOf(const queue::Job &job);

} // namespace sendoff::ui

Q_DECLARE_METATYPE(sendoff::ui::RowContent)

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// RowText: what a job's row says, in words: the same in the window, on the command line and to a
// screen reader. Pure. One whole template per case, so that a translator never glues. Not for:
// which state it is (row_state.h).

#include "core/queue/job_runner.h"
#include "core/queue/row_state.h"

#include <QList>
#include <QLocale>
#include <QString>

#include <chrono>
#include <optional>

namespace sendoff::queue {

// What a sentence needs beside the job. Everything may be unknown.
struct RowFacts {
    QList<LegProgress> legs; // by leg; may be shorter
    std::optional<std::chrono::seconds> left; // rounded: EtaEstimate::left()
    double bytesPerSecond = 0; // of the uploads
    double framesPerSecond = 0; // of the export
    int position = 0; // among those that wait for a slot; 1 = the next
    qint64 nowMs = 0; // system clock

    LegProgress leg(int index) const { return legs.value(index); }
};

struct RowText {
    QString word; // "Exporting": one of the words of UX.md 3, States
    QString sentence; // "Exporting 62 % · 41 fps"; begins with the word or says the same
    QString left; // "1 min 10 s left", "estimating…", or empty
};

RowText rowText(const Job &job, const RowState &state, const RowFacts &facts,
                const QLocale &locale = QLocale());

// The word of a state, as filters and columns show it.
QString rowWordText(RowWord word);

} // namespace sendoff::queue

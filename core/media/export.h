// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// exportMedia(): carries out a plan. A plain function of values: libav objects are born and die
// inside it, on the calling pool thread.

#include "core/base/output_feed.h"
#include "core/base/result.h"
#include "core/base/source_file.h"
#include "core/media/plan.h"

#include <QJsonObject>

#include <atomic>
#include <memory>
#include <stop_token>

namespace sendoff::media {

// Written by the export, read by anyone at ≤ 10 Hz.
struct ExportProgress {
    std::atomic<qint64> doneUs{0}; // of the result's timeline
    std::atomic<qint64> totalUs{-1}; // -1 = unknown; never below doneUs
    std::atomic<qint64> beganUs{0}; // where this run began
    std::atomic<qint64> safeUs{0}; // of doneUs, what a stop or a crash cannot take away any more
    std::atomic<qint64> bytes{0}; // written so far
    std::atomic<qint64> frames{0}; // pictures encoded by this run
    std::atomic<bool> isVerifying{false};
    std::atomic<bool> hasEnded{false}; // with success
    // 0…1, never decreasing and below 1 until the export has ended; -1 = unknown.
    double fraction() const;
};

struct ExportRequest {
    std::shared_ptr<const SourceFile> source;
    ExportPlan plan;
    FilePath partial; // created O_EXCL, removed unless the export succeeds
    int codecThreads = 0; // ≥ 1; with a journal, those of its first start count
    FilePath journal; // a folder from prepareJournal(); empty: nothing is kept, a stop loses all
    std::shared_ptr<OutputFeed> feed; // may be null; told of sealed bytes in fragmented layout
    std::shared_ptr<ExportProgress> progress; // not null
};

struct ExportWarning {
    QString kind; // stable: "shortfall", "decode-errors", "gap", "size-change", …
    QString text; // a sentence that says how much
};

struct ExportResult {
    qint64 bytes = 0;
    QByteArray sha256; // hex
    qint64 encodedFrames = 0; // video frames that an encoder took, in this run
    qint64 resumedFromUs = 0; // up to here the journal had everything
    qint64 copiedPackets = 0;
    qint64 durationUs = 0; // as measured in the finished file
    QList<ExportWarning> warnings;
};

// On success the partial file is whole, fsynced, reopened and checked against the plan (streams,
// duration, monotone dts, readable to the end). Renaming it is the caller's: publishOutput().
// The feed has been told complete() before returning, or fail(). Errors: every Source…, Output…,
// DiskFull, NoEncoder, EncoderFailed, Cancelled (≤ one frame after `stop`).
Result<ExportResult> exportMedia(ExportRequest request, std::stop_token stop);

// An export that is stopped goes on from its journal: the finished segments of its encoded video, in
// a folder of its own (DESIGN, The journal). What is copied, and sound, is read again.
struct JournalState {
    bool goesOn = false; // of an earlier start: the same bytes come out again, then more
    QString startsOverBecause; // a clause, where there was a journal that no longer fits
    int codecThreads = 1; // the export's, whatever is asked for later
};
// Before exportMedia(), with the same source and plan. Makes the folder or empties it where source,
// plan or FFmpeg are not those of the first start. Blocking. DiskFull, OutputNotWritable.
Result<JournalState> prepareJournal(const FilePath &folder, const SourceFile &source,
                                    const ExportPlan &plan, int codecThreads);

// Gives a verified partial file its final name: never over the source, never over an existing
// file unless told. Without `overwrite` an existing name gets " (2)". Fsyncs the folder. Returns
// the name given. OutputIsSource, OutputNotWritable, OutputExists.
enum class IfExists { AddNumber, Overwrite };
Result<FilePath> publishOutput(const FilePath &partial, const FilePath &target, IfExists ifExists,
                               const SourceFile &source);

// Before anything is started: is the folder there and writable, is the target not the source by
// path, link or inode, is there room for plan.minBytes?
Result<void> checkTarget(const FilePath &target, const ExportPlan &plan, const SourceFile &source);

// Is there room for the least that the plan expects: the result beside `output`, and in the folder
// `journal`, there or not, what it does not hold yet? Often it is one disk. DiskFull. While the
// export runs it forecasts the rest from what came so far, and ends with DiskFull in time.
Result<void> checkSpace(const FilePath &output, const FilePath &journal, const ExportPlan &plan);

} // namespace sendoff::media

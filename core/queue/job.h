// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Job: one video on its way, as a value. Not for: behaviour (job_runner.h).

#include "core/base/error.h"
#include "core/base/file_path.h"
#include "core/base/source_file.h"
#include "core/media/plan.h"
#include "core/queue/leg_state.h"

#include <QJsonObject>
#include <QList>
#include <QString>

#include <optional>

namespace sendoff::queue {

// What the user asked for.
struct Recipe {
    QString preset; // id, or the path of a JSON file; empty = no export
    QByteArray presetDigest; // of its JSON, hex: a preset that was edited is another one
    std::optional<media::Trim> trim; // whole file where absent
    bool encodeAlways = false;
    media::Layout layout = media::Layout::Auto;
    FilePath outputFolder; // absolute; exports end here; empty = only the uploads' deliverable
    FilePath subFolder; // of it, made where it is missing; of files found in a folder
    bool overwrite = false;
    QStringList destinations; // names or URLs without secrets; one upload leg each

    QJsonObject toJson() const;
    // Nothing where a field is missing, of another type or of a newer version.
    static std::optional<Recipe> fromJson(const QJsonObject &json);
    bool operator==(const Recipe &) const = default;
};

enum class LegKind { Export, Upload };

QString legKindName(LegKind kind); // stable, for JSON and the database: "export", "upload"
std::optional<LegKind> legKindFromName(QStringView name);

// What a leg was when its job was cancelled, for Undo.
struct LegBefore {
    LegState state = LegState::Waiting;
    WaitFor waitFor = WaitFor::Slot;
    std::optional<Error> error;

    bool operator==(const LegBefore &) const = default;
};

struct Leg {
    LegKind kind = LegKind::Export;
    int ordinal = 0; // of the upload legs: index into Recipe::destinations
    LegState state = LegState::Waiting;
    WaitFor waitFor = WaitFor::Slot;
    std::optional<Error> error; // why it retries, waits or needs attention
    qint64 doneBytes = 0; // confirmed or written, for display after a restart
    qint64 totalBytes = -1;
    quint64 generation = 0; // of the OutputFeed that `resume` belongs to
    QJsonObject resume; // an upload session's state; holds bearer secrets
    QJsonObject result; // once Done: output or url, bytes, sha256, warnings, …
    std::optional<LegBefore> before; // while the cancel of its job can be undone

    bool operator==(const Leg &) const = default;
};

struct Job {
    QString id; // 12 lower-case base32 characters
    FilePath source;
    bool isChecked = true; // false: only named so far; not opened, no identity, nothing runs
    FileIdentity identity; // when it was added
    Recipe recipe;
    QJsonObject plan; // of the export, fixed at its first start
    QList<Leg> legs; // the export leg first, then the upload legs
    qint64 position = 0; // order in the queue
    qint64 createdUs = 0; // since the epoch
    qint64 cancelledMs = 0; // since the epoch, while that can be undone; else 0
    QByteArray sameness; // hash of source identity, plan and place; finds a repeated command

    Leg &exportLeg() { return legs.first(); }
    const Leg &exportLeg() const { return legs.first(); }
    bool isSettled() const;
    bool isDone() const;
};

// Random, from the system's generator.
QString newJobId();
bool isJobId(QStringView text);
// A new job with its legs; the export leg is NotNeeded where the recipe has no preset. Its
// position is 0 until the queue gives it one.
Job makeJob(const SourceFile &source, Recipe recipe);
// Gives a job that has not begun another recipe, with the legs that it needs.
void setRecipe(Job &job, Recipe recipe);
// Equal where the command is "the same" as an earlier one: source identity, recipe, places.
QByteArray samenessOf(const FileIdentity &identity, const Recipe &recipe);

} // namespace sendoff::queue

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/media_export.h"

#include "core/base/error_text.h"
#include "core/media/probe.h"

namespace sendoff::test {

using namespace media;

namespace {

Result<ExportResult> run(const ExportCase &what, ExportOutcome &outcome, std::stop_token stop)
{
    SO_TRY(const auto source, SourceFile::open(what.source));
    SO_TRY(outcome.info, probe(source, stop));
    SO_TRY(const Preset preset, findPreset(what.preset, FilePath()));
    SO_TRY(outcome.plan, makePlan(outcome.info, preset, what.wishes, Codecs::ofThisBuild()));
    if (what.adapt)
        what.adapt(outcome.plan);
    ExportRequest request;
    request.source = source;
    request.plan = outcome.plan;
    request.partial = what.output;
    request.codecThreads = what.threads;
    if (!what.journal.empty()) {
        request.journal = what.journal;
        SO_TRY(outcome.journal,
               prepareJournal(what.journal, *source, outcome.plan, what.threads));
    }
    request.feed = what.feed;
    request.progress = what.progress;
    return exportMedia(std::move(request), stop);
}

} // namespace

QStringList ExportOutcome::warningKinds() const
{
    QStringList kinds;
    if (result) {
        for (const ExportWarning &warning : result->warnings)
            kinds.append(warning.kind);
    }
    return kinds;
}

QString ExportOutcome::summary() const
{
    if (!result)
        return QStringLiteral("%1: %2 [%3]")
            .arg(kindName(result.error().kind), describe(result.error()).what,
                 result.error().detail);
    QStringList texts;
    for (const ExportWarning &warning : result->warnings)
        texts.append(warning.kind + QStringLiteral(": ") + warning.text);
    texts += plan.warnings;
    texts += info.warnings;
    return QStringLiteral("done, %1 bytes, %2 s; %3")
        .arg(result->bytes)
        .arg(double(result->durationUs) / 1e6, 0, 'f', 3)
        .arg(texts.join(QStringLiteral(" | ")));
}

ExportOutcome exportFile(const ExportCase &what, std::stop_token stop)
{
    ExportOutcome outcome;
    outcome.result = run(what, outcome, std::move(stop));
    return outcome;
}

} // namespace sendoff::test

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The verb table (CLI.md).

#include "app/cli/command_line.h"

namespace sendoff::app {

namespace {

OptionSpec presetOption()
{
    return {QStringLiteral("--preset"), QStringLiteral("ID"),
            QStringLiteral("a preset's id or JSON file (web-1080p)")};
}

OptionSpec destinationOption(bool isRequired)
{
    return {QStringLiteral("--to"), QStringLiteral("DEST"),
            QStringLiteral("where to: shelf:, file:///dir, tus+https://host/files"), isRequired,
            true};
}

QList<OptionSpec> exportOptions()
{
    return {
        {QStringLiteral("--trim"), QStringLiteral("A-B"),
         QStringLiteral("only from A to B, in seconds or h:mm:ss; B may be left out")},
        {QStringLiteral("--encode"), {}, QStringLiteral("encode even where a copy would do")},
        {QStringLiteral("--layout"), QStringLiteral("L"),
         QStringLiteral("auto, progressive or fragmented")},
    };
}

OptionSpec againOption()
{
    return {QStringLiteral("--again"), {}, QStringLiteral("even if it was done before")};
}

OptionSpec atOnceOption()
{
    return {QStringLiteral("--at-once"), QStringLiteral("N"), QStringLiteral("uploads at once (3)")};
}

QList<VerbSpec> inspectingVerbs()
{
    const QString file = QStringLiteral("FILE");
    return {
        {QStringLiteral("probe"), file, 1, 1, QStringLiteral("what is in a file"), {}},
        {QStringLiteral("plan"), file, 1, 1,
         QStringLiteral("what an export would do with each stream, and why"),
         QList<OptionSpec>{presetOption(), destinationOption(false),
                           {QStringLiteral("--ffmpeg"), {},
                            QStringLiteral("print the equivalent ffmpeg command")}}
             + exportOptions()},
        {QStringLiteral("presets list"), {}, 0, 0, QStringLiteral("all presets"), {}},
        {QStringLiteral("presets show"), QStringLiteral("ID"), 1, 1,
         QStringLiteral("one preset's JSON"), {}},
        {QStringLiteral("presets check"), file, 1, 1,
         QStringLiteral("whether a preset file can be used"), {}},
        {QStringLiteral("destinations types"), {}, 0, 0,
         QStringLiteral("every type of destination and its options"), {}},
    };
}

QList<VerbSpec> workingVerbs()
{
    const QString files = QStringLiteral("FILE...");
    return {
        {QStringLiteral("export"), files, 1, -1, QStringLiteral("export videos to a folder"),
         QList<OptionSpec>{presetOption(),
                           {QStringLiteral("--out"), QStringLiteral("DIR"),
                            QStringLiteral("the folder for the results"), true},
                           {QStringLiteral("--overwrite"), {},
                            QStringLiteral("replace files of the same name")},
                           againOption()}
             + exportOptions()},
        {QStringLiteral("upload"), files, 1, -1, QStringLiteral("upload files as they are"),
         {destinationOption(true), atOnceOption(), againOption()}},
        {QStringLiteral("send"), files, 1, -1, QStringLiteral("export and upload"),
         QList<OptionSpec>{presetOption(), destinationOption(true), atOnceOption(), againOption()}
             + exportOptions()},
    };
}

QList<VerbSpec> servingVerbs()
{
    return {
        {QStringLiteral("shelf"), {}, 0, 0,
         QStringLiteral("the built-in upload server alone, until it is stopped"),
         {{QStringLiteral("--port"), QStringLiteral("N"),
           QStringLiteral("its port (kept from the first time)")},
          {QStringLiteral("--dir"), QStringLiteral("DIR"),
           QStringLiteral("where finished videos lie")}}},
        {QStringLiteral("demo"), {}, 0, 0,
         QStringLiteral("see it work: three clips, exported in parallel, uploaded concurrently"),
         {{QStringLiteral("--trace"), QStringLiteral("FILE"),
           QStringLiteral("write what ran when, as Chrome trace JSON")},
          {QStringLiteral("--uplink"), QStringLiteral("MBIT"),
           QStringLiteral("the simulated uplink in Mbit/s (20); 0 = none")}}},
    };
}

QList<VerbSpec> inQueue(QueueUse use, QList<VerbSpec> verbs)
{
    for (VerbSpec &verb : verbs)
        verb.queueUse = use;
    return verbs;
}

} // namespace

const QList<VerbSpec> &verbs()
{
    static const QList<VerbSpec> all =
        inQueue(QueueUse::Repeatable, workingVerbs()) + servingVerbs() + inspectingVerbs();
    return all;
}

} // namespace sendoff::app

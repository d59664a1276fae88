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
            QStringLiteral("where to: a name, shelf:, file:///dir, tus+https://host/files, s3://bucket"), isRequired,
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
        {QStringLiteral("thumbs"), file, 1, 1, QStringLiteral("pictures of a video as PNG files"),
         {{QStringLiteral("--out"), QStringLiteral("DIR"),
           QStringLiteral("the folder for the pictures"), true},
          {QStringLiteral("-n"), QStringLiteral("N"), QStringLiteral("how many at most (10)")}}},
        {QStringLiteral("check"), file, 1, 1,
         QStringLiteral("decode all of a video, and compare it with its original"),
         {{QStringLiteral("--against"), QStringLiteral("ORIGINAL"),
           QStringLiteral("what it was made from")}}},
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

QList<OptionSpec> settingOptions()
{
    return {{QStringLiteral("--set"), QStringLiteral("K=V"), QStringLiteral("one of its options"),
             false, true},
            {QStringLiteral("--keep-in-file"), {},
             QStringLiteral("where there is no keychain, keep the secret in a file (0600)")}};
}

QList<VerbSpec> destinationVerbs()
{
    const QString name = QStringLiteral("NAME");
    return {
        {QStringLiteral("destinations list"), {}, 0, 0,
         QStringLiteral("the destinations that are set up"), {}},
        {QStringLiteral("destinations add"), name, 1, 1,
         QStringLiteral("set one up; its secret comes from SENDOFF_SECRET_<NAME>"),
         QList<OptionSpec>{{QStringLiteral("--type"), QStringLiteral("T"),
                            QStringLiteral("its type: see destinations types"), true}}
             + settingOptions()},
        {QStringLiteral("destinations set"), name, 1, 1,
         QStringLiteral("change options of one, also while it is used; K= empties one"),
         settingOptions()},
        {QStringLiteral("destinations test"), QStringLiteral("DEST"), 1, 1,
         QStringLiteral("try it: connect, sign in, write 1 KB, resume, delete"), {}},
        {QStringLiteral("destinations remove"), name, 1, 1,
         QStringLiteral("forget it and its secret"), {}},
        {QStringLiteral("destinations orphans"), QStringLiteral("DEST"), 1, 1,
         QStringLiteral("unfinished uploads that lie there"),
         {{QStringLiteral("--remove"), {}, QStringLiteral("remove them")}}},
    };
}

QList<VerbSpec> limitVerbs()
{
    return {
        {QStringLiteral("limit"), QStringLiteral("[LIMIT]"), 0, 1,
         QStringLiteral("show or set how fast all uploads may be together: 500k, 1.5M, off, or by "
                        "time: 'mon-fri 08:00-18:00=500k, rest=off'"),
         {}},
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

// What a stored job is to be made of and where it goes.
QList<OptionSpec> storedRecipeOptions()
{
    return QList<OptionSpec>{presetOption(),
                             {QStringLiteral("--as-is"), {},
                              QStringLiteral("upload the file as it is, without an export")},
                             destinationOption(false),
                             {QStringLiteral("--out"), QStringLiteral("DIR"),
                              QStringLiteral("the folder for the results")},
                             {QStringLiteral("--overwrite"), {},
                              QStringLiteral("replace files of the same name")}}
        + exportOptions();
}

// May be repeated without harm.
QList<VerbSpec> lookingQueueVerbs()
{
    return {
        {QStringLiteral("queue list"), {}, 0, 0, QStringLiteral("every job that is stored"), {}},
        {QStringLiteral("queue show"), QStringLiteral("ID..."), 1, -1,
         QStringLiteral("everything about a job"), {}},
        {QStringLiteral("queue run"), {}, 0, 0,
         QStringLiteral("run what is stored, until all of it is done or needs you"), {}},
    };
}

QList<VerbSpec> changingQueueVerbs()
{
    const QString jobs = QStringLiteral("ID...|all");
    return {
        {QStringLiteral("queue add"), QStringLiteral("FILE..."), 1, -1,
         QStringLiteral("store files and folders, to run later"),
         storedRecipeOptions() + QList<OptionSpec>{againOption()}},
        {QStringLiteral("queue pause"), jobs, 1, -1, QStringLiteral("hold jobs"), {}},
        {QStringLiteral("queue resume"), jobs, 1, -1, QStringLiteral("let held jobs go on"), {}},
        {QStringLiteral("queue cancel"), jobs, 1, -1,
         QStringLiteral("give jobs up; for 10 s that can be undone"), {}},
        {QStringLiteral("queue undo"), jobs, 1, -1, QStringLiteral("undo a cancel"), {}},
        {QStringLiteral("queue retry"), jobs, 1, -1,
         QStringLiteral("try again what needs attention; what is safe is kept"), {}},
        {QStringLiteral("queue start-over"), jobs, 1, -1,
         QStringLiteral("begin anew; what was made is discarded"), {}},
        {QStringLiteral("queue remove"), jobs, 1, -1,
         QStringLiteral("take jobs out of the queue; never a file"), {}},
        {QStringLiteral("queue move"), QStringLiteral("ID... up|down|top|bottom"), 2, -1,
         QStringLiteral("change the order"), {}},
        {QStringLiteral("queue recipe"), jobs, 1, -1,
         QStringLiteral("change preset or destination of what has not begun"),
         storedRecipeOptions()},
        {QStringLiteral("queue pause-all"), {}, 0, 0,
         QStringLiteral("hold everything; each job keeps its own state"), {}},
        {QStringLiteral("queue resume-all"), {}, 0, 0, QStringLiteral("undo pause-all"), {}},
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
        inQueue(QueueUse::Repeatable, workingVerbs() + lookingQueueVerbs())
        + inQueue(QueueUse::Once, changingQueueVerbs() + destinationVerbs() + limitVerbs()) + servingVerbs()
        + inspectingVerbs();
    return all;
}

} // namespace sendoff::app

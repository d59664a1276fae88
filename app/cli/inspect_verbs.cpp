// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// probe, plan, presets, destinations types: verbs that only look.

#include "app/cli/plan_text.h"
#include "app/cli/run_verb.h"
#include "core/base/error_text.h"
#include "core/base/profile.h"
#include "core/base/run_on.h"
#include "core/base/worker_pool.h"
#include "core/media/plan.h"
#include "core/media/probe.h"
#include "core/queue/send_order.h"
#include "core/transfer/destination.h"
#include "core/transfer/destination_store.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

namespace sendoff::app {

namespace {

struct Answer {
    QJsonObject json;
    QString text;
};

// Presets of the user lie in the profile; looking at things must not make one.
Result<FilePath> presetFolder(const CommandLine &line)
{
    SO_TRY(const Profile profile, Profile::open(line.profile));
    return profile.presetFolder();
}

Result<Answer> probeAnswer(const FilePath &file, std::stop_token stop)
{
    SO_TRY(const auto source, SourceFile::open(file));
    SO_TRY(const media::MediaInfo info, media::probe(source, stop));
    QJsonObject json = media::toJson(info);
    json.insert(u"file", displayPath(file));
    return Answer{json, probeText(info, displayName(file))};
}

// The types of the destinations that are named, or given as addresses, in --to.
QCoro::Task<Result<QStringList>> destinationTypesOf(CommandLine line, WorkerPool *pool)
{
    QStringList types;
    if (!line.has(u"--to"))
        co_return types;
    SO_CO_TRY(const Profile profile, Profile::open(line.profile));
    SO_CO_TRY(const auto store,
              co_await transfer::DestinationStore::open(profile.destinationList(), pool));
    for (const QString &place : line.values(u"--to")) {
        const transfer::StoredDestination *known = store->find(place);
        const auto config = known ? transfer::checkedConfig(known->config)
                                  : transfer::destinationFromUrl(place);
        if (!config)
            co_return failure(config.error());
        types.append(config->type);
    }
    co_return types;
}

Result<Answer> planAnswer(const CommandLine &line, const QStringList &types, std::stop_token stop)
{
    const FilePath file = line.operands.front();
    SO_TRY(const FilePath presets, presetFolder(line));
    SO_TRY(const queue::Recipe recipe, recipeFrom(line, presets));
    SO_TRY(const media::Preset preset, media::findPreset(recipe.preset, presets));
    SO_TRY(const auto source, SourceFile::open(file));
    SO_TRY(const media::MediaInfo info, media::probe(source, stop));
    media::PlanWishes wishes;
    wishes.encodeAlways = recipe.encodeAlways;
    wishes.layout = recipe.layout;
    wishes.trim = recipe.trim;
    if (line.has(u"--to")) {
        // Without asking the server: what is known of its type.
        QList<transfer::Capabilities> capabilities;
        for (const QString &type : types)
            capabilities.append(transfer::findDestinationType(type)->capabilities);
        wishes.sendsMeanwhile = queue::sendOrderFor(recipe.layout, capabilities);
    }
    auto plan = media::makePlan(info, preset, wishes, media::Codecs::ofThisBuild());
    if (!plan) {
        Error error = plan.error();
        error.with(argument::file, displayName(file));
        return tl::unexpected(std::move(error));
    }
    QJsonObject json = media::toJson(*plan);
    json.insert(u"file", displayPath(file));
    if (!line.has(u"--ffmpeg"))
        return Answer{json, planText(*plan, info, displayName(file))};
    const std::string output = file.stem().string() + "." + plan->extension.toStdString();
    const QString command = media::ffmpegCommand(*plan, QString::fromStdString(file.string()),
                                                 QString::fromStdString(output));
    json.insert(u"ffmpeg", command);
    return Answer{json, command};
}

Result<Answer> presetsAnswer(const CommandLine &line)
{
    if (line.verb->name == u"presets check") {
        const QString file = QString::fromStdString(line.operands.front().string());
        QFile json(file);
        if (!json.open(QIODevice::ReadOnly))
            return failure(Error(ErrorKind::SourceMissing, json.errorString())
                               .with(argument::file, displayName(line.operands.front())));
        SO_TRY(const media::Preset preset,
               media::Preset::parse(json.readAll(), displayName(line.operands.front())));
        return Answer{{{QStringLiteral("id"), preset.id}, {QStringLiteral("usable"), true}},
                      QStringLiteral("“%1” can be used.").arg(preset.title)};
    }
    SO_TRY(const FilePath folder, presetFolder(line));
    if (line.verb->name == u"presets show") {
        const QString id = QString::fromStdString(line.operands.front().string());
        SO_TRY(const media::Preset preset, media::findPreset(id, folder));
        return Answer{preset.source, QString::fromUtf8(QJsonDocument(preset.source).toJson())};
    }
    const media::PresetList list = media::loadPresets(folder);
    QJsonArray presets;
    QString text;
    for (const media::Preset &preset : list.presets) {
        presets.append(QJsonObject{{QStringLiteral("id"), preset.id},
                                   {QStringLiteral("title"), preset.title},
                                   {QStringLiteral("group"), preset.group},
                                   {QStringLiteral("description"), preset.description}});
        text += QStringLiteral("%1%2\n").arg(preset.id.leftJustified(16), preset.title);
        if (!preset.description.isEmpty())
            text += QStringLiteral("%1%2\n").arg(QString(16, u' '), preset.description);
    }
    QJsonArray problems;
    for (const Error &problem : list.problems) {
        problems.append(describe(problem).sentence());
        text += describe(problem).sentence() + u'\n';
    }
    return Answer{{{QStringLiteral("presets"), presets}, {QStringLiteral("problems"), problems}},
                  text};
}

Answer destinationTypesAnswer()
{
    QJsonArray types;
    QString text;
    for (const transfer::DestinationType &type : transfer::destinationTypes()) {
        types.append(transfer::toJson(type));
        text += destinationTypeText(type);
    }
    return {{{QStringLiteral("types"), types}}, text};
}

Result<Answer> answerFor(const CommandLine &line, const QStringList &types, std::stop_token stop)
{
    const QString verb = line.verb->name;
    if (verb == u"probe")
        return probeAnswer(line.operands.front(), std::move(stop));
    if (verb == u"plan")
        return planAnswer(line, types, std::move(stop));
    if (verb == u"destinations types")
        return destinationTypesAnswer();
    return presetsAnswer(line);
}

} // namespace

QCoro::Task<int> runInspectVerb(CommandLine line, Reporter *reporter, std::stop_token stop)
{
    WorkerPool pool(QStringLiteral("io"), 1, 0);
    auto resolving = destinationTypesOf(line, &pool);
    const auto types = co_await std::move(resolving);
    if (!types)
        co_return reportError(reporter, types.error());
    auto looking = runOn(
        pool, [&line, &types, stop] { return answerFor(line, *types, stop); }, stop);
    const auto answer = co_await std::move(looking);
    if (!answer)
        co_return reportError(reporter, answer.error());
    reporter->answer(answer->json, answer->text);
    co_return int(ExitCode::Done);
}

} // namespace sendoff::app

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// destinations list, add, set, remove: the destinations that the user has set up. Not for: what is
// done there (destination_server_verbs.cpp).

#include "app/application.h"
#include "app/cli/destination_server_verbs.h"
#include "app/cli/run_verb.h"

#include <QJsonArray>

namespace sendoff::app {

namespace {

using transfer::Credentials;
using transfer::StoredDestination;

QString operandText(const CommandLine &line)
{
    return QString::fromStdString(line.operands.front().string());
}

Result<StoredDestination> storedOf(Application &application, const CommandLine &line)
{
    const QString name = operandText(line);
    const StoredDestination *found = application.destinations().find(name);
    if (!found) {
        return failure(
            Error(ErrorKind::DestinationUnknown).with(argument::destination, escapedText(name)));
    }
    return *found;
}

QString typeTitle(const QString &id)
{
    const transfer::DestinationType *type = transfer::findDestinationType(id);
    return type ? type->title : id;
}

QJsonObject storedJson(const StoredDestination &stored)
{
    QJsonObject options;
    for (auto it = stored.config.options.cbegin(); it != stored.config.options.cend(); ++it)
        options.insert(it.key(), it.value());
    return {{QStringLiteral("id"), stored.id},
            {QStringLiteral("name"), stored.config.name},
            {QStringLiteral("type"), stored.config.type},
            {QStringLiteral("options"), options},
            {QStringLiteral("secret_variable"),
             QString::fromLatin1(transfer::secretVariable(stored.config.name))}};
}

int runList(Application &application, Reporter *reporter)
{
    QJsonArray all;
    QString text;
    for (const StoredDestination &stored : application.destinations().destinations()) {
        all.append(storedJson(stored));
        text += QStringLiteral("%1  %2\n").arg(stored.config.name.leftJustified(20),
                                               typeTitle(stored.config.type));
    }
    if (text.isEmpty())
        text = QStringLiteral("No destination is set up yet. “sendoff destinations add” sets one "
                              "up.\n");
    QJsonArray problems;
    for (const QString &problem : application.destinations().problems()) {
        problems.append(problem);
        text += problem + u'\n';
    }
    reporter->answer(
        {{QStringLiteral("destinations"), all}, {QStringLiteral("problems"), problems}}, text);
    return int(ExitCode::Done);
}

// “key=value” of each --set.
Result<QMap<QString, QString>> optionsOf(const CommandLine &line)
{
    QMap<QString, QString> options;
    for (const QString &setting : line.values(u"--set")) {
        const qsizetype equals = setting.indexOf(u'=');
        if (equals < 1) {
            const QString reason =
                QStringLiteral("--set wants key=value, not “%1”").arg(escapedText(setting));
            return failure(Error(ErrorKind::BadUsage, reason).with(argument::reason, reason));
        }
        options.insert(setting.left(equals), setting.mid(equals + 1));
    }
    return options;
}

QString keptSentence(const StoredDestination &stored, Credentials::Place place)
{
    switch (place) {
    case Credentials::Place::Keychain:
        return QStringLiteral("Its secret is in the keychain.");
    case Credentials::Place::File:
        return QStringLiteral("Its secret is in a file that only you can read, as you agreed.");
    case Credentials::Place::Memory:
        break;
    }
    return QStringLiteral("There is no keychain here: give its secret in %1 with each command, or "
                          "give it again with --keep-in-file.")
        .arg(QString::fromLatin1(transfer::secretVariable(stored.config.name)));
}

QCoro::Task<Result<void>> keepSecrets(Application &application, StoredDestination stored,
                                      transfer::Secrets secrets, Credentials::FileConsent consent,
                                      QJsonObject *json, QString *text)
{
    if (secrets.isEmpty())
        co_return Result<void>();
    auto keeping = application.credentials().store(stored.id, std::move(secrets), consent);
    auto place = co_await std::move(keeping);
    if (!place)
        co_return failure(
            std::move(place).error().with(argument::destination, stored.config.name));
    json->insert(QStringLiteral("secrets_in"), transfer::placeName(*place));
    *text += u' ' + keptSentence(stored, *place);
    co_return Result<void>();
}

QCoro::Task<int> runAdd(Application &application, CommandLine line, Reporter *reporter)
{
    const auto options = optionsOf(line);
    if (!options)
        co_return reportError(reporter, options.error());
    transfer::DestinationConfig config;
    config.name = operandText(line);
    config.type = line.value(u"--type");
    config.options = *options;
    const transfer::Secrets secrets = transfer::secretsFrom(
        line.origin.secrets, config, transfer::secretVariable(config.name));
    auto adding = application.destinations().add(std::move(config));
    const auto added = co_await std::move(adding);
    if (!added)
        co_return reportError(reporter, added.error());
    QJsonObject json = storedJson(*added);
    QString text = QStringLiteral("“%1” is set up.").arg(added->config.name);
    const auto consent = line.has(u"--keep-in-file") ? Credentials::FileConsent::Yes
                                                     : Credentials::FileConsent::No;
    auto keeping = keepSecrets(application, *added, secrets, consent, &json, &text);
    const auto kept = co_await std::move(keeping);
    if (!kept) {
        auto removing = application.destinations().remove(added->id); // all or nothing
        (void)co_await std::move(removing); // the first error is the one to tell
        co_return reportError(reporter, kept.error());
    }
    reporter->answer(json, text + u'\n');
    co_return int(ExitCode::Done);
}

Error nothingToChange(const QByteArray &variable)
{
    const QString reason = QStringLiteral("There is nothing to change: give --set key=value, or a "
                                          "new secret in %1")
                               .arg(QString::fromLatin1(variable));
    return Error(ErrorKind::BadUsage, reason).with(argument::reason, reason);
}

// What is kept already, with the new ones in their places. What cannot be read now must not be lost
// by being written over.
QCoro::Task<Result<transfer::Secrets>> besideKept(Application &application,
                                                  StoredDestination stored,
                                                  transfer::Secrets secrets, std::stop_token stop)
{
    if (secrets.isEmpty())
        co_return secrets;
    auto loading = application.credentials().load(stored.id, stop);
    auto all = co_await std::move(loading);
    if (!all)
        co_return failure(std::move(all).error().with(argument::destination, stored.config.name));
    all->insert(secrets);
    co_return all;
}

// What runs keeps to a new limit and number of parts at once; everything else holds from the next
// upload on.
QCoro::Task<int> runSet(Application &application, CommandLine line, Reporter *reporter,
                        std::stop_token stop)
{
    const auto options = optionsOf(line);
    if (!options)
        co_return reportError(reporter, options.error());
    const auto stored = storedOf(application, line);
    if (!stored)
        co_return reportError(reporter, stored.error());
    const QByteArray variable = transfer::secretVariable(stored->config.name);
    transfer::Secrets secrets;
    // Those of other programs (AWS_…) may be there by chance, and must not replace what is kept.
    if (line.origin.secrets.contains(variable))
        secrets = transfer::secretsFrom(line.origin.secrets, stored->config, variable);
    if (options->isEmpty() && secrets.isEmpty())
        co_return reportError(reporter, nothingToChange(variable));
    auto joining = besideKept(application, *stored, std::move(secrets), stop);
    auto all = co_await std::move(joining);
    if (!all)
        co_return reportError(reporter, all.error());
    auto changing = application.destinations().change(stored->id, *options);
    const auto changed = co_await std::move(changing);
    if (!changed)
        co_return reportError(reporter, changed.error());
    application.network().applyLiveSettings(changed->config);
    QJsonObject json = storedJson(*changed);
    QString text = QStringLiteral("“%1” is changed.").arg(changed->config.name);
    const auto consent = line.has(u"--keep-in-file") ? Credentials::FileConsent::Yes
                                                     : Credentials::FileConsent::No;
    auto keeping = keepSecrets(application, *changed, *std::move(all), consent, &json, &text);
    const auto kept = co_await std::move(keeping);
    if (!kept)
        co_return reportError(reporter, kept.error());
    reporter->answer(json, text + u'\n');
    co_return int(ExitCode::Done);
}

QCoro::Task<int> runRemove(Application &application, CommandLine line, Reporter *reporter)
{
    const auto stored = storedOf(application, line);
    if (!stored)
        co_return reportError(reporter, stored.error());
    // The secret first: one that cannot be reached now would stay for ever.
    auto forgetting = application.credentials().remove(stored->id);
    auto forgotten = co_await std::move(forgetting);
    if (!forgotten)
        co_return reportError(reporter, std::move(forgotten).error().with(
                                            argument::destination, stored->config.name));
    auto removing = application.destinations().remove(stored->id);
    const auto removed = co_await std::move(removing);
    if (!removed)
        co_return reportError(reporter, removed.error());
    reporter->answer(storedJson(*stored),
                     QStringLiteral("“%1” is removed, and its secret with it. What lies there stays "
                                    "there.\n")
                         .arg(stored->config.name));
    co_return int(ExitCode::Done);
}

} // namespace

QCoro::Task<int> runDestinationVerb(CommandLine line, Application *application, Reporter *reporter,
                                    std::stop_token stop)
{
    const QString verb = line.verb->name.section(u' ', 1);
    if (verb == u"add")
        co_return co_await runAdd(*application, line, reporter);
    if (verb == u"set")
        co_return co_await runSet(*application, line, reporter, stop);
    if (verb == u"remove")
        co_return co_await runRemove(*application, line, reporter);
    if (verb == u"list")
        co_return runList(*application, reporter);
    application->keepSecrets(operandText(line), line.origin.secrets);
    auto opening = application->openDestination(operandText(line), stop);
    const auto config = co_await std::move(opening);
    if (!config)
        co_return reportError(reporter, config.error());
    if (verb == u"test")
        co_return co_await testDestination(*application, *config, reporter, stop);
    co_return co_await listOrphans(*application, *config, line.has(u"--remove"), reporter, stop);
}

} // namespace sendoff::app

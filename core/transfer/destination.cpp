// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/destination.h"

#include "core/transfer/limits/limit_timetable.h"

#include <QJsonArray>

#include <algorithm>

namespace sendoff::transfer {

namespace {

constexpr uint largestInteger = 1'000'000'000;

Error invalidOption(const DestinationConfig &config, const QString &reason)
{
    return Error(ErrorKind::DestinationInvalid, reason)
        .with(argument::destination, config.name)
        .with(argument::reason, reason);
}

QString kindOfOption(DestinationOption::Kind kind)
{
    switch (kind) {
    case DestinationOption::Kind::Text:
        return QStringLiteral("text");
    case DestinationOption::Kind::Url:
        return QStringLiteral("url");
    case DestinationOption::Kind::Folder:
        return QStringLiteral("folder");
    case DestinationOption::Kind::File:
        return QStringLiteral("file");
    case DestinationOption::Kind::Integer:
        return QStringLiteral("integer");
    case DestinationOption::Kind::Boolean:
        return QStringLiteral("boolean");
    case DestinationOption::Kind::Limit:
        return QStringLiteral("limit");
    }
    return {};
}

// Why `value` cannot stand for an option of `kind`; empty where it can.
QString whyNot(DestinationOption::Kind kind, const QString &value)
{
    bool isWholeNumber = false;
    switch (kind) {
    case DestinationOption::Kind::Url: {
        const QUrl url(value, QUrl::StrictMode);
        const bool isHttp = url.scheme() == u"http" || url.scheme() == u"https";
        if (!url.isValid() || !isHttp || url.host().isEmpty())
            return QStringLiteral("“%1” must be an http or https address");
        if (!url.userInfo().isEmpty())
            return QStringLiteral("“%1” must not hold a user or password");
        return {};
    }
    case DestinationOption::Kind::Folder:
    case DestinationOption::Kind::File:
        return fromStored(value).is_absolute() ? QString()
                                               : QStringLiteral("“%1” must be a whole path");
    case DestinationOption::Kind::Integer:
        value.toUInt(&isWholeNumber);
        return isWholeNumber && value.toUInt() <= largestInteger
            ? QString()
            : QStringLiteral("“%1” must be a whole number, from 0 to 1000000000");
    case DestinationOption::Kind::Boolean:
        return value == u"0" || value == u"1" ? QString() : QStringLiteral("“%1” must be 0 or 1");
    case DestinationOption::Kind::Limit:
        if (const auto limit = LimitTimetable::parse(value); !limit)
            return QStringLiteral("“%1”: ") + limit.error()[argument::reason];
        return {};
    case DestinationOption::Kind::Text:
        break;
    }
    return {};
}

Result<void> checkOptions(const DestinationType &type, const DestinationConfig &config)
{
    for (auto it = config.options.cbegin(); it != config.options.cend(); ++it) {
        const auto known = std::find_if(type.options.cbegin(), type.options.cend(),
                                        [&](const auto &option) { return option.id == it.key(); });
        if (known == type.options.cend())
            return failure(invalidOption(
                config, QStringLiteral("there is no option “%1”").arg(escapedText(it.key()))));
        if (known->isSecret)
            return failure(invalidOption(
                config, QStringLiteral("“%1” is a secret and has no place here").arg(it.key())));
        if (QString reason = whyNot(known->kind, it.value()); !reason.isEmpty())
            return failure(invalidOption(
                config, reason.replace(reason.indexOf(u"%1"), 2, it.key())));
    }
    for (const DestinationOption &option : type.options) {
        if (option.isRequired && !option.isSecret && config.options.value(option.id).isEmpty())
            return failure(invalidOption(config, QStringLiteral("“%1” is missing").arg(option.id)));
    }
    return {};
}

QJsonObject optionToJson(const DestinationOption &option)
{
    return {{QStringLiteral("id"), option.id},
            {QStringLiteral("title"), option.title},
            {QStringLiteral("help"), option.help},
            {QStringLiteral("kind"), kindOfOption(option.kind)},
            {QStringLiteral("default"), option.defaultValue},
            {QStringLiteral("required"), option.isRequired},
            {QStringLiteral("secret"), option.isSecret},
            {QStringLiteral("only_with"), option.onlyWith}};
}

QJsonObject capabilitiesToJson(const Capabilities &capabilities)
{
    return {{QStringLiteral("needs_length_first"), capabilities.needsLengthFirst},
            {QStringLiteral("takes_any_order"), capabilities.takesAnyOrder},
            {QStringLiteral("minimum_part"), capabilities.minimumPart},
            {QStringLiteral("maximum_part"), capabilities.maximumPart},
            {QStringLiteral("part_multiple"), capabilities.partMultiple},
            {QStringLiteral("parts_at_once"), capabilities.partsAtOnce},
            {QStringLiteral("lists_leftovers"), capabilities.canListLeftovers},
            {QStringLiteral("publishes_at_once"), capabilities.publishesAtOnce},
            {QStringLiteral("maximum_size"), capabilities.maximumSize},
            {QStringLiteral("checksum"), capabilities.checksum},
            {QStringLiteral("link"), capabilities.linkMeaning}};
}

} // namespace

const DestinationType *findDestinationType(QStringView id)
{
    const QList<DestinationType> &types = destinationTypes();
    const auto found = std::find_if(types.cbegin(), types.cend(),
                                    [id](const DestinationType &type) { return type.id == id; });
    return found == types.cend() ? nullptr : &*found;
}

Result<DestinationConfig> checkedConfig(DestinationConfig config)
{
    const DestinationType *type = findDestinationType(config.type);
    if (!type)
        return failure(Error(ErrorKind::DestinationUnknown,
                             QStringLiteral("no type “%1”").arg(escapedText(config.type)))
                           .with(argument::destination, config.name));
    for (const DestinationOption &option : type->options) {
        if (!option.isSecret && !option.defaultValue.isEmpty()
            && !config.options.contains(option.id))
            config.options.insert(option.id, option.defaultValue);
    }
    SO_TRY_VOID(checkOptions(*type, config));
    return config;
}

Result<std::unique_ptr<Destination>> createDestination(DestinationConfig config,
                                                       DestinationContext context)
{
    SO_TRY(config, checkedConfig(std::move(config)));
    const DestinationType *type = findDestinationType(config.type);
    return type->create(std::move(config), context);
}

QCoro::Task<Result<void>> UploadSession::prepare(ByteRange, std::stop_token)
{
    co_return Result<void>();
}

QCoro::Task<Result<void>> UploadSession::assemble(qint64, std::stop_token)
{
    co_return Result<void>();
}

QCoro::Task<Result<QList<Leftover>>> Destination::leftovers(std::stop_token)
{
    co_return QList<Leftover>();
}

QString mainSecretOf(const DestinationConfig &config)
{
    const DestinationType *type = findDestinationType(config.type);
    if (!type)
        return {};
    QString main;
    for (const DestinationOption &option : type->options) {
        const bool isAsked =
            option.onlyWith.isEmpty() || !config.options.value(option.onlyWith).isEmpty();
        if (option.isSecret && isAsked)
            main = option.id;
    }
    return main;
}

QJsonObject toJson(const DestinationType &type)
{
    QJsonArray options;
    for (const DestinationOption &option : type.options)
        options.append(optionToJson(option));
    return {{QStringLiteral("id"), type.id},
            {QStringLiteral("title"), type.title},
            {QStringLiteral("help"), type.help},
            {QStringLiteral("schemes"), QJsonArray::fromStringList(type.schemes)},
            {QStringLiteral("options"), options},
            {QStringLiteral("capabilities"), capabilitiesToJson(type.capabilities)}};
}

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Any server that speaks tus 1.0.0 (https://tus.io).

#include "core/transfer/destination.h"
#include "core/transfer/server_options.h"
#include "core/transfer/tus/tus_destination.h"

#include <algorithm>
#include <utility>

namespace sendoff::transfer {

DestinationType tusDestination();

namespace {


QList<DestinationOption> tusOptions()
{
    DestinationOption url{.id = QStringLiteral("url"), .title = QStringLiteral("Address")};
    url.help = QStringLiteral("Where uploads are created, for example https://host/files.");
    url.kind = DestinationOption::Kind::Url;
    url.isRequired = true;
    DestinationOption withCreation{.id = QStringLiteral("with_creation"),
                                   .title = QStringLiteral("Small files in one request")};
    withCreation.help = QStringLiteral("1 sends files of up to 1 MiB with the request that creates "
                                       "the upload, where the server takes that. A lost reply can "
                                       "then leave a second copy.");
    withCreation.kind = DestinationOption::Kind::Boolean;
    withCreation.defaultValue = QStringLiteral("0");
    DestinationOption override{.id = QStringLiteral("method_override"),
                               .title = QStringLiteral("Only POST")};
    override.help = QStringLiteral("1 for networks that let no PATCH and DELETE through. Where that "
                                   "shows, it is found out anyway.");
    override.kind = DestinationOption::Kind::Boolean;
    override.defaultValue = QStringLiteral("0");
    const auto parallel = parallelOption(
        1, QStringLiteral("Files from 64 MiB on go in so many parts at once, up to 8, where the "
                          "server can put them together. That helps where one connection is slower "
                          "than the line, as over a long way; near by it costs time, as the server "
                          "copies all of it once more. 1 is one after the other. Of a file that is "
                          "on its way already, parts are made as few as it says, not more."));
    return QList<DestinationOption>{url, withCreation, override, parallel} + trustOptions() + limitOptions()
        + signInOptions();
}

Capabilities tusCapabilities()
{
    Capabilities capabilities;
    capabilities.linkMeaning = QStringLiteral(
        "The address of the upload on the server; who can open it depends on the server.");
    return capabilities;
}

Result<std::unique_ptr<Destination>> createTus(DestinationConfig config, DestinationContext context)
{
    TusServer server;
    server.net = context.net;
    server.io = context.io;
    server.memory = context.memory;
    server.stallTimeout = context.stallTimeout;
    server.name = config.name;
    server.creationUrl = QUrl(config.options.value(QStringLiteral("url")), QUrl::StrictMode);
    server.trust = trustOf(config);
    server.limitGroup = config.name.toUtf8();
    server.sendsWithCreation = config.options.value(QStringLiteral("with_creation")) == u"1";
    server.partsAtOnce = partsAtOnceOf(config).value_or(1);
    *server.overridesMethods = config.options.value(QStringLiteral("method_override")) == u"1";
    SO_TRY(server.authorization, authorizationOf(config, server.creationUrl));
    return std::make_unique<TusDestination>(std::move(config), std::move(server),
                                            tusCapabilities());
}

} // namespace

DestinationType tusDestination()
{
    DestinationType type;
    type.id = QStringLiteral("tus");
    type.title = QStringLiteral("tus server");
    type.help = QStringLiteral("A server that takes resumable uploads by the tus protocol.");
    type.schemes = {QStringLiteral("tus+https"), QStringLiteral("tus+http")};
    type.options = tusOptions();
    type.capabilities = tusCapabilities();
    type.optionsFromUrl = serverOptionsFromUrl;
    type.create = createTus;
    return type;
}

} // namespace sendoff::transfer

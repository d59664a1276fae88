// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Shelf of this profile: a tus server of the program itself, which keeps videos as files.

#include "core/transfer/destination.h"
#include "core/transfer/tus/tus_destination.h"
#include "core/tus/tus.h"

#include <utility>

namespace sendoff::transfer {

DestinationType shelfDestination();

namespace {

Capabilities shelfCapabilities()
{
    Capabilities capabilities;
    capabilities.linkMeaning =
        QStringLiteral("A page address on this computer; it opens here, as long as Sendoff runs.");
    return capabilities;
}

// The Shelf is a place of this profile only: "shelf:" and nothing else.
Result<QMap<QString, QString>> shelfOptionsFromUrl(const QUrl &url)
{
    if (!url.host().isEmpty() || !url.path().isEmpty()) {
        const QString reason = QStringLiteral("“shelf:” stands alone");
        return failure(Error(ErrorKind::DestinationInvalid, reason).with(argument::reason, reason));
    }
    return QMap<QString, QString>();
}

// Stands in where the Shelf does not run, so that its jobs say so instead of failing to exist.
class ClosedShelf final : public Destination {
public:
    explicit ClosedShelf(DestinationConfig config)
        : m_config(std::move(config))
    {
    }

    const DestinationConfig &config() const override { return m_config; }
    QCoro::Task<Result<Capabilities>> capabilities(std::stop_token) override
    {
        co_return failure(notRunning());
    }
    QCoro::Task<Result<std::unique_ptr<UploadSession>>> open(UploadTarget, QJsonObject,
                                                             std::stop_token) override
    {
        co_return failure(notRunning());
    }
    QCoro::Task<Result<bool>> isStillDelivered(QJsonObject, qint64, std::stop_token) override
    {
        co_return failure(notRunning());
    }

private:
    Error notRunning() const
    {
        return Error(ErrorKind::DestinationUnreachable)
            .with(argument::destination, m_config.name)
            .with(argument::reason, QStringLiteral("the Shelf is not running"));
    }

    DestinationConfig m_config;
};

Result<std::unique_ptr<Destination>> createShelf(DestinationConfig config,
                                                 DestinationContext context)
{
    if (!context.shelf)
        return std::make_unique<ClosedShelf>(std::move(config));
    TusServer server;
    server.net = context.net;
    server.io = context.io;
    server.memory = context.memory;
    server.stallTimeout = context.stallTimeout;
    server.name = config.name;
    server.creationUrl = context.shelf->uploadUrl;
    server.authorization = "Bearer " + context.shelf->token;
    server.sendsChecksums = false;
    server.linkHeader = tus::header::sendoffLink;
    return std::make_unique<TusDestination>(std::move(config), std::move(server),
                                            shelfCapabilities());
}

} // namespace

DestinationType shelfDestination()
{
    DestinationType type;
    type.id = QStringLiteral("shelf");
    type.title = QStringLiteral("Shelf");
    type.help = QStringLiteral("This computer: a link that needs no account.");
    type.schemes = {QStringLiteral("shelf")};
    type.capabilities = shelfCapabilities();
    type.optionsFromUrl = shelfOptionsFromUrl;
    type.create = createShelf;
    return type;
}

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of a web server that takes files by plain PUT. HTTP cannot resume a PUT: what breaks is
// sent again.

#include "core/transfer/destination.h"
#include "core/transfer/put/put_upload.h"
#include "core/transfer/server_options.h"

#include <utility>

namespace sendoff::transfer {

DestinationType putDestination();

namespace {

Capabilities putCapabilities()
{
    Capabilities capabilities;
    capabilities.needsLengthFirst = true;
    capabilities.publishesAtOnce = true;
    capabilities.linkMeaning =
        QStringLiteral("The file's address; who can open it depends on the server.");
    return capabilities;
}

QList<DestinationOption> putOptions()
{
    DestinationOption url{.id = QStringLiteral("url"), .title = QStringLiteral("Address")};
    url.help = QStringLiteral("Of the folder, for example https://host/videos/.");
    url.kind = DestinationOption::Kind::Url;
    url.isRequired = true;
    DestinationOption unverified{.id = QStringLiteral("allow_unverified"),
                                 .title = QStringLiteral("Believe it without a look")};
    unverified.help = QStringLiteral("For a place that takes files and shows them to nobody: it is "
                                     "believed that it has all of a file.");
    unverified.kind = DestinationOption::Kind::Boolean;
    unverified.defaultValue = QStringLiteral("0");
    return QList<DestinationOption>{url, unverified} + trustOptions() + limitOptions()
        + signInOptions();
}

class PutDestination final : public Destination {
public:
    PutDestination(DestinationConfig config, PutFolder folder)
        : m_config(std::move(config))
        , m_folder(std::move(folder))
    {
    }

    const DestinationConfig &config() const override { return m_config; }
    QUrl server() const override { return m_folder.url; }
    QCoro::Task<Result<Capabilities>> capabilities(std::stop_token) override
    {
        co_return putCapabilities();
    }
    QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    open(UploadTarget target, QJsonObject resumeState, std::stop_token stop) override
    {
        if (resumeState.isEmpty())
            return PutUpload::create(m_folder, std::move(target), std::move(stop));
        return PutUpload::restore(m_folder, std::move(target), std::move(resumeState),
                                  std::move(stop));
    }
    QCoro::Task<Result<bool>> isStillDelivered(QJsonObject resumeState, qint64 size,
                                               std::stop_token stop) override
    {
        return PutUpload::isComplete(m_folder, std::move(resumeState), size, std::move(stop));
    }

private:
    DestinationConfig m_config;
    PutFolder m_folder;
};

Result<std::unique_ptr<Destination>> createPut(DestinationConfig config, DestinationContext context)
{
    PutFolder folder;
    folder.net = context.net;
    folder.io = context.io;
    folder.name = config.name;
    folder.stallTimeout = context.stallTimeout;
    folder.url = QUrl(config.options.value(QStringLiteral("url")), QUrl::StrictMode);
    folder.trust = trustOf(config);
    folder.limitGroup = config.name.toUtf8();
    folder.allowsUnverified = config.options.value(QStringLiteral("allow_unverified")) == u"1";
    SO_TRY(folder.authorization, authorizationOf(config, folder.url));
    return std::make_unique<PutDestination>(std::move(config), std::move(folder));
}

} // namespace

DestinationType putDestination()
{
    DestinationType type;
    type.id = QStringLiteral("put");
    type.title = QStringLiteral("Web server (PUT)");
    type.help = QStringLiteral("A web server that takes files by plain PUT. It cannot resume: what "
                               "breaks is sent again from the start.");
    type.schemes = {QStringLiteral("put+https"), QStringLiteral("put+http")};
    type.options = putOptions();
    type.capabilities = putCapabilities();
    type.optionsFromUrl = serverOptionsFromUrl;
    type.create = createPut;
    return type;
}

} // namespace sendoff::transfer

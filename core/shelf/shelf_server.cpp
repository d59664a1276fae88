// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/shelf_server.h"

#include "core/shelf/http_server.h"
#include "core/shelf/shelf_catalog.h"
#include "core/shelf/shelf_identity.h"
#include "core/shelf/tus_endpoint.h"
#include "core/shelf/video_endpoint.h"

#include <QRandomGenerator>

#include <algorithm>

namespace sendoff::shelf {

namespace {

using namespace Qt::StringLiterals;

// Outside of the range from which systems give outgoing connections their ports: a port that is
// kept for years must not be somebody else's by chance at the next start.
constexpr quint16 firstOwnPort = 20'000;
constexpr quint16 lastOwnPort = 29'999;
constexpr int portAttempts = 20;

} // namespace

// Decides who may ask for what, and hands the request to the endpoint that its path belongs to.
class ShelfServer::Private final : public Application {
public:
    Private(std::unique_ptr<ShelfCatalog> shelfCatalog, ShelfIdentity shelfIdentity,
            const ShelfOptions &options)
        : catalog(std::move(shelfCatalog))
        , identity(std::move(shelfIdentity))
        , tusEndpoint(*catalog,
                      {options.freeSpaceFloor,
                       [this](const Upload &upload) { return linkOf(upload); },
                       [this](const Upload &upload) { announce(upload); }})
        , videoEndpoint(*catalog)
        , server(*this, limitsOf(options))
    {
    }

    Result<void> listen();
    std::unique_ptr<Exchange> accept(const RequestHead &head,
                                     ConnectionControl &connection) override;

    std::unique_ptr<ShelfCatalog> catalog;
    ShelfIdentity identity;
    TusEndpoint tusEndpoint;
    VideoEndpoint videoEndpoint;
    HttpServer server; // last: its connections use all of the above
    ShelfServer *shelf = nullptr;

private:
    static HttpLimits limitsOf(const ShelfOptions &options);
    std::optional<HttpReply> refuse(const RequestHead &head) const;
    bool isOwnHost(QByteArrayView host) const;
    bool isForeignOrigin(const RequestHead &head) const;
    QByteArray linkOf(const Upload &upload) const;
    void announce(const Upload &upload);
};

HttpLimits ShelfServer::Private::limitsOf(const ShelfOptions &options)
{
    HttpLimits limits;
    limits.head = options.headTimeout;
    limits.maxConnections = options.maxConnections;
    return limits;
}

Result<void> ShelfServer::Private::listen()
{
    if (identity.port != 0)
        return server.listen(identity.port);
    Result<void> listening;
    for (int attempt = 0; attempt < portAttempts; ++attempt) {
        listening = server.listen(
            quint16(QRandomGenerator::global()->bounded(firstOwnPort, lastOwnPort + 1)));
        if (listening)
            return listening;
    }
    return server.listen(0);
}

std::unique_ptr<Exchange> ShelfServer::Private::accept(const RequestHead &head,
                                                       ConnectionControl &connection)
{
    if (std::optional<HttpReply> refusal = refuse(head))
        return std::make_unique<FixedExchange>(*std::move(refusal));
    if (VideoEndpoint::owns(head.path))
        return std::make_unique<FixedExchange>(videoEndpoint.reply(head));
    const bool isUpload = TusEndpoint::owns(head.path);
    const QByteArray method = TusEndpoint::methodOf(head);
    // § OPTIONS tells what the server can do; it needs neither version nor token.
    if (method == "OPTIONS" && (isUpload || head.path == "*"))
        return std::make_unique<FixedExchange>(tusEndpoint.options());
    if (!isUpload)
        return std::make_unique<FixedExchange>(
            textReply(404, u"This is the Shelf of Sendoff. There is nothing at this address."_s));
    const QList<QByteArray> authorization = head.headerValues("Authorization");
    if (authorization.size() != 1 || !isAuthorized(authorization.first(), identity.token))
        return std::make_unique<FixedExchange>(
            tusReply(textReply(401, u"Only Sendoff itself may do this."_s)
                         .with("WWW-Authenticate", "Bearer")));
    return tusEndpoint.accept(head, connection);
}

// A web page can make the user's browser ask any address on this computer. One that resolves its
// own name to 127.0.0.1 shows itself by Host, any other by Origin.
std::optional<HttpReply> ShelfServer::Private::refuse(const RequestHead &head) const
{
    if (!isOwnHost(head.host))
        return textReply(421, u"This server does not have that name."_s);
    if (isForeignOrigin(head))
        return textReply(403, u"Web pages may not use the Shelf."_s);
    return std::nullopt;
}

bool ShelfServer::Private::isOwnHost(QByteArrayView host) const
{
    const QByteArray portSuffix = ':' + QByteArray::number(server.port());
    return host == "127.0.0.1" + portSuffix
        || host.compare("localhost" + portSuffix, Qt::CaseInsensitive) == 0;
}

bool ShelfServer::Private::isForeignOrigin(const RequestHead &head) const
{
    constexpr QByteArrayView scheme = "http://";
    const QList<QByteArray> origins = head.headerValues("Origin");
    return std::any_of(origins.begin(), origins.end(), [this, scheme](const QByteArray &origin) {
        return !origin.startsWith(scheme)
            || !isOwnHost(QByteArrayView(origin).sliced(scheme.size()));
    });
}

QByteArray ShelfServer::Private::linkOf(const Upload &upload) const
{
    return "http://127.0.0.1:" + QByteArray::number(server.port()) + VideoEndpoint::pathOf(upload);
}

void ShelfServer::Private::announce(const Upload &upload)
{
    Q_EMIT shelf->uploadFinished(upload.record.fileName, QUrl::fromEncoded(linkOf(upload)),
                                 upload.offset);
}

ShelfServer::ShelfServer(std::unique_ptr<Private> implementation)
    : d(std::move(implementation))
{
    d->shelf = this;
}

ShelfServer::~ShelfServer() = default;

Result<std::unique_ptr<ShelfServer>> ShelfServer::start(ShelfOptions options)
{
    SO_TRY(auto catalog, ShelfCatalog::open(options.folder, options.stateFolder));
    ShelfIdentity identity = loadIdentity(options.stateFolder);
    if (options.port != 0)
        identity.port = options.port;
    auto implementation =
        std::make_unique<Private>(std::move(catalog), std::move(identity), options);
    SO_TRY_VOID(implementation->listen());
    implementation->identity.port = implementation->server.port();
    SO_TRY_VOID(keepIdentity(options.stateFolder, implementation->identity));
    std::unique_ptr<ShelfServer> shelf(new ShelfServer(std::move(implementation)));
    // Once the caller has had the time to connect to uploadFinished.
    QMetaObject::invokeMethod(
        shelf.get(), [d = shelf->d.get()] { d->tusEndpoint.publishComplete(); },
        Qt::QueuedConnection);
    return shelf;
}

QUrl ShelfServer::uploadUrl() const
{
    return QUrl(u"http://127.0.0.1:%1"_s.arg(port())
                + QString::fromLatin1(TusEndpoint::creationPath));
}

QByteArray ShelfServer::token() const
{
    return d->identity.token;
}

quint16 ShelfServer::port() const
{
    return d->server.port();
}

} // namespace sendoff::shelf

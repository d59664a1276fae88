// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Any server that speaks tus 1.0.0 (https://tus.io).

#include "core/transfer/destination.h"
#include "core/transfer/tus_destination.h"

#include <utility>

namespace sendoff::transfer {

DestinationType tusDestination();

namespace {

QList<DestinationOption> tusOptions()
{
    using Kind = DestinationOption::Kind;
    DestinationOption url{.id = QStringLiteral("url"), .title = QStringLiteral("Address")};
    url.help = QStringLiteral("Where uploads are created, for example https://host/files.");
    url.kind = Kind::Url;
    url.isRequired = true;
    DestinationOption user{.id = QStringLiteral("user"), .title = QStringLiteral("User")};
    user.help = QStringLiteral("For servers that ask for a user and a password.");
    DestinationOption caFile{.id = QStringLiteral("ca_file"),
                             .title = QStringLiteral("Certificate")};
    caFile.help = QStringLiteral("A PEM file to trust beside the system's certificates.");
    caFile.kind = Kind::File;
    DestinationOption plain{.id = QStringLiteral("allow_plain"),
                            .title = QStringLiteral("Allow plain http")};
    plain.help = QStringLiteral("1 sends the token or password unencrypted to an http address.");
    plain.kind = Kind::Boolean;
    plain.defaultValue = QStringLiteral("0");
    DestinationOption token{.id = QStringLiteral("token"), .title = QStringLiteral("Token")};
    token.help = QStringLiteral("Sent as “Authorization: Bearer”, to this server only.");
    token.isSecret = true;
    DestinationOption password{.id = QStringLiteral("password"),
                               .title = QStringLiteral("Password")};
    password.help = QStringLiteral("Of the user.");
    password.isSecret = true;
    password.onlyWith = user.id;
    return {url, user, caFile, plain, token, password};
}

Capabilities tusCapabilities()
{
    Capabilities capabilities;
    capabilities.linkMeaning = QStringLiteral(
        "The address of the upload on the server; who can open it depends on the server.");
    return capabilities;
}

Result<QMap<QString, QString>> tusOptionsFromUrl(const QUrl &url)
{
    if (!url.userInfo().isEmpty()) {
        const QString reason = QStringLiteral(
            "a user must not stand before the host; add “?user=…” and give the password in "
            "SENDOFF_SECRET");
        return failure(Error(ErrorKind::DestinationInvalid, reason).with(argument::reason, reason));
    }
    QUrl server = url;
    server.setScheme(url.scheme().mid(4)); // without "tus+"
    return QMap<QString, QString>{{QStringLiteral("url"), server.toString(QUrl::FullyEncoded)}};
}

Error invalidSecret(const DestinationConfig &config, const QString &reason)
{
    return Error(ErrorKind::DestinationInvalid, reason)
        .with(argument::destination, config.name)
        .with(argument::reason, reason);
}

// The value of Authorization (RFC 6750 §2.1, RFC 7617 §2), or empty without a secret.
Result<QByteArray> tusAuthorization(const DestinationConfig &config)
{
    const QByteArray token = config.secrets.value(QStringLiteral("token"));
    const QByteArray password = config.secrets.value(QStringLiteral("password"));
    const QByteArray user = config.options.value(QStringLiteral("user")).toUtf8();
    for (const char byte : token) {
        if (byte <= ' ' || byte == 0x7f)
            return failure(invalidSecret(
                config, QStringLiteral("the token holds a space or an unprintable character")));
    }
    if (user.contains(':'))
        return failure(invalidSecret(config, QStringLiteral("the user holds a “:”")));
    if (!user.isEmpty() && !password.isEmpty())
        return "Basic " + QByteArray(user + ':' + password).toBase64();
    if (!password.isEmpty())
        return failure(invalidSecret(config, QStringLiteral("there is a password, but no “user”")));
    return token.isEmpty() ? QByteArray() : "Bearer " + token;
}

Result<std::unique_ptr<Destination>> createTus(DestinationConfig config, DestinationContext context)
{
    TusServer server;
    server.net = context.net;
    server.stallTimeout = context.stallTimeout;
    server.name = config.name;
    server.creationUrl = QUrl(config.options.value(QStringLiteral("url")), QUrl::StrictMode);
    const FilePath caFile = fromStored(config.options.value(QStringLiteral("ca_file")));
    server.trust.caFile = QByteArray::fromStdString(caFile.string());
    SO_TRY(server.authorization, tusAuthorization(config));
    const bool isReadable =
        server.creationUrl.scheme() == u"http" && !net::isLoopback(server.creationUrl);
    const bool isAllowed = config.options.value(QStringLiteral("allow_plain")) == u"1";
    if (!server.authorization.isEmpty() && isReadable && !isAllowed)
        return failure(
            Error(ErrorKind::PasswordOverPlainHttp).with(argument::destination, config.name));
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
    type.optionsFromUrl = tusOptionsFromUrl;
    type.create = createTus;
    return type;
}

} // namespace sendoff::transfer

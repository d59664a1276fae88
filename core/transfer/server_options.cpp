// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/server_options.h"

#include <algorithm>

namespace sendoff::transfer {

namespace {

Error invalidSignIn(const DestinationConfig &config, const QString &reason)
{
    return Error(ErrorKind::DestinationInvalid, reason)
        .with(argument::destination, config.name)
        .with(argument::reason, reason);
}

} // namespace

QList<DestinationOption> trustOptions()
{
    DestinationOption caFile{.id = QStringLiteral("ca_file"),
                             .title = QStringLiteral("Certificate")};
    caFile.help = QStringLiteral("A PEM file to trust beside the system's certificates: a company's "
                                 "authority, or the server's own certificate.");
    caFile.kind = DestinationOption::Kind::File;
    DestinationOption pin{.id = QStringLiteral("pin"), .title = QStringLiteral("Pinned key")};
    pin.help = QStringLiteral("The only key that the server may have, as sha256//BASE64.");
    return {caFile, pin};
}

net::TrustPolicy trustOf(const DestinationConfig &config)
{
    net::TrustPolicy trust;
    const FilePath caFile = fromStored(config.options.value(QStringLiteral("ca_file")));
    trust.caFile = QByteArray::fromStdString(caFile.string());
    trust.pinnedPublicKey = config.options.value(QStringLiteral("pin")).toLatin1();
    return trust;
}

QList<DestinationOption> limitOptions()
{
    DestinationOption limit{.id = QStringLiteral("upload_limit"),
                            .title = QStringLiteral("Speed limit")};
    limit.help = QStringLiteral("How fast all uploads to it may be together: a number of kB/s, 500k, "
                                "1.5M, or a timetable as “mon-fri 08:00-18:00=500k, rest=off”; empty "
                                "or off for no limit.");
    limit.kind = DestinationOption::Kind::Limit;
    return {limit};
}

LimitTimetable uploadLimitOf(const DestinationConfig &config)
{
    return LimitTimetable::parse(config.options.value(QStringLiteral("upload_limit")))
        .value_or(LimitTimetable());
}

DestinationOption parallelOption(int usual, const QString &help)
{
    DestinationOption parallel{.id = QStringLiteral("parallel"),
                               .title = QStringLiteral("Parts at once")};
    parallel.help = help;
    parallel.kind = DestinationOption::Kind::Integer;
    parallel.defaultValue = QString::number(usual);
    return parallel;
}

std::optional<int> partsAtOnceOf(const DestinationConfig &config)
{
    constexpr int most = 8; // as many connections as a server gets (net::NetOptions)
    const QString value = config.options.value(QStringLiteral("parallel"));
    return value.isEmpty() ? std::nullopt : std::optional(std::clamp(value.toInt(), 1, most));
}

QList<DestinationOption> signInOptions()
{
    DestinationOption user{.id = QStringLiteral("user"), .title = QStringLiteral("User")};
    user.help = QStringLiteral("For servers that ask for a user and a password.");
    DestinationOption plain{.id = QStringLiteral("allow_plain"),
                            .title = QStringLiteral("Allow plain http")};
    plain.help = QStringLiteral("1 sends the token or password unencrypted to an http address.");
    plain.kind = DestinationOption::Kind::Boolean;
    plain.defaultValue = QStringLiteral("0");
    DestinationOption token{.id = QStringLiteral("token"), .title = QStringLiteral("Token")};
    token.help = QStringLiteral("Sent as “Authorization: Bearer”, to this server only.");
    token.isSecret = true;
    DestinationOption password{.id = QStringLiteral("password"),
                               .title = QStringLiteral("Password")};
    password.help = QStringLiteral("Of the user.");
    password.isSecret = true;
    password.onlyWith = user.id;
    return {user, plain, token, password};
}

Result<QByteArray> authorizationOf(const DestinationConfig &config, const QUrl &url)
{
    const QByteArray token = config.secrets.value(QStringLiteral("token"));
    const QByteArray password = config.secrets.value(QStringLiteral("password"));
    const QByteArray user = config.options.value(QStringLiteral("user")).toUtf8();
    for (const char byte : token) {
        if (byte <= ' ' || byte == 0x7f)
            return failure(invalidSignIn(
                config, QStringLiteral("the token holds a space or an unprintable character")));
    }
    if (user.contains(':'))
        return failure(invalidSignIn(config, QStringLiteral("the user holds a “:”")));
    if (user.isEmpty() && !password.isEmpty())
        return failure(invalidSignIn(config, QStringLiteral("there is a password, but no “user”")));
    QByteArray authorization;
    if (!password.isEmpty())
        authorization = "Basic " + QByteArray(user + ':' + password).toBase64();
    else if (!token.isEmpty())
        authorization = "Bearer " + token;
    const bool isReadable = url.scheme() == u"http" && !net::isLoopback(url);
    const bool isAllowed = config.options.value(QStringLiteral("allow_plain")) == u"1";
    if (!authorization.isEmpty() && isReadable && !isAllowed)
        return failure(
            Error(ErrorKind::PasswordOverPlainHttp).with(argument::destination, config.name));
    return authorization;
}

Result<QMap<QString, QString>> serverOptionsFromUrl(const QUrl &url)
{
    if (!url.userInfo().isEmpty()) {
        const QString reason = QStringLiteral(
            "a user must not stand before the host; add “?user=…” and give the password in "
            "SENDOFF_SECRET");
        return failure(Error(ErrorKind::DestinationInvalid, reason).with(argument::reason, reason));
    }
    QUrl server = url;
    server.setScheme(url.scheme().section(u'+', 1)); // "tus+https"
    return QMap<QString, QString>{{QStringLiteral("url"), server.toString(QUrl::FullyEncoded)}};
}

} // namespace sendoff::transfer

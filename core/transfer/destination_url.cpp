// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Destinations as written on the command line.

#include "core/base/redaction.h"
#include "core/transfer/destination.h"

#include <QRegularExpression>
#include <QUrlQuery>

#include <algorithm>

namespace sendoff::transfer {

namespace {

Error badUrl(const QString &shown, const QString &reason)
{
    return Error(ErrorKind::DestinationInvalid, reason)
        .with(argument::destination, shown)
        .with(argument::reason, reason);
}

const DestinationType *typeOfScheme(const QString &scheme)
{
    const QList<DestinationType> &types = destinationTypes();
    const auto found = std::find_if(types.cbegin(), types.cend(), [&](const DestinationType &type) {
        return type.schemes.contains(scheme);
    });
    return found == types.cend() ? nullptr : &*found;
}

// Options of any program that hold a secret, whether or not this type has them.
bool looksSecret(const QString &key)
{
    static const QRegularExpression secret(
        QStringLiteral("(token|secret|passw(or)?d|passphrase|signature|credential|api_?key|"
                       "access_?key|^key$|^pass$|^pw$|^auth)"),
        QRegularExpression::CaseInsensitiveOption);
    return secret.match(key).hasMatch();
}

// What the user sees as its name: the address without options and users.
QString shownName(const QUrl &url)
{
    QUrl shown = url;
    shown.setUserInfo(QString());
    shown.setQuery(QString());
    shown.setFragment(QString());
    return redacted(escapedText(shown.toString()));
}

Result<QMap<QString, QString>> optionsInQuery(const QUrl &url, const DestinationType &type,
                                              const QString &shown)
{
    QMap<QString, QString> options;
    const auto items = QUrlQuery(url).queryItems(QUrl::FullyDecoded);
    for (const auto &[key, value] : items) {
        const auto option =
            std::find_if(type.options.cbegin(), type.options.cend(),
                         [&name = key](const auto &known) { return known.id == name; });
        if (looksSecret(key) || (option != type.options.cend() && option->isSecret))
            return failure(badUrl(shown,
                                  QStringLiteral("a secret must not stand in an address; "
                                                 "give it in SENDOFF_SECRET instead")));
        if (option == type.options.cend())
            return failure(
                badUrl(shown, QStringLiteral("there is no option “%1”").arg(escapedText(key))));
        if (options.contains(key))
            return failure(
                badUrl(shown, QStringLiteral("the option “%1” is given twice").arg(key)));
        options.insert(key, value);
    }
    return options;
}

} // namespace

Result<DestinationConfig> destinationFromUrl(const QString &text)
{
    const QUrl url(text, QUrl::TolerantMode); // spaces in a path are fine on a command line
    const QString shown = shownName(url);
    const DestinationType *type = typeOfScheme(url.scheme());
    if (!type)
        return failure(Error(ErrorKind::DestinationUnknown)
                           .with(argument::destination, redacted(escapedText(text))));
    if (!url.isValid())
        return failure(badUrl(redacted(escapedText(text)),
                              QStringLiteral("the address is not written correctly")));
    if (!url.password().isEmpty())
        return failure(badUrl(shown,
                              QStringLiteral("a password must not stand in an address; "
                                             "give it in SENDOFF_SECRET instead")));
    if (url.hasFragment())
        return failure(badUrl(shown, QStringLiteral("“#” must be written as %23")));
    SO_TRY(auto options, optionsInQuery(url, *type, shown));
    QUrl plain = url;
    plain.setQuery(QString());
    auto own = type->optionsFromUrl(plain);
    if (!own)
        return failure(std::move(own).error().with(argument::destination, shown));
    for (auto it = own->cbegin(); it != own->cend(); ++it) {
        if (options.contains(it.key()))
            return failure(
                badUrl(shown, QStringLiteral("the option “%1” is given twice").arg(it.key())));
        options.insert(it.key(), it.value());
    }
    DestinationConfig config;
    const bool isWholeType = plain.host().isEmpty() && plain.path().isEmpty();
    config.name = isWholeType ? type->title : shown; // "shelf:"
    config.type = type->id;
    config.options = std::move(options);
    return config;
}

} // namespace sendoff::transfer

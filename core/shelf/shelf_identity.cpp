// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/shelf_identity.h"

#include "core/base/durable_file.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <openssl/crypto.h>

#include <sys/stat.h>

namespace sendoff::shelf {

namespace {

constexpr qsizetype tokenBytes = 32;
constexpr auto base64Url = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
constexpr qint64 maxIdentityBytes = 4096;

FilePath identityPath(const FilePath &stateFolder)
{
    return stateFolder / "identity.json";
}

bool isToken256(const QByteArray &token)
{
    const auto decoded = QByteArray::fromBase64Encoding(
        token, QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    return decoded && decoded.decoded.size() == tokenBytes;
}

} // namespace

ShelfIdentity loadIdentity(const FilePath &stateFolder)
{
    const FilePath path = identityPath(stateFolder);
    ShelfIdentity identity;
    if (const std::optional<QByteArray> bytes = readSmallFile(path, maxIdentityBytes)) {
        ::chmod(path.c_str(), 0600);
        const QJsonObject json = QJsonDocument::fromJson(*bytes).object();
        const qint64 port = json[u"port"].toInteger();
        identity.port = port > 0 && port <= 0xffff ? quint16(port) : quint16(0);
        identity.token = json[u"token"].toString().toLatin1();
    }
    if (!isToken256(identity.token))
        identity.token = randomBytes(tokenBytes).toBase64(base64Url);
    return identity;
}

Result<void> keepIdentity(const FilePath &stateFolder, const ShelfIdentity &identity)
{
    const QJsonObject json{{QStringLiteral("version"), 1},
                           {QStringLiteral("port"), identity.port},
                           {QStringLiteral("token"), QString::fromLatin1(identity.token)}};
    return replaceFile(identityPath(stateFolder), QJsonDocument(json).toJson(), Durability::Synced);
}

bool isAuthorized(QByteArrayView authorization, QByteArrayView token)
{
    constexpr QByteArrayView scheme = "Bearer ";
    if (authorization.size() != scheme.size() + token.size()
        || authorization.first(scheme.size()).compare(scheme, Qt::CaseInsensitive) != 0)
        return false;
    const QByteArrayView given = authorization.sliced(scheme.size());
    return CRYPTO_memcmp(given.data(), token.data(), std::size_t(token.size())) == 0;
}

} // namespace sendoff::shelf

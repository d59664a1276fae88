// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/credentials.h"

#include "core/base/durable_file.h"
#include "core/base/run_on.h"
#include "core/transfer/keychain.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <optional>
#include <utility>

namespace sendoff::transfer {

namespace {

constexpr qint64 largestSecretFile = 4 << 20;
constexpr int secretFileVersion = 1;

QJsonObject secretsToJson(const Secrets &secrets)
{
    QJsonObject json;
    for (auto it = secrets.cbegin(); it != secrets.cend(); ++it)
        json.insert(it.key(), QString::fromLatin1(it.value().toBase64()));
    return json;
}

Secrets secretsFromJson(const QJsonObject &json)
{
    Secrets secrets;
    for (auto it = json.begin(); it != json.end(); ++it)
        secrets.insert(it.key(), QByteArray::fromBase64(it.value().toString().toLatin1()));
    return secrets;
}

// Blocking. What the consented file holds, by destination; empty where there is none.
QJsonObject readSecretFile(const FilePath &path)
{
    const auto bytes = readSmallFile(path, largestSecretFile);
    if (!bytes)
        return {};
    const QJsonObject root = QJsonDocument::fromJson(*bytes).object();
    return root[u"secrets"].toObject();
}

// Blocking; 0600 and on the disk before it returns.
Result<void> writeSecretFile(const FilePath &path, const QJsonObject &secrets)
{
    const QJsonObject root{{QStringLiteral("version"), secretFileVersion},
                           {QStringLiteral("secrets"), secrets}};
    return replaceFile(path, QJsonDocument(root).toJson(), Durability::Synced);
}

Result<void> changeSecretFile(const FilePath &path, const QString &destination,
                              const std::optional<Secrets> &secrets)
{
    QJsonObject all = readSecretFile(path);
    if (!secrets && !all.contains(destination))
        return {};
    all.remove(destination);
    if (secrets)
        all.insert(destination, secretsToJson(*secrets));
    return writeSecretFile(path, all);
}

Error lockedKeychain(const QString &detail)
{
    return Error(ErrorKind::SignInNeeded, QStringLiteral("keychain: ") + detail,
                 {RetryAdvice::When::AfterSignIn, {}})
        .with(argument::reason, QStringLiteral("the keychain is locked"));
}

} // namespace

Credentials::Credentials(FilePath file, WorkerPool *io)
    : m_file(std::move(file))
    , m_io(io)
{
}

QCoro::Task<Result<Credentials::Place>> Credentials::store(QString destination, Secrets secrets,
                                                           FileConsent consent)
{
    m_known.insert(destination, secrets);
    const QByteArray json =
        QJsonDocument(secretsToJson(secrets)).toJson(QJsonDocument::Compact);
    auto writing = writeToKeychain(destination, json);
    const KeychainReply reply = co_await std::move(writing);
    if (reply.outcome == KeychainOutcome::Done) {
        // What an earlier consent left there is out of date.
        auto removing = runOn(
            *m_io,
            [file = m_file, destination] { return changeSecretFile(file, destination, {}); }, {});
        SO_CO_TRY_VOID(co_await std::move(removing));
        co_return Place::Keychain;
    }
    if (reply.outcome == KeychainOutcome::Locked)
        co_return failure(lockedKeychain(reply.detail));
    if (consent == FileConsent::No)
        co_return Place::Memory;
    auto saving = runOn(
        *m_io,
        [file = m_file, destination, secrets] {
            return changeSecretFile(file, destination, secrets);
        },
        {});
    SO_CO_TRY_VOID(co_await std::move(saving));
    co_return Place::File;
}

QCoro::Task<Result<Secrets>> Credentials::load(QString destination)
{
    if (const auto known = m_known.constFind(destination); known != m_known.constEnd())
        co_return *known;
    auto reading = runOn(
        *m_io, [file = m_file]() -> Result<QJsonObject> { return readSecretFile(file); }, {});
    SO_CO_TRY(const QJsonObject kept, co_await std::move(reading));
    if (kept.contains(destination)) {
        m_known.insert(destination, secretsFromJson(kept[destination].toObject()));
        co_return m_known.value(destination);
    }
    auto asking = readFromKeychain(destination);
    const KeychainReply reply = co_await std::move(asking);
    if (reply.outcome == KeychainOutcome::Locked)
        co_return failure(lockedKeychain(reply.detail));
    if (reply.outcome == KeychainOutcome::Done)
        m_known.insert(destination,
                       secretsFromJson(QJsonDocument::fromJson(reply.value).object()));
    co_return m_known.value(destination);
}

QCoro::Task<Result<void>> Credentials::remove(QString destination)
{
    m_known.remove(destination);
    auto changing = runOn(
        *m_io, [file = m_file, destination] { return changeSecretFile(file, destination, {}); },
        {});
    const auto changed = co_await std::move(changing);
    auto removing = removeFromKeychain(destination);
    const KeychainReply reply = co_await std::move(removing);
    if (reply.outcome == KeychainOutcome::Locked)
        co_return failure(lockedKeychain(reply.detail));
    co_return changed;
}

QString placeName(Credentials::Place place)
{
    switch (place) {
    case Credentials::Place::Keychain:
        return QStringLiteral("keychain");
    case Credentials::Place::File:
        return QStringLiteral("file");
    case Credentials::Place::Memory:
        break;
    }
    return QStringLiteral("memory");
}

Secrets secretsFromEnvironment(const DestinationConfig &config, const QByteArray &variable)
{
    Secrets secrets;
    const DestinationType *type = findDestinationType(config.type);
    if (!type)
        return secrets;
    for (const DestinationOption &option : type->options) {
        const bool isThere = option.isSecret && !option.environment.isEmpty()
            && !qgetenv(option.environment.constData()).isEmpty();
        if (isThere)
            secrets.insert(option.id, qgetenv(option.environment.constData()));
    }
    const QByteArray main = qgetenv(variable.constData());
    const QString option = mainSecretOf(config);
    if (!main.isEmpty() && !option.isEmpty())
        secrets.insert(option, main);
    return secrets;
}

} // namespace sendoff::transfer

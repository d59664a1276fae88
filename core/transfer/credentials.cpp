// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/credentials.h"

#include "core/base/durable_file.h"
#include "core/base/run_on.h"
#include "core/transfer/keychain.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcessEnvironment>

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

QCoro::Task<Result<Secrets>> Credentials::load(QString destination, std::stop_token stop)
{
    if (const auto known = m_known.constFind(destination); known != m_known.constEnd())
        co_return *known;
    std::shared_ptr<Reading> reading = m_readings.value(destination);
    if (!reading) {
        reading = std::make_shared<Reading>();
        m_readings.insert(destination, reading);
        m_tasks.spawn([this, destination, reading](std::stop_token closing) {
            return read(destination, reading, std::move(closing));
        });
    }
    const bool hasEnded = co_await reading->ended.wait(stop);
    if (!hasEnded || stop.stop_requested())
        co_return failure(Error::cancelled());
    if (reading->error)
        co_return failure(*reading->error);
    co_return m_known.value(destination);
}

QCoro::Task<void> Credentials::read(QString destination, std::shared_ptr<Reading> reading,
                                    std::stop_token stop)
{
    auto finding = readAnywhere(destination, stop);
    auto found = co_await std::move(finding);
    if (!found)
        reading->error = std::move(found).error();
    else if (!found->isEmpty() && !m_known.contains(destination)) // else it was stored meanwhile
        m_known.insert(destination, *std::move(found));
    m_readings.remove(destination);
    reading->ended.set();
}

QCoro::Task<Result<Secrets>> Credentials::readAnywhere(QString destination, std::stop_token stop)
{
    auto reading = runOn(
        *m_io, [file = m_file]() -> Result<QJsonObject> { return readSecretFile(file); }, stop);
    SO_CO_TRY(const QJsonObject kept, co_await std::move(reading));
    if (kept.contains(destination))
        co_return secretsFromJson(kept[destination].toObject());
    auto asking = readFromKeychain(destination, stop);
    const KeychainReply reply = co_await std::move(asking);
    if (reply.outcome == KeychainOutcome::Locked)
        co_return failure(lockedKeychain(reply.detail));
    if (reply.outcome == KeychainOutcome::Done)
        co_return secretsFromJson(QJsonDocument::fromJson(reply.value).object());
    co_return Secrets();
}

QCoro::Task<void> Credentials::close()
{
    m_tasks.cancel();
    co_await m_tasks.join();
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

SecretVariables secretVariablesOfThisProcess()
{
    SecretVariables variables;
    const auto take = [&variables](const QByteArray &name) {
        if (const QByteArray value = qgetenv(name.constData()); !value.isEmpty())
            variables.insert(name, value);
    };
    const QStringList names = QProcessEnvironment::systemEnvironment().keys();
    for (const QString &name : names) {
        if (name.startsWith(u"SENDOFF_SECRET"))
            take(name.toLocal8Bit());
    }
    for (const DestinationType &type : destinationTypes()) {
        for (const DestinationOption &option : type.options) {
            if (option.isSecret && !option.environment.isEmpty())
                take(option.environment);
        }
    }
    return variables;
}

Secrets secretsFrom(const SecretVariables &variables, const DestinationConfig &config,
                    const QByteArray &own, const Secrets &kept)
{
    Secrets secrets;
    const DestinationType *type = findDestinationType(config.type);
    if (!type)
        return secrets;
    for (const DestinationOption &option : type->options) {
        const QByteArray common = variables.value(option.environment);
        if (option.isSecret && !option.environment.isEmpty() && !common.isEmpty())
            secrets.insert(option.id, common);
    }
    secrets.insert(kept);
    const QByteArray main = variables.value(own);
    const QString option = mainSecretOf(config);
    if (!main.isEmpty() && !option.isEmpty())
        secrets.insert(option, main);
    return secrets;
}

} // namespace sendoff::transfer

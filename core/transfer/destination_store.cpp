// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/destination_store.h"

#include "core/base/durable_file.h"
#include "core/base/run_on.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QRandomGenerator>

#include <algorithm>

namespace sendoff::transfer {

namespace {

constexpr int storeVersion = 1;
constexpr qint64 largestStore = 16 << 20;
constexpr qsizetype longestName = 100;

Error unusableName(const QString &name, const QString &reason)
{
    return Error(ErrorKind::DestinationInvalid, reason)
        .with(argument::destination, escapedText(name))
        .with(argument::reason, reason);
}

Result<void> checkName(const QString &name)
{
    if (name.isEmpty() || name != name.trimmed() || name.size() > longestName)
        return failure(unusableName(
            name, QStringLiteral("its name must have 1 to %1 characters, without spaces around it")
                      .arg(longestName)));
    if (escapedText(name) != name)
        return failure(unusableName(name, QStringLiteral("its name holds characters that cannot "
                                                         "be shown")));
    if (name.contains(u':'))
        return failure(
            unusableName(name, QStringLiteral("a name with “:” would be taken for an address")));
    if (name.startsWith(u'-'))
        return failure(
            unusableName(name, QStringLiteral("a name with “-” first would be taken for an option")));
    return {};
}

// Is there an option of this name, and one that may be written down?
Result<void> checkOptionName(const DestinationConfig &config, const QString &name)
{
    const DestinationType *type = findDestinationType(config.type);
    const bool isKnown = type
        && std::any_of(type->options.cbegin(), type->options.cend(), [&](const auto &option) {
               return option.id == name && !option.isSecret;
           });
    if (isKnown)
        return {};
    const QString reason = QStringLiteral("there is no option “%1”").arg(escapedText(name));
    return failure(Error(ErrorKind::DestinationInvalid, reason)
                       .with(argument::destination, config.name)
                       .with(argument::reason, reason));
}

QJsonObject entryOf(const StoredDestination &destination)
{
    QJsonObject options;
    for (auto it = destination.config.options.cbegin(); it != destination.config.options.cend();
         ++it)
        options.insert(it.key(), it.value());
    return {{QStringLiteral("id"), destination.id},
            {QStringLiteral("name"), destination.config.name},
            {QStringLiteral("type"), destination.config.type},
            {QStringLiteral("options"), options}};
}

std::optional<StoredDestination> destinationOf(const QJsonObject &entry)
{
    StoredDestination destination;
    destination.id = entry[u"id"].toString();
    destination.config.name = entry[u"name"].toString();
    destination.config.type = entry[u"type"].toString();
    const QJsonObject options = entry[u"options"].toObject();
    for (auto it = options.begin(); it != options.end(); ++it) {
        if (!it.value().isString())
            return std::nullopt;
        destination.config.options.insert(it.key(), it.value().toString());
    }
    if (destination.id.isEmpty() || destination.config.name.isEmpty()
        || destination.config.type.isEmpty())
        return std::nullopt;
    return destination;
}

Error storeError(const FilePath &file, const QString &reason)
{
    return Error(ErrorKind::StoreUnavailable, QStringLiteral("%1: %2").arg(displayPath(file), reason))
        .with(argument::reason, reason)
        .with(argument::file, displayName(file));
}

// Blocking. Empty where there is no file.
Result<QByteArray> readStore(const FilePath &path)
{
    std::error_code code;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path, code)))
        return QByteArray();
    auto bytes = readSmallFile(path, largestStore);
    if (!bytes)
        return failure(storeError(path, QStringLiteral("it cannot be read")));
    return *std::move(bytes);
}

// Blocking: whole or not at all, on the disk before it returns.
Result<void> writeStore(const FilePath &path, const QByteArray &json)
{
    auto written = replaceFile(path, json, Durability::Synced);
    if (!written)
        return failure(storeError(path, written.error().detail));
    return {};
}

// Blocking. Where to it was moved.
Result<FilePath> moveAside(const FilePath &path)
{
    const QString now = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss"));
    FilePath aside = path;
    aside += ".corrupt-" + now.toStdString();
    aside = freePath(aside);
    std::error_code code;
    std::filesystem::rename(path, aside, code);
    if (code)
        return failure(storeError(path, QString::fromStdString(code.message())));
    return aside;
}

QString newId()
{
    constexpr char letters[] = "abcdefghijklmnopqrstuvwxyz234567"; // base32 (RFC 4648), lower case
    QString id;
    for (int i = 0; i < 12; ++i)
        id += QLatin1Char(letters[QRandomGenerator::system()->bounded(32)]);
    return id;
}

} // namespace

DestinationStore::DestinationStore(FilePath file, WorkerPool *io)
    : m_file(std::move(file))
    , m_io(io)
{
}

QCoro::Task<Result<std::unique_ptr<DestinationStore>>> DestinationStore::open(FilePath file,
                                                                              WorkerPool *io)
{
    std::unique_ptr<DestinationStore> store(new DestinationStore(file, io));
    auto reading = runOn(*io, [file] { return readStore(file); }, {});
    SO_CO_TRY(const QByteArray json, co_await std::move(reading));
    if (json.isEmpty())
        co_return store;
    auto read = store->read(json);
    if (!read && read.error().kind == ErrorKind::StoreTooNew)
        co_return failure(std::move(read).error());
    if (!read) {
        auto moving = runOn(*io, [file] { return moveAside(file); }, {});
        SO_CO_TRY(const FilePath aside, co_await std::move(moving));
        store->m_problems.append(QStringLiteral("The list of destinations could not be read and "
                                                "was moved to “%1”. Set them up again.")
                                     .arg(displayPath(aside)));
    }
    co_return store;
}

Result<void> DestinationStore::read(const QByteArray &json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    const QJsonObject root = document.object();
    const int version = root[u"version"].toInt();
    if (version > storeVersion)
        return failure(Error(ErrorKind::StoreTooNew,
                             QStringLiteral("%1 has version %2").arg(displayName(m_file)).arg(version))
                           .with(argument::file, displayName(m_file)));
    if (version != storeVersion || !root[u"destinations"].isArray())
        return failure(storeError(m_file, QStringLiteral("it is damaged")));
    for (const QJsonValue &entry : root[u"destinations"].toArray()) {
        const auto destination = destinationOf(entry.toObject());
        if (destination && !find(destination->config.name))
            m_destinations.append(*destination);
        else
            m_unread.append(entry);
    }
    if (!m_unread.isEmpty())
        m_problems.append(QStringLiteral("%1 of the destinations in “%2” cannot be read. They were "
                                         "left there as they are.")
                              .arg(m_unread.size())
                              .arg(displayPath(m_file)));
    return {};
}

const StoredDestination *DestinationStore::find(QStringView name) const
{
    const auto found = std::find_if(
        m_destinations.cbegin(), m_destinations.cend(), [name](const StoredDestination &known) {
            return name.compare(known.config.name, Qt::CaseInsensitive) == 0;
        });
    return found == m_destinations.cend() ? nullptr : &*found;
}

QCoro::Task<Result<StoredDestination>> DestinationStore::add(DestinationConfig config)
{
    SO_CO_TRY_VOID(checkName(config.name));
    if (find(config.name))
        co_return failure(
            unusableName(config.name, QStringLiteral("there is one of that name already")));
    config.secrets.clear();
    SO_CO_TRY(config, checkedConfig(std::move(config)));
    StoredDestination added;
    added.id = newId();
    added.config = std::move(config);
    QList<StoredDestination> destinations = m_destinations;
    destinations.append(added);
    SO_CO_TRY_VOID(co_await save(std::move(destinations)));
    co_return added;
}

QCoro::Task<Result<StoredDestination>> DestinationStore::change(QString id,
                                                                QMap<QString, QString> options)
{
    QList<StoredDestination> destinations = m_destinations;
    const auto found = std::find_if(destinations.begin(), destinations.end(),
                                    [&id](const StoredDestination &known) { return known.id == id; });
    if (found == destinations.end())
        co_return failure(
            Error(ErrorKind::DestinationUnknown).with(argument::destination, escapedText(id)));
    StoredDestination changed = *found;
    for (auto it = options.cbegin(); it != options.cend(); ++it) {
        SO_CO_TRY_VOID(checkOptionName(changed.config, it.key())); // also of what is emptied
        changed.config.options.insert(it.key(), it.value());
    }
    changed.config.options.removeIf([](const auto &option) { return option.value().isEmpty(); });
    SO_CO_TRY(changed.config, checkedConfig(std::move(changed.config)));
    *found = changed;
    SO_CO_TRY_VOID(co_await save(std::move(destinations)));
    co_return changed;
}

QCoro::Task<Result<void>> DestinationStore::remove(QString id)
{
    QList<StoredDestination> destinations = m_destinations;
    const auto removed = destinations.removeIf(
        [&id](const StoredDestination &destination) { return destination.id == id; });
    if (removed == 0)
        co_return failure(
            Error(ErrorKind::DestinationUnknown).with(argument::destination, escapedText(id)));
    co_return co_await save(std::move(destinations));
}

QCoro::Task<Result<void>> DestinationStore::save(QList<StoredDestination> destinations)
{
    QJsonArray entries;
    for (const StoredDestination &destination : std::as_const(destinations))
        entries.append(entryOf(destination));
    for (const QJsonValue &entry : std::as_const(m_unread))
        entries.append(entry);
    const QJsonObject root{{QStringLiteral("version"), storeVersion},
                           {QStringLiteral("destinations"), entries}};
    const QByteArray json = QJsonDocument(root).toJson();
    auto writing = runOn(*m_io, [file = m_file, json] { return writeStore(file, json); }, {});
    SO_CO_TRY_VOID(co_await std::move(writing));
    m_destinations = std::move(destinations);
    Q_EMIT changed();
    co_return Result<void>();
}

QByteArray secretVariable(const QString &destinationName)
{
    QByteArray variable = "SENDOFF_SECRET_";
    for (const QChar letter : destinationName.toUpper()) {
        const bool isPlain = (letter >= u'A' && letter <= u'Z') || (letter >= u'0' && letter <= u'9');
        variable += isPlain ? char(letter.unicode()) : '_';
    }
    return variable;
}

} // namespace sendoff::transfer

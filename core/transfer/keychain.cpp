// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/keychain.h"

#include "core/base/async_event.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>
#include <qt6keychain/keychain.h>
#include <stop_token>
#include <utility>

namespace sendoff::transfer {

namespace {

constexpr std::chrono::minutes patience{2};

QString keychainService()
{
    return QStringLiteral("org.sendoff.Sendoff");
}

KeychainOutcome outcomeOf(QKeychain::Error error)
{
    switch (error) {
    case QKeychain::NoError:
        return KeychainOutcome::Done;
    case QKeychain::EntryNotFound:
    case QKeychain::CouldNotDeleteEntry:
        return KeychainOutcome::NotThere;
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return KeychainOutcome::Locked;
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
    case QKeychain::OtherError: // a desktop without a bus or a service says only this
        break;
    }
    return KeychainOutcome::Absent;
}

// `job` is deleted when it has ended, which may be after this gave up on it.
QCoro::Task<KeychainReply> run(QKeychain::Job *job, std::function<QByteArray()> value,
                               std::stop_token stop)
{
    auto ended = std::make_shared<AsyncEvent>();
    auto reply = std::make_shared<KeychainReply>();
    QObject::connect(job, &QKeychain::Job::finished, job,
                     [ended, reply, value = std::move(value)](QKeychain::Job *done) {
                         reply->outcome = outcomeOf(done->error());
                         reply->detail = done->errorString();
                         if (reply->outcome == KeychainOutcome::Done && value)
                             reply->value = value();
                         ended->set();
                     });
    job->start();
    std::stop_source tooLate;
    QTimer timer;
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, [tooLate]() mutable { tooLate.request_stop(); });
    timer.start(patience);
    const std::stop_callback onStop(stop, [tooLate]() mutable { tooLate.request_stop(); });
    auto waiting = ended->wait(tooLate.get_token());
    const bool isEnded = co_await std::move(waiting);
    if (!isEnded) {
        KeychainReply late;
        late.outcome = KeychainOutcome::Locked;
        late.detail = QStringLiteral("no answer");
        co_return late;
    }
    co_return *reply;
}

// Whether the keychain has an entry that it does not show. libsecret tells a reader of it that there is
// none, and who removes it that this is done, where the user did not open the keychain. (Secret
// Service API, Service.SearchItems: first the paths of what is unlocked, then those of the rest.)
QCoro::Task<bool> isLockedAway(QString key, std::stop_token stop)
{
    using Attributes = QMap<QString, QString>;
    using Paths = QList<QDBusObjectPath>;
    qDBusRegisterMetaType<Attributes>();
    QDBusMessage question = QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.secrets"), QStringLiteral("/org/freedesktop/secrets"),
        QStringLiteral("org.freedesktop.Secret.Service"), QStringLiteral("SearchItems"));
    const Attributes attributes{{QStringLiteral("user"), key}, // as QtKeychain names them
                                {QStringLiteral("server"), keychainService()}};
    question.setArguments({QVariant::fromValue(attributes)});
    const QDBusPendingCallWatcher watcher(QDBusConnection::sessionBus().asyncCall(question));
    auto answered = std::make_shared<AsyncEvent>();
    QObject::connect(&watcher, &QDBusPendingCallWatcher::finished, &watcher,
                     [answered] { answered->set(); });
    auto waiting = answered->wait(std::move(stop));
    const bool isAnswered = co_await std::move(waiting);
    if (!isAnswered)
        co_return false;
    const QDBusPendingReply<Paths, Paths> reply = watcher;
    co_return reply.isValid() && !reply.argumentAt<1>().isEmpty();
}

KeychainReply lockedAway()
{
    KeychainReply reply;
    reply.outcome = KeychainOutcome::Locked;
    reply.detail = QStringLiteral("the entry stays locked");
    return reply;
}

} // namespace

QCoro::Task<KeychainReply> readFromKeychain(QString key, std::stop_token stop)
{
    auto *job = new QKeychain::ReadPasswordJob(keychainService());
    job->setKey(key);
    auto reading = run(job, [job] { return job->binaryData(); }, stop);
    KeychainReply reply = co_await std::move(reading);
    if (reply.outcome != KeychainOutcome::NotThere)
        co_return reply;
    auto asking = isLockedAway(key, stop);
    const bool isLocked = co_await std::move(asking);
    if (isLocked)
        co_return lockedAway();
    co_return reply;
}

QCoro::Task<KeychainReply> writeToKeychain(QString key, QByteArray value)
{
    auto *job = new QKeychain::WritePasswordJob(keychainService());
    job->setKey(key);
    job->setBinaryData(value);
    return run(job, {}, {});
}

QCoro::Task<KeychainReply> removeFromKeychain(QString key)
{
    auto *job = new QKeychain::DeletePasswordJob(keychainService());
    job->setKey(key);
    auto removing = run(job, {}, {});
    KeychainReply reply = co_await std::move(removing);
    const bool seemsGone =
        reply.outcome == KeychainOutcome::Done || reply.outcome == KeychainOutcome::NotThere;
    if (!seemsGone)
        co_return reply;
    auto asking = isLockedAway(key, {});
    const bool isLocked = co_await std::move(asking);
    if (isLocked)
        co_return lockedAway();
    co_return reply;
}

} // namespace sendoff::transfer

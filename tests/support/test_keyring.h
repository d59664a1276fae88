// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The keyring of tests/servers/with-keyring.sh, locked and opened as its user would, by way of the
// Secret Service and of gnome-keyring's own interface (which takes the password without a window).

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusVariant>

namespace sendoff::test {

// A secret as the Secret Service writes it: (oayays).
struct KeyringSecret {
    QDBusObjectPath session;
    QByteArray parameters;
    QByteArray value;
    QString contentType;
};

inline QDBusArgument &operator<<(QDBusArgument &argument, const KeyringSecret &secret)
{
    argument.beginStructure();
    argument << secret.session << secret.parameters << secret.value << secret.contentType;
    argument.endStructure();
    return argument;
}

inline const QDBusArgument &operator>>(const QDBusArgument &argument, KeyringSecret &secret)
{
    argument.beginStructure();
    argument >> secret.session >> secret.parameters >> secret.value >> secret.contentType;
    argument.endStructure();
    return argument;
}

class TestKeyring {
public:
    bool lock() const { return isDone(call(service, "Lock", {QVariant::fromValue(collections())})); }
    bool unlock() const
    {
        qDBusRegisterMetaType<KeyringSecret>();
        const QDBusMessage opened =
            call(service, "OpenSession",
                 {QStringLiteral("plain"), QVariant::fromValue(QDBusVariant(QString()))});
        if (!isDone(opened))
            return false;
        KeyringSecret master;
        master.session = opened.arguments().value(1).value<QDBusObjectPath>();
        master.value = "password"; // with-keyring.sh's
        master.contentType = QStringLiteral("text/plain");
        return isDone(call("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
                           "UnlockWithMasterPassword",
                           {QVariant::fromValue(collections().constFirst()),
                            QVariant::fromValue(master)}));
    }

private:
    static constexpr auto service = "org.freedesktop.Secret.Service";

    static QList<QDBusObjectPath> collections()
    {
        return {QDBusObjectPath(QStringLiteral("/org/freedesktop/secrets/collection/login"))};
    }
    static QDBusMessage call(const char *interface, const char *method,
                             const QVariantList &arguments)
    {
        QDBusMessage message = QDBusMessage::createMethodCall(
            QStringLiteral("org.freedesktop.secrets"), QStringLiteral("/org/freedesktop/secrets"),
            QString::fromLatin1(interface), QString::fromLatin1(method));
        message.setArguments(arguments);
        return QDBusConnection::sessionBus().call(message);
    }
    static bool isDone(const QDBusMessage &reply)
    {
        if (reply.type() != QDBusMessage::ReplyMessage)
            qWarning("keyring: %s", qPrintable(reply.errorMessage()));
        return reply.type() == QDBusMessage::ReplyMessage;
    }
};

} // namespace sendoff::test

Q_DECLARE_METATYPE(sendoff::test::KeyringSecret)

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/destination.h"

#include "core/base/error_text.h"

#include <QJsonArray>
#include <QtTest>

using namespace sendoff;
using namespace sendoff::transfer;

using Options = QMap<QString, QString>;

class TestDestinationUrl : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAnAddress_data();
    void readsAnAddress();
    void refuses_data();
    void refuses();
    void keepsBytesOfAFolder();
    void guardsTheSecret_data();
    void guardsTheSecret();
    void refusesWrongOptions_data();
    void refusesWrongOptions();
    void saysWhichSecretIsMeant();
    void describesEveryTypeAsData();
};

void TestDestinationUrl::readsAnAddress_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("name");
    QTest::addColumn<Options>("options");
    QTest::newRow("shelf") << QStringLiteral("shelf:") << QStringLiteral("shelf")
                           << QStringLiteral("Shelf") << Options{};
    QTest::newRow("folder") << QStringLiteral("file:///srv/videos") << QStringLiteral("folder")
                            << QStringLiteral("file:///srv/videos")
                            << Options{{QStringLiteral("folder"), QStringLiteral("/srv/videos")}};
    QTest::newRow("folder with spaces and an umlaut")
        << QStringLiteral("file:///srv/my vid%C3%A9os") << QStringLiteral("folder")
        << QStringLiteral("file:///srv/my vidéos")
        << Options{{QStringLiteral("folder"), QStringLiteral("/srv/my vidéos")}};
    QTest::newRow("tus over http")
        << QStringLiteral("tus+http://127.0.0.1:1080/files") << QStringLiteral("tus")
        << QStringLiteral("tus+http://127.0.0.1:1080/files")
        << Options{{QStringLiteral("url"), QStringLiteral("http://127.0.0.1:1080/files")}};
    QTest::newRow("tus with options")
        << QStringLiteral("tus+https://host/files/?ca_file=/etc/my%20ca.pem&allow_plain=1&user=bob")
        << QStringLiteral("tus") << QStringLiteral("tus+https://host/files/")
        << Options{{QStringLiteral("url"), QStringLiteral("https://host/files/")},
                   {QStringLiteral("ca_file"), QStringLiteral("/etc/my ca.pem")},
                   {QStringLiteral("allow_plain"), QStringLiteral("1")},
                   {QStringLiteral("user"), QStringLiteral("bob")}};
    QTest::newRow("tus on an IPv6 address")
        << QStringLiteral("tus+http://[::1]:8080/f") << QStringLiteral("tus")
        << QStringLiteral("tus+http://[::1]:8080/f")
        << Options{{QStringLiteral("url"), QStringLiteral("http://[::1]:8080/f")}};
}

void TestDestinationUrl::readsAnAddress()
{
    QFETCH(const QString, url);
    const auto config = destinationFromUrl(url);
    QVERIFY2(config.has_value(),
             qPrintable(config ? QString() : describe(config.error()).sentence()));
    QTEST(config->type, "type");
    QTEST(config->name, "name");
    QTEST(config->options, "options");
    QVERIFY(config->secrets.isEmpty());
    QVERIFY(createDestination(*config, {}).has_value());
}

void TestDestinationUrl::refuses_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *name, const char *url, ErrorKind kind, const char *reason) {
        QTest::newRow(name) << QString::fromUtf8(url) << kind << QString::fromUtf8(reason);
    };
    const ErrorKind invalid = ErrorKind::DestinationInvalid;
    row("another scheme", "gopher://host/x", ErrorKind::DestinationUnknown, "");
    row("a word", "family", ErrorKind::DestinationUnknown, "");
    row("nothing", "", ErrorKind::DestinationUnknown, "");
    row("a password", "tus+https://bob:hunter2@host/f", invalid, "SENDOFF_SECRET");
    row("a user that is a token", "tus+https://hunter2@host/f", invalid, "SENDOFF_SECRET");
    row("a token", "tus+https://host/f?token=hunter2", invalid, "SENDOFF_SECRET");
    row("a password option", "tus+https://host/f?password=hunter2", invalid, "SENDOFF_SECRET");
    row("somebody's API key", "tus+https://host/f?api_key=hunter2", invalid, "SENDOFF_SECRET");
    row("an access token", "tus+https://host/f?access_token=hunter2", invalid, "SENDOFF_SECRET");
    row("a secret in other case", "tus+https://host/f?ToKeN=hunter2", invalid, "SENDOFF_SECRET");
    row("a password for a folder", "file://bob:hunter2@/x", invalid, "");
    row("an unknown option", "tus+https://host/f?speed=9", invalid, "speed");
    row("an option twice", "tus+https://host/f?user=a&user=b", invalid, "twice");
    row("the address twice", "tus+https://host/f?url=http://x/", invalid, "twice");
    row("a fragment", "tus+https://host/f#part", invalid, "%23");
    row("a folder of another computer", "file://server/share", invalid, "file:///folder");
    row("a folder without a root", "file:videos", invalid, "file:///folder");
    row("something after shelf", "shelf:family", invalid, "alone");
    row("an option of the Shelf", "shelf:?port=9", invalid, "port");
}

void TestDestinationUrl::refuses()
{
    QFETCH(const QString, url);
    QFETCH(const ErrorKind, kind);
    QFETCH(const QString, reason);
    const auto config = destinationFromUrl(url);
    QVERIFY(!config.has_value());
    QCOMPARE(config.error().kind, kind);
    const QString sentence = describe(config.error()).sentence();
    QVERIFY2(sentence.contains(reason), qPrintable(sentence));
    QVERIFY2(!sentence.contains(u"hunter2"), qPrintable(sentence));
    QVERIFY2(!config.error().detail.contains(u"hunter2"), qPrintable(config.error().detail));
}

void TestDestinationUrl::keepsBytesOfAFolder()
{
    const auto config = destinationFromUrl(QStringLiteral("file:///srv/%FFodd%0A"));
    QVERIFY(config.has_value());
    const FilePath folder = fromStored(config->options.value(QStringLiteral("folder")));
    QCOMPARE(QByteArray::fromStdString(folder.string()), QByteArray("/srv/\xffodd\n"));
}

void TestDestinationUrl::guardsTheSecret_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("isAllowed");
    QTest::newRow("https") << QStringLiteral("tus+https://host/f") << true;
    QTest::newRow("plain http") << QStringLiteral("tus+http://host/f") << false;
    QTest::newRow("plain http, allowed")
        << QStringLiteral("tus+http://host/f?allow_plain=1") << true;
    QTest::newRow("plain http, not allowed")
        << QStringLiteral("tus+http://host/f?allow_plain=0") << false;
    QTest::newRow("loopback") << QStringLiteral("tus+http://127.0.0.1/f") << true;
    QTest::newRow("localhost") << QStringLiteral("tus+http://localhost:9/f") << true;
    QTest::newRow("loopback of IPv6") << QStringLiteral("tus+http://[::1]/f") << true;
    QTest::newRow("a name that begins like loopback")
        << QStringLiteral("tus+http://127.0.0.1.evil.example/f") << false;
}

void TestDestinationUrl::guardsTheSecret()
{
    QFETCH(const QString, url);
    QFETCH(const bool, isAllowed);
    auto config = destinationFromUrl(url);
    QVERIFY(config.has_value());
    QVERIFY(createDestination(*config, {}).has_value()); // without a secret there is no danger
    config->secrets.insert(QStringLiteral("token"), "hunter2");
    const auto created = createDestination(*config, {});
    QCOMPARE(created.has_value(), isAllowed);
    if (!created)
        QCOMPARE(created.error().kind, ErrorKind::PasswordOverPlainHttp);
}

void TestDestinationUrl::refusesWrongOptions_data()
{
    QTest::addColumn<DestinationConfig>("config");
    const auto configOf = [](const char *type, Options options,
                             QMap<QString, QByteArray> secrets = {}) {
        DestinationConfig config;
        config.name = QStringLiteral("Mine");
        config.type = QString::fromUtf8(type);
        config.options = std::move(options);
        config.secrets = std::move(secrets);
        return config;
    };
    const QString url = QStringLiteral("url");
    const QString good = QStringLiteral("https://host/f");
    QTest::newRow("no address") << configOf("tus", {});
    QTest::newRow("an address that is none") << configOf("tus", {{url, QStringLiteral("host")}});
    QTest::newRow("an address of another kind")
        << configOf("tus", {{url, QStringLiteral("ftp://host/f")}});
    QTest::newRow("a password in the address")
        << configOf("tus", {{url, QStringLiteral("https://a:hunter2@host/f")}});
    QTest::newRow("a secret among the options")
        << configOf("tus", {{url, good}, {QStringLiteral("token"), QStringLiteral("hunter2")}});
    QTest::newRow("an unknown option")
        << configOf("tus", {{url, good}, {QStringLiteral("speed"), QStringLiteral("9")}});
    QTest::newRow("yes instead of 1")
        << configOf("tus", {{url, good}, {QStringLiteral("allow_plain"), QStringLiteral("yes")}});
    QTest::newRow("a relative certificate")
        << configOf("tus", {{url, good}, {QStringLiteral("ca_file"), QStringLiteral("ca.pem")}});
    QTest::newRow("a line break in the token")
        << configOf("tus", {{url, good}}, {{QStringLiteral("token"), "hunter2\r\nX: y"}});
    QTest::newRow("a password without a user")
        << configOf("tus", {{url, good}}, {{QStringLiteral("password"), "hunter2"}});
    QTest::newRow("a relative folder")
        << configOf("folder", {{QStringLiteral("folder"), QStringLiteral("videos")}});
    QTest::newRow("no folder") << configOf("folder", {});
}

void TestDestinationUrl::refusesWrongOptions()
{
    QFETCH(const DestinationConfig, config);
    const auto created = createDestination(config, {});
    QVERIFY(!created.has_value());
    QCOMPARE(created.error().kind, ErrorKind::DestinationInvalid);
    const QString sentence = describe(created.error()).sentence();
    QVERIFY2(sentence.contains(u"Mine") && !sentence.contains(u"hunter2"), qPrintable(sentence));
    QVERIFY2(!sentence.contains(u"%1"), qPrintable(sentence));
}

void TestDestinationUrl::saysWhichSecretIsMeant()
{
    DestinationConfig config;
    config.type = QStringLiteral("tus");
    QCOMPARE(mainSecretOf(config), QStringLiteral("token"));
    config.options.insert(QStringLiteral("user"), QStringLiteral("bob"));
    QCOMPARE(mainSecretOf(config), QStringLiteral("password"));
    config.type = QStringLiteral("folder");
    QCOMPARE(mainSecretOf(config), QString());
}

void TestDestinationUrl::describesEveryTypeAsData()
{
    QStringList ids;
    QStringList schemes;
    for (const DestinationType &type : destinationTypes()) {
        QVERIFY(!ids.contains(type.id));
        ids.append(type.id);
        const QJsonObject json = toJson(type);
        QCOMPARE(json[u"id"].toString(), type.id);
        QVERIFY(!json[u"help"].toString().isEmpty());
        QVERIFY(json[u"capabilities"].toObject()[u"link"].toString().endsWith(u'.'));
        QCOMPARE(json[u"options"].toArray().size(), type.options.size());
        for (const auto &option : json[u"options"].toArray()) {
            QVERIFY(!option[u"id"].toString().isEmpty());
            QVERIFY(!option[u"title"].toString().isEmpty());
            QVERIFY(option[u"help"].toString().endsWith(u'.'));
        }
        for (const QString &scheme : type.schemes) {
            QVERIFY(!schemes.contains(scheme));
            schemes.append(scheme);
        }
        QCOMPARE(findDestinationType(type.id), &type);
    }
    QVERIFY(ids.contains(QStringLiteral("tus")));
    QCOMPARE(findDestinationType(u"none"), nullptr);
}

QTEST_APPLESS_MAIN(TestDestinationUrl)
#include "tst_destination_url.moc"

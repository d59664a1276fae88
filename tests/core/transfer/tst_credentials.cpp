// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Run twice by ctest: in a session with a real Secret Service (gnome-keyring), and in one without
// any bus (SENDOFF_TEST_KEYCHAIN says which).
#include "core/transfer/credentials.h"

#include "core/base/worker_pool.h"
#include "tests/support/test_keyring.h"

#include <QDirIterator>
#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QtTest>

#include <semaphore>

using namespace sendoff;
using namespace sendoff::transfer;

namespace {

const Secrets canary{{QStringLiteral("token"), "canary-\x01\xff-secret"},
                     {QStringLiteral("password"), ""}};

bool hasKeychain()
{
    return qEnvironmentVariable("SENDOFF_TEST_KEYCHAIN") == u"1";
}

} // namespace

class TestCredentials : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void keepsSecretsWhereTheyBelong();
    void asksForConsentToAFile();
    void forgetsWhatIsRemoved();
    void replacesWhatWasThere();
    void keepsDestinationsApart();
    void knowsNothingOfStrangers();
    void writesTheFileForOneReaderOnly();
    void survivesADamagedFile();
    void takesSecretsFromTheEnvironment();
    void findsTheVariablesOfThisProcess();
    void readsOnceForAllWhoAsk();
    void stopsAsking();
    void saysThatTheKeychainIsLocked();
    void namesThePlaces();

private:
    FilePath path() const { return m_folder->filePath(QStringLiteral("secrets.json")).toStdString(); }
    bool fileExists() const { return QFile::exists(m_folder->filePath(QStringLiteral("secrets.json"))); }
    QByteArray everythingWritten() const;
    // As a program that starts now.
    Secrets loadedAnew(const QString &destination);
    Credentials::Place store(const Secrets &secrets, Credentials::FileConsent consent);

    WorkerPool m_io{QStringLiteral("io"), 2, 0};
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_id; // of a destination, new for each test
};

void TestCredentials::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_id = QStringLiteral("dest%1").arg(QRandomGenerator::system()->generate64());
}

QByteArray TestCredentials::everythingWritten() const
{
    QByteArray all;
    QDirIterator files(m_folder->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly))
            all += file.readAll();
    }
    return all;
}

Secrets TestCredentials::loadedAnew(const QString &destination)
{
    Credentials credentials(path(), &m_io);
    const auto loaded = QCoro::waitFor(credentials.load(destination, {}));
    return loaded ? *loaded : Secrets{{QStringLiteral("error"), {}}};
}

Credentials::Place TestCredentials::store(const Secrets &secrets, Credentials::FileConsent consent)
{
    Credentials credentials(path(), &m_io);
    const auto place = QCoro::waitFor(credentials.store(m_id, secrets, consent));
    if (!place)
        qFatal("%s", qPrintable(place.error().detail));
    if (credentials.known(m_id) != secrets)
        qFatal("not known after it was stored");
    return *place;
}

void TestCredentials::keepsSecretsWhereTheyBelong()
{
    const auto place = store(canary, Credentials::FileConsent::No);
    if (hasKeychain()) {
        QCOMPARE(place, Credentials::Place::Keychain);
        QCOMPARE(loadedAnew(m_id), canary);
    } else {
        QCOMPARE(place, Credentials::Place::Memory);
        QCOMPARE(loadedAnew(m_id), Secrets());
    }
    QVERIFY(!fileExists());
}

void TestCredentials::asksForConsentToAFile()
{
    const auto place = store(canary, Credentials::FileConsent::Yes);
    QCOMPARE(loadedAnew(m_id), canary);
    // The keychain comes first, whatever was agreed to.
    QCOMPARE(place, hasKeychain() ? Credentials::Place::Keychain : Credentials::Place::File);
    QCOMPARE(fileExists(), !hasKeychain());
}

void TestCredentials::forgetsWhatIsRemoved()
{
    store(canary, Credentials::FileConsent::Yes);
    Credentials credentials(path(), &m_io);
    QVERIFY(QCoro::waitFor(credentials.load(m_id, {})).has_value());
    QVERIFY(QCoro::waitFor(credentials.remove(m_id)).has_value());
    QCOMPARE(credentials.known(m_id), Secrets());
    QCOMPARE(loadedAnew(m_id), Secrets());
    QVERIFY(!everythingWritten().contains("canary"));
    QVERIFY(!everythingWritten().contains(canary.value(QStringLiteral("token")).toBase64()));
    QVERIFY(QCoro::waitFor(credentials.remove(m_id)).has_value()); // again
}

void TestCredentials::replacesWhatWasThere()
{
    store(canary, Credentials::FileConsent::Yes);
    const Secrets other{{QStringLiteral("token"), "other"}};
    store(other, Credentials::FileConsent::Yes);
    QCOMPARE(loadedAnew(m_id), other);
}

void TestCredentials::keepsDestinationsApart()
{
    store(canary, Credentials::FileConsent::Yes);
    const QString first = m_id;
    m_id += QStringLiteral("-second");
    const Secrets other{{QStringLiteral("token"), "other"}};
    store(other, Credentials::FileConsent::Yes);
    QCOMPARE(loadedAnew(first), canary);
    QCOMPARE(loadedAnew(m_id), other);
}

void TestCredentials::knowsNothingOfStrangers()
{
    Credentials credentials(path(), &m_io);
    const auto loaded = QCoro::waitFor(credentials.load(m_id, {}));
    QVERIFY(loaded.has_value());
    QVERIFY(loaded->isEmpty());
}

void TestCredentials::writesTheFileForOneReaderOnly()
{
    if (hasKeychain())
        return; // then there is no file
    store(canary, Credentials::FileConsent::Yes);
    const auto permissions = QFile::permissions(m_folder->filePath(QStringLiteral("secrets.json")));
    QVERIFY(!(permissions
              & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther)));
}

void TestCredentials::survivesADamagedFile()
{
    QFile file(m_folder->filePath(QStringLiteral("secrets.json")));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("{\"secrets\":7") > 0);
    file.close();
    QCOMPARE(loadedAnew(m_id), Secrets());
    store(canary, Credentials::FileConsent::Yes);
    QCOMPARE(loadedAnew(m_id), canary);
}

void TestCredentials::takesSecretsFromTheEnvironment()
{
    DestinationConfig config;
    config.name = QStringLiteral("My bucket");
    config.type = QStringLiteral("s3");
    const QByteArray own = "SENDOFF_SECRET_MY_BUCKET";
    const Secrets kept{{QStringLiteral("access_key"), "kept-id"},
                       {QStringLiteral("secret_key"), "kept-key"}};
    QCOMPARE(secretsFrom({}, config, own), Secrets());
    SecretVariables variables{{"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "from-aws"}};
    Secrets secrets = secretsFrom(variables, config, own);
    QCOMPARE(secrets.value(QStringLiteral("access_key")), QByteArray("AKID"));
    QCOMPARE(secrets.value(QStringLiteral("secret_key")), QByteArray("from-aws"));
    QCOMPARE(secretsFrom(variables, config, own, kept), kept); // those are of another account
    variables.insert(own, "nearest");
    secrets = secretsFrom(variables, config, own, kept);
    QCOMPARE(secrets.value(QStringLiteral("access_key")), QByteArray("kept-id"));
    QCOMPARE(secrets.value(QStringLiteral("secret_key")), QByteArray("nearest"));
}

void TestCredentials::findsTheVariablesOfThisProcess()
{
    const SecretVariables before = secretVariablesOfThisProcess();
    qputenv("AWS_ACCESS_KEY_ID", "AKID");
    qputenv("SENDOFF_SECRET_MY_BUCKET", "byt\xe9s");
    qputenv("SENDOFF_SECRET", "");
    const SecretVariables variables = secretVariablesOfThisProcess();
    for (const char *name : {"AWS_ACCESS_KEY_ID", "SENDOFF_SECRET_MY_BUCKET", "SENDOFF_SECRET"})
        qunsetenv(name);
    QCOMPARE(variables.value("AWS_ACCESS_KEY_ID"), QByteArray("AKID"));
    QCOMPARE(variables.value("SENDOFF_SECRET_MY_BUCKET"), QByteArray("byt\xe9s"));
    QVERIFY(!variables.contains("SENDOFF_SECRET")); // empty
    QVERIFY(!variables.contains("HOME"));
    QCOMPARE(secretVariablesOfThisProcess(), before);
}

void TestCredentials::namesThePlaces()
{
    QCOMPARE(placeName(Credentials::Place::Keychain), QStringLiteral("keychain"));
    QCOMPARE(placeName(Credentials::Place::File), QStringLiteral("file"));
    QCOMPARE(placeName(Credentials::Place::Memory), QStringLiteral("memory"));
}

void TestCredentials::readsOnceForAllWhoAsk()
{
    store(canary, Credentials::FileConsent::Yes);
    Credentials credentials(path(), &m_io);
    auto first = credentials.load(m_id, {});
    auto second = credentials.load(m_id, {});
    const auto ofSecond = QCoro::waitFor(std::move(second));
    const auto ofFirst = QCoro::waitFor(std::move(first));
    QVERIFY(ofFirst && ofSecond);
    QCOMPARE(*ofFirst, canary);
    QCOMPARE(*ofSecond, canary);
}

void TestCredentials::stopsAsking()
{
    store(canary, Credentials::FileConsent::Yes);
    Credentials credentials(path(), &m_io);
    std::stop_source stop;
    std::counting_semaphore<8> gate(0); // no answer before the stop
    for (int thread = 0; thread < m_io.threadCount(); ++thread)
        m_io.start([&gate] { gate.acquire(); });
    auto loading = credentials.load(m_id, stop.get_token());
    auto patient = credentials.load(m_id, {});
    stop.request_stop();
    const auto stopped = QCoro::waitFor(std::move(loading));
    gate.release(m_io.threadCount());
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
    const auto loaded = QCoro::waitFor(std::move(patient)); // another's stop is not its own
    QVERIFY(loaded);
    QCOMPARE(*loaded, canary);
    QCoro::waitFor(credentials.close());
}

// A keychain that is there, but that nobody opens: it is said, and nothing is put anywhere else, as
// the user has consented to a file only where there is no keychain.
void TestCredentials::saysThatTheKeychainIsLocked()
{
    if (!hasKeychain())
        return;
    const sendoff::test::TestKeyring keyring;
    store(canary, Credentials::FileConsent::No);
    QVERIFY(keyring.lock());
    Credentials credentials(path(), &m_io);
    const auto isLocked = [](const Error &error) {
        return error.kind == ErrorKind::SignInNeeded
            && error.retry.when == RetryAdvice::When::AfterSignIn
            && error[argument::reason] == u"the keychain is locked";
    };
    const auto loaded = QCoro::waitFor(credentials.load(m_id, {}));
    const auto stranger = QCoro::waitFor(credentials.load(QStringLiteral("stranger"), {}));
    const Secrets other{{QStringLiteral("token"), "other"}};
    const auto stored = QCoro::waitFor(
        credentials.store(QStringLiteral("another"), other, Credentials::FileConsent::Yes));
    const auto removed = QCoro::waitFor(credentials.remove(m_id));
    QVERIFY(keyring.unlock());
    QVERIFY(!loaded.has_value());
    QVERIFY2(isLocked(loaded.error()), qPrintable(loaded.error().detail));
    QVERIFY(stranger.has_value()); // nothing is kept of it: there is nothing to open
    QVERIFY(!stored.has_value());
    QVERIFY2(isLocked(stored.error()), qPrintable(stored.error().detail));
    QVERIFY(!removed.has_value());
    QVERIFY2(isLocked(removed.error()), qPrintable(removed.error().detail));
    QVERIFY(!fileExists());
    // Once it is open, the same program goes on.
    const auto again = QCoro::waitFor(credentials.load(m_id, {}));
    QVERIFY(again.has_value());
    QCOMPARE(*again, canary);
    QVERIFY(QCoro::waitFor(credentials.remove(m_id)).has_value());
    QCOMPARE(loadedAnew(m_id), Secrets());
}

QTEST_GUILESS_MAIN(TestCredentials)
#include "tst_credentials.moc"

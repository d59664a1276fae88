// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/destination_store.h"

#include "core/base/worker_pool.h"

#include <QFile>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace sendoff;
using namespace sendoff::transfer;

namespace {

DestinationConfig serverNamed(const QString &name)
{
    DestinationConfig config;
    config.name = name;
    config.type = QStringLiteral("tus");
    config.options.insert(QStringLiteral("url"), QStringLiteral("https://host.example/files"));
    config.secrets.insert(QStringLiteral("token"), "canary-token");
    return config;
}

} // namespace

class TestDestinationStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void keepsWhatWasAdded();
    void keepsNoSecret();
    void isReadableByItsUserOnly();
    void changesOptionsOfOne();
    void refusesAChangeThatMakesItUnusable();
    void removesOne();
    void refusesNames_data();
    void refusesNames();
    void refusesWhatTheTypeDoesNotTake();
    void leavesANewerFileAlone();
    void movesADamagedFileAside();
    void keepsEntriesItCannotRead();
    void changesNothingWhereItCannotSave();
    void namesTheVariableOfASecret();

private:
    QString path() const { return m_folder->filePath(QStringLiteral("destinations.json")); }
    std::unique_ptr<DestinationStore> open();
    void write(const QByteArray &json);
    QByteArray read() const;

    WorkerPool m_io{QStringLiteral("io"), 2, 0};
    std::unique_ptr<QTemporaryDir> m_folder;
};

std::unique_ptr<DestinationStore> TestDestinationStore::open()
{
    auto opened = QCoro::waitFor(DestinationStore::open(path().toStdString(), &m_io));
    return opened ? *std::move(opened) : nullptr;
}

void TestDestinationStore::write(const QByteArray &json)
{
    QFile file(path());
    if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size())
        qFatal("cannot write the store");
}

QByteArray TestDestinationStore::read() const
{
    QFile file(path());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void TestDestinationStore::keepsWhatWasAdded()
{
    auto store = open();
    QVERIFY(store);
    QVERIFY(store->destinations().isEmpty());
    const QSignalSpy changes(store.get(), &DestinationStore::changed);
    const auto added = QCoro::waitFor(store->add(serverNamed(QStringLiteral("Family"))));
    QVERIFY(added.has_value());
    QCOMPARE(changes.size(), 1);
    store = open();
    const StoredDestination *found = store->find(u"family");
    QVERIFY(found);
    QCOMPARE(found->id, added->id);
    QCOMPARE(found->config, added->config);
    QCOMPARE(found->config.options.value(QStringLiteral("url")),
             QStringLiteral("https://host.example/files"));
    QVERIFY(!store->find(u"other"));
}

void TestDestinationStore::keepsNoSecret()
{
    const auto store = open();
    QVERIFY(QCoro::waitFor(store->add(serverNamed(QStringLiteral("Family")))).has_value());
    QVERIFY(!read().contains("canary"));
    QVERIFY(store->destinations().first().config.secrets.isEmpty());
}

void TestDestinationStore::isReadableByItsUserOnly()
{
    const auto store = open();
    QVERIFY(QCoro::waitFor(store->add(serverNamed(QStringLiteral("Family")))).has_value());
    const auto readableByOthers = QFile::permissions(path())
        & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther);
    QVERIFY(!readableByOthers);
}

void TestDestinationStore::changesOptionsOfOne()
{
    auto store = open();
    const auto added = QCoro::waitFor(store->add(serverNamed(QStringLiteral("Family"))));
    QVERIFY(added);
    QSignalSpy changes(store.get(), &DestinationStore::changed);
    QMap<QString, QString> options{{QStringLiteral("upload_limit"),
                                    QStringLiteral("08:00-18:00=1M, rest=off")},
                                   {QStringLiteral("user"), QStringLiteral("anna")}};
    const auto changed = QCoro::waitFor(store->change(added->id, options));
    QVERIFY2(changed, changed ? "" : qPrintable(changed.error().detail));
    QCOMPARE(changes.count(), 1);
    QCOMPARE(changed->id, added->id); // its secrets stay its own
    const auto reread = open();
    const StoredDestination *stored = reread->find(u"Family");
    QVERIFY(stored);
    QCOMPARE(stored->config.options.value(QStringLiteral("user")), QStringLiteral("anna"));
    QCOMPARE(stored->config.options.value(QStringLiteral("url")),
             added->config.options.value(QStringLiteral("url")));
    // An empty value takes one out.
    options = {{QStringLiteral("user"), QString()}};
    QVERIFY(QCoro::waitFor(store->change(added->id, options)));
    QVERIFY(!open()->find(u"Family")->config.options.contains(QStringLiteral("user")));
}

void TestDestinationStore::refusesAChangeThatMakesItUnusable()
{
    auto store = open();
    const auto added = QCoro::waitFor(store->add(serverNamed(QStringLiteral("Family"))));
    const QByteArray before = read();
    using Options = QMap<QString, QString>;
    for (const Options &options :
         {Options{{QStringLiteral("url"), QString()}}, // it needs one
          Options{{QStringLiteral("url"), QStringLiteral("gopher://host/")}},
          Options{{QStringLiteral("upload_limit"), QStringLiteral("08:00-18:00=quick")}},
          Options{{QStringLiteral("colour"), QStringLiteral("blue")}},
          Options{{QStringLiteral("colour"), QString()}},
          Options{{QStringLiteral("token"), QStringLiteral("hunter2")}}}) {
        const auto changed = QCoro::waitFor(store->change(added->id, options));
        QVERIFY(!changed);
        QCOMPARE(changed.error().kind, ErrorKind::DestinationInvalid);
        QVERIFY(!changed.error()[argument::reason].isEmpty());
    }
    QVERIFY(!QCoro::waitFor(store->change(QStringLiteral("nobody"), {})));
    QCOMPARE(read(), before);
    QCOMPARE(store->find(u"Family")->config, added->config);
}

void TestDestinationStore::removesOne()
{
    auto store = open();
    const auto one = QCoro::waitFor(store->add(serverNamed(QStringLiteral("one"))));
    const auto two = QCoro::waitFor(store->add(serverNamed(QStringLiteral("two"))));
    QVERIFY(one.has_value() && two.has_value());
    QVERIFY(QCoro::waitFor(store->remove(one->id)).has_value());
    const auto again = QCoro::waitFor(store->remove(one->id));
    QVERIFY(!again.has_value());
    QCOMPARE(again.error().kind, ErrorKind::DestinationUnknown);
    store = open();
    QCOMPARE(store->destinations().size(), 1);
    QVERIFY(store->find(u"two"));
}

void TestDestinationStore::refusesNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("empty") << QString();
    QTest::newRow("space around it") << QStringLiteral(" x");
    QTest::newRow("an address") << QStringLiteral("shelf:");
    QTest::newRow("an option") << QStringLiteral("--json");
    QTest::newRow("control characters") << QStringLiteral("a\nb");
    QTest::newRow("too long") << QString(101, u'x');
    QTest::newRow("taken") << QStringLiteral("FAMILY");
}

void TestDestinationStore::refusesNames()
{
    QFETCH(const QString, name);
    const auto store = open();
    QVERIFY(QCoro::waitFor(store->add(serverNamed(QStringLiteral("Family")))).has_value());
    const auto added = QCoro::waitFor(store->add(serverNamed(name)));
    QVERIFY(!added.has_value());
    QCOMPARE(added.error().kind, ErrorKind::DestinationInvalid);
    QCOMPARE(store->destinations().size(), 1);
}

void TestDestinationStore::refusesWhatTheTypeDoesNotTake()
{
    const auto store = open();
    DestinationConfig config = serverNamed(QStringLiteral("x"));
    config.options.insert(QStringLiteral("colour"), QStringLiteral("red"));
    QCOMPARE(QCoro::waitFor(store->add(config)).error().kind, ErrorKind::DestinationInvalid);
    config.type = QStringLiteral("pigeon");
    QCOMPARE(QCoro::waitFor(store->add(config)).error().kind, ErrorKind::DestinationUnknown);
    QVERIFY(!QFile::exists(path()));
}

void TestDestinationStore::leavesANewerFileAlone()
{
    write(R"({"version":2,"places":[]})");
    const auto opened = QCoro::waitFor(DestinationStore::open(path().toStdString(), &m_io));
    QVERIFY(!opened.has_value());
    QCOMPARE(opened.error().kind, ErrorKind::StoreTooNew);
    QCOMPARE(read(), QByteArray(R"({"version":2,"places":[]})"));
}

void TestDestinationStore::movesADamagedFileAside()
{
    write("{\"version\":1,\"destin");
    const auto store = open();
    QVERIFY(store);
    QVERIFY(store->destinations().isEmpty());
    QCOMPARE(store->problems().size(), 1);
    const QStringList aside =
        QDir(m_folder->path()).entryList({QStringLiteral("destinations.json.corrupt-*")});
    QCOMPARE(aside.size(), 1);
    QVERIFY(QCoro::waitFor(store->add(serverNamed(QStringLiteral("x")))).has_value());
}

void TestDestinationStore::keepsEntriesItCannotRead()
{
    write(R"({"version":1,"destinations":[{"id":"a","odd":7},
              {"id":"b","name":"good","type":"folder","options":{"folder":"/"}}]})");
    const auto store = open();
    QCOMPARE(store->destinations().size(), 1);
    QCOMPARE(store->problems().size(), 1);
    QVERIFY(QCoro::waitFor(store->add(serverNamed(QStringLiteral("x")))).has_value());
    QVERIFY(read().contains("\"odd\": 7"));
}

void TestDestinationStore::changesNothingWhereItCannotSave()
{
    QTemporaryDir gone;
    const FilePath file = gone.filePath(QStringLiteral("sub/destinations.json")).toStdString();
    const auto opened = QCoro::waitFor(DestinationStore::open(file, &m_io));
    QVERIFY(opened.has_value());
    const QSignalSpy changes(opened->get(), &DestinationStore::changed);
    const auto added = QCoro::waitFor((*opened)->add(serverNamed(QStringLiteral("x"))));
    QVERIFY(!added.has_value());
    QCOMPARE(added.error().kind, ErrorKind::StoreUnavailable);
    QVERIFY((*opened)->destinations().isEmpty());
    QCOMPARE(changes.size(), 0);
}

void TestDestinationStore::namesTheVariableOfASecret()
{
    QCOMPARE(secretVariable(QStringLiteral("Family server é2")),
             QByteArray("SENDOFF_SECRET_FAMILY_SERVER__2"));
}

QTEST_GUILESS_MAIN(TestDestinationStore)
#include "tst_destination_store.moc"

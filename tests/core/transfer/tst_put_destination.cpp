// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PUT to a real Apache with somebody else about: a file that takes the name is neither replaced nor
// removed nor taken for ours.
#include "core/transfer/put/put_upload.h"

#include "tests/core/transfer/transfer_fixture.h"
#include "tests/support/apache_server_process.h"

#include <QDir>
#include <QFile>
#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;

namespace {

constexpr qint64 clipSize = 3'000'001;

QCoro::Task<Result<void>> stored()
{
    co_return Result<void>();
}

} // namespace

class TestPutDestination : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void takesTheNextNameWhereOneAppearsBeforeTheFirstByte();
    void leavesAFileThatAppearedAfterACrash_data();
    void leavesAFileThatAppearedAfterACrash();
    void findsItsOwnFileAfterACrash();
    void goesOnOverItsOwnBrokenFile();
    void discardRemovesItsOwnFileOnly();
    void whatLiesThereNowIsNotWhatWasDelivered();

private:
    std::unique_ptr<transfer::Destination> place();
    QString there(const QString &name) const { return m_apache.folder() + u'/' + name; }
    void put(const QString &name, const QByteArray &bytes);
    // Chooses a name and stops before the first byte, as a crash would. The state it stored.
    QJsonObject chosen(const FilePath &file);

    ApacheServerProcess m_apache;
    std::unique_ptr<TransferFixture> m_fixture;
    QByteArray m_bytes;
};

void TestPutDestination::initTestCase()
{
    QVERIFY2(m_apache.start(), qPrintable(m_apache.why()));
    m_bytes = noise(clipSize);
}

void TestPutDestination::init()
{
    m_fixture = std::make_unique<TransferFixture>();
    for (const QString &name : QDir(m_apache.folder()).entryList(QDir::Files))
        QFile::remove(there(name));
}

std::unique_ptr<transfer::Destination> TestPutDestination::place()
{
    transfer::DestinationConfig config;
    config.name = QStringLiteral("Apache");
    config.type = QStringLiteral("put");
    config.options = {{QStringLiteral("url"), m_apache.url().toString()},
                      {QStringLiteral("user"), QString::fromLatin1(ApacheServerProcess::user)}};
    config.secrets.insert(QStringLiteral("password"), ApacheServerProcess::password);
    return m_fixture->create(std::move(config));
}

void TestPutDestination::put(const QString &name, const QByteArray &bytes)
{
    QFile file(there(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(name));
}

QJsonObject TestPutDestination::chosen(const FilePath &file)
{
    std::stop_source stop;
    auto request = m_fixture->request(m_fixture->sourceOf(file));
    QJsonObject state;
    request.saveState = [&](QJsonObject saved) {
        state = saved;
        stop.request_stop();
        return stored();
    };
    const auto destination = place();
    const auto result = m_fixture->upload(*destination, std::move(request), stop.get_token());
    if (result || state.isEmpty())
        qFatal("it was not stopped: %s", qPrintable(outcomeOf(result)));
    return state;
}

// RFC 9110 §13.1.2: Apache answers If-None-Match: * with 412.
void TestPutDestination::takesTheNextNameWhereOneAppearsBeforeTheFirstByte()
{
    const FilePath file = m_fixture->write(QStringLiteral("a.mp4"), m_bytes);
    auto request = m_fixture->request(m_fixture->sourceOf(file));
    bool isFirst = true;
    request.saveState = [&](QJsonObject) { // the name is chosen, and no byte is sent
        if (std::exchange(isFirst, false))
            put(QStringLiteral("clip.mp4"), "theirs");
        return stored();
    };
    const auto destination = place();
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(contentOf(there(QStringLiteral("clip.mp4"))), QByteArray("theirs"));
    QVERIFY(contentOf(there(QStringLiteral("clip (2).mp4"))) == m_bytes);
    QVERIFY(result->delivery.link.path(QUrl::FullyDecoded).endsWith(u"/clip (2).mp4"));
}

void TestPutDestination::leavesAFileThatAppearedAfterACrash_data()
{
    QTest::addColumn<QByteArray>("theirs");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("short") << QByteArray("theirs");
    QTest::newRow("of the same size") << noise(clipSize, 7);
    QTest::newRow("longer") << noise(clipSize + 1, 7);
}

void TestPutDestination::leavesAFileThatAppearedAfterACrash()
{
    QFETCH(const QByteArray, theirs);
    const FilePath file = m_fixture->write(QStringLiteral("a.mp4"), m_bytes);
    const QJsonObject state = chosen(file);
    put(QStringLiteral("clip.mp4"), theirs);
    auto request = m_fixture->request(m_fixture->sourceOf(file));
    request.resumeState = state;
    const auto destination = place();
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(contentOf(there(QStringLiteral("clip.mp4"))) == theirs);
    QVERIFY(contentOf(there(QStringLiteral("clip (2).mp4"))) == m_bytes);
}

// The reply to the PUT was lost.
void TestPutDestination::findsItsOwnFileAfterACrash()
{
    const FilePath file = m_fixture->write(QStringLiteral("a.mp4"), m_bytes);
    const QJsonObject state = chosen(file);
    put(QStringLiteral("clip.mp4"), m_bytes);
    auto request = m_fixture->request(m_fixture->sourceOf(file));
    request.resumeState = state;
    const auto destination = place();
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(result->attempts, 0); // nothing was sent
    QCOMPARE(QDir(m_apache.folder()).entryList(QDir::Files), QStringList(QStringLiteral("clip.mp4")));
}

// Servers that write under the final name at once leave what they got of a broken body.
void TestPutDestination::goesOnOverItsOwnBrokenFile()
{
    const FilePath file = m_fixture->write(QStringLiteral("a.mp4"), m_bytes);
    const QJsonObject state = chosen(file);
    put(QStringLiteral("clip.mp4"), m_bytes.left(1'000'000));
    auto request = m_fixture->request(m_fixture->sourceOf(file));
    request.resumeState = state;
    const auto destination = place();
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(contentOf(there(QStringLiteral("clip.mp4"))) == m_bytes);
    QCOMPARE(QDir(m_apache.folder()).entryList(QDir::Files).size(), 1);
}

void TestPutDestination::discardRemovesItsOwnFileOnly()
{
    const FilePath file = m_fixture->write(QStringLiteral("a.mp4"), m_bytes);
    const QJsonObject state = chosen(file);
    const auto destination = place();
    put(QStringLiteral("clip.mp4"), noise(clipSize, 7));
    QVERIFY(QCoro::waitFor(transfer::discardUpload(destination.get(), state, {})).has_value());
    QVERIFY(QFile::exists(there(QStringLiteral("clip.mp4"))));
    put(QStringLiteral("clip.mp4"), m_bytes.left(1'000'000)); // a broken one of ours
    QVERIFY(QCoro::waitFor(transfer::discardUpload(destination.get(), state, {})).has_value());
    QVERIFY(!QFile::exists(there(QStringLiteral("clip.mp4"))));
}

void TestPutDestination::whatLiesThereNowIsNotWhatWasDelivered()
{
    const FilePath file = m_fixture->write(QStringLiteral("a.mp4"), m_bytes);
    const auto destination = place();
    const auto result =
        m_fixture->upload(*destination, m_fixture->request(m_fixture->sourceOf(file)));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    const auto isThere = [&] {
        return QCoro::waitFor(destination->isStillDelivered(result->receipt, clipSize, {}));
    };
    QCOMPARE(isThere().value_or(false), true);
    put(QStringLiteral("clip.mp4"), noise(clipSize, 7));
    QCOMPARE(isThere().value_or(true), false);
}

QTEST_GUILESS_MAIN(TestPutDestination)
#include "tst_put_destination.moc"

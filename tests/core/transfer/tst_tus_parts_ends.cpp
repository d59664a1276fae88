// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// tus: Concatenation, its end: the server puts the parts together and answers, late or not at all.
// Against a double written from the specification, as tst_tus_parts.cpp.
#include "core/transfer/tus/tus_parts.h"

#include "tests/core/transfer/scripted_faults.h"
#include "tests/core/transfer/tus_parts_lab.h"

#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace std::chrono_literals;

class TestTusPartsEnds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void waitsUntilThePartsArePutTogether();
    void waitsForASlowReplyToTheEnd();
    void aLostReplyToTheEndIsNotTheEnd();
    void knowsWhetherItIsStillThere();

private:
    QByteArray m_bytes;
};

void TestTusPartsEnds::initTestCase()
{
    m_bytes = noise(largeFile);
}

// tus: the server may take its time, and tells no offset until it is done.
void TestTusPartsEnds::waitsUntilThePartsArePutTogether()
{
    TransferFixture fixture;
    FakeServer::Options options = concatenating();
    options.asksUntilConcatenated = 4;
    FakeServer server(options);
    const auto destination = parallelTus(fixture, server, 2);
    const FilePath file = fixture.write(QStringLiteral("clip.mp4"), m_bytes);
    const auto result = fixture.upload(*destination, fixture.request(fixture.sourceOf(file)));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(uploadsWith(server, "final").size(), 1); // it was not put together twice
    QVERIFY(!fixture.waits.isEmpty());
    QVERIFY(fixture.waits[0][argument::reason].contains(u"putting the parts together"));
}

// A server copies all of it, without a word meanwhile; asked again it would copy it once more.
void TestTusPartsEnds::waitsForASlowReplyToTheEnd()
{
    TransferFixture fixture;
    fixture.context().stallTimeout = 1s;
    FakeServer::Options options = concatenating();
    options.concatenationTakes = 3s;
    FakeServer server(options);
    const auto destination = parallelTus(fixture, server);
    const FilePath file = fixture.write(QStringLiteral("clip.mp4"), m_bytes);
    const auto result = fixture.upload(*destination, fixture.request(fixture.sourceOf(file)));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    const auto finals = uploadsWith(server, "final");
    QCOMPARE(finals.size(), 1);
    QVERIFY(finals[0].bytes == m_bytes);
}

void TestTusPartsEnds::aLostReplyToTheEndIsNotTheEnd()
{
    TransferFixture fixture;
    FakeServer server(concatenating());
    Fault lost;
    lost.method = "POST";
    lost.what = Fault::Do::LoseReply;
    lost.after = 2; // of the final upload
    server.script(lost);
    const auto destination = parallelTus(fixture, server, 2);
    const FilePath file = fixture.write(QStringLiteral("clip.mp4"), m_bytes);
    const auto result = fixture.upload(*destination, fixture.request(fixture.sourceOf(file)));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(result->resentBytes, 0);
    // The copy that nobody was told of stays: tus cannot be asked for it.
    const auto finals = uploadsWith(server, "final");
    QCOMPARE(finals.size(), 2);
    QCOMPARE(result->delivery.link.path().toUtf8(), finals[1].path);
    QVERIFY(finals[1].bytes == m_bytes);
}

void TestTusPartsEnds::knowsWhetherItIsStillThere()
{
    TransferFixture fixture;
    FakeServer server(concatenating());
    const auto destination = parallelTus(fixture, server, 2);
    const FilePath file = fixture.write(QStringLiteral("clip.mp4"), m_bytes);
    const auto result = fixture.upload(*destination, fixture.request(fixture.sourceOf(file)));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    const auto asks = [&](qint64 size) {
        return QCoro::waitFor(destination->isStillDelivered(result->receipt, size, {}));
    };
    QCOMPARE(asks(largeFile).value_or(false), true);
    QCOMPARE(asks(largeFile - 1).value_or(true), false);
    QVERIFY(QCoro::waitFor(transfer::discardUpload(destination.get(), result->receipt, {})));
    QCOMPARE(asks(largeFile).value_or(true), false);
}

QTEST_GUILESS_MAIN(TestTusPartsEnds)
#include "tst_tus_parts_ends.moc"

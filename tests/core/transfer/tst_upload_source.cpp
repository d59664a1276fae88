// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The uploader and its source: files that change, states that are found again, runs that go on.
#include "core/transfer/uploader.h"

#include "tests/core/transfer/scripted_faults.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QFile>
#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace std::chrono_literals;

namespace {

constexpr qint64 clipSize = 2'500'000;

// Another time than before, however coarse the file system's clock.
void touch(const FilePath &file)
{
    std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) + 1s);
}

QCoro::Task<Result<void>> allow()
{
    co_return Result<void>();
}

QCoro::Task<Result<void>> refuse(Error error)
{
    co_return failure(std::move(error));
}

} // namespace

class TestUploadSource : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void savesTheStateBeforeTheFirstByte();
    void sendsNothingThatItCouldNotFindAgain();
    void goesOnWhereAnEarlierRunStopped();
    void findsACompleteUploadDone();
    void doesNotTrustAStateOfAnotherFile();
    void discardsThePartOfAnotherGeneration();
    void noticesAChangedSource_data();
    void noticesAChangedSource();
    void noticesAChangeAfterTheLastByte();
    void noticesAnExportThatWasEdited();
    void usesTheHashThatTheExportKnows();
    void keepsTheLoopAliveWhileItHashes();
};

void TestUploadSource::savesTheStateBeforeTheFirstByte()
{
    TransferFixture fixture;
    FakeServer server;
    const auto destination = fixture.tus(server.url());
    auto request =
        fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("a.mp4"), noise(clipSize))));
    int patchesAtFirstSave = -1;
    const auto keep = request.saveState;
    request.saveState = [&](QJsonObject state) {
        if (patchesAtFirstSave < 0)
            patchesAtFirstSave = server.count("PATCH");
        return keep(std::move(state));
    };
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(patchesAtFirstSave, 0);
    QVERIFY(fixture.states.first()[u"url"].toString().endsWith(u"/files/1"));
}

void TestUploadSource::sendsNothingThatItCouldNotFindAgain()
{
    TransferFixture fixture;
    FakeServer server;
    const auto destination = fixture.tus(server.url());
    auto request =
        fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("a.mp4"), noise(clipSize))));
    request.saveState = [](QJsonObject) {
        return refuse(Error(ErrorKind::StoreUnavailable, QStringLiteral("the disk is gone")));
    };
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::StoreUnavailable);
    QCOMPARE(server.count("PATCH"), 0);
    QVERIFY(server.uploads().first().isRemoved);
}

void TestUploadSource::goesOnWhereAnEarlierRunStopped()
{
    TransferFixture fixture;
    FakeServer server;
    server.script(fault("PATCH", Fault::Do::Cut, 1'000'000));
    Fault down;
    down.method = "HEAD";
    down.times = 9; // patience is at its end
    server.script(down);
    const QByteArray bytes = noise(clipSize);
    const FilePath file = fixture.write(QStringLiteral("a.mp4"), bytes);
    const auto destination = fixture.tus(server.url());
    const auto first = fixture.upload(*destination, fixture.request(fixture.sourceOf(file)));
    QVERIFY(!first.has_value());
    QCOMPARE(first.error().kind, ErrorKind::DestinationTrouble);

    auto again = fixture.request(fixture.sourceOf(file));
    again.resumeState = fixture.states.last();
    again.resumeGeneration = 1;
    const auto second = fixture.upload(*destination, std::move(again));
    QVERIFY2(second.has_value(), qPrintable(outcomeOf(second)));
    QCOMPARE(server.uploads().size(), 1);
    QVERIFY(server.uploads().first().bytes == bytes);
    const QList<ByteRange> received = server.uploads().first().received;
    QCOMPARE(received.size(), 2);
    QCOMPARE(received[1].begin, 1'000'000);
    QCOMPARE(second->resentBytes, 0);
    QCOMPARE(second->sha256, sha256Of(bytes));
}

void TestUploadSource::findsACompleteUploadDone()
{
    TransferFixture fixture;
    FakeServer server;
    const FilePath file = fixture.write(QStringLiteral("a.mp4"), noise(clipSize));
    const auto destination = fixture.tus(server.url());
    const auto first = fixture.upload(*destination, fixture.request(fixture.sourceOf(file)));
    QVERIFY2(first.has_value(), qPrintable(outcomeOf(first)));
    // As after a crash between the server's word and ours.
    auto again = fixture.request(fixture.sourceOf(file));
    again.resumeState = first->receipt;
    const auto second = fixture.upload(*destination, std::move(again));
    QVERIFY2(second.has_value(), qPrintable(outcomeOf(second)));
    QCOMPARE(server.count("POST"), 1);
    QCOMPARE(server.count("PATCH"), 1);
    QCOMPARE(second->delivery.link, first->delivery.link);
    const auto still = QCoro::waitFor(destination->isStillDelivered(first->receipt, clipSize, {}));
    QVERIFY(still.has_value() && *still);
    const auto other =
        QCoro::waitFor(destination->isStillDelivered(first->receipt, clipSize + 1, {}));
    QVERIFY(other.has_value() && !*other);
}

void TestUploadSource::doesNotTrustAStateOfAnotherFile()
{
    TransferFixture fixture;
    FakeServer server;
    const auto destination = fixture.tus(server.url());
    const auto first = fixture.upload(
        *destination,
        fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("a.mp4"), noise(clipSize)))));
    QVERIFY2(first.has_value(), qPrintable(outcomeOf(first)));
    const QByteArray other = noise(clipSize / 2, 7);
    auto request = fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("b.mp4"), other)));
    request.resumeState = first->receipt;
    const auto second = fixture.upload(*destination, std::move(request));
    QVERIFY2(second.has_value(), qPrintable(outcomeOf(second)));
    QCOMPARE(server.uploads().size(), 2);
    QVERIFY(server.uploads().last().bytes == other);
}

void TestUploadSource::discardsThePartOfAnotherGeneration()
{
    TransferFixture fixture;
    FakeServer server;
    const auto destination = fixture.tus(server.url());
    const QByteArray bytes = noise(clipSize);
    const FilePath file = fixture.write(QStringLiteral("a.mp4"), bytes);
    const auto first = fixture.upload(*destination, fixture.request(fixture.sourceOf(file)));
    QVERIFY2(first.has_value(), qPrintable(outcomeOf(first)));
    auto request = fixture.request(fixture.sourceOf(file));
    request.resumeState = first->receipt;
    request.resumeGeneration = 5;
    const auto second = fixture.upload(*destination, std::move(request));
    QVERIFY2(second.has_value(), qPrintable(outcomeOf(second)));
    QVERIFY(server.uploads().first().isRemoved);
    QVERIFY(server.uploads().last().bytes == bytes);
}

// Issue: rclone/rclone#1250, #717, #2206: a source that grows or changes while it is sent.
void TestUploadSource::noticesAChangedSource_data()
{
    QTest::addColumn<QString>("change");
    QTest::newRow("grown") << QStringLiteral("grow");
    QTest::newRow("cut short") << QStringLiteral("cut");
    QTest::newRow("touched") << QStringLiteral("touch");
    QTest::newRow("replaced") << QStringLiteral("replace");
}

void TestUploadSource::noticesAChangedSource()
{
    QFETCH(const QString, change);
    TransferFixture fixture;
    FakeServer server;
    server.script(fault("PATCH", Fault::Do::Cut, 500'000));
    const FilePath file = fixture.write(QStringLiteral("a.mp4"), noise(clipSize));
    auto request = fixture.request(fixture.sourceOf(file));
    // The change happens after the first request broke.
    Fault busy;
    busy.method = "HEAD";
    server.script(busy);
    request.waiting = [&](std::optional<Error> error, std::chrono::milliseconds) {
        if (!error)
            return;
        if (change == u"replace") {
            const FilePath other = fixture.write(QStringLiteral("b.mp4"), noise(clipSize, 3));
            touch(other);
            std::filesystem::rename(other, file);
            return;
        }
        QFile changed(QString::fromStdString(file.string()));
        QVERIFY(changed.open(QIODevice::ReadWrite));
        if (change == u"grow")
            changed.resize(clipSize + 10);
        else if (change == u"cut")
            changed.resize(clipSize / 2);
        else
            QVERIFY(changed.setFileTime(QDateTime::fromSecsSinceEpoch(1'000'000'000),
                                        QFileDevice::FileModificationTime));
    };
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::SourceChanged);
    QVERIFY(server.uploads().first().isRemoved);
    QCOMPARE(fixture.states.last(), QJsonObject());
}

// Everything is sent, and before the end is said somebody saves the file again.
void TestUploadSource::noticesAChangeAfterTheLastByte()
{
    TransferFixture fixture;
    FakeServer server;
    const FilePath file = fixture.write(QStringLiteral("a.mp4"), noise(clipSize));
    auto request = fixture.request(fixture.sourceOf(file));
    request.mayFinish = [&](std::stop_token) {
        touch(file);
        return allow();
    };
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::SourceChanged);
    QVERIFY(server.uploads().first().isRemoved);
}

// Where the user edits what was exported before all of it has gone, the receipt would tell a hash
// that is not of what was sent.
void TestUploadSource::noticesAnExportThatWasEdited()
{
    TransferFixture fixture;
    FakeServer server;
    server.script(fault("PATCH", Fault::Do::Cut, 500'000));
    const FilePath file = fixture.write(QStringLiteral("a.mp4"), noise(clipSize));
    const auto feed =
        OutputFeed::ofFinishedFile(file, clipSize, QByteArray(64, 'a'), 1, identityAt(file));
    auto request = fixture.request(std::make_shared<transfer::ByteSource>(feed));
    Fault busy;
    busy.method = "HEAD";
    server.script(busy);
    request.waiting = [&](std::optional<Error> error, std::chrono::milliseconds) {
        if (!error)
            return;
        fixture.write(QStringLiteral("a.mp4"), noise(clipSize, 3));
        touch(file);
    };
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::SourceChanged);
    QVERIFY(server.uploads().first().isRemoved);
}

void TestUploadSource::usesTheHashThatTheExportKnows()
{
    TransferFixture fixture;
    FakeServer server;
    const FilePath file = fixture.write(QStringLiteral("a.mp4"), noise(1000));
    const QByteArray told(64, 'a');
    const auto feed = OutputFeed::ofFinishedFile(file, 1000, told);
    const auto destination = fixture.tus(server.url());
    const auto result =
        fixture.upload(*destination, fixture.request(std::make_shared<transfer::ByteSource>(feed)));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(result->sha256, told);
}

void TestUploadSource::keepsTheLoopAliveWhileItHashes()
{
    TransferFixture fixture;
    FakeServer server;
    const QByteArray bytes = noise(64 << 20);
    const FilePath file = fixture.write(QStringLiteral("a.mp4"), bytes);
    const auto destination = fixture.tus(server.url());
    qint64 longestGap = 0;
    QElapsedTimer sinceTick;
    QTimer ticks;
    connect(&ticks, &QTimer::timeout,
            [&] { longestGap = std::max(longestGap, sinceTick.restart()); });
    auto request = fixture.request(fixture.sourceOf(file));
    sinceTick.start();
    ticks.start(1ms);
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(result->sha256, sha256Of(bytes));
    QVERIFY2(longestGap < 100, qPrintable(QString::number(longestGap)));
}

QTEST_GUILESS_MAIN(TestUploadSource)
#include "tst_upload_source.moc"

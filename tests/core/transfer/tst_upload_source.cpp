// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The uploader and its source: files that change, exports that still write, runs that go on.
#include "core/transfer/uploader.h"

#include "core/base/error_text.h"
#include "tests/core/transfer/transfer_fixture.h"
#include "tests/support/fake_server.h"

#include <QFile>
#include <QtTest>

#include <sys/stat.h>
#include <thread>

using namespace sendoff;
using namespace sendoff::test;
using namespace std::chrono_literals;

namespace {

constexpr qint64 clipSize = 2'500'000;

Fault cutAfter(qint64 bytes, int after = 0)
{
    Fault cut;
    cut.method = "PATCH";
    cut.what = Fault::Do::Cut;
    cut.bytes = bytes;
    cut.after = after;
    return cut;
}

QString why(const Result<transfer::UploadResult> &result)
{
    return result ? QStringLiteral("done")
                  : describe(result.error()).sentence() + result.error().detail;
}

// An export: appends to a file on a thread of its own and says what is sealed.
class Writer {
public:
    Writer(FilePath path, QByteArray bytes, std::shared_ptr<OutputFeed> feed)
        : m_path(std::move(path))
        , m_bytes(std::move(bytes))
        , m_feed(std::move(feed))
    {
    }
    // From now on it waits until a piece has arrived before it writes the next.
    void keepPaceWith(std::shared_ptr<transfer::UploadProgress> progress)
    {
        m_progress = std::move(progress);
    }
    // Writes it all in pieces of `piece` bytes with `pause` between; completes unless `error`.
    void start(qint64 piece, std::chrono::milliseconds pause, std::optional<Error> error = {})
    {
        m_thread = std::jthread([this, piece, pause, error] {
            QFile file(QString::fromStdString(m_path.string()));
            if (!file.open(QIODevice::WriteOnly))
                qFatal("cannot write the export");
            m_feed->begin(m_path, 0);
            for (qint64 at = 0; at < m_bytes.size(); at += piece) {
                file.write(m_bytes.mid(at, piece));
                file.flush();
                m_feed->seal({0, file.size()});
                do {
                    std::this_thread::sleep_for(pause);
                } while (m_progress && m_progress->confirmed < file.size());
            }
            if (error)
                m_feed->fail(*error);
            else
                m_feed->complete(m_bytes.size(), sha256Of(m_bytes));
        });
    }

private:
    FilePath m_path;
    QByteArray m_bytes;
    std::shared_ptr<OutputFeed> m_feed;
    std::shared_ptr<transfer::UploadProgress> m_progress;
    std::jthread m_thread;
};

QCoro::Task<Result<void>> refuse(Error error)
{
    co_return failure(std::move(error));
}

QCoro::Task<Result<void>> allow(bool *wasAsked)
{
    *wasAsked = true;
    co_return Result<void>();
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
    void uploadsWhileTheExportWrites();
    void sendsNoTinyRequestsWhileTheExportWrites();
    void sendsALittleAfterAWhile();
    void waitsForTheLengthWhereTheServerWantsIt();
    void publishesNothingBeforeTheExportIsChecked();
    void discardsWhatAFailedExportLeft();
    void startsOverWithTheExport();
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
    QVERIFY2(result.has_value(), qPrintable(why(result)));
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
    server.script(cutAfter(1'000'000));
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
    QVERIFY2(second.has_value(), qPrintable(why(second)));
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
    QVERIFY2(first.has_value(), qPrintable(why(first)));
    // As after a crash between the server's word and ours.
    auto again = fixture.request(fixture.sourceOf(file));
    again.resumeState = first->receipt;
    const auto second = fixture.upload(*destination, std::move(again));
    QVERIFY2(second.has_value(), qPrintable(why(second)));
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
    QVERIFY2(first.has_value(), qPrintable(why(first)));
    const QByteArray other = noise(clipSize / 2, 7);
    auto request = fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("b.mp4"), other)));
    request.resumeState = first->receipt;
    const auto second = fixture.upload(*destination, std::move(request));
    QVERIFY2(second.has_value(), qPrintable(why(second)));
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
    QVERIFY2(first.has_value(), qPrintable(why(first)));
    auto request = fixture.request(fixture.sourceOf(file));
    request.resumeState = first->receipt;
    request.resumeGeneration = 5;
    const auto second = fixture.upload(*destination, std::move(request));
    QVERIFY2(second.has_value(), qPrintable(why(second)));
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
}

void TestUploadSource::noticesAChangedSource()
{
    QFETCH(const QString, change);
    TransferFixture fixture;
    FakeServer server;
    server.script(cutAfter(500'000));
    const FilePath file = fixture.write(QStringLiteral("a.mp4"), noise(clipSize));
    auto request = fixture.request(fixture.sourceOf(file));
    // The change happens after the first request broke.
    Fault busy;
    busy.method = "HEAD";
    server.script(busy);
    request.waiting = [&](std::optional<Error> error, std::chrono::milliseconds) {
        if (!error)
            return;
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

void TestUploadSource::uploadsWhileTheExportWrites()
{
    TransferFixture fixture;
    FakeServer server;
    const QByteArray bytes = noise(clipSize);
    auto feed = std::make_shared<OutputFeed>();
    Writer writer(fixture.path(QStringLiteral("export.mp4")).toStdString(), bytes, feed);
    auto request = fixture.request(std::make_shared<transfer::ByteSource>(feed));
    bool finishAsked = false;
    request.mayFinish = [&](std::stop_token) { return allow(&finishAsked); };
    const auto destination = fixture.tus(server.url());
    server.script(cutAfter(100'000, 1));
    writer.keepPaceWith(request.progress);
    writer.start(300'000, 2ms);
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(why(result)));
    QVERIFY(server.uploads().first().bytes == bytes);
    QVERIFY(server.uploads().first().length == bytes.size());
    QVERIFY(finishAsked);
    QVERIFY2(server.count("PATCH") >= 9, "it waited for the end"); // a request for each piece
    QCOMPARE(result->sha256, sha256Of(bytes));
    for (const FakeServer::Request &request_ : server.requests()) {
        if (request_.method == "POST")
            QCOMPARE(request_.headers.value("upload-defer-length"), QByteArray("1"));
    }
}

void TestUploadSource::sendsNoTinyRequestsWhileTheExportWrites()
{
    TransferFixture fixture;
    fixture.basePolicy.gatherTime = 60s; // however slow the machine is
    FakeServer server;
    const QByteArray bytes = noise(1'000'000);
    auto feed = std::make_shared<OutputFeed>();
    Writer writer(fixture.path(QStringLiteral("export.mp4")).toStdString(), bytes, feed);
    const auto destination = fixture.tus(server.url());
    writer.start(10'000, 2ms); // 100 pieces
    const auto result =
        fixture.upload(*destination, fixture.request(std::make_shared<transfer::ByteSource>(feed)));
    QVERIFY2(result.has_value(), qPrintable(why(result)));
    QVERIFY(server.uploads().first().bytes == bytes);
    const QList<ByteRange> received = server.uploads().first().received;
    for (qsizetype i = 0; i + 1 < received.size(); ++i)
        QVERIFY2(received[i].size() >= 256 << 10, qPrintable(QString::number(received[i].size())));
    QVERIFY(received.size() <= 4);
}

void TestUploadSource::sendsALittleAfterAWhile()
{
    TransferFixture fixture;
    fixture.basePolicy.gatherTime = 200ms;
    FakeServer server;
    auto feed = std::make_shared<OutputFeed>();
    feed->begin(fixture.write(QStringLiteral("export.mp4"), noise(2000)), 0);
    feed->seal({0, 1000});
    auto request = fixture.request(std::make_shared<transfer::ByteSource>(feed));
    const auto progress = request.progress;
    QElapsedTimer watch;
    watch.start();
    qint64 arrivedAfter = -1;
    QTimer whenThere;
    connect(&whenThere, &QTimer::timeout, [&] {
        if (progress->confirmed < 1000)
            return;
        arrivedAfter = watch.elapsed();
        whenThere.stop();
        feed->complete(2000, {});
    });
    whenThere.start(5ms);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(why(result)));
    QVERIFY2(arrivedAfter >= 200, qPrintable(QString::number(arrivedAfter)));
    QCOMPARE(server.count("PATCH"), 3); // a little, the rest, the length
}

void TestUploadSource::waitsForTheLengthWhereTheServerWantsIt()
{
    TransferFixture fixture;
    FakeServer::Options options;
    options.canDeferLength = false;
    FakeServer server(options);
    const QByteArray bytes = noise(clipSize);
    auto feed = std::make_shared<OutputFeed>();
    Writer writer(fixture.path(QStringLiteral("export.mp4")).toStdString(), bytes, feed);
    const auto destination = fixture.tus(server.url());
    writer.start(500'000, 5ms);
    const auto result =
        fixture.upload(*destination, fixture.request(std::make_shared<transfer::ByteSource>(feed)));
    QVERIFY2(result.has_value(), qPrintable(why(result)));
    QVERIFY(server.uploads().first().bytes == bytes);
    QCOMPARE(server.count("PATCH"), 1);
}

void TestUploadSource::publishesNothingBeforeTheExportIsChecked()
{
    TransferFixture fixture;
    FakeServer server;
    auto feed = std::make_shared<OutputFeed>();
    Writer writer(fixture.path(QStringLiteral("export.mp4")).toStdString(), noise(clipSize), feed);
    auto request = fixture.request(std::make_shared<transfer::ByteSource>(feed));
    request.mayFinish = [&](std::stop_token) {
        return refuse(Error(ErrorKind::OutputDamaged, QStringLiteral("streams differ")));
    };
    const auto destination = fixture.tus(server.url());
    writer.keepPaceWith(request.progress);
    writer.start(500'000, 5ms);
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::OutputDamaged);
    QVERIFY(server.uploads().first().isRemoved);
    QVERIFY(!server.uploads().first().length); // never declared, so never published
}

void TestUploadSource::discardsWhatAFailedExportLeft()
{
    TransferFixture fixture;
    FakeServer server;
    auto feed = std::make_shared<OutputFeed>();
    Writer writer(fixture.path(QStringLiteral("export.mp4")).toStdString(), noise(clipSize), feed);
    const auto destination = fixture.tus(server.url());
    const Error full(ErrorKind::DiskFull, {}, {RetryAdvice::When::WhenSpace, {}});
    auto request = fixture.request(std::make_shared<transfer::ByteSource>(feed));
    writer.keepPaceWith(request.progress);
    writer.start(500'000, 5ms, full);
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::DiskFull);
    QCOMPARE(fixture.delays.size(), 0);
    QVERIFY(server.uploads().first().isRemoved);
}

void TestUploadSource::startsOverWithTheExport()
{
    TransferFixture fixture;
    FakeServer server;
    const QByteArray second = noise(clipSize, 2);
    auto feed = std::make_shared<OutputFeed>();
    const FilePath path = fixture.path(QStringLiteral("first.mp4")).toStdString();
    Writer abandoned(fixture.write(QStringLiteral("first.mp4"), noise(clipSize, 1)), {}, feed);
    feed->begin(path, 0);
    feed->seal({0, clipSize});
    Writer writer(fixture.path(QStringLiteral("second.mp4")).toStdString(), second, feed);
    auto request = fixture.request(std::make_shared<transfer::ByteSource>(feed));
    const auto progress = request.progress;
    QTimer whenSent;
    connect(&whenSent, &QTimer::timeout, [&] {
        if (progress->confirmed < clipSize)
            return;
        whenSent.stop();
        writer.start(500'000, 5ms);
    });
    whenSent.start(5ms);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(why(result)));
    QCOMPARE(server.uploads().size(), 2);
    QVERIFY(server.uploads().first().isRemoved);
    QVERIFY(server.uploads().last().bytes == second);
    QCOMPARE(result->sha256, sha256Of(second));
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
    QVERIFY2(result.has_value(), qPrintable(why(result)));
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
    QVERIFY2(result.has_value(), qPrintable(why(result)));
    QCOMPARE(result->sha256, sha256Of(bytes));
    QVERIFY2(longestGap < 100, qPrintable(QString::number(longestGap)));
}

QTEST_GUILESS_MAIN(TestUploadSource)
#include "tst_upload_source.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/output_feed.h"
#include "core/base/task_scope.h"

#include <QTest>

#include <random>
#include <thread>

using namespace sendoff;
using namespace std::chrono_literals;

namespace {

constexpr qint64 pieceSize = 1'000;

// Reads the feed until it is complete, as an uploader does; returns what it saw on its way.
struct Observed {
    Observed() = default;
    bool grewOnly = true; // what was sealed once stayed sealed
    int wakeUps = 0;
    OutputFeed::State last;
};

QCoro::Task<Observed> readUntilComplete(std::shared_ptr<OutputFeed> feed, std::stop_token stop)
{
    Observed observed;
    observed.last = feed->state();
    while (!observed.last.isComplete() && !observed.last.failed) {
        auto waiting = feed->waitForMore(observed.last.revision, stop);
        const Result<void> more = co_await std::move(waiting);
        if (!more)
            break;
        ++observed.wakeUps;
        const OutputFeed::State now = feed->state();
        ByteRanges vanished = observed.last.sealed;
        vanished.subtract(now.sealed);
        observed.grewOnly =
            observed.grewOnly && vanished.isEmpty() && now.revision > observed.last.revision;
        observed.last = now;
    }
    co_return observed;
}

void sealPieces(OutputFeed &feed, const std::vector<qint64> &pieces)
{
    for (const qint64 piece : pieces)
        feed.seal({piece * pieceSize, (piece + 1) * pieceSize});
}

} // namespace

class OutputFeedTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readersFollowSeveralWriters();
    void resolvesAtOnceWhenTheRevisionIsOld();
    void stopEndsTheWait();
    void stopFromAnotherThreadEndsTheWaitOnce();
    void beginIsANewGeneration();
    void aFinishedFileIsSealedWhole();
    void wakesReadersOfAFailure();
};

void OutputFeedTest::readersFollowSeveralWriters()
{
    constexpr int writers = 4;
    constexpr qint64 pieces = 400;
    const auto feed = std::make_shared<OutputFeed>();
    feed->begin("/tmp/out.mp4", 0);
    std::vector<QCoro::Task<Observed>> readers;
    for (int reader = 0; reader < 3; ++reader)
        readers.push_back(readUntilComplete(feed, {}));
    std::vector<std::jthread> threads;
    for (int writer = 0; writer < writers; ++writer) {
        threads.emplace_back([&feed, writer] {
            std::vector<qint64> own;
            for (qint64 piece = writer; piece < pieces; piece += writers)
                own.push_back(piece);
            std::shuffle(own.begin(), own.end(), std::mt19937(unsigned(writer)));
            sealPieces(*feed, own);
        });
    }
    std::jthread closer([&] {
        threads.clear(); // joins the writers
        feed->complete(pieces * pieceSize, "abc");
    });
    for (auto &reader : readers) {
        const Observed observed = QCoro::waitFor(std::move(reader));
        QVERIFY(observed.grewOnly);
        QVERIFY(observed.wakeUps >= 1);
        QVERIFY(observed.last.sealed == ByteRanges::upTo(pieces * pieceSize));
        QCOMPARE(observed.last.total, std::optional<qint64>(pieces * pieceSize));
        QCOMPARE(observed.last.sha256, QByteArray("abc"));
    }
}

void OutputFeedTest::resolvesAtOnceWhenTheRevisionIsOld()
{
    OutputFeed feed;
    const quint64 seen = feed.state().revision;
    feed.seal({0, 10});
    auto waiting = feed.waitForMore(seen, {});
    QVERIFY(waiting.isReady()); // without a turn of the loop
    QVERIFY(QCoro::waitFor(std::move(waiting)).has_value());
}

void OutputFeedTest::stopEndsTheWait()
{
    OutputFeed feed;
    std::stop_source source;
    auto waiting = feed.waitForMore(feed.state().revision, source.get_token());
    QVERIFY(!waiting.isReady());
    source.request_stop();
    QVERIFY(!waiting.isReady()); // posted, not resumed inside of request_stop()
    const Result<void> result = QCoro::waitFor(std::move(waiting));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Cancelled);
    feed.seal({0, 1}); // the waiter that is gone is not woken again
    QTest::qWait(1);
}

void OutputFeedTest::stopFromAnotherThreadEndsTheWaitOnce()
{
    for (int round = 0; round < 300; ++round) {
        const auto feed = std::make_shared<OutputFeed>();
        std::stop_source source;
        auto reading = readUntilComplete(feed, source.get_token());
        std::jthread stopper([&source] { source.request_stop(); });
        std::jthread writer([&feed] {
            feed->seal({0, 1});
            feed->complete(1, {});
        });
        const Observed observed = QCoro::waitFor(std::move(reading));
        QVERIFY(observed.grewOnly);
        QVERIFY(observed.last.isComplete() || source.stop_requested());
    }
}

void OutputFeedTest::beginIsANewGeneration()
{
    OutputFeed feed;
    feed.begin("/tmp/one.mp4", 100);
    feed.seal({100, 200});
    const OutputFeed::State one = feed.state();
    feed.begin("/tmp/two.mp4", 50);
    const OutputFeed::State two = feed.state();
    QCOMPARE(one.generation, quint64(1));
    QCOMPARE(one.headReserve, qint64(100));
    QCOMPARE(two.generation, quint64(2));
    QCOMPARE(two.headReserve, qint64(50));
    QVERIFY(two.path == FilePath("/tmp/two.mp4"));
    QVERIFY(two.sealed.isEmpty());
    QVERIFY(two.revision > one.revision); // readers of the old one wake up
    OutputFeed later(7);
    later.begin("/tmp/three.mp4", 0);
    QCOMPARE(later.state().generation, quint64(8));
}

void OutputFeedTest::aFinishedFileIsSealedWhole()
{
    const auto feed = OutputFeed::ofFinishedFile("/tmp/clip.mp4", 1234, "abc");
    const OutputFeed::State state = feed->state();
    QVERIFY(state.isComplete());
    QCOMPARE(*state.total, qint64(1234));
    QVERIFY(state.sealed == ByteRanges::upTo(1234));
    QCOMPARE(state.generation, quint64(1));
    QCOMPARE(state.headReserve, qint64(0));
    const auto empty = OutputFeed::ofFinishedFile("/tmp/empty.mp4", 0, {}, 5);
    QVERIFY(empty->state().isComplete());
    QVERIFY(empty->state().sealed.isEmpty());
    QCOMPARE(empty->state().generation, quint64(5));
}

void OutputFeedTest::wakesReadersOfAFailure()
{
    const auto feed = std::make_shared<OutputFeed>();
    auto reading = readUntilComplete(feed, {});
    std::jthread writer([&feed] { feed->fail(Error(ErrorKind::DiskFull)); });
    const Observed observed = QCoro::waitFor(std::move(reading));
    QVERIFY(observed.last.failed.has_value());
    QCOMPARE(observed.last.failed->kind, ErrorKind::DiskFull);
}

QTEST_GUILESS_MAIN(OutputFeedTest)
#include "tst_output_feed.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Uploads while the export still writes: only sealed bytes, no tiny requests, no link before it is checked.
#include "core/transfer/uploader.h"

#include "tests/core/transfer/scripted_faults.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QFile>
#include <QtTest>

#include <thread>

using namespace sendoff;
using namespace sendoff::test;
using namespace std::chrono_literals;

namespace {

constexpr qint64 clipSize = 2'500'000;

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

class TestUploadGrowing : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void uploadsWhileTheExportWrites();
    void sendsNoTinyRequestsWhileTheExportWrites();
    void sendsALittleAfterAWhile();
    void waitsForTheLengthWhereTheServerWantsIt();
    void publishesNothingBeforeTheExportIsChecked();
    void discardsWhatAFailedExportLeft();
    void startsOverWithTheExport();
};

void TestUploadGrowing::uploadsWhileTheExportWrites()
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
    Fault cut = fault("PATCH", Fault::Do::Cut, 100'000);
    cut.after = 1;
    server.script(cut);
    writer.keepPaceWith(request.progress);
    writer.start(300'000, 2ms);
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
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

void TestUploadGrowing::sendsNoTinyRequestsWhileTheExportWrites()
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
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(server.uploads().first().bytes == bytes);
    const QList<ByteRange> received = server.uploads().first().received;
    for (qsizetype i = 0; i + 1 < received.size(); ++i)
        QVERIFY2(received[i].size() >= 256 << 10, qPrintable(QString::number(received[i].size())));
    QVERIFY(received.size() <= 4);
}

void TestUploadGrowing::sendsALittleAfterAWhile()
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
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY2(arrivedAfter >= 200, qPrintable(QString::number(arrivedAfter)));
    QCOMPARE(server.count("PATCH"), 3); // a little, the rest, the length
}

void TestUploadGrowing::waitsForTheLengthWhereTheServerWantsIt()
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
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(server.uploads().first().bytes == bytes);
    QCOMPARE(server.count("PATCH"), 1);
}

void TestUploadGrowing::publishesNothingBeforeTheExportIsChecked()
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

void TestUploadGrowing::discardsWhatAFailedExportLeft()
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

void TestUploadGrowing::startsOverWithTheExport()
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
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.uploads().size(), 2);
    QVERIFY(server.uploads().first().isRemoved);
    QVERIFY(server.uploads().last().bytes == second);
    QCOMPARE(result->sha256, sha256Of(second));
}

QTEST_GUILESS_MAIN(TestUploadGrowing)
#include "tst_upload_growing.moc"

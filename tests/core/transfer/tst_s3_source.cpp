// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of an S3 upload whose file grows, changes or is large.
#include "core/transfer/uploader.h"

#include "tests/core/transfer/fake_s3.h"
#include "tests/core/transfer/live_heap.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QtTest>

#include <atomic>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

constexpr qint64 mebibyte = 1 << 20;
constexpr qint64 part = 8 * mebibyte;
constexpr qint64 equalPart = 64 * mebibyte; // of a file whose length nobody knows

// Another time of change, with the same bytes.
void touch(const FilePath &file)
{
    using namespace std::chrono_literals;
    std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) + 1h);
}

QCoro::Task<Result<void>> touchAndAllow(FilePath file)
{
    touch(file);
    co_return Result<void>();
}

} // namespace

class TestS3Source : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<TransferFixture>(); }
    void abortsWhatIsOfAnotherFile();
    void publishesNothingOfAFileThatChangedAtTheEnd();
    void keepsEqualPartsOfAGrowingFile();
    void holdsNoPartInMemory();

private:
    FilePath holes(qint64 size); // a file that takes no space

    std::unique_ptr<TransferFixture> m_fixture;
};

FilePath TestS3Source::holes(qint64 size)
{
    const FilePath file = m_fixture->write(QStringLiteral("source"), "begins");
    std::filesystem::resize_file(file, quint64(size));
    return file;
}

// Issue: rclone/rclone#1250, #717, #2206: the source changes while it is sent.
void TestS3Source::abortsWhatIsOfAnotherFile()
{
    const FilePath file = m_fixture->write(QStringLiteral("source"), noise(6 * part));
    FakeS3 server([file](FakeS3::Ask ask, const ReceivedRequest &,
                         int before) -> std::optional<Script> {
        if (ask == FakeS3::Ask::Part && before == 1)
            touch(file); // the first part is confirmed, and more have to go
        return std::nullopt;
    });
    DestinationConfig config = server.config();
    config.options.insert(QStringLiteral("parallel"), QStringLiteral("1"));
    const auto destination = m_fixture->create(config);
    auto request = m_fixture->request(m_fixture->sourceOf(file));
    const auto progress = request.progress;
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::SourceChanged);
    QCOMPARE(server.count(FakeS3::Ask::Part), 2);
    QCOMPARE(server.count(FakeS3::Ask::Complete), 0);
    QCOMPARE(server.count(FakeS3::Ask::Abort), 1);
    QCOMPARE(server.openUploads(), 0);
    QVERIFY(m_fixture->states.last().isEmpty()); // nothing to go on with
}

void TestS3Source::publishesNothingOfAFileThatChangedAtTheEnd()
{
    const FilePath file = m_fixture->write(QStringLiteral("source"), noise(part + 5));
    FakeS3 server;
    const auto destination = m_fixture->create(server.config());
    auto request = m_fixture->request(m_fixture->sourceOf(file));
    request.mayFinish = [file](std::stop_token) { return touchAndAllow(file); };
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::SourceChanged);
    QCOMPARE(server.count(FakeS3::Ask::Part), 2);
    QCOMPARE(server.count(FakeS3::Ask::Complete), 0);
    QVERIFY(server.objects().isEmpty());
    QCOMPARE(server.openUploads(), 0);
}

// Issue: tus/tusd#1137: Cloudflare R2 wants all parts but the last of one size, after a resume too.
void TestS3Source::keepsEqualPartsOfAGrowingFile()
{
    const qint64 total = 2 * equalPart + 3 * mebibyte;
    const FilePath file = holes(total);
    FakeS3 server;
    DestinationConfig config = server.config();
    config.options.insert(QStringLiteral("equal_parts"), QStringLiteral("1"));
    const auto destination = m_fixture->create(config);
    {
        // The first part is there, and the writer has sealed only some of the second.
        auto feed = std::make_shared<OutputFeed>();
        feed->begin(file, 0);
        feed->seal({0, equalPart + 9 * mebibyte});
        auto request = m_fixture->request(std::make_shared<ByteSource>(feed));
        std::stop_source stop;
        QTimer watch;
        connect(&watch, &QTimer::timeout, [&, progress = request.progress] {
            if (progress->confirmed > 0)
                stop.request_stop();
        });
        watch.start(1);
        const auto stopped = m_fixture->upload(*destination, std::move(request), stop.get_token());
        QVERIFY(!stopped.has_value());
        QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
    }
    QCOMPARE(server.partSizes(), QList<qint64>{equalPart});
    // The length is known now, and would have made other parts.
    auto feed = std::make_shared<OutputFeed>();
    feed->begin(file, 0);
    feed->complete(total, QByteArray());
    auto request = m_fixture->request(std::make_shared<ByteSource>(feed));
    request.resumeState = m_fixture->states.last();
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.partSizes(), (QList<qint64>{equalPart, equalPart, 3 * mebibyte}));
    QCOMPARE(server.count(FakeS3::Ask::Create), 1);
    QCOMPARE(server.count(FakeS3::Ask::Part), 3);
    QCOMPARE(server.objects(), (QMap<QByteArray, qint64>{{"clip.mp4", total}}));
}

// Issue: rclone/rclone#4259, #2851, #439, #9162: memory = parts × size × uploads. Each part is read
// twice, for its MD5 and to be sent, and never held.
void TestS3Source::holdsNoPartInMemory()
{
    const qint64 total = 6 * equalPart;
    const FilePath file = holes(total);
    auto feed = std::make_shared<OutputFeed>();
    feed->begin(file, 0);
    feed->seal({0, total}); // its end comes later: parts of 64 MiB, four at once
    FakeS3 server;
    DestinationConfig config = server.config();
    config.options.insert(QStringLiteral("equal_parts"), QStringLiteral("1"));
    const auto destination = m_fixture->create(config);
    auto request = m_fixture->request(std::make_shared<ByteSource>(feed));
    request.hashSource = false;
    const auto progress = request.progress;
    const qint64 before = liveHeapBytes();
    qint64 most = before;
    qsizetype samples = 0;
    QTimer watch;
    connect(&watch, &QTimer::timeout, [&] {
        most = std::max(most, liveHeapBytes());
        ++samples;
        if (progress->confirmed == total && !feed->state().total)
            feed->complete(total, QByteArray());
    });
    watch.start(1);
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.partSizes(), QList<qint64>(6, equalPart));
    QVERIFY(samples > 10);
    QVERIFY2(most - before < equalPart / 4, qPrintable(QString::number(most - before)));
}

QTEST_GUILESS_MAIN(TestS3Source)
#include "tst_s3_source.moc"

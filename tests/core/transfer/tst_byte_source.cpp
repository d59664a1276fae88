// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/byte_source.h"

#include "tests/core/transfer/transfer_fixture.h"

#include <QFile>
#include <QtTest>

#include <thread>
#include <unistd.h>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

QByteArray readAt(int descriptor, qint64 size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    return ::pread(descriptor, bytes.data(), size_t(size), 0) == size ? bytes : QByteArray();
}

} // namespace

class TestByteSource : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFileIsSealedWhole();
    void aChangedFileIsNoticed();
    void aDeletedFileIsStillReadable();
    void opensWhatTheExportWrites();
    void aFinishedExportIsWhatWasHashed();
    void opensTheFileOfEachGeneration();
    void saysWhereAFileIsMissing();
    void keepsReadingWhatWasRenamed();
    void knowsTheHashOfThisGenerationOnly();
    void wakesWhenMoreIsSealed();
};

void TestByteSource::aFileIsSealedWhole()
{
    TransferFixture fixture;
    const auto source = fixture.sourceOf(fixture.write(QStringLiteral("a"), "hello"));
    const OutputFeed::State state = source->state();
    QVERIFY(state.total == 5);
    QVERIFY(state.sealed == ByteRanges::upTo(5));
    const auto handle = source->handle();
    QVERIFY(handle.has_value());
    QCOMPARE(readAt(handle->descriptor, 5), QByteArray("hello"));
    QVERIFY(source->verifyUnchanged().has_value());
}

void TestByteSource::aChangedFileIsNoticed()
{
    TransferFixture fixture;
    const FilePath file = fixture.write(QStringLiteral("a"), "hello");
    const auto source = fixture.sourceOf(file);
    fixture.write(QStringLiteral("a"), "hello, world");
    const auto verified = source->verifyUnchanged();
    QVERIFY(!verified.has_value());
    QCOMPARE(verified.error().kind, ErrorKind::SourceChanged);
    QCOMPARE(verified.error()[argument::file], QStringLiteral("a"));
}

void TestByteSource::aDeletedFileIsStillReadable()
{
    TransferFixture fixture;
    const FilePath file = fixture.write(QStringLiteral("a"), "hello");
    const auto source = fixture.sourceOf(file);
    QVERIFY(std::filesystem::remove(file));
    QVERIFY(source->verifyUnchanged().has_value());
    QCOMPARE(readAt(source->handle()->descriptor, 5), QByteArray("hello"));
}

void TestByteSource::opensWhatTheExportWrites()
{
    TransferFixture fixture;
    auto feed = std::make_shared<OutputFeed>();
    ByteSource source(feed);
    const FilePath file = fixture.write(QStringLiteral("out"), "first");
    feed->begin(file, 0);
    feed->seal({0, 5});
    const auto handle = source.handle();
    QVERIFY(handle.has_value());
    QCOMPARE(readAt(handle->descriptor, 5), QByteArray("first"));
    QCOMPARE(source.displayedName(), QStringLiteral("out"));
    QVERIFY(source.verifyUnchanged().has_value()); // our own file may grow
}

void TestByteSource::aFinishedExportIsWhatWasHashed()
{
    TransferFixture fixture;
    auto feed = std::make_shared<OutputFeed>();
    ByteSource source(feed);
    const FilePath file = fixture.write(QStringLiteral("out"), "first");
    feed->begin(file, 0);
    QVERIFY(source.handle().has_value());
    feed->complete(5, "hash", identityAt(file));
    std::filesystem::rename(file, fixture.path(QStringLiteral("final")).toStdString());
    QVERIFY(source.verifyUnchanged().has_value());
    fixture.write(QStringLiteral("final"), "edited");
    const auto verified = source.verifyUnchanged();
    QVERIFY(!verified.has_value());
    QCOMPARE(verified.error().kind, ErrorKind::SourceChanged);
}

void TestByteSource::opensTheFileOfEachGeneration()
{
    TransferFixture fixture;
    auto feed = std::make_shared<OutputFeed>();
    ByteSource source(feed);
    feed->begin(fixture.write(QStringLiteral("one"), "first"), 0);
    const auto first = source.handle();
    feed->begin(fixture.write(QStringLiteral("two"), "other"), 0);
    const auto second = source.handle();
    QVERIFY(first.has_value() && second.has_value());
    QCOMPARE(readAt(first->descriptor, 5), QByteArray("first")); // who holds it may go on
    QCOMPARE(readAt(second->descriptor, 5), QByteArray("other"));
}

void TestByteSource::saysWhereAFileIsMissing()
{
    TransferFixture fixture;
    ByteSource source(
        OutputFeed::ofFinishedFile(fixture.path(QStringLiteral("gone")).toStdString(), 5));
    const auto handle = source.handle();
    QVERIFY(!handle.has_value());
    QCOMPARE(handle.error().kind, ErrorKind::SourceMissing);
    QCOMPARE(handle.error()[argument::file], QStringLiteral("gone"));
}

void TestByteSource::keepsReadingWhatWasRenamed()
{
    TransferFixture fixture;
    auto feed = std::make_shared<OutputFeed>();
    ByteSource source(feed);
    const FilePath file = fixture.write(QStringLiteral("part"), "bytes");
    feed->begin(file, 0);
    QVERIFY(source.handle().has_value());
    std::filesystem::rename(file, fixture.path(QStringLiteral("final")).toStdString());
    feed->complete(5, {});
    QCOMPARE(readAt(source.handle()->descriptor, 5), QByteArray("bytes"));
}

void TestByteSource::knowsTheHashOfThisGenerationOnly()
{
    TransferFixture fixture;
    auto feed = std::make_shared<OutputFeed>();
    ByteSource source(feed);
    feed->begin(fixture.write(QStringLiteral("one"), "first"), 0);
    source.rememberSha256(feed->state().generation, "abc");
    QCOMPARE(source.sha256(), QByteArray("abc"));
    feed->begin(fixture.write(QStringLiteral("two"), "other"), 0);
    QCOMPARE(source.sha256(), QByteArray());
    feed->complete(5, "told");
    QCOMPARE(source.sha256(), QByteArray("told"));
}

void TestByteSource::wakesWhenMoreIsSealed()
{
    auto feed = std::make_shared<OutputFeed>();
    ByteSource source(feed);
    const quint64 seen = source.state().revision;
    std::jthread writer([feed] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        feed->seal({0, 10});
    });
    const auto waited = QCoro::waitFor(source.waitForMore(seen, {}));
    QVERIFY(waited.has_value());
    QVERIFY(source.state().sealed == ByteRanges::upTo(10));
}

QTEST_GUILESS_MAIN(TestByteSource)
#include "tst_byte_source.moc"

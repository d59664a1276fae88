// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/journal/journal.h"
#include "tests/support/export_folder.h"
#include "tests/support/media_tools.h"
#include "tests/support/stopped_export.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

// Exports that are stopped and go on: the same bytes, and only what was missing is encoded.
class ResumeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goesOnWithTheSameBytes_data();
    void goesOnWithTheSameBytes();
    void goesOnAfterSeveralStops();
    void encodesNothingWhereEverythingIsThere();
    void encodesADamagedSegmentAgain_data();
    void encodesADamagedSegmentAgain();
    void startsOverWhereThePicturesAreOthers();
    void keepsTheThreadsOfItsFirstStart();
    void repeatsItsSealsForTheUpload();
    void reportsWhatTheWholeSourceLacked();

private:
    // 9 s: five segments of two seconds at most.
    FilePath makeSource(const QString &name, const QString &container, const QString &encoder,
                        bool isVariable = false);
    ExportCase caseOf(const FilePath &source, const QString &name) const;
    FilePath path(const QString &name) const { return m_folder.path(name); }

    ExportFolder m_folder;
};

FilePath ResumeTest::makeSource(const QString &name, const QString &container,
                                const QString &encoder, bool isVariable)
{
    SampleClip clip = smallClip(container, encoder);
    clip.seconds = 9;
    clip.isVariableRate = isVariable;
    return m_folder.makeClip(clip, name);
}

ExportCase ResumeTest::caseOf(const FilePath &source, const QString &name) const
{
    ExportCase what;
    what.source = source;
    what.output = path(name);
    what.journal = path(name + u".journal"_s);
    what.wishes = encodeAlways();
    return what;
}

void ResumeTest::goesOnWithTheSameBytes_data()
{
    QTest::addColumn<QString>("container");
    QTest::addColumn<QString>("encoder");
    QTest::addColumn<bool>("isVariable");
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QString>("crf");
    const auto row = [](const char *name) -> QTestData & { return QTest::newRow(name); };
    row("MP4") << "mp4" << "libx264" << false << "progressive" << "21";
    row("MP4, fragmented") << "mp4" << "libx264" << false << "fragmented" << "21";
    row("variable rate") << "mp4" << "libx264" << true << "progressive" << "21";
    row("Matroska") << "matroska" << "mpeg4" << false << "fragmented" << "21";
    row("transport stream") << "mpegts" << "libx264" << false << "progressive" << "21";
    row("AVI") << "avi" << "mpeg4" << false << "progressive" << "21";
    row("MOV, all key frames") << "mov" << "mjpeg" << false << "progressive" << "21";
}

void ResumeTest::goesOnWithTheSameBytes()
{
    QFETCH(const QString, container);
    QFETCH(const QString, encoder);
    QFETCH(const bool, isVariable);
    QFETCH(const QString, layout);
    const FilePath source = makeSource(u"source"_s, container, encoder, isVariable);
    ExportCase whole = caseOf(source, u"whole.mp4"_s);
    whole.wishes.layout = *layoutFromName(layout);
    const ExportOutcome uninterrupted = exportFile(whole);
    QVERIFY2(uninterrupted.isDone(), qPrintable(uninterrupted.summary()));
    QCOMPARE(uninterrupted.result->resumedFromUs, qint64(0));

    ExportCase what = caseOf(source, u"resumed.mp4"_s);
    what.wishes.layout = whole.wishes.layout;
    const ExportOutcome stopped = stopAfter(what, 3'000'000);
    QCOMPARE(stopped.result.error().kind, ErrorKind::Cancelled);
    QVERIFY(!QFile::exists(fromPath(what.output)));
    const qsizetype kept = segmentsIn(what.journal).size();
    QVERIFY(kept >= 2 && kept < 5);

    const ExportOutcome resumed = exportFile(what);
    QVERIFY2(resumed.isDone(), qPrintable(resumed.summary()));
    QVERIFY(resumed.journal.goesOn);
    QVERIFY(resumed.result->resumedFromUs >= 3'900'000);
    // Of nine seconds, what the journal had was not encoded again.
    const qint64 frames = uninterrupted.result->encodedFrames;
    QVERIFY(resumed.result->encodedFrames < frames * 6 / 9);
    QVERIFY(resumed.result->encodedFrames > 0);
    QVERIFY(bytesOf(what.output) == bytesOf(whole.output));
    QCOMPARE(resumed.warningKinds(), uninterrupted.warningKinds());
    QCOMPARE(decodeErrors(what.output), QStringList());
    for (const ExportCase &made : {whole, what}) {
        QVERIFY(QFile::remove(fromPath(made.output)));
        QVERIFY(QDir(fromPath(made.journal)).removeRecursively());
    }
}

void ResumeTest::goesOnAfterSeveralStops()
{
    const FilePath source = makeSource(u"often"_s, u"matroska"_s, u"mpeg4"_s);
    const ExportCase whole = caseOf(source, u"often-whole.mp4"_s);
    QVERIFY(exportFile(whole).isDone());
    const ExportCase what = caseOf(source, u"often.mp4"_s);
    for (const qint64 safeUs : {1'000'000, 3'000'000, 5'000'000})
        QVERIFY(!stopAfter(what, safeUs).isDone());
    const ExportOutcome resumed = exportFile(what);
    QVERIFY2(resumed.isDone(), qPrintable(resumed.summary()));
    QVERIFY(resumed.result->resumedFromUs >= 5'900'000);
    QVERIFY(bytesOf(what.output) == bytesOf(whole.output));
}

void ResumeTest::encodesNothingWhereEverythingIsThere()
{
    const FilePath source = makeSource(u"complete"_s, u"mp4"_s, u"libx264"_s);
    const ExportCase what = caseOf(source, u"complete.mp4"_s);
    QVERIFY(exportFile(what).isDone());
    const QByteArray first = bytesOf(what.output);
    QVERIFY(QFile::remove(fromPath(what.output)));
    const ExportOutcome again = exportFile(what);
    QVERIFY2(again.isDone(), qPrintable(again.summary()));
    QCOMPARE(again.result->encodedFrames, qint64(0));
    QVERIFY(bytesOf(what.output) == first);
}

void ResumeTest::encodesADamagedSegmentAgain_data()
{
    QTest::addColumn<QString>("damage");
    QTest::newRow("one bit is another") << u"flip"_s;
    QTest::newRow("torn") << u"cut"_s;
    QTest::newRow("gone") << u"remove"_s;
    QTest::newRow("a rest of a crash beside it") << u"rest"_s;
}

void ResumeTest::encodesADamagedSegmentAgain()
{
    QFETCH(const QString, damage);
    const FilePath source = makeSource(u"damage"_s, u"mp4"_s, u"libx264"_s);
    const ExportCase what = caseOf(source, u"damage.mp4"_s);
    QVERIFY(exportFile(what).isDone());
    const QByteArray first = bytesOf(what.output);
    QVERIFY(QFile::remove(fromPath(what.output)));

    const QStringList segments = segmentsIn(what.journal);
    QCOMPARE(segments.size(), 5);
    const QString name = fromPath(what.journal) + u'/' + segments[2];
    QFile file(name);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QByteArray bytes = file.readAll();
    if (damage == u"flip")
        bytes[bytes.size() / 2] = char(bytes[bytes.size() / 2] ^ 4);
    if (damage == u"cut")
        bytes.chop(1);
    file.resize(0);
    file.write(bytes);
    file.close();
    if (damage == u"remove")
        QVERIFY(QFile::remove(name));
    if (damage == u"rest")
        QVERIFY(QFile::copy(name, fromPath(what.journal) + u"/track-0-00099.segment.tmp"_s));

    const ExportOutcome again = exportFile(what);
    QVERIFY2(again.isDone(), qPrintable(again.summary()));
    if (damage == u"rest")
        QCOMPARE(again.result->encodedFrames, qint64(0));
    else
        QCOMPARE(again.result->encodedFrames, qint64((9 - 4) * 30));
    QVERIFY(bytesOf(what.output) == first);
    QVERIFY(QFile::remove(fromPath(what.output)));
    QVERIFY(QDir(fromPath(what.journal)).removeRecursively());
}

// The identity of a file is its edges and times; what lies between may still be another.
void ResumeTest::startsOverWhereThePicturesAreOthers()
{
    const FilePath source = makeSource(u"others"_s, u"mp4"_s, u"libx264"_s);
    ExportCase what = caseOf(source, u"others.mp4"_s);
    what.feed = std::make_shared<OutputFeed>();
    QVERIFY(!stopAfter(what, 3'000'000).isDone());
    const auto journal = Journal::open(what.journal);
    std::optional<Segment> second = (*journal)->read(0, 1);
    QVERIFY(second && second->next);
    second->next->low ^= 1;
    std::optional<Segment> third = (*journal)->read(0, 2);
    for (int index = 2; index < 5; ++index)
        std::filesystem::remove(what.journal / ("track-0-0000" + std::to_string(index) + ".segment"));
    QVERIFY((*journal)->write(0, *second));

    what.feed = std::make_shared<OutputFeed>(7);
    const ExportOutcome again = exportFile(what);
    QVERIFY2(again.isDone(), qPrintable(again.summary()));
    QCOMPARE(again.result->encodedFrames, qint64(9 * 30));
    QCOMPARE(again.warningKinds(), QStringList{u"starts-over"_s});
    QCOMPARE(what.feed->state().generation, quint64(9)); // 8 was given up
    QCOMPARE(decodeErrors(what.output), QStringList());
}

void ResumeTest::keepsTheThreadsOfItsFirstStart()
{
    const FilePath source = makeSource(u"threads"_s, u"mp4"_s, u"libx264"_s);
    const ExportCase whole = caseOf(source, u"threads-whole.mp4"_s);
    QVERIFY(exportFile(whole).isDone());
    ExportCase what = caseOf(source, u"threads.mp4"_s);
    QVERIFY(!stopAfter(what, 1'000'000).isDone());
    what.threads = 5;
    const ExportOutcome resumed = exportFile(what);
    QVERIFY(resumed.isDone());
    QCOMPARE(resumed.journal.codecThreads, 2);
    QVERIFY(bytesOf(what.output) == bytesOf(whole.output));
}

// What was sealed before the interruption is sealed again, byte for byte: an upload goes on.
void ResumeTest::repeatsItsSealsForTheUpload()
{
    const FilePath source = makeSource(u"seals"_s, u"matroska"_s, u"mpeg4"_s);
    ExportCase what = caseOf(source, u"seals.mp4"_s);
    what.wishes.layout = Layout::Fragmented;
    what.feed = std::make_shared<OutputFeed>();
    QVERIFY(!stopAfter(what, 5'000'000).isDone());
    const ByteRanges sealed = what.feed->state().sealed;
    QVERIFY(sealed.prefix() > 10'000);

    what.feed = std::make_shared<OutputFeed>();
    const ExportOutcome resumed = exportFile(what);
    QVERIFY2(resumed.isDone(), qPrintable(resumed.summary()));
    QCOMPARE(what.feed->state().generation, quint64(1));
    QVERIFY(*what.feed->state().total >= sealed.prefix());
    const ExportCase whole = caseOf(source, u"seals-whole.mp4"_s);
    ExportCase fragmented = whole;
    fragmented.wishes.layout = Layout::Fragmented;
    QVERIFY(exportFile(fragmented).isDone());
    QVERIFY(bytesOf(what.output) == bytesOf(whole.output));
}

void ResumeTest::reportsWhatTheWholeSourceLacked()
{
    // Two seconds in, a stretch of the file is overwritten with zeros.
    const FilePath source = makeSource(u"holes"_s, u"mpegts"_s, u"libx264"_s);
    QFile file(fromPath(source));
    QVERIFY(file.open(QIODevice::ReadWrite));
    file.seek(file.size() / 8);
    file.write(QByteArray(20'000, '\0'));
    file.close();
    const ExportOutcome whole = exportFile(caseOf(source, u"holes-whole.mp4"_s));
    QVERIFY2(whole.isDone(), qPrintable(whole.summary()));
    QVERIFY(whole.warningKinds().contains(u"decode-errors"_s));
    const ExportCase what = caseOf(source, u"holes.mp4"_s);
    QVERIFY(!stopAfter(what, 5'000'000).isDone());
    const ExportOutcome resumed = exportFile(what);
    QVERIFY2(resumed.isDone(), qPrintable(resumed.summary()));
    QCOMPARE(resumed.warningKinds(), whole.warningKinds());
    QVERIFY(bytesOf(what.output) == bytesOf(path(u"holes-whole.mp4"_s)));
}

QTEST_GUILESS_MAIN(ResumeTest)
#include "tst_resume.moc"

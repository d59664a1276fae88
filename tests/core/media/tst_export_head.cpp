// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Progressive files that are sent while they are made: the head (of MP4: the index, which has its
// place in front) is written last; everything behind it is final as soon as it is sealed.

#include "tests/support/export_folder.h"
#include "tests/support/stopped_export.h"

#include <QTest>
#include <QtEndian>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

class ExportHeadTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sealsWhatNeverChanges();
    void sealsWhatIsBehindAHeadOfMatroska_data();
    void sealsWhatIsBehindAHeadOfMatroska();
    void makesRoomAnewWhereTheIndexHasNone();
    void keepsChaptersAndTracks();

private:
    ExportCase caseOf(const QString &name) const;
    // What was sealed when so much was safe, and the file as it was then; the export stops there.
    struct Growing {
        ByteRanges sealed;
        QByteArray bytes;
        bool isDone = false; // it could not be stopped
    };
    static Growing grownTo(ExportCase &what, qint64 safeUs);

    ExportFolder m_folder;
    FilePath m_source;
};

namespace {

// The boxes at the top of an MP4 file, in their order.
QByteArrayList boxesOf(const QByteArray &file)
{
    QByteArrayList boxes;
    for (qsizetype at = 0; at + 8 <= file.size();) {
        const quint32 size = qFromBigEndian<quint32>(file.constData() + at);
        boxes.append(file.mid(at + 4, 4));
        if (size < 8)
            break;
        at += size;
    }
    return boxes;
}

} // namespace

void ExportHeadTest::initTestCase()
{
    SampleClip clip = smallClip(u"matroska"_s, u"mpeg4"_s);
    clip.seconds = 9;
    m_source = m_folder.makeClip(clip, u"source.mkv"_s);
}

ExportCase ExportHeadTest::caseOf(const QString &name) const
{
    ExportCase what;
    what.source = m_source;
    what.output = m_folder.path(name);
    what.journal = m_folder.path(name + u".journal"_s);
    what.wishes = encodeAlways();
    what.wishes.sendsMeanwhile = SendOrder::AnyOrder;
    what.feed = std::make_shared<OutputFeed>();
    return what;
}

ExportHeadTest::Growing ExportHeadTest::grownTo(ExportCase &what, qint64 safeUs)
{
    Growing growing;
    std::stop_source stop;
    what.progress = std::make_shared<ExportProgress>();
    std::jthread watch([&](std::stop_token ended) {
        while (!ended.stop_requested() && what.progress->safeUs < safeUs)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        growing.sealed = what.feed->state().sealed;
        growing.bytes = bytesOf(what.output);
        stop.request_stop();
    });
    growing.isDone = exportFile(what, stop.get_token()).isDone();
    watch.request_stop();
    watch.join();
    return growing;
}

void ExportHeadTest::sealsWhatNeverChanges()
{
    ExportCase what = caseOf(u"grows.mp4"_s);
    const auto [sealed, then, isDone] = grownTo(what, 5'000'000);
    QVERIFY(!isDone);
    QCOMPARE(sealed.ranges().size(), std::size_t(1));
    const ByteRange range = *sealed.first();
    QVERIFY(range.begin > 4096); // the head
    QVERIFY(range.size() > 100'000);
    QVERIFY(then.size() >= range.end);

    what.feed = std::make_shared<OutputFeed>();
    const ExportOutcome resumed = exportFile(what);
    QVERIFY2(resumed.isDone(), qPrintable(resumed.summary()));
    QVERIFY(resumed.result->resumedFromUs >= 5'000'000);
    const QByteArray made = bytesOf(what.output);
    QVERIFY(made.mid(range.begin, range.size()) == then.mid(range.begin, range.size()));
    QCOMPARE(what.feed->state().generation, quint64(1));
    QVERIFY(what.feed->state().sealed.covers({0, made.size()}));
    QCOMPARE(boxesOf(made), (QByteArrayList{"ftyp", "moov", "free", "free", "mdat"}));
    QCOMPARE(decodeErrors(what.output), QStringList());
    QCOMPARE(made.count("x264 - core"), 1); // not at the beginning of each segment

    // The same as in one go, and the same pictures and sound as with an index moved to the front.
    const ExportCase whole = caseOf(u"whole.mp4"_s);
    QVERIFY(exportFile(whole).isDone());
    QVERIFY(bytesOf(whole.output) == made);
    ExportCase usual = caseOf(u"usual.mp4"_s);
    usual.wishes.sendsMeanwhile = SendOrder::NotYet;
    const ExportOutcome moved = exportFile(usual);
    QVERIFY(moved.isDone());
    QCOMPARE(boxesOf(bytesOf(usual.output)), (QByteArrayList{"ftyp", "moov", "free", "mdat"}));
    for (const QString &stream : {u"v:0"_s, u"a:0"_s})
        QCOMPARE(packetHashes(what.output, stream), packetHashes(usual.output, stream));
}

void ExportHeadTest::sealsWhatIsBehindAHeadOfMatroska_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("preset");
    QTest::newRow("WebM") << u"grows.webm"_s << u"web-av1"_s;
    QTest::newRow("Matroska") << u"grows.mkv"_s << u"web-1080p"_s;
}

void ExportHeadTest::sealsWhatIsBehindAHeadOfMatroska()
{
    QFETCH(const QString, name);
    QFETCH(const QString, preset);
    ExportCase what = caseOf(name);
    what.preset = preset;
    what.adapt = [](ExportPlan &plan) {
        if (plan.container != u"webm")
            plan.container = u"matroska"_s;
        QVERIFY(plan.headLast);
    };
    const auto [sealed, then, isDone] = grownTo(what, 5'000'000);
    QVERIFY(!isDone);
    QCOMPARE(sealed.ranges().size(), std::size_t(1));
    const ByteRange range = *sealed.first();
    QVERIFY(range.begin > 64 && range.begin < 16'384); // the head
    QVERIFY(range.size() > 10'000);
    QVERIFY(then.size() >= range.end);

    what.feed = std::make_shared<OutputFeed>();
    const ExportOutcome resumed = exportFile(what);
    QVERIFY2(resumed.isDone(), qPrintable(resumed.summary()));
    QVERIFY(resumed.result->resumedFromUs >= 5'000'000);
    const QByteArray made = bytesOf(what.output);
    QVERIFY(made.mid(range.begin, range.size()) == then.mid(range.begin, range.size()));
    QVERIFY(made.left(range.begin) != then.left(range.begin)); // it says the length now
    QVERIFY(what.feed->state().sealed.covers({0, made.size()}));
    QCOMPARE(decodeErrors(what.output), QStringList());

    // It is the same file as one that nobody reads before it is made.
    ExportCase usual = what;
    usual.output = m_folder.path(u"usual-"_s + name);
    usual.journal = m_folder.path(u"usual-"_s + name + u".journal"_s);
    usual.feed = std::make_shared<OutputFeed>();
    usual.adapt = [adapt = what.adapt](ExportPlan &plan) {
        adapt(plan);
        plan.headLast = false;
    };
    QVERIFY(exportFile(usual).isDone());
    QVERIFY(bytesOf(usual.output) == made);
}

// A source with more pictures than its length and rate say. Nothing is encoded a second time.
void ExportHeadTest::makesRoomAnewWhereTheIndexHasNone()
{
    ExportCase what = caseOf(u"lied.mp4"_s);
    what.adapt = [](ExportPlan &plan) { plan.durationUs = 1'000'000; };
    const ExportOutcome outcome = exportFile(what);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QCOMPARE(outcome.result->encodedFrames, qint64(0));
    QCOMPARE(what.feed->state().generation, quint64(2)); // what was sent is discarded
    QVERIFY(what.feed->state().sealed.covers({0, outcome.result->bytes}));
    QCOMPARE(boxesOf(bytesOf(what.output)), (QByteArrayList{"ftyp", "moov", "free", "mdat"}));
    QCOMPARE(frameTimes(what.output, u"v:0"_s).size(), 270);
    QCOMPARE(decodeErrors(what.output), QStringList());
}

// All that an index may hold beside the samples: long names, chapters, several tracks.
void ExportHeadTest::keepsChaptersAndTracks()
{
    QFile chapters(m_folder.name(u"chapters.txt"_s));
    QVERIFY(chapters.open(QIODevice::WriteOnly));
    chapters.write(";FFMETADATA1\ntitle=" + QByteArray(900, 't') + "\n");
    for (int number = 0; number < 40; ++number)
        chapters.write("[CHAPTER]\nTIMEBASE=1/10\nSTART=" + QByteArray::number(number * 2)
                       + "\nEND=" + QByteArray::number(number * 2 + 2) + "\ntitle="
                       + QByteArray(120, 'c') + "\n");
    chapters.close();
    const QString source = m_folder.name(u"rich.mkv"_s);
    QVERIFY(ffmpeg({u"-i"_s, fromPath(m_source), u"-i"_s, chapters.fileName(), u"-map"_s, u"0:v"_s,
                    u"-map"_s, u"0:a"_s, u"-map"_s, u"0:a"_s, u"-map"_s, u"0:a"_s,
                    u"-map_metadata"_s, u"1"_s, u"-map_chapters"_s, u"1"_s, u"-c"_s, u"copy"_s,
                    u"-y"_s, source}));
    ExportCase what = caseOf(u"rich.mp4"_s);
    what.source = source.toStdString();
    what.preset = u"archive-hevc"_s;
    const ExportOutcome outcome = exportFile(what);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QVERIFY(outcome.plan.headLast);
    QCOMPARE(what.feed->state().generation, quint64(1)); // there was room
    const QByteArray made = bytesOf(what.output);
    QCOMPARE(boxesOf(made), (QByteArrayList{"ftyp", "moov", "free", "free", "mdat"}));
    const ToolOutput shown = runTool(u"ffprobe"_s, {u"-v"_s, u"error"_s, u"-show_chapters"_s,
                                                    u"-of"_s, u"csv"_s, fromPath(what.output)});
    QCOMPARE(shown.out.count("chapter,"), 40);
    QCOMPARE(decodeErrors(what.output), QStringList());
}

QTEST_GUILESS_MAIN(ExportHeadTest)
#include "tst_export_head.moc"

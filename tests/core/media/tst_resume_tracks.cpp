// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/export_folder.h"
#include "tests/support/stopped_export.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

// x265 3.5 does not free what it copies of its own parameters.
extern "C" const char *__lsan_default_suppressions()
{
    return "leak:libx265\n";
}

// Exports that are stopped and go on, of files whose pictures and other tracks need more than to be
// encoded: what depends on what came long before, and what is said once for the whole file.
class ResumeTracksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void keepsTheDeinterlacerThatCameInEarlier();
    void keepsSubtitles();
    void saysTheLightInEverySegment();

private:
    QString name(const QString &file) const { return m_folder.name(file); }
    ExportCase caseOf(const QString &source, const QString &output, const QString &preset) const;
    // Stops two exports and lets them go on. `isExact`: the plan's word, and then the bytes'.
    void compare(const QString &source, const QString &preset, qint64 stopUs, bool isExact);

    ExportFolder m_folder;
};

namespace {

QStringList testPicture(double seconds)
{
    return {u"-f"_s, u"lavfi"_s, u"-i"_s,
            u"testsrc2=size=320x180:rate=25:duration=%1"_s.arg(seconds)};
}

QByteArray subtitlesOf(const FilePath &file)
{
    return runTool(u"ffmpeg"_s, {u"-v"_s, u"error"_s, u"-nostdin"_s, u"-i"_s, fromPath(file),
                                 u"-map"_s, u"0:s:0"_s, u"-f"_s, u"srt"_s, u"-"_s})
        .out;
}

} // namespace

void ResumeTracksTest::initTestCase()
{
    QFile texts(name(u"texts.srt"_s));
    QVERIFY(texts.open(QIODevice::WriteOnly));
    texts.write("1\n00:00:00,500 --> 00:00:01,250\nEarly\n\n"
                "2\n00:00:03,900 --> 00:00:04,100\nOver the boundary\n\n"
                "3\n00:00:07,000 --> 00:00:08,500\nLate\n\n");
    texts.close();
}

ExportCase ResumeTracksTest::caseOf(const QString &source, const QString &output,
                                    const QString &preset) const
{
    ExportCase what;
    what.source = m_folder.path(source);
    what.output = m_folder.path(output);
    what.journal = m_folder.path(output + u".journal"_s);
    what.preset = preset;
    what.wishes = encodeAlways();
    what.wishes.layout = Layout::Progressive;
    return what;
}

void ResumeTracksTest::compare(const QString &source, const QString &preset, qint64 stopUs,
                               bool isExact)
{
    const ExportCase whole = caseOf(source, source + u".whole"_s, preset);
    const ExportOutcome uninterrupted = exportFile(whole);
    QVERIFY2(uninterrupted.isDone(), qPrintable(uninterrupted.summary()));
    QCOMPARE(uninterrupted.plan.resume == ResumeVerdict::Exact, isExact);

    const ExportCase what = caseOf(source, source + u".resumed"_s, preset);
    QVERIFY(!stopAfter(what, stopUs).isDone());
    const ExportOutcome resumed = exportFile(what);
    QVERIFY2(resumed.isDone(), qPrintable(resumed.summary()));
    QVERIFY(resumed.result->resumedFromUs >= stopUs);
    QCOMPARE(resumed.warningKinds(), uninterrupted.warningKinds());
    QCOMPARE(decodeErrors(what.output), QStringList());
    QCOMPARE(frameTimes(what.output, u"v:0"_s), frameTimes(whole.output, u"v:0"_s));
    if (isExact)
        QVERIFY(bytesOf(what.output) == bytesOf(whole.output));
}

// Progressive, interlaced, progressive, interlaced. It is resumed in the third stretch; how the
// first picture of the fourth is filtered depends on whether the second was seen.
void ResumeTracksTest::keepsTheDeinterlacerThatCameInEarlier()
{
    const QList<double> ends{1, 3, 9, 11};
    QStringList parts;
    double begin = 0;
    for (const double end : ends) {
        const QString part = name(u"stretch-%1.ts"_s.arg(begin));
        QStringList words = testPicture(end - begin);
        words << u"-c:v"_s << u"mpeg2video"_s << u"-b:v"_s << u"2M"_s << u"-g"_s << u"12"_s;
        if (parts.size() % 2 == 1)
            words << u"-flags"_s << u"+ilme+ildct"_s << u"-top"_s << u"1"_s;
        words << u"-output_ts_offset"_s << QString::number(begin) << u"-muxdelay"_s << u"0"_s
              << part;
        QVERIFY(ffmpeg(words));
        parts.append(part);
        begin = end;
    }
    QVERIFY(ffmpeg({u"-i"_s, u"concat:"_s + parts.join(u'|'), u"-c"_s, u"copy"_s,
                    name(u"stretches.mkv"_s)}));
    compare(u"stretches.mkv"_s, u"web-720p"_s, 5'000'000, true);
}

void ResumeTracksTest::keepsSubtitles()
{
    QVERIFY(ffmpeg(testPicture(9)
                   + QStringList{u"-i"_s, name(u"texts.srt"_s), u"-c:v"_s, u"mpeg4"_s, u"-c:s"_s,
                                 u"subrip"_s, name(u"texts.mkv"_s)}));
    compare(u"texts.mkv"_s, u"web-720p"_s, 3'000'000, true);
    const QByteArray texts = subtitlesOf(m_folder.path(u"texts.mkv.resumed"_s));
    QVERIFY2(texts.contains("00:00:03,900 --> 00:00:04,100") && texts.contains("Late"),
             texts.constData());
}

void ResumeTracksTest::saysTheLightInEverySegment()
{
    QVERIFY(ffmpeg(
        testPicture(7)
        + QStringList{
            u"-i"_s, name(u"texts.srt"_s), u"-c:v"_s, u"libx265"_s, u"-preset"_s, u"ultrafast"_s,
            u"-pix_fmt"_s, u"yuv420p10le"_s, u"-color_primaries"_s, u"bt2020"_s, u"-color_trc"_s,
            u"smpte2084"_s, u"-colorspace"_s, u"bt2020nc"_s, u"-x265-params"_s,
            u"log-level=error:hdr10=1:master-display=G(13250,34500)B(7500,3000)R(34000,16000)"
            "WP(15635,16450)L(10000000,50):max-cll=1000,400"_s,
            name(u"light.mkv"_s)}));
    compare(u"light.mkv"_s, u"archive-hevc"_s, 3'000'000, false);
    // At the first picture of each of the four segments.
    const QByteArray pictures =
        runTool(u"ffprobe"_s, {u"-v"_s, u"error"_s, u"-show_frames"_s, u"-select_streams"_s,
                               u"v"_s, u"-skip_frame"_s, u"nokey"_s,
                               name(u"light.mkv.resumed"_s)})
            .out;
    QVERIFY2(pictures.count("max_luminance=10000000/10000") >= 4, pictures.constData());
    QCOMPARE(pictures.count("max_luminance=10000000/10000"), pictures.count("[FRAME]"));
    QCOMPARE(pictures.count("max_content=1000"), pictures.count("[FRAME]"));
    QVERIFY(subtitlesOf(m_folder.path(u"light.mkv.resumed"_s)).contains("Over the boundary"));
}

QTEST_GUILESS_MAIN(ResumeTracksTest)
#include "tst_resume_tracks.moc"

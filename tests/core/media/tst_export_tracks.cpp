// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/export_folder.h"
#include "tests/support/media_tools.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <cstring>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

// x265 3.5 does not free what it copies of its own parameters.
extern "C" const char *__lsan_default_suppressions()
{
    return "leak:libx265\n";
}

// What becomes of a file's other tracks and of what is said about its picture, and that each preset
// makes what it promises; judged by ffprobe and ffmpeg.
class ExportTracksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void keepsSubtitles_data();
    void keepsSubtitles();
    void leavesSubtitlesOutOfFragmentsAndSaysSo();
    void movesSubtitlesWithATrim();
    void keepsChaptersAndAllSoundTracks();
    void keepsHdrWithItsLight();
    void writesNoEditListsWhereNoneAreWanted();
    void canDoEveryPreset_data();
    void canDoEveryPreset();

private:
    FilePath path(const QString &name) const { return m_folder.path(name); }
    QString name(const QString &file) const { return m_folder.name(file); }
    void write(const QString &file, const QByteArray &text) const
    {
        QFile out(name(file));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(text);
    }

    ExportFolder m_folder;
};

namespace {

// The first subtitle track as SubRip.
QString subtitlesOf(const FilePath &file)
{
    const ToolOutput output =
        runTool(u"ffmpeg"_s, {u"-v"_s, u"error"_s, u"-nostdin"_s, u"-i"_s, fromPath(file),
                              u"-map"_s, u"0:s:0"_s, u"-f"_s, u"srt"_s, u"-"_s});
    return QString::fromUtf8(output.out).remove(u'\r');
}

QList<float> soundOf(const FilePath &file)
{
    const ToolOutput output = runTool(
        u"ffmpeg"_s, {u"-v"_s, u"error"_s, u"-nostdin"_s, u"-i"_s, fromPath(file), u"-map"_s,
                      u"0:a:0"_s, u"-ac"_s, u"1"_s, u"-ar"_s, u"48000"_s, u"-f"_s, u"f32le"_s,
                      u"-"_s});
    QList<float> samples(output.out.size() / qsizetype(sizeof(float)));
    std::memcpy(samples.data(), output.out.constData(), std::size_t(samples.size()) * sizeof(float));
    return samples;
}

// By how many samples `later` is late; both have `count` samples from 48,000 on.
int lag(const QList<float> &earlier, const QList<float> &later)
{
    constexpr int count = 24'000;
    constexpr int begin = 48'000;
    int best = 0;
    double least = -1;
    for (int shift = -1536; shift <= 1536; shift += 4) {
        double difference = 0;
        for (int i = begin; i < begin + count; i += 7)
            difference += std::abs(double(earlier[i]) - double(later[i + shift]));
        if (least < 0 || difference < least) {
            least = difference;
            best = shift;
        }
    }
    return best;
}

} // namespace

void ExportTracksTest::initTestCase()
{
    write(u"subs.srt"_s,
          "1\n00:00:00,500 --> 00:00:01,250\nGood <i>morning</i>\n\n"
          "2\n00:00:02,000 --> 00:00:03,500\nÄrger, zwei\nZeilen\n\n");
    write(u"chapters.txt"_s,
          ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1500\ntitle=Beginning\n"
          "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1500\nEND=4000\ntitle=Ende\n");
    SampleClip clip = smallClip(u"matroska"_s, u"mpeg4"_s);
    clip.audioEncoder = u"pcm_s16le"_s;
    m_folder.makeClip(clip, u"clip.mkv"_s);
    QVERIFY(ffmpeg({u"-i"_s, name(u"clip.mkv"_s), u"-i"_s, name(u"subs.srt"_s), u"-i"_s,
                    name(u"chapters.txt"_s), u"-map_metadata"_s, u"2"_s, u"-map"_s, u"0:v"_s,
                    u"-map"_s, u"0:a"_s, u"-map"_s, u"0:a"_s, u"-map"_s, u"1"_s, u"-c"_s,
                    u"copy"_s, u"-metadata:s:a:0"_s, u"language=eng"_s, u"-metadata:s:a:1"_s,
                    u"language=deu"_s, u"-metadata:s:s:0"_s, u"language=swe"_s,
                    name(u"all.mkv"_s)}));
}

void ExportTracksTest::keepsSubtitles_data()
{
    QTest::addColumn<QString>("container"); // of the source
    QTest::addColumn<QString>("sourceCodec");
    QTest::addColumn<QString>("preset");
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QString>("codec"); // of the result
    QTest::newRow("SubRip into MP4") << "mkv"
                                     << "subrip"
                                     << "web-720p"
                                     << "progressive"
                                     << "mov_text";
    QTest::newRow("ASS into MP4") << "mkv"
                                  << "ass"
                                  << "remux-mp4"
                                  << "auto"
                                  << "mov_text";
    QTest::newRow("MP4's own, copied") << "mp4"
                                       << "mov_text"
                                       << "remux-mp4"
                                       << "auto"
                                       << "mov_text";
    QTest::newRow("MP4's own into WebM") << "mp4"
                                         << "mov_text"
                                         << "web-vp9"
                                         << "auto"
                                         << "webvtt";
}

void ExportTracksTest::keepsSubtitles()
{
    QFETCH(QString, container);
    QFETCH(QString, sourceCodec);
    QFETCH(QString, preset);
    QFETCH(QString, layout);
    QFETCH(QString, codec);
    const QString source = u"subtitled."_s + container;
    QVERIFY(ffmpeg({u"-y"_s, u"-i"_s, name(u"clip.mkv"_s), u"-i"_s, name(u"subs.srt"_s), u"-map"_s,
                    u"0:v"_s, u"-map"_s, u"1"_s, u"-c:v"_s, u"copy"_s, u"-c:s"_s, sourceCodec,
                    u"-metadata:s:s:0"_s, u"language=swe"_s, name(source)}));
    QFile::remove(name(u"kept"_s));
    PlanWishes wishes;
    wishes.layout = *layoutFromName(layout);
    const ExportOutcome outcome = m_folder.run(path(source), u"kept"_s, wishes, preset);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QCOMPARE(outcome.warningKinds(), QStringList());
    const QJsonObject track = Probed(path(u"kept"_s)).first(u"subtitle"_s);
    QCOMPARE(track[u"codec_name"].toString(), codec);
    QCOMPARE(track[u"tags"][u"language"].toString(), u"swe"_s);
    const QString texts = subtitlesOf(path(u"kept"_s));
    QVERIFY2(texts.contains(u"00:00:00,500 --> 00:00:01,250"), qPrintable(texts));
    QVERIFY2(texts.contains(u"00:00:02,000 --> 00:00:03,500"), qPrintable(texts));
    QVERIFY2(texts.contains(u"morning") && texts.contains(u"Ärger, zwei\nZeilen"),
             qPrintable(texts));
    QVERIFY(QFile::remove(name(u"kept"_s)));
}

void ExportTracksTest::leavesSubtitlesOutOfFragmentsAndSaysSo()
{
    PlanWishes wishes;
    wishes.layout = Layout::Fragmented;
    const ExportOutcome outcome =
        m_folder.run(path(u"all.mkv"_s), u"fragments.mp4"_s, wishes, u"web-720p"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QVERIFY(Probed(path(u"fragments.mp4"_s)).first(u"subtitle"_s).isEmpty());
    QVERIFY2(outcome.plan.warnings.join(u' ').contains(u"subtitle track is dropped"),
             qPrintable(outcome.summary()));
}

void ExportTracksTest::movesSubtitlesWithATrim()
{
    PlanWishes wishes;
    wishes.trim = Trim{1'000'000, 3'000'000};
    const ExportOutcome outcome =
        m_folder.run(path(u"all.mkv"_s), u"trimmed.mp4"_s, wishes, u"web-720p"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const QString texts = subtitlesOf(path(u"trimmed.mp4"_s));
    QVERIFY2(texts.contains(u"00:00:00,000 --> 00:00:00,250"), qPrintable(texts)); // cut at front
    QVERIFY2(texts.contains(u"00:00:01,000 --> 00:00:02,000"), qPrintable(texts)); // and behind
}

void ExportTracksTest::keepsChaptersAndAllSoundTracks()
{
    const ExportOutcome outcome =
        m_folder.run(path(u"all.mkv"_s), u"all.mp4"_s, {}, u"remux-mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QStringList languages;
    for (const QJsonValue &stream : Probed(path(u"all.mp4"_s)).streams()) {
        if (stream[u"codec_type"].toString() != u"video")
            languages.append(stream[u"tags"][u"language"].toString());
    }
    QCOMPARE(languages.first(3), (QStringList{u"eng"_s, u"deu"_s, u"swe"_s}));
    const QByteArray chapters =
        runTool(u"ffprobe"_s, {u"-v"_s, u"error"_s, u"-show_chapters"_s, u"-of"_s, u"compact"_s,
                               name(u"all.mp4"_s)})
            .out;
    QVERIFY2(chapters.contains("start_time=1.500000") && chapters.contains("Ende"),
             chapters.constData());
}

void ExportTracksTest::keepsHdrWithItsLight()
{
    QVERIFY(ffmpeg(
        {u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=s=320x180:r=25:d=1"_s, u"-c:v"_s, u"libx265"_s,
         u"-pix_fmt"_s, u"yuv420p10le"_s, u"-color_primaries"_s, u"bt2020"_s, u"-color_trc"_s,
         u"smpte2084"_s, u"-colorspace"_s, u"bt2020nc"_s, u"-x265-params"_s,
         u"log-level=error:hdr10=1:master-display=G(13250,34500)B(7500,3000)R(34000,16000)"
         "WP(15635,16450)L(10000000,50):max-cll=1000,400"_s,
         name(u"hdr.mkv"_s)}));
    const ExportOutcome outcome =
        m_folder.run(path(u"hdr.mkv"_s), u"hdr.mp4"_s, encodeAlways(), u"archive-hevc"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const QJsonObject video = Probed(path(u"hdr.mp4"_s)).first(u"video"_s);
    QCOMPARE(video[u"pix_fmt"].toString(), u"yuv420p10le"_s);
    QCOMPARE(video[u"color_transfer"].toString(), u"smpte2084"_s);
    QCOMPARE(video[u"color_primaries"].toString(), u"bt2020"_s);
    QCOMPARE(video[u"codec_tag_string"].toString(), u"hvc1"_s);
    // In the container and in the bit stream.
    const QByteArray frame = runTool(u"ffprobe"_s, {u"-v"_s, u"error"_s, u"-show_frames"_s,
                                                    u"-show_streams"_s, u"-read_intervals"_s,
                                                    u"%+#1"_s, name(u"hdr.mp4"_s)})
                                 .out;
    QCOMPARE(frame.count("red_x=34000/50000"), 2);
    QCOMPARE(frame.count("max_luminance=10000000/10000"), 2);
    QCOMPARE(frame.count("max_content=1000"), 2);
    QCOMPARE(frame.count("max_average=400"), 2);
}

void ExportTracksTest::writesNoEditListsWhereNoneAreWanted()
{
    const ExportOutcome outcome =
        m_folder.run(path(u"clip.mkv"_s), u"strict.mp4"_s, {}, u"youtube-1080p"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QFile file(name(u"strict.mp4"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY(bytes.indexOf("moov") < bytes.indexOf("mdat"));
    QCOMPARE(bytes.indexOf("elst"), -1);
    const Probed probed(path(u"strict.mp4"_s));
    for (const char *type : {"video", "audio"})
        QCOMPARE(probed.first(QLatin1String(type))[u"start_time"].toString(), u"0.000000"_s);
    const double picture = probed.first(u"video"_s)[u"duration"].toString().toDouble();
    const double sound = probed.first(u"audio"_s)[u"duration"].toString().toDouble();
    QVERIFY2(std::abs(picture - 4) < 0.001 && std::abs(sound - 4) < 0.03,
             qPrintable(u"%1 and %2 s"_s.arg(picture).arg(sound)));
    QVERIFY(std::abs(lag(soundOf(path(u"clip.mkv"_s)), soundOf(path(u"strict.mp4"_s)))) <= 8);
}

void ExportTracksTest::canDoEveryPreset_data()
{
    QTest::addColumn<QString>("preset");
    for (const Preset &preset : loadPresets({}).presets)
        QTest::newRow(qPrintable(preset.id)) << preset.id;
}

void ExportTracksTest::canDoEveryPreset()
{
    QFETCH(QString, preset);
    QFile::remove(name(u"any"_s));
    const ExportOutcome outcome = m_folder.run(path(u"all.mkv"_s), u"any"_s, {}, preset);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QCOMPARE(outcome.warningKinds(), QStringList());
    QStringList planned;
    for (const StreamPlan &stream : outcome.plan.streams) {
        if (stream.action != StreamAction::Drop)
            planned.append(stream.codec);
    }
    QStringList made;
    for (const QJsonValue &stream : Probed(path(u"any"_s)).streams()) {
        const QString codec = stream[u"codec_name"].toString();
        if (codec != u"bin_data") // MP4's chapters are a track
            made.append(codec);
    }
    QCOMPARE(made, planned);
    QCOMPARE(decodeErrors(path(u"any"_s)), QStringList());
    QVERIFY(QFile::remove(name(u"any"_s)));
}

QTEST_GUILESS_MAIN(ExportTracksTest)
#include "tst_export_tracks.moc"

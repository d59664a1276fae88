// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/export_folder.h"
#include "tests/support/media_tools.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

// What an export makes of times, streams and sound, judged by ffprobe and ffmpeg.
class ExportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsEveryFramesTime_data();
    void keepsEveryFramesTime();
    void copiesBitForBit_data();
    void copiesBitForBit();
    void copiesFromATransportStream();
    void copiesBytesAsTheyAre();
    void mixesDownWithoutClipping();
    void keepsPictureAndSoundTogether();
    void fillsAPauseInTheSound();
    void keepsTheLongerStream();
    void setsKeyFramesByTime();
    void exportsSoundAlone();
    void exportsPicturesAlone();
    void cutsATrim_data();
    void cutsATrim();
    void keepsTitleAndDateButNotThePlace();
    void givesTheSameBytesTwice();
    void readsAnOffsetStart();
    void marksHevcForApplesPlayers();

private:
    FilePath path(const QString &name) const { return m_folder.path(name); }

    ExportFolder m_folder;
};

namespace {

double durationOf(const QJsonObject &stream)
{
    return stream[u"duration"].toString().toDouble();
}

} // namespace

void ExportTest::keepsEveryFramesTime_data()
{
    QTest::addColumn<QString>("container");
    QTest::addColumn<QString>("encoder");
    QTest::addColumn<bool>("isVariable");
    QTest::addColumn<QString>("layout");
    for (const QString &layout : {u"progressive"_s, u"fragmented"_s}) {
        const auto row = [&](const char *what) -> QTestData & {
            return QTest::newRow(qPrintable(QString::fromLatin1(what) + u", "_s + layout));
        };
        row("constant, Matroska") << "matroska"
                                  << "mpeg4" << false << layout;
        row("variable, Matroska") << "matroska"
                                  << "mpeg4" << true << layout;
        row("variable, MP4") << "mp4"
                             << "libx264" << true << layout;
        row("variable, MOV") << "mov"
                             << "mjpeg" << true << layout;
        row("constant, AVI") << "avi"
                             << "mpeg4" << false << layout;
        row("constant, transport stream") << "mpegts"
                                          << "libx264" << false << layout;
        row("variable, transport stream") << "mpegts"
                                          << "libx264" << true << layout;
    }
}

void ExportTest::keepsEveryFramesTime()
{
    QFETCH(QString, container);
    QFETCH(QString, encoder);
    QFETCH(bool, isVariable);
    QFETCH(QString, layout);
    SampleClip source = smallClip(container, encoder);
    source.isVariableRate = isVariable;
    source.seconds = 6;
    const FilePath file = m_folder.makeClip(source, u"times"_s);
    PlanWishes wishes = encodeAlways();
    wishes.layout = *layoutFromName(layout);
    const ExportOutcome outcome = m_folder.run(file, u"times.mp4"_s, wishes);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QCOMPARE(outcome.warningKinds(), QStringList());

    const QList<double> before = frameTimes(file, u"v:0"_s);
    const QList<double> after = frameTimes(path(u"times.mp4"_s), u"v:0"_s);
    QVERIFY(before.size() > 60);
    QCOMPARE(after.size(), before.size());
    QCOMPARE(outcome.result->encodedFrames, before.size());
    for (qsizetype i = 0; i < before.size(); ++i) {
        const double wanted = before[i] - before[0];
        const double got = after[i] - after[0];
        // Within one tick of the source's clock (a millisecond at most).
        QVERIFY2(std::abs(got - wanted) < 0.00151,
                 qPrintable(u"frame %1: %2 instead of %3"_s.arg(i).arg(got).arg(wanted)));
    }
    QVERIFY(QFile::remove(fromPath(path(u"times.mp4"_s))));
}

void ExportTest::copiesBitForBit_data()
{
    QTest::addColumn<QString>("container");
    QTest::addColumn<QString>("layout");
    QTest::newRow("MP4") << "mp4"
                         << "progressive";
    QTest::newRow("MP4, fragmented") << "mp4"
                                     << "fragmented";
    QTest::newRow("MOV") << "mov"
                         << "progressive";
    QTest::newRow("Matroska") << "matroska"
                              << "progressive";
    QTest::newRow("Matroska, fragmented") << "matroska"
                                          << "fragmented";
}

void ExportTest::copiesBitForBit()
{
    QFETCH(QString, container);
    QFETCH(QString, layout);
    const FilePath file = path(u"copy."_s + container);
    // With B-frames: the order of decoding is not that of showing.
    QVERIFY(ffmpeg({u"-f"_s,          u"lavfi"_s,
                    u"-i"_s,          u"testsrc2=size=320x240:rate=30:duration=5"_s,
                    u"-f"_s,          u"lavfi"_s,
                    u"-i"_s,          u"sine=duration=5"_s,
                    u"-c:v"_s,        u"libx264"_s,
                    u"-pix_fmt"_s,    u"yuv420p"_s,
                    u"-bf"_s,         u"3"_s,
                    u"-g"_s,          u"30"_s,
                    u"-colorspace"_s, u"bt709"_s,
                    u"-c:a"_s,        u"aac"_s,
                    u"-f"_s,          container,
                    fromPath(file)}));
    PlanWishes wishes;
    wishes.layout = *layoutFromName(layout);
    const QString output = u"copied-%1-%2.mp4"_s.arg(container, layout);
    const ExportOutcome outcome = m_folder.run(file, output, wishes);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QVERIFY(outcome.plan.copiesAll());
    QCOMPARE(outcome.warningKinds(), QStringList());
    const QStringList pictures = packetHashes(file, u"v:0"_s);
    QCOMPARE(pictures.size(), 150);
    QCOMPARE(packetHashes(path(output), u"v:0"_s), pictures);
    QCOMPARE(packetHashes(path(output), u"a:0"_s), packetHashes(file, u"a:0"_s));
    QCOMPARE(outcome.result->copiedPackets, pictures.size() + packetHashes(file, u"a:0"_s).size());
    QCOMPARE(outcome.result->encodedFrames, 0);
    QCOMPARE(decodeErrors(path(output)), QStringList());
    // Shown at the same times as in the source, relative to the sound.
    const QList<double> before = frameTimes(file, u"v:0"_s);
    const QList<double> after = frameTimes(path(output), u"v:0"_s);
    QCOMPARE(after.size(), before.size());
    QVERIFY(std::abs((after.last() - after.first()) - (before.last() - before.first())) < 0.002);
}

// H.264 as a byte stream with start codes and AAC with ADTS headers become what MP4 holds.
void ExportTest::copiesFromATransportStream()
{
    const FilePath file = m_folder.makeClip(smallClip(u"mpegts"_s, u"libx264"_s), u"copy.ts"_s);
    const ExportOutcome outcome = m_folder.run(file, u"from-ts.mp4"_s, {}, u"remux-mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QVERIFY(outcome.plan.copiesAll());
    for (const QString &stream : {u"v:0"_s, u"a:0"_s}) {
        QVERIFY(!decodedHash(file, stream).isEmpty());
        QCOMPARE(decodedHash(path(u"from-ts.mp4"_s), stream), decodedHash(file, stream));
    }
}

void ExportTest::copiesBytesAsTheyAre()
{
    const FilePath file = m_folder.makeClip(smallClip(u"matroska"_s, u"mpeg4"_s), u"bytes.mkv"_s);
    ExportCase what;
    what.source = file;
    what.output = path(u"bytes.out"_s);
    what.preset = u"original"_s;
    what.feed = std::make_shared<OutputFeed>();
    const ExportOutcome outcome = exportFile(what);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QFile before(fromPath(file));
    QFile after(fromPath(what.output));
    QVERIFY(before.open(QIODevice::ReadOnly) && after.open(QIODevice::ReadOnly));
    QVERIFY(before.readAll() == after.readAll());
    const OutputFeed::State state = what.feed->state();
    QCOMPARE(state.total, std::optional<qint64>(outcome.result->bytes));
    QCOMPARE(state.sha256, outcome.result->sha256);
    const ToolOutput sum = runTool(u"sha256sum"_s, {fromPath(what.output)});
    QCOMPARE(outcome.result->sha256, sum.out.left(64));
}

void ExportTest::mixesDownWithoutClipping()
{
    // Six channels that are all loud at once: a plain sum would be more than twice full scale.
    QVERIFY(
        ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s,
                u"aevalsrc=0.9*sin(880*t)|0.9*sin(880*t)|0.9*sin(880*t)|0.9*sin(880*t)|"
                "0.9*sin(880*t)|0.9*sin(880*t):channel_layout=5.1:duration=2:sample_rate=48000"_s,
                u"-c:a"_s, u"pcm_s16le"_s, fromPath(path(u"loud.mkv"_s))}));
    const ExportOutcome outcome = m_folder.run(path(u"loud.mkv"_s), u"loud.mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QCOMPARE(Probed(path(u"loud.mp4"_s)).first(u"audio"_s)[u"channels"].toInt(), 2);
    const double peak = audioPeak(path(u"loud.mp4"_s));
    QVERIFY2(peak > 0.5 && peak <= 1.0, qPrintable(QString::number(peak)));
}

void ExportTest::keepsPictureAndSoundTogether()
{
    SampleClip source = smallClip(u"matroska"_s, u"mpeg4"_s);
    source.seconds = 10;
    const FilePath file = m_folder.makeClip(source, u"sync.mkv"_s);
    for (const Layout layout : {Layout::Progressive, Layout::Fragmented}) {
        PlanWishes wishes = encodeAlways();
        wishes.layout = layout;
        const QString output = u"sync-%1.mp4"_s.arg(layoutName(layout));
        const ExportOutcome outcome = m_folder.run(file, output, wishes);
        QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
        const QList<double> pictures = frameTimes(path(output), u"v:0"_s);
        const QList<double> sounds = frameTimes(path(output), u"a:0"_s);
        constexpr double aacFrame = 1024.0 / 48000;
        // Matroska keeps the encoder's padding as sound: it begins that much earlier. In
        // fragments ffprobe shows the padding at a negative time.
        const double lead = frameTimes(file, u"v:0"_s).first() - frameTimes(file, u"a:0"_s).first();
        QVERIFY(std::abs(pictures.first() - std::max(0.0, sounds.first()) - lead) <= 0.002);
        const double pictureEnd = pictures.last() + 1.0 / 30;
        const double soundEnd = sounds.last() + aacFrame;
        QVERIFY2(std::abs(pictureEnd - soundEnd) <= 2 * aacFrame,
                 qPrintable(u"%1 and %2"_s.arg(pictureEnd).arg(soundEnd)));
        QVERIFY(std::abs(pictureEnd - pictures.first() - 10) < 0.05);
    }
}

// Two seconds of sound, three of nothing, two of sound.
void ExportTest::fillsAPauseInTheSound()
{
    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=320x240:duration=7"_s, u"-f"_s,
                    u"lavfi"_s, u"-i"_s, u"sine=duration=7"_s, u"-af"_s,
                    u"aselect='not(between(t,2,5))'"_s, u"-c:v"_s, u"mpeg4"_s, u"-c:a"_s,
                    u"pcm_s16le"_s, fromPath(path(u"pause.mkv"_s))}));
    const ExportOutcome outcome = m_folder.run(path(u"pause.mkv"_s), u"pause.mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const Probed probed(path(u"pause.mp4"_s));
    QVERIFY(std::abs(durationOf(probed.first(u"audio"_s)) - 7) < 0.1);
    const ToolOutput silence =
        runTool(u"ffmpeg"_s,
                {u"-i"_s, fromPath(path(u"pause.mp4"_s)), u"-af"_s,
                 u"silencedetect=noise=-50dB:d=1"_s, u"-f"_s, u"null"_s, u"-"_s});
    const QRegularExpression line(u"silence_start: ([\\d.]+)"_s);
    const QRegularExpressionMatch match = line.match(QString::fromUtf8(silence.err));
    QVERIFY(match.hasMatch());
    QVERIFY2(std::abs(match.captured(1).toDouble() - 2) < 0.1, qPrintable(match.captured(1)));
}

void ExportTest::keepsTheLongerStream()
{
    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=320x240:duration=6"_s, u"-f"_s,
                    u"lavfi"_s, u"-i"_s, u"sine=duration=2"_s, u"-c:v"_s, u"mpeg4"_s, u"-c:a"_s,
                    u"aac"_s, fromPath(path(u"short-sound.mkv"_s))}));
    const ExportOutcome outcome = m_folder.run(path(u"short-sound.mkv"_s), u"uneven.mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QCOMPARE(frameTimes(path(u"uneven.mp4"_s), u"v:0"_s).size(), 150);
    const Probed probed(path(u"uneven.mp4"_s));
    QVERIFY(std::abs(durationOf(probed.first(u"video"_s)) - 6) < 0.05);
    QVERIFY(std::abs(durationOf(probed.first(u"audio"_s)) - 2) < 0.05);
}

void ExportTest::setsKeyFramesByTime()
{
    SampleClip source = smallClip(u"matroska"_s, u"mpeg4"_s);
    source.isVariableRate = true;
    source.seconds = 9;
    const ExportOutcome outcome =
        m_folder.run(m_folder.makeClip(source, u"keys.mkv"_s), u"keys.mp4"_s, encodeAlways());
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const double period = outcome.plan.streams[0].keyframeSeconds;
    QVERIFY(period > 0);
    const ToolOutput keys =
        runTool(u"ffprobe"_s,
                {u"-v"_s, u"error"_s, u"-select_streams"_s, u"v"_s, u"-skip_frame"_s, u"nokey"_s,
                 u"-show_entries"_s, u"frame=best_effort_timestamp_time"_s, u"-of"_s, u"csv=p=0"_s,
                 fromPath(path(u"keys.mp4"_s))});
    QList<double> times;
    for (const QByteArray &line : keys.out.split('\n')) {
        if (!line.trimmed().isEmpty())
            times.append(line.split(',').first().toDouble());
    }
    const QList<double> frames = frameTimes(path(u"keys.mp4"_s), u"v:0"_s);
    for (double due = 0; due < frames.last(); due += period) {
        const auto first = std::find_if(frames.begin(), frames.end(),
                                        [due](double time) { return time >= due - 0.001; });
        const bool isKey = std::any_of(times.begin(), times.end(), [first](double time) {
            return std::abs(time - *first) < 0.001;
        });
        QVERIFY2(isKey, qPrintable(u"no key frame at %1"_s.arg(*first)));
    }
}

void ExportTest::exportsSoundAlone()
{
    SampleClip source = smallClip(u"matroska"_s, QString());
    source.audioEncoder = u"flac"_s;
    const ExportOutcome outcome =
        m_folder.run(m_folder.makeClip(source, u"sound.mka"_s), u"sound.mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const Probed probed(path(u"sound.mp4"_s));
    QCOMPARE(probed.streams().size(), 1);
    QCOMPARE(probed.first(u"audio"_s)[u"codec_name"].toString(), u"aac"_s);
    QVERIFY(std::abs(durationOf(probed.first(u"audio"_s)) - 4) < 0.03);
}

void ExportTest::exportsPicturesAlone()
{
    SampleClip source = smallClip(u"matroska"_s, u"ffv1"_s);
    source.audioEncoder.clear();
    const ExportOutcome outcome =
        m_folder.run(m_folder.makeClip(source, u"silent.mkv"_s), u"silent.mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const Probed probed(path(u"silent.mp4"_s));
    QCOMPARE(probed.streams().size(), 1);
    QCOMPARE(frameTimes(path(u"silent.mp4"_s), u"v:0"_s).size(), 120);
}

void ExportTest::cutsATrim_data()
{
    QTest::addColumn<double>("from");
    QTest::addColumn<double>("to");
    QTest::newRow("the beginning") << 0.0 << 2.0;
    QTest::newRow("the middle") << 1.5 << 4.25;
    QTest::newRow("far in, after a seek") << 26.0 << 28.0;
}

void ExportTest::cutsATrim()
{
    QFETCH(double, from);
    QFETCH(double, to);
    SampleClip source = smallClip(u"mp4"_s, u"libx264"_s);
    source.seconds = 30;
    if (!QFile::exists(fromPath(path(u"trim.mp4"_s))))
        m_folder.makeClip(source, u"trim.mp4"_s);
    PlanWishes wishes;
    wishes.trim = Trim{qint64(from * 1e6), qint64(to * 1e6)};
    const ExportOutcome outcome =
        m_folder.run(path(u"trim.mp4"_s), u"cut-%1.mp4"_s.arg(from), wishes);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const FilePath output = path(u"cut-%1.mp4"_s.arg(from));
    QCOMPARE(frameTimes(output, u"v:0"_s).size(), qRound((to - from) * 30));
    const Probed probed(output);
    QVERIFY(std::abs(durationOf(probed.first(u"video"_s)) - (to - from)) < 0.05);
    QVERIFY(std::abs(durationOf(probed.first(u"audio"_s)) - (to - from)) < 0.05);
    // The first picture is the one that stood at `from`: nearest to it in the source.
    const QByteArray first = firstFrameRgb(output);
    const auto distance = [&](double at) {
        const QByteArray picture = firstFrameRgb(path(u"trim.mp4"_s), at);
        qint64 sum = 0;
        for (qsizetype i = 0; i < std::min(first.size(), picture.size()); ++i)
            sum += std::abs(int(quint8(first[i])) - int(quint8(picture[i])));
        return sum;
    };
    QVERIFY(distance(from) < distance(from + 0.1));
    QVERIFY(from == 0 || distance(from) < distance(from - 0.1));
}

void ExportTest::keepsTitleAndDateButNotThePlace()
{
    QVERIFY(
        ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=320x240:duration=1"_s, u"-c:v"_s,
                u"mpeg4"_s, u"-metadata"_s, u"title=Picnic"_s, u"-metadata"_s, u"date=2026-05-01"_s,
                u"-metadata"_s, u"location=+47.3769+008.5417/"_s, u"-metadata"_s,
                u"creation_time=2026-05-01T12:00:00Z"_s, fromPath(path(u"tags.mov"_s))}));
    QVERIFY(Probed(path(u"tags.mov"_s)).format()[u"tags"].toObject().contains(u"location"_s));
    const ExportOutcome outcome = m_folder.run(path(u"tags.mov"_s), u"tags.mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const QJsonObject tags = Probed(path(u"tags.mp4"_s)).format()[u"tags"].toObject();
    QCOMPARE(tags[u"title"].toString(), u"Picnic"_s);
    QCOMPARE(tags[u"date"].toString(), u"2026-05-01"_s);
    QVERIFY(tags[u"creation_time"].toString().startsWith(u"2026-05-01T12:00:00"));
    for (const QString &key : tags.keys())
        QVERIFY2(!key.contains(u"location"), qPrintable(key));
    QFile file(fromPath(path(u"tags.mp4"_s)));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("+47.3769"));
}

void ExportTest::givesTheSameBytesTwice()
{
    const FilePath file = m_folder.makeClip(smallClip(u"matroska"_s, u"mpeg4"_s), u"twice.mkv"_s);
    for (const Layout layout : {Layout::Progressive, Layout::Fragmented}) {
        PlanWishes wishes;
        wishes.layout = layout;
        ExportOutcome first = m_folder.run(file, u"first-%1.mp4"_s.arg(layoutName(layout)), wishes);
        ExportOutcome second =
            m_folder.run(file, u"second-%1.mp4"_s.arg(layoutName(layout)), wishes);
        QVERIFY2(first.isDone() && second.isDone(), qPrintable(first.summary()));
        QCOMPARE(first.result->sha256, second.result->sha256);
    }
}

// A transport stream begins at 1.4 s, and its sound later than its picture or the other way.
void ExportTest::readsAnOffsetStart()
{
    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=320x240:duration=4"_s,
                    u"-itsoffset"_s, u"0.5"_s, u"-f"_s, u"lavfi"_s, u"-i"_s, u"sine=duration=3"_s,
                    u"-c:v"_s, u"mpeg2video"_s, u"-b:v"_s, u"2M"_s, u"-c:a"_s, u"mp2"_s, u"-f"_s,
                    u"mpegts"_s, fromPath(path(u"offset.ts"_s))}));
    const ExportOutcome outcome = m_folder.run(path(u"offset.ts"_s), u"offset.mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QVERIFY(frameTimes(path(u"offset.mp4"_s), u"v:0"_s).first() < 0.001);
    // Half a second of silence stands for the late beginning.
    const ToolOutput silence =
        runTool(u"ffmpeg"_s,
                {u"-i"_s, fromPath(path(u"offset.mp4"_s)), u"-af"_s,
                 u"silencedetect=noise=-50dB:d=0.2"_s, u"-f"_s, u"null"_s, u"-"_s});
    const QRegularExpressionMatch match =
        QRegularExpression(u"silence_end: ([\\d.]+)"_s).match(QString::fromUtf8(silence.err));
    QVERIFY(match.hasMatch());
    QVERIFY2(std::abs(match.captured(1).toDouble() - 0.5) < 0.05, qPrintable(match.captured(1)));
}

void ExportTest::marksHevcForApplesPlayers()
{
    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=320x240:duration=1"_s, u"-c:v"_s,
                    u"libx265"_s, u"-x265-params"_s, u"log-level=error"_s,
                    fromPath(path(u"hevc.mkv"_s))}));
    const ExportOutcome outcome =
        m_folder.run(path(u"hevc.mkv"_s), u"hevc.mp4"_s, {}, u"remux-mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const QJsonObject video = Probed(path(u"hevc.mp4"_s)).first(u"video"_s);
    QCOMPARE(video[u"codec_name"].toString(), u"hevc"_s);
    QCOMPARE(video[u"codec_tag_string"].toString(), u"hvc1"_s);
}

QTEST_GUILESS_MAIN(ExportTest)
#include "tst_export.moc"

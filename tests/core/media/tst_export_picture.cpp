// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/export_folder.h"
#include "tests/support/media_tools.h"

#include <QFile>
#include <QPoint>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

// What an export makes of shapes and colours, judged by ffprobe and ffmpeg.
class ExportPictureTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void turnsThePicture_data();
    void turnsThePicture();
    void evensOddSizes();
    void scalesToSquarePixels();
    void brings10BitTo8();
    void convertsFullRange();
    void tagsColours();
    void mapsHdrToSdr();
    void deinterlaces_data();
    void deinterlaces();
    void fitsPicturesThatChangeTheirSize();

private:
    FilePath path(const QString &name) const { return m_folder.path(name); }

    ExportFolder m_folder;
};

namespace {

// Colour at the middle of a corner's square, from packed RGB.
struct Rgb {
    int r, g, b;
    bool isNear(const Rgb &other) const
    {
        return std::abs(r - other.r) < 60 && std::abs(g - other.g) < 60
            && std::abs(b - other.b) < 60;
    }
};
constexpr Rgb red{255, 0, 0};
constexpr Rgb green{0, 255, 0};
constexpr Rgb blue{0, 0, 255};
constexpr Rgb white{255, 255, 255};

Rgb pixel(const QByteArray &picture, int width, int x, int y)
{
    const qsizetype at = (qsizetype(y) * width + x) * 3;
    if (at + 2 >= picture.size())
        return {-1, -1, -1};
    const auto *bytes = reinterpret_cast<const quint8 *>(picture.constData()) + at;
    return {bytes[0], bytes[1], bytes[2]};
}

// How much each line differs from the mean of its neighbours, on average.
double combing(const QByteArray &picture, int width, int height)
{
    double sum = 0;
    for (int y = 1; y + 1 < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const int between =
                pixel(picture, width, x, y - 1).g + pixel(picture, width, x, y + 1).g;
            sum += std::abs(pixel(picture, width, x, y).g - between / 2.0);
        }
    }
    return sum / (double(width) * (height - 2));
}

} // namespace

void ExportPictureTest::turnsThePicture_data()
{
    QTest::addColumn<int>("rotation");
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    // The colours of the top left, top right, bottom left and bottom right corner as shown.
    QTest::addColumn<QString>("corners");
    QTest::newRow("upright") << 0 << 320 << 240 << "rgbw";
    QTest::newRow("a quarter clockwise") << 90 << 240 << 320 << "brwg";
    QTest::newRow("upside down") << 180 << 320 << 240 << "wbgr";
    QTest::newRow("a quarter counter-clockwise") << 270 << 240 << 320 << "gwrb";
}

void ExportPictureTest::turnsThePicture()
{
    QFETCH(int, rotation);
    QFETCH(int, width);
    QFETCH(int, height);
    QFETCH(QString, corners);
    SampleClip source = smallClip(u"mp4"_s, u"libx264"_s);
    source.rotation = rotation;
    source.seconds = 1;
    const QString output = u"turned-%1.mp4"_s.arg(rotation);
    const ExportOutcome outcome =
        m_folder.run(m_folder.makeClip(source, u"turn.mp4"_s), output, encodeAlways());
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const QJsonObject video = Probed(path(output)).first(u"video"_s);
    QCOMPARE(video[u"width"].toInt(), width);
    QCOMPARE(video[u"height"].toInt(), height);
    QVERIFY(!video.contains(u"side_data_list"_s));
    const QByteArray picture = firstFrameRgb(path(output));
    const QMap<QChar, Rgb> colours{{u'r', red}, {u'g', green}, {u'b', blue}, {u'w', white}};
    const QList<QPoint> places{
        {12, 12}, {width - 12, 12}, {12, height - 12}, {width - 12, height - 12}};
    for (int i = 0; i < 4; ++i) {
        const Rgb seen = pixel(picture, width, places[i].x(), places[i].y());
        QVERIFY2(seen.isNear(colours[corners[i]]),
                 qPrintable(u"corner %1: %2 %3 %4"_s.arg(i).arg(seen.r).arg(seen.g).arg(seen.b)));
    }
}

void ExportPictureTest::evensOddSizes()
{
    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=321x241:duration=1"_s, u"-c:v"_s,
                    u"libvpx-vp9"_s, u"-b:v"_s, u"300k"_s, u"-deadline"_s, u"realtime"_s,
                    fromPath(path(u"odd.webm"_s))}));
    const ExportOutcome outcome = m_folder.run(path(u"odd.webm"_s), u"odd.mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const QJsonObject video = Probed(path(u"odd.mp4"_s)).first(u"video"_s);
    QCOMPARE(video[u"width"].toInt() % 2, 0);
    QCOMPARE(video[u"height"].toInt() % 2, 0);
    QVERIFY(std::abs(video[u"width"].toInt() - 321) <= 1);
    QVERIFY(std::abs(video[u"height"].toInt() - 241) <= 1);
}

void ExportPictureTest::scalesToSquarePixels()
{
    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=720x576:duration=1"_s, u"-vf"_s,
                    u"setsar=64/45"_s, u"-c:v"_s, u"mpeg2video"_s, u"-b:v"_s, u"4M"_s,
                    fromPath(path(u"sar.ts"_s))}));
    const ExportOutcome outcome = m_folder.run(path(u"sar.ts"_s), u"sar.mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const QJsonObject video = Probed(path(u"sar.mp4"_s)).first(u"video"_s);
    QCOMPARE(video[u"width"].toInt(), 1024);
    QCOMPARE(video[u"height"].toInt(), 576);
    QCOMPARE(video[u"sample_aspect_ratio"].toString(), u"1:1"_s);
}

void ExportPictureTest::brings10BitTo8()
{
    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=320x240:duration=1"_s, u"-c:v"_s,
                    u"libx264"_s, u"-pix_fmt"_s, u"yuv420p10le"_s, fromPath(path(u"ten.mp4"_s))}));
    const ExportOutcome outcome = m_folder.run(path(u"ten.mp4"_s), u"eight.mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const QJsonObject video = Probed(path(u"eight.mp4"_s)).first(u"video"_s);
    QCOMPARE(video[u"pix_fmt"].toString(), u"yuv420p"_s);
    QVERIFY(video[u"profile"].toString() != u"High 10"_s);
}

// White is 255 in full range and 235 in limited range; retagging alone would leave 255.
void ExportPictureTest::convertsFullRange()
{
    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"color=white:size=320x240:duration=1"_s,
                    u"-vf"_s, u"scale=out_range=full,format=yuvj420p"_s, u"-c:v"_s, u"libx264"_s,
                    u"-color_range"_s, u"pc"_s, fromPath(path(u"full.mp4"_s))}));
    QCOMPARE(Probed(path(u"full.mp4"_s)).first(u"video"_s)[u"color_range"].toString(), u"pc"_s);
    const ExportOutcome outcome = m_folder.run(path(u"full.mp4"_s), u"limited.mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QCOMPARE(Probed(path(u"limited.mp4"_s)).first(u"video"_s)[u"color_range"].toString(), u"tv"_s);
    const QByteArray luma = runTool(u"ffmpeg"_s,
                                    {u"-v"_s, u"error"_s, u"-i"_s, fromPath(path(u"limited.mp4"_s)),
                                     u"-frames:v"_s, u"1"_s, u"-f"_s, u"rawvideo"_s, u"-"_s})
                                .out.left(320 * 240);
    QVERIFY(luma.size() == 320 * 240);
    for (const char value : luma)
        QVERIFY(std::abs(int(quint8(value)) - 235) <= 2);
}

void ExportPictureTest::tagsColours()
{
    const ExportOutcome small = m_folder.run(
        m_folder.makeClip(smallClip(u"matroska"_s, u"mpeg4"_s), u"sd.mkv"_s), u"sd.mp4"_s);
    QVERIFY2(small.isDone(), qPrintable(small.summary()));
    const QJsonObject sd = Probed(path(u"sd.mp4"_s)).first(u"video"_s);
    QCOMPARE(sd[u"color_space"].toString(), u"smpte170m"_s);
    QCOMPARE(sd[u"color_range"].toString(), u"tv"_s);
    SampleClip large = smallClip(u"matroska"_s, u"mpeg4"_s);
    large.width = 1280;
    large.height = 720;
    large.seconds = 1;
    const ExportOutcome outcome = m_folder.run(m_folder.makeClip(large, u"hd.mkv"_s), u"hd.mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const QJsonObject hd = Probed(path(u"hd.mp4"_s)).first(u"video"_s);
    QCOMPARE(hd[u"color_space"].toString(), u"bt709"_s);
    QCOMPARE(hd[u"color_primaries"].toString(), u"bt709"_s);
    QCOMPARE(hd[u"color_transfer"].toString(), u"bt709"_s);
}

void ExportPictureTest::mapsHdrToSdr()
{
    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=320x240:rate=10:duration=1"_s,
                    u"-c:v"_s, u"libx265"_s, u"-x265-params"_s,
                    u"log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"_s,
                    u"-pix_fmt"_s, u"yuv420p10le"_s, u"-color_primaries"_s, u"bt2020"_s,
                    u"-color_trc"_s, u"smpte2084"_s, u"-colorspace"_s, u"bt2020nc"_s,
                    fromPath(path(u"hdr.mp4"_s))}));
    const ExportOutcome outcome = m_folder.run(path(u"hdr.mp4"_s), u"sdr.mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const QJsonObject video = Probed(path(u"sdr.mp4"_s)).first(u"video"_s);
    QCOMPARE(video[u"pix_fmt"].toString(), u"yuv420p"_s);
    QCOMPARE(video[u"color_transfer"].toString(), u"bt709"_s);
    QCOMPARE(video[u"color_primaries"].toString(), u"bt709"_s);
    QCOMPARE(video[u"color_space"].toString(), u"bt709"_s);
}

void ExportPictureTest::deinterlaces_data()
{
    QTest::addColumn<bool>("isClaimed");
    QTest::newRow("as the container says") << true;
    QTest::newRow("as only its frames say") << false;
}

void ExportPictureTest::deinterlaces()
{
    QFETCH(bool, isClaimed);
    QVERIFY(
        ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=720x576:rate=50:duration=1"_s,
                u"-vf"_s, u"tinterlace=interleave_top,fieldorder=tff"_s, u"-c:v"_s, u"mpeg2video"_s,
                u"-flags"_s, u"+ilme+ildct"_s, u"-b:v"_s, u"8M"_s, u"-y"_s, fromPath(path(u"inter.ts"_s))}));
    const qsizetype frames = frameTimes(path(u"inter.ts"_s), u"v:0"_s).size();
    ExportCase what;
    what.source = path(u"inter.ts"_s);
    what.output = path(u"inter.mp4"_s);
    what.adapt = [isClaimed](ExportPlan &plan) {
        QVERIFY(plan.streams[0].deinterlace);
        plan.streams[0].deinterlace = isClaimed;
    };
    const ExportOutcome outcome = exportFile(what);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QCOMPARE(frameTimes(path(u"inter.mp4"_s), u"v:0"_s).size(), frames);
    // Lines no longer differ from both of their neighbours where something moves.
    const double before = combing(firstFrameRgb(path(u"inter.ts"_s), 0.5), 720, 576);
    const double after = combing(firstFrameRgb(path(u"inter.mp4"_s), 0.5), 720, 576);
    QVERIFY2(after > 0 && after < before * 0.7,
             qPrintable(u"%1 before, %2 after"_s.arg(before).arg(after)));
    QVERIFY(QFile::remove(fromPath(what.output)));
}

void ExportPictureTest::fitsPicturesThatChangeTheirSize()
{
    for (const QString &size : {u"320x240"_s, u"240x320"_s})
        QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"color=red:size=%1:duration=1"_s.arg(size),
                        u"-c:v"_s, u"mpeg2video"_s, u"-b:v"_s, u"2M"_s, u"-f"_s, u"mpegts"_s,
                        fromPath(path(size + u".ts"_s))}));
    QFile whole(fromPath(path(u"change.ts"_s)));
    QVERIFY(whole.open(QIODevice::WriteOnly));
    for (const QString &size : {u"320x240"_s, u"240x320"_s}) {
        QFile part(fromPath(path(size + u".ts"_s)));
        QVERIFY(part.open(QIODevice::ReadOnly));
        whole.write(part.readAll());
    }
    whole.close();
    const ExportOutcome outcome = m_folder.run(path(u"change.ts"_s), u"change.mp4"_s);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QVERIFY(outcome.warningKinds().contains(u"size-change"_s));
    // The second second starts its clock again: the jump is closed, nothing is lost.
    QVERIFY(outcome.warningKinds().contains(u"clock-jumps"_s));
    QVERIFY(std::abs(Probed(path(u"change.mp4"_s)).duration() - 2) < 0.15);
    const QByteArray last = firstFrameRgb(path(u"change.mp4"_s), 1.5);
    QCOMPARE(last.size(), 320 * 240 * 3);
    QVERIFY(pixel(last, 320, 160, 120).isNear(red)); // not stretched: bars left and right
    QVERIFY(pixel(last, 320, 10, 120).isNear({0, 0, 0}));
}

QTEST_GUILESS_MAIN(ExportPictureTest)
#include "tst_export_picture.moc"

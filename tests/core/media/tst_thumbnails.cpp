// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/thumbnails.h"
#include "tests/support/export_folder.h"
#include "tests/support/media_tools.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <array>
#include <cmath>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

class ThumbnailsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void spreadsThemOverTheVideo();
    void findsPicturesBetweenKeyFrames();
    void turnsThem_data();
    void turnsThem();
    void makesPixelsSquare();
    void passesOverBlack();
    void showsHdrAsSdr();
    void takesASinglePicture();
    void refusesWhatHasNoPicture();
    void stopsWhenTold();
    void writesPng();
    void comesToTermsWithEveryFile_data();
    void comesToTermsWithEveryFile();

private:
    FilePath path(const QString &name) const { return m_folder.path(name); }
    Result<QList<Thumbnail>> make(const FilePath &file, int count, int width = 160,
                                  int height = 160, std::stop_token stop = {}) const
    {
        SO_TRY(const auto source, SourceFile::open(file));
        return makeThumbnails(source, {count, width, height}, std::move(stop));
    }

    ExportFolder m_folder;
};

namespace {

struct Rgb {
    int r = -1;
    int g = -1;
    int b = -1;
};

Rgb pixel(const Thumbnail &thumbnail, int x, int y)
{
    const auto *bytes = reinterpret_cast<const quint8 *>(thumbnail.rgb24.constData())
        + (qsizetype(y) * thumbnail.width + x) * 3;
    return {bytes[0], bytes[1], bytes[2]};
}

// The sample clip's squares: r, g, b or w.
QChar colourAt(const Thumbnail &thumbnail, int x, int y)
{
    const Rgb at = pixel(thumbnail, x, y);
    const auto isHigh = [](int value) { return value > 160; };
    if (isHigh(at.r) && isHigh(at.g) && isHigh(at.b))
        return u'w';
    return isHigh(at.r) ? u'r' : isHigh(at.g) ? u'g' : isHigh(at.b) ? u'b' : u'?';
}

QString corners(const Thumbnail &thumbnail)
{
    const int right = thumbnail.width - 4;
    const int bottom = thumbnail.height - 4;
    QString colours;
    for (const int y : {3, bottom}) {
        for (const int x : {3, right})
            colours += colourAt(thumbnail, x, y);
    }
    return colours;
}

double brightness(const Thumbnail &thumbnail)
{
    double sum = 0;
    for (const char value : thumbnail.rgb24)
        sum += static_cast<quint8>(value);
    return sum / double(thumbnail.rgb24.size());
}

void verifyShape(const QList<Thumbnail> &thumbnails, int width, int height)
{
    qint64 last = -1;
    for (const Thumbnail &thumbnail : thumbnails) {
        QVERIFY(thumbnail.width >= 1 && thumbnail.width <= width);
        QVERIFY(thumbnail.height >= 1 && thumbnail.height <= height);
        QCOMPARE(thumbnail.rgb24.size(), qsizetype(thumbnail.width) * thumbnail.height * 3);
        QVERIFY(thumbnail.timeUs > last);
        last = thumbnail.timeUs;
    }
}

} // namespace

void ThumbnailsTest::spreadsThemOverTheVideo()
{
    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=s=640x360:r=25:d=60"_s, u"-c:v"_s,
                    u"mpeg4"_s, u"-g"_s, u"12"_s, m_folder.name(u"minute.mp4"_s)}));
    const auto thumbnails = make(path(u"minute.mp4"_s), 10);
    QVERIFY(thumbnails);
    QCOMPARE(thumbnails->size(), 10);
    verifyShape(*thumbnails, 160, 160);
    QCOMPARE(thumbnails->first().width, 160);
    QCOMPARE(thumbnails->first().height, 90);
    for (int i = 0; i < 10; ++i) // the key frame before the middle of each tenth
        QVERIFY(std::abs(double((*thumbnails)[i].timeUs) / 1e6 - (3 + 6 * i)) <= 0.5);
}

void ThumbnailsTest::findsPicturesBetweenKeyFrames()
{
    QVERIFY(
        ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=s=320x180:r=25:d=8"_s, u"-c:v"_s,
                u"mpeg4"_s, u"-g"_s, u"600"_s, u"-bf"_s, u"2"_s, m_folder.name(u"one-key.mkv"_s)}));
    const auto thumbnails = make(path(u"one-key.mkv"_s), 8);
    QVERIFY(thumbnails);
    QCOMPARE(thumbnails->size(), 8);
    verifyShape(*thumbnails, 160, 160);
    for (int i = 1; i < 8; ++i) {
        QVERIFY(std::abs(double((*thumbnails)[i].timeUs) / 1e6 - (0.5 + i)) < 0.1);
        QVERIFY((*thumbnails)[i].rgb24 != (*thumbnails)[i - 1].rgb24);
    }
}

void ThumbnailsTest::turnsThem_data()
{
    QTest::addColumn<int>("rotation");
    QTest::addColumn<QString>("expected");
    QTest::newRow("upright") << 0 << "rgbw";
    QTest::newRow("a quarter clockwise") << 90 << "brwg";
    QTest::newRow("upside down") << 180 << "wbgr";
    QTest::newRow("a quarter counter-clockwise") << 270 << "gwrb";
}

void ThumbnailsTest::turnsThem()
{
    QFETCH(int, rotation);
    QFETCH(QString, expected);
    SampleClip clip = smallClip(u"mp4"_s, u"mpeg4"_s);
    clip.rotation = rotation;
    QVERIFY(makeSampleClip(clip, path(u"turned.mp4"_s), {}));
    const auto thumbnails = make(path(u"turned.mp4"_s), 1);
    QVERIFY(thumbnails && thumbnails->size() == 1);
    const Thumbnail &thumbnail = thumbnails->first();
    QCOMPARE(thumbnail.width > thumbnail.height, rotation % 180 == 0);
    QCOMPARE(corners(thumbnail), expected);
}

void ThumbnailsTest::makesPixelsSquare()
{
    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=s=720x576:r=25:d=1,setsar=64/45"_s,
                    u"-c:v"_s, u"mpeg2video"_s, m_folder.name(u"wide.mpg"_s)}));
    const auto thumbnails = make(path(u"wide.mpg"_s), 1, 160, 90);
    QVERIFY(thumbnails && thumbnails->size() == 1);
    QCOMPARE(thumbnails->first().width, 160);
    QCOMPARE(thumbnails->first().height, 90);
}

void ThumbnailsTest::passesOverBlack()
{
    // Black around the middle, where the only thumbnail would be.
    QVERIFY(
        ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s,
                u"testsrc2=s=320x180:r=25:d=10,drawbox=t=fill:c=black:enable='between(t,4,6)'"_s,
                u"-c:v"_s, u"mpeg4"_s, u"-g"_s, u"10"_s, m_folder.name(u"black.mp4"_s)}));
    const auto thumbnails = make(path(u"black.mp4"_s), 1);
    QVERIFY(thumbnails && thumbnails->size() == 1);
    QVERIFY(thumbnails->first().timeUs > 6'000'000);
    QVERIFY(brightness(thumbnails->first()) > 50);

    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"color=black:s=320x180:r=25:d=2"_s, u"-c:v"_s,
                    u"mpeg4"_s, m_folder.name(u"all-black.mp4"_s)}));
    const auto black = make(path(u"all-black.mp4"_s), 1);
    QVERIFY(black && black->size() == 1); // what it is
}

void ThumbnailsTest::showsHdrAsSdr()
{
    // Grey of 10 bits: 0.58 of PQ is about 200 cd/m², brighter than an ordinary screen's white.
    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"color=black:s=320x180:r=25:d=1"_s, u"-vf"_s,
                    u"format=yuv420p10le,geq=lum=572:cb=512:cr=512,setparams=color_primaries="
                    "bt2020:color_trc=smpte2084:colorspace=bt2020nc:range=tv"_s,
                    u"-c:v"_s, u"libx265"_s, u"-x265-params"_s, u"log-level=error"_s,
                    m_folder.name(u"hdr.mp4"_s)}));
    const auto thumbnails = make(path(u"hdr.mp4"_s), 1);
    QVERIFY(thumbnails && thumbnails->size() == 1);
    const Rgb middle = pixel(thumbnails->first(), 80, 45);
    QVERIFY(std::abs(middle.r - middle.g) <= 3 && std::abs(middle.g - middle.b) <= 3);
    QVERIFY2(middle.g > 170, QByteArray::number(middle.g).constData()); // 149 without mapping
}

void ThumbnailsTest::takesASinglePicture()
{
    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=s=96x64:r=25:d=1"_s, u"-frames:v"_s,
                    u"1"_s, u"-c:v"_s, u"mpeg4"_s, m_folder.name(u"still.mkv"_s)}));
    const auto thumbnails = make(path(u"still.mkv"_s), 10);
    QVERIFY(thumbnails);
    QCOMPARE(thumbnails->size(), 1);
    QCOMPARE(thumbnails->first().width, 96); // never enlarged
    QCOMPARE(thumbnails->first().height, 64);
}

void ThumbnailsTest::refusesWhatHasNoPicture()
{
    SampleClip clip = smallClip(u"matroska"_s, QString());
    QVERIFY(makeSampleClip(clip, path(u"sound.mka"_s), {}));
    const auto none = make(path(u"sound.mka"_s), 3);
    QVERIFY(!none);
    QCOMPARE(none.error().kind, ErrorKind::SourceNoStreams);
}

void ThumbnailsTest::stopsWhenTold()
{
    QVERIFY(makeSampleClip(smallClip(u"matroska"_s, u"mpeg4"_s), path(u"stopped.mkv"_s), {}));
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = make(path(u"stopped.mkv"_s), 3, 160, 90, stop.get_token());
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
}

void ThumbnailsTest::writesPng()
{
    QVERIFY(makeSampleClip(smallClip(u"matroska"_s, u"mpeg4"_s), path(u"png.mkv"_s), {}));
    const auto thumbnails = make(path(u"png.mkv"_s), 1);
    QVERIFY(thumbnails && thumbnails->size() == 1);
    const auto png = toPng(thumbnails->first());
    QVERIFY(png);
    QFile file(m_folder.name(u"thumb.png"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(*png), png->size());
    file.close();
    QCOMPARE(firstFrameRgb(path(u"thumb.png"_s)), thumbnails->first().rgb24);
}

void ThumbnailsTest::comesToTermsWithEveryFile_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<bool>("isGood");
    const QString media = qEnvironmentVariable("SENDOFF_SHARED_MEDIA");
    if (media.isEmpty()) {
        QTest::newRow("none") << QString() << false;
        return;
    }
    for (const QString &group : {u"good"_s, u"odd"_s, u"broken"_s, u"hostile"_s}) {
        const QDir folder(media + u'/' + group);
        for (const QString &name : folder.entryList(QDir::Files, QDir::Name))
            QTest::newRow(qPrintable(group + u'/' + name))
                << folder.filePath(name) << (group == u"good");
    }
}

void ThumbnailsTest::comesToTermsWithEveryFile()
{
    QFETCH(QString, file);
    QFETCH(bool, isGood);
    if (file.isEmpty())
        QSKIP("SENDOFF_SHARED_MEDIA names no folder with media");
    const auto thumbnails = make(file.toStdString(), 4, 160, 90);
    if (thumbnails) {
        QVERIFY(!thumbnails->isEmpty() && thumbnails->size() <= 4);
        verifyShape(*thumbnails, 160, 90);
        return;
    }
    QVERIFY(thumbnails.error().kind != ErrorKind::Internal);
    const bool hasNoPicture = thumbnails.error().kind == ErrorKind::SourceNoStreams;
    QVERIFY2(!isGood || hasNoPicture, qPrintable(thumbnails.error().detail));
}

QTEST_GUILESS_MAIN(ThumbnailsTest)
#include "tst_thumbnails.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error_text.h"
#include "core/media/probe.h"
#include "tests/support/media_tools.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <fstream>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

namespace {

Result<MediaInfo> probeFile(const FilePath &path, std::stop_token stop = {})
{
    const auto source = SourceFile::open(path);
    if (!source)
        return failure(source.error());
    return probe(*source, stop);
}

QByteArray contentOf(const FilePath &path)
{
    std::ifstream stream(path, std::ios::binary);
    return QByteArray::fromStdString(std::string(std::istreambuf_iterator<char>(stream), {}));
}

void write(const FilePath &path, const QByteArray &content)
{
    std::ofstream(path, std::ios::binary).write(content.constData(), content.size());
}

QByteArray bigEndian(quint32 value)
{
    QByteArray bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += char(value >> shift & 0xff);
    return bytes;
}

} // namespace

class ProbeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void describesAnOrdinaryClip();
    void describesPictures_data();
    void describesPictures();
    void readsTheDisplayMatrix_data();
    void readsTheDisplayMatrix();
    void describesSound_data();
    void describesSound();
    void seesVariableFrameRate();
    void tellsCoverArtFromVideo();
    void readsLanguagesTitlesAndChapters();
    void keepsMetadataAsItIs();
    void doesNotBelieveLongDurations();
    void findsEncryption();
    void choosesTheBestStreams();
    void refusesWhatHasNothingToPlay();
    void canBeStopped();
    void writesJson();
    void agreesWithTheCorpus_data();
    void agreesWithTheCorpus();

private:
    FilePath path(const QString &name) const { return m_folder.filePath(name).toStdString(); }
    FilePath make(const QString &name, const QStringList &arguments) const;

    QTemporaryDir m_folder;
    FilePath m_clip;
    const QStringList m_picture{u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=s=320x240:r=25:d=2"_s};
    const QStringList m_sound{u"-f"_s, u"lavfi"_s, u"-i"_s, u"sine=d=2:r=44100"_s};
};

FilePath ProbeTest::make(const QString &name, const QStringList &arguments) const
{
    const FilePath file = path(name);
    if (!ffmpeg(arguments + QStringList{u"file:"_s + fromPath(file)}))
        qFatal("could not make %s", qPrintable(name));
    return file;
}

void ProbeTest::initTestCase()
{
    m_clip = make(u"clip.mp4"_s,
                  m_picture + m_sound
                      + QStringList{u"-c:v"_s, u"libx264"_s, u"-pix_fmt"_s, u"yuv420p"_s, u"-c:a"_s,
                                    u"aac"_s});
}

void ProbeTest::describesAnOrdinaryClip()
{
    const auto info = probeFile(m_clip);
    QVERIFY(info.has_value());
    QCOMPARE(info->container, u"mov,mp4,m4a,3gp,3g2,mj2"_s);
    QCOMPARE(info->sizeBytes, qint64(std::filesystem::file_size(m_clip)));
    QVERIFY(std::abs(double(*info->durationUs) - 2e6) < 5e4);
    QCOMPARE(info->streams.size(), 2);
    const StreamInfo &video = info->streams[0];
    QCOMPARE(video.kind, StreamKind::Video);
    QCOMPARE(video.codec, u"h264"_s);
    QCOMPARE(video.codecTitle, u"H.264"_s);
    QCOMPARE(video.profileTitle, u"High"_s);
    QCOMPARE(video.pixelFormat, u"yuv420p"_s);
    QVERIFY(video.frameRate == (Rational{25, 1}));
    QVERIFY(video.bitrate > 10'000 && video.isDefault && video.canDecode);
    QVERIFY(!video.isVariableRate && !video.isInterlaced && !video.isHdr && !video.isEncrypted);
    const StreamInfo &audio = info->streams[1];
    QCOMPARE(audio.kind, StreamKind::Audio);
    QCOMPARE(audio.codec, u"aac"_s);
    QCOMPARE(audio.sampleRate, 44100);
    QCOMPARE(audio.channelLayout, u"mono"_s);
    QVERIFY(info->warnings.isEmpty());
}

void ProbeTest::describesPictures_data()
{
    QTest::addColumn<QStringList>("encode");
    QTest::addColumn<QString>("expected"); // values of the stream's JSON
    const QString tags = u"setparams=range=tv:color_primaries=%1:color_trc=%2:colorspace=%3"_s;
    QTest::newRow("BT.709") << QStringList{u"-vf"_s, tags.arg(u"bt709"_s, u"bt709"_s, u"bt709"_s),
                                           u"-c:v"_s, u"libx264"_s}
                            << u"colour.matrix=bt709 colour.range=tv hdr=false"_s;
    QTest::newRow("untagged") << QStringList{u"-c:v"_s, u"ffv1"_s}
                              << u"colour.matrix= colour.primaries= hdr=false"_s;
    QTest::newRow("HDR10")
        << QStringList{u"-pix_fmt"_s,     u"yuv420p10le"_s,
                       u"-vf"_s,          tags.arg(u"bt2020"_s, u"smpte2084"_s, u"bt2020nc"_s),
                       u"-c:v"_s,         u"libx265"_s,
                       u"-x265-params"_s, u"log-level=0"_s}
        << u"hdr=true bit_depth=10 colour.transfer=smpte2084"_s;
    QTest::newRow("HLG")
        << QStringList{u"-pix_fmt"_s,     u"yuv420p10le"_s,
                       u"-vf"_s,          tags.arg(u"bt2020"_s, u"arib-std-b67"_s, u"bt2020nc"_s),
                       u"-c:v"_s,         u"libx265"_s,
                       u"-x265-params"_s, u"log-level=0"_s}
        << u"hdr=true bit_depth=10 colour.transfer=arib-std-b67"_s;
    QTest::newRow("full range") << QStringList{u"-c:v"_s, u"mjpeg"_s}
                                << u"pix_fmt=yuvj420p colour.range=pc"_s;
    QTest::newRow("interlaced") << QStringList{
        u"-vf"_s,        u"tinterlace=interleave_top"_s, u"-c:v"_s, u"mpeg2video"_s, u"-flags"_s,
        u"+ildct+ilme"_s} << u"interlaced=true variable_rate=false"_s;
    QTest::newRow("anamorphic") << QStringList{u"-vf"_s, u"setsar=64/45"_s, u"-c:v"_s, u"libx264"_s}
                                << u"sample_aspect=64/45"_s;
    QTest::newRow("RGB") << QStringList{u"-pix_fmt"_s, u"bgr0"_s, u"-c:v"_s, u"ffv1"_s}
                         << u"pix_fmt=bgr0"_s;
    QTest::newRow("NTSC") << QStringList{u"-r"_s, u"30000/1001"_s, u"-c:v"_s, u"libx264"_s}
                          << u"frame_rate=30000/1001 variable_rate=false"_s;
}

void ProbeTest::describesPictures()
{
    QFETCH(QStringList, encode);
    QFETCH(QString, expected);
    const auto info = probeFile(make(u"picture.mkv"_s, m_picture + encode));
    QVERIFY(info.has_value());
    const QJsonObject stream = toJson(*info)[u"streams"].toArray().first().toObject();
    for (const QString &pair : expected.split(u' ')) {
        QJsonValue value = stream;
        for (const QString &key : pair.section(u'=', 0, 0).split(u'.'))
            value = value.toObject()[key];
        QCOMPARE(value.toVariant().toString(), pair.section(u'=', 1));
    }
}

// The eight ways to turn a picture, as ISO/IEC 14496-12 6.2.2 writes them, and the filters that
// undo them in two steps, as our plans do.
void ProbeTest::readsTheDisplayMatrix_data()
{
    QTest::addColumn<QList<int>>("matrix"); // a b c d, in units
    QTest::addColumn<int>("rotation");
    QTest::addColumn<bool>("isMirrored");
    QTest::addColumn<QString>("filter");
    const auto row = [](const char *name, const QList<int> &matrix, int rotation, bool isMirrored,
                        const QString &filter) {
        QTest::newRow(name) << matrix << rotation << isMirrored << filter;
    };
    row("as it is", {1, 0, 0, 1}, 0, false, u"null"_s);
    row("a quarter clockwise", {0, 1, -1, 0}, 90, false, u"transpose=clock"_s);
    row("half", {-1, 0, 0, -1}, 180, false, u"hflip,vflip"_s);
    row("a quarter anticlockwise", {0, -1, 1, 0}, 270, false, u"transpose=cclock"_s);
    row("mirrored", {-1, 0, 0, 1}, 0, true, u"hflip"_s);
    row("mirrored, then a quarter", {0, -1, -1, 0}, 90, true, u"hflip,transpose=clock"_s);
    row("mirrored, then half", {1, 0, 0, -1}, 180, true, u"hflip,hflip,vflip"_s);
    row("mirrored, then three quarters", {0, 1, 1, 0}, 270, true, u"hflip,transpose=cclock"_s);
    row("damaged", {0, 0, 0, 0}, 0, false, u"null"_s);
}

void ProbeTest::readsTheDisplayMatrix()
{
    QFETCH(QList<int>, matrix);
    QFETCH(int, rotation);
    QFETCH(bool, isMirrored);
    QFETCH(QString, filter);
    QByteArray content = contentOf(m_clip);
    // In a track header of version 0 the matrix follows 44 bytes after the box's name.
    const qsizetype place = content.indexOf("tkhd") + 4 + 40;
    const std::array<int, 4> positions{0, 4, 12, 16};
    for (std::size_t i = 0; i < positions.size(); ++i)
        content.replace(place + positions[i], 4,
                        bigEndian(quint32(matrix[qsizetype(i)]) * 0x10000U));
    const FilePath file = path(u"turned.mp4"_s);
    write(file, content);
    const auto info = probeFile(file);
    QVERIFY(info.has_value());
    QCOMPARE(info->streams[0].rotation, rotation);
    QCOMPARE(info->streams[0].isMirrored, isMirrored);
    if (matrix == QList<int>{1, 0, 0, -1} || matrix == QList<int>{0, 0, 0, 0})
        return; // ffmpeg 5.1 itself shows these wrongly
    const auto picture = [&](const QStringList &before, const QStringList &after) {
        return runTool(u"ffmpeg"_s,
                       QStringList{u"-v"_s, u"error"_s} + before
                           + QStringList{u"-i"_s, fromPath(file)} + after
                           + QStringList{u"-an"_s, u"-frames:v"_s, u"1"_s, u"-f"_s, u"rawvideo"_s,
                                         u"-"_s})
            .out;
    };
    const QByteArray turned = picture({u"-autorotate"_s, u"0"_s}, {u"-vf"_s, filter});
    QVERIFY(!turned.isEmpty());
    QVERIFY(turned == picture({}, {}));
}

void ProbeTest::describesSound_data()
{
    QTest::addColumn<QStringList>("encode");
    QTest::addColumn<QString>("codec");
    QTest::addColumn<QString>("layout");
    QTest::addColumn<int>("rate");
    QTest::newRow("5.1 AC-3") << QStringList{u"-ac"_s, u"6"_s, u"-c:a"_s, u"ac3"_s} << u"ac3"_s
                              << u"5.1(side)"_s << 44100;
    QTest::newRow("stereo Opus") << QStringList{u"-ac"_s,   u"2"_s,    u"-ar"_s,
                                                u"48000"_s, u"-c:a"_s, u"libopus"_s}
                                 << u"opus"_s << u"stereo"_s << 48000;
    QTest::newRow("mono PCM") << QStringList{u"-c:a"_s, u"pcm_s24le"_s} << u"pcm_s24le"_s
                              << u"mono"_s << 44100;
}

void ProbeTest::describesSound()
{
    QFETCH(QStringList, encode);
    QFETCH(QString, codec);
    QFETCH(QString, layout);
    QFETCH(int, rate);
    const auto info = probeFile(make(u"sound.mka"_s, m_sound + encode));
    QVERIFY(info.has_value());
    QCOMPARE(info->streams[0].codec, codec);
    QCOMPARE(info->streams[0].channelLayout, layout);
    QCOMPARE(info->streams[0].sampleRate, rate);
    QVERIFY(!info->bestVideo());
    QCOMPARE(info->bestAudio(), &info->streams[0]);
}

void ProbeTest::seesVariableFrameRate()
{
    const auto info =
        probeFile(make(u"vfr.mp4"_s,
                       m_picture
                           + QStringList{u"-vf"_s, u"select='not(between(n,10,29))'"_s, u"-vsync"_s,
                                         u"passthrough"_s, u"-c:v"_s, u"libx264"_s}));
    QVERIFY(info.has_value());
    QVERIFY(info->streams[0].isVariableRate);
}

void ProbeTest::tellsCoverArtFromVideo()
{
    const FilePath song = make(u"song.mp3"_s,
                               m_sound + m_picture
                                   + QStringList{u"-map"_s, u"0"_s, u"-map"_s, u"1"_s,
                                                 u"-frames:v"_s, u"1"_s, u"-c:v"_s, u"mjpeg"_s});
    const auto info = probeFile(song);
    QVERIFY(info.has_value());
    QCOMPARE(info->streams.size(), 2);
    QCOMPARE(info->streams[1].kind, StreamKind::CoverArt);
    QCOMPARE(info->streams[1].width, 320);
    QVERIFY(!info->bestVideo());
}

void ProbeTest::readsLanguagesTitlesAndChapters()
{
    write(path(u"chapters.txt"_s),
          ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=One\n"
          "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2000\ntitle=Two\n");
    const auto info = probeFile(
        make(u"film.mkv"_s,
             m_picture + m_sound
                 + QStringList{u"-i"_s, fromPath(path(u"chapters.txt"_s)), u"-map"_s, u"0"_s,
                               u"-map"_s, u"1"_s, u"-map_chapters"_s, u"2"_s, u"-metadata:s:a:0"_s,
                               u"language=fin"_s, u"-metadata:s:a:0"_s, u"title=Commentary"_s}));
    QVERIFY(info.has_value());
    QCOMPARE(info->chapters, 2);
    QCOMPARE(info->streams[1].language, u"fin"_s);
    QCOMPARE(info->streams[1].title, u"Commentary"_s);
    QVERIFY(info->streams[0].language.isEmpty());
}

void ProbeTest::keepsMetadataAsItIs()
{
    const QString hostile = u"<img src=x>\x1b[2J\nnew line \u202e"_s;
    const auto info = probeFile(
        make(u"tagged.mkv"_s,
             m_sound + QStringList{u"-c:a"_s, u"flac"_s, u"-metadata"_s, u"title="_s + hostile}));
    QVERIFY(info.has_value());
    QCOMPARE(info->metadata[u"title"_s], hostile);
    QCOMPARE(toJson(*info)[u"metadata"].toObject()[u"title"].toString(), hostile);
}

void ProbeTest::doesNotBelieveLongDurations()
{
    QByteArray content = contentOf(m_clip);
    // ISO/IEC 14496-12 8.2.2: version, two times, timescale, duration.
    const qsizetype place = content.indexOf("mvhd") + 4 + 16;
    content.replace(place, 4, bigEndian(0xfffffffe));
    write(path(u"ages.mp4"_s), content);
    const auto lied = probeFile(path(u"ages.mp4"_s));
    QVERIFY(lied.has_value());
    QVERIFY(std::abs(double(*lied->durationUs) - 2e6) < 1e5);
    QCOMPARE(lied->warnings.size(), 1);
    QVERIFY(lied->warnings.first().contains(u"longer"));
}

void ProbeTest::findsEncryption()
{
    const FilePath file =
        make(u"secret.mp4"_s,
             {u"-i"_s, fromPath(m_clip), u"-c"_s, u"copy"_s, u"-encryption_scheme"_s,
              u"cenc-aes-ctr"_s, u"-encryption_key"_s, u"00112233445566778899aabbccddeeff"_s,
              u"-encryption_kid"_s, u"00112233445566778899aabbccddeeff"_s});
    const auto info = probeFile(file);
    QVERIFY(info.has_value());
    QVERIFY(info->streams[0].isEncrypted && info->streams[1].isEncrypted);
    QVERIFY(!info->bestVideo() && !info->bestAudio());
}

void ProbeTest::choosesTheBestStreams()
{
    const auto info = probeFile(make(u"several.mkv"_s,
                                     {u"-f"_s,
                                      u"lavfi"_s,
                                      u"-i"_s,
                                      u"testsrc2=s=160x120:d=1"_s,
                                      u"-f"_s,
                                      u"lavfi"_s,
                                      u"-i"_s,
                                      u"testsrc2=s=320x240:d=1"_s,
                                      u"-f"_s,
                                      u"lavfi"_s,
                                      u"-i"_s,
                                      u"sine=d=1"_s,
                                      u"-map"_s,
                                      u"0"_s,
                                      u"-map"_s,
                                      u"1"_s,
                                      u"-map"_s,
                                      u"2"_s,
                                      u"-map"_s,
                                      u"2"_s,
                                      u"-c:v"_s,
                                      u"ffv1"_s,
                                      u"-c:a"_s,
                                      u"flac"_s,
                                      u"-ac:a:1"_s,
                                      u"2"_s,
                                      u"-disposition:v"_s,
                                      u"0"_s,
                                      u"-disposition:a:0"_s,
                                      u"default"_s,
                                      u"-disposition:a:1"_s,
                                      u"0"_s}));
    QVERIFY(info.has_value());
    QCOMPARE(info->bestVideo()->index, 1); // the larger, none being default
    QCOMPARE(info->bestAudio()->index, 2); // the default, though it has fewer channels
}

void ProbeTest::refusesWhatHasNothingToPlay()
{
    write(path(u"text.srt"_s), "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n");
    const FilePath file = make(u"subtitles.mkv"_s, {u"-i"_s, fromPath(path(u"text.srt"_s))});
    const auto info = probeFile(file);
    QVERIFY(!info && info.error().kind == ErrorKind::SourceNoStreams);
    QCOMPARE(describe(info.error()).what,
             u"“subtitles.mkv” holds no picture or sound that can be exported: it holds only "
             "subtitles, pictures or data."_s);
}

void ProbeTest::canBeStopped()
{
    std::stop_source stop;
    stop.request_stop();
    const auto info = probeFile(m_clip, stop.get_token());
    QVERIFY(!info && info.error().kind == ErrorKind::Cancelled);
}

void ProbeTest::writesJson()
{
    const auto info = probeFile(m_clip);
    QVERIFY(info.has_value());
    const QJsonObject json = toJson(*info);
    QCOMPARE(json[u"bytes"].toInteger(), info->sizeBytes);
    QVERIFY(std::abs(json[u"duration"].toDouble() - 2) < 0.05);
    const QJsonObject video = json[u"streams"].toArray()[0].toObject();
    QCOMPARE(video[u"kind"].toString(), u"video"_s);
    QCOMPARE(video[u"fps"].toDouble(), 25.0);
    QCOMPARE(video[u"profile"].toString(), u"High"_s);
    QVERIFY(!video.contains(u"channels"));
    const QJsonObject audio = json[u"streams"].toArray()[1].toObject();
    QCOMPARE(audio[u"channels"].toInt(), 1);
    QVERIFY(!audio.contains(u"width"));
}

// The public corpus, where it is at hand: nothing crashes or hangs, and what the manifest knows
// of the good and the odd files is what we say.
void ProbeTest::agreesWithTheCorpus_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QMap<QString, QString>>("known");
    const FilePath corpus(qEnvironmentVariable("SENDOFF_SHARED_MEDIA").toStdString());
    QList<QByteArray> lines = contentOf(corpus / "manifest.tsv").split('\n');
    const QList<QByteArray> columns = lines.takeFirst().trimmed().split('\t');
    for (const QByteArray &line : lines) {
        const QList<QByteArray> values = line.split('\t');
        if (!std::filesystem::exists(corpus / values[0].toStdString()) || values[0].isEmpty())
            continue;
        QMap<QString, QString> known;
        for (qsizetype i = 0; i < std::min(columns.size(), values.size()); ++i)
            known.insert(QString::fromUtf8(columns[i]), QString::fromUtf8(values[i]));
        QTest::newRow(values[0].constData()) << known[u"file"_s] << known;
    }
    for (const char *name : {"gif_65535x65535.gif", "mp4_duration_lie.mp4", "mkv_duration_inf.mkv",
                             "gap_1e6_seconds.mkv", "fps_1e6.mkv", "mp4_stts_huge_count.mp4"}) {
        if (std::filesystem::exists(corpus / "hostile" / name))
            QTest::newRow(name) << u"hostile/"_s + QLatin1String(name) << QMap<QString, QString>();
    }
    if (columns.size() < 2)
        QTest::newRow("none") << QString() << QMap<QString, QString>();
}

void ProbeTest::agreesWithTheCorpus()
{
    QFETCH(QString, file);
    using Known = QMap<QString, QString>;
    QFETCH(Known, known);
    if (file.isEmpty())
        QSKIP("SENDOFF_SHARED_MEDIA names no folder with media");
    const FilePath corpus(qEnvironmentVariable("SENDOFF_SHARED_MEDIA").toStdString());
    const std::clock_t begin = std::clock(); // of this process: the machine may be busy
    const auto info = probeFile(corpus / file.toStdString());
    QVERIFY(std::clock() - begin < 5 * CLOCKS_PER_SEC);
    if (!info) {
        QVERIFY(!describe(info.error()).what.isEmpty());
        QVERIFY2(!file.startsWith(u"good/"), qPrintable(info.error().detail));
        return;
    }
    QVERIFY(!info->durationUs || *info->durationUs < 3'600'000'000);
    if (file.startsWith(u"broken/") || file.startsWith(u"hostile/"))
        return;
    const auto video =
        std::find_if(info->streams.cbegin(), info->streams.cend(),
                     [](const StreamInfo &stream) { return stream.kind == StreamKind::Video; });
    if (!known[u"width"_s].isEmpty() && video != info->streams.cend()) {
        QCOMPARE(QString::number(video->width), known[u"width"_s]);
        QCOMPARE(QString::number(video->height), known[u"height"_s]);
        QCOMPARE(video->codec, known[u"vcodec"_s]);
        QCOMPARE(video->pixelFormat, known[u"pix_fmt"_s]);
        const int rotation = int(std::lround(known[u"rotation"_s].toDouble()));
        QCOMPARE(video->rotation, ((-rotation) % 360 + 360) % 360);
    }
    const double duration = known[u"duration"_s].toDouble();
    if (duration > 0 && info->durationUs)
        QVERIFY(std::abs(double(*info->durationUs) / 1e6 - duration) < 0.05);
}

QTEST_GUILESS_MAIN(ProbeTest)
#include "tst_probe.moc"

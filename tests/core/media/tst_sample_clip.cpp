// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/sample_clip.h"
#include "tests/support/media_tools.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

namespace {

QByteArray contentOf(const FilePath &path)
{
    QFile file(fromPath(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

SampleClip smallClip()
{
    SampleClip clip;
    clip.width = 320;
    clip.height = 240;
    clip.seconds = 2;
    return clip;
}

} // namespace

class SampleClipTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isPlayableAsAsked_data();
    void isPlayableAsAsked();
    void isTheSameForTheSameSeed();
    void differsWithTheSeed();
    void turnsThePictureByAMatrixOnly();
    void dropsFramesAndKeepsTheirTimes();
    void canBeSilentOrBlind();
    void replacesWhatWasThereOnlyWhenWhole();
    void saysWhichEncoderIsMissing();

private:
    FilePath path(const QString &name) const { return m_folder.filePath(name).toStdString(); }

    QTemporaryDir m_folder;
};

void SampleClipTest::isPlayableAsAsked_data()
{
    QTest::addColumn<QString>("container");
    QTest::addColumn<QString>("videoEncoder");
    QTest::addColumn<QString>("videoCodec");
    QTest::addColumn<QString>("audioEncoder");
    QTest::addColumn<QString>("audioCodec");
    QTest::newRow("matroska with MPEG-4 and AAC") << "matroska"
                                                  << "mpeg4"
                                                  << "mpeg4"
                                                  << "aac"
                                                  << "aac";
    QTest::newRow("MP4 with H.264 and AAC") << "mp4"
                                            << "libx264"
                                            << "h264"
                                            << "aac"
                                            << "aac";
    QTest::newRow("MOV with Motion JPEG and PCM") << "mov"
                                                  << "mjpeg"
                                                  << "mjpeg"
                                                  << "pcm_s16le"
                                                  << "pcm_s16le";
    QTest::newRow("transport stream") << "mpegts"
                                      << "libx264"
                                      << "h264"
                                      << "aac"
                                      << "aac";
    QTest::newRow("AVI") << "avi"
                         << "mpeg4"
                         << "mpeg4"
                         << "pcm_s16le"
                         << "pcm_s16le";
    QTest::newRow("lossless matroska") << "matroska"
                                       << "ffv1"
                                       << "ffv1"
                                       << "flac"
                                       << "flac";
}

void SampleClipTest::isPlayableAsAsked()
{
    QFETCH(QString, container);
    QFETCH(QString, videoEncoder);
    QFETCH(QString, videoCodec);
    QFETCH(QString, audioEncoder);
    QFETCH(QString, audioCodec);
    SampleClip clip = smallClip();
    clip.container = container;
    clip.videoEncoder = videoEncoder;
    clip.audioEncoder = audioEncoder;
    const FilePath file = path(u"playable-"_s + container + videoEncoder);
    const Result<void> made = makeSampleClip(clip, file, {});
    QVERIFY2(made, made ? "" : qPrintable(made.error().detail));
    const Probed probed(file);
    const QJsonObject video = probed.first(u"video"_s);
    QCOMPARE(video[u"codec_name"].toString(), videoCodec);
    QCOMPARE(video[u"width"].toInt(), 320);
    QCOMPARE(video[u"height"].toInt(), 240);
    QCOMPARE(probed.first(u"audio"_s)[u"codec_name"].toString(), audioCodec);
    QCOMPARE(probed.first(u"audio"_s)[u"channels"].toInt(), 2);
    QCOMPARE(frameTimes(file, u"v:0"_s).size(), 60);
    QVERIFY2(std::abs(probed.duration() - 2.0) < 0.1,
             qPrintable(QString::number(probed.duration())));
    QCOMPARE(decodeErrors(file), QStringList());
}

void SampleClipTest::isTheSameForTheSameSeed()
{
    SampleClip clip = smallClip();
    clip.container = u"mp4"_s;
    clip.videoEncoder = u"mpeg4"_s;
    QVERIFY(makeSampleClip(clip, path(u"one"_s), {}));
    QVERIFY(makeSampleClip(clip, path(u"again"_s), {}));
    QVERIFY(!contentOf(path(u"one"_s)).isEmpty());
    QCOMPARE(contentOf(path(u"one"_s)), contentOf(path(u"again"_s)));
}

void SampleClipTest::differsWithTheSeed()
{
    SampleClip clip = smallClip();
    clip.videoEncoder = u"ffv1"_s;
    clip.audioEncoder = u"flac"_s;
    QVERIFY(makeSampleClip(clip, path(u"seed1"_s), {}));
    clip.seed = 2;
    QVERIFY(makeSampleClip(clip, path(u"seed2"_s), {}));
    QVERIFY(!decodedHash(path(u"seed1"_s), u"v:0"_s).isEmpty());
    QVERIFY(decodedHash(path(u"seed1"_s), u"v:0"_s) != decodedHash(path(u"seed2"_s), u"v:0"_s));
    QVERIFY(decodedHash(path(u"seed1"_s), u"a:0"_s) != decodedHash(path(u"seed2"_s), u"a:0"_s));
}

void SampleClipTest::turnsThePictureByAMatrixOnly()
{
    SampleClip clip = smallClip();
    clip.container = u"mp4"_s;
    clip.rotation = 90;
    QVERIFY(makeSampleClip(clip, path(u"turned.mp4"_s), {}));
    const QJsonObject video = Probed(path(u"turned.mp4"_s)).first(u"video"_s);
    QCOMPARE(video[u"width"].toInt(), 320);
    // ffprobe counts counter-clockwise.
    QCOMPARE(video[u"side_data_list"][0][u"rotation"].toInt(), -90);
}

void SampleClipTest::dropsFramesAndKeepsTheirTimes()
{
    SampleClip clip = smallClip();
    clip.seconds = 6;
    clip.isVariableRate = true;
    QVERIFY(makeSampleClip(clip, path(u"vfr"_s), {}));
    const QList<double> times = frameTimes(path(u"vfr"_s), u"v:0"_s);
    QVERIFY(times.size() > 60 && times.size() < 170);
    double longest = 0;
    for (qsizetype i = 1; i < times.size(); ++i) {
        longest = std::max(longest, times[i] - times[i - 1]);
        // A multiple of 1/30 s from the first, to the millisecond of Matroska.
        const double slot = (times[i] - times[0]) * 30;
        QVERIFY(std::abs(slot - std::round(slot)) < 0.05);
    }
    QVERIFY(longest > 0.4);
    QVERIFY(times.last() > 5.8);
}

void SampleClipTest::canBeSilentOrBlind()
{
    SampleClip silent = smallClip();
    silent.audioEncoder.clear();
    QVERIFY(makeSampleClip(silent, path(u"silent"_s), {}));
    QCOMPARE(Probed(path(u"silent"_s)).streams().size(), 1);
    SampleClip blind = smallClip();
    blind.videoEncoder.clear();
    QVERIFY(makeSampleClip(blind, path(u"blind"_s), {}));
    QCOMPARE(Probed(path(u"blind"_s)).streams().size(), 1);
    QVERIFY(Probed(path(u"blind"_s)).first(u"video"_s).isEmpty());
}

void SampleClipTest::replacesWhatWasThereOnlyWhenWhole()
{
    const FilePath file = path(u"kept"_s);
    QVERIFY(makeSampleClip(smallClip(), file, {}));
    const QByteArray before = contentOf(file);
    std::stop_source source;
    source.request_stop();
    const Result<void> stopped = makeSampleClip(smallClip(), file, source.get_token());
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
    QCOMPARE(contentOf(file), before);
    QCOMPARE(QDir(m_folder.path()).entryList({u".*part*"_s}, QDir::Files | QDir::Hidden).size(), 0);
}

void SampleClipTest::saysWhichEncoderIsMissing()
{
    SampleClip clip = smallClip();
    clip.videoEncoder = u"no-such-encoder"_s;
    const Result<void> made = makeSampleClip(clip, path(u"none"_s), {});
    QVERIFY(!made);
    QCOMPARE(made.error().kind, ErrorKind::NoEncoder);
    QCOMPARE(made.error()[argument::name], u"no-such-encoder"_s);
}

QTEST_GUILESS_MAIN(SampleClipTest)
#include "tst_sample_clip.moc"

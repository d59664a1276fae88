// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error_text.h"
#include "core/media/sample_clip.h"
#include "core/media/verify.h"
#include "tests/support/media_tools.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

class VerifyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void acceptsWhatIsAsMeant();
    void acceptsAnyContainer();
    void refusesWhatDiffers_data();
    void refusesWhatDiffers();
    void refusesAnIndexAtTheEnd();
    void refusesAFileThatWasCut();
    void refusesWhatIsNoVideo();
    void toleratesHiddenPackets();
    void saysWhichEndsLater();
    void stopsWhenTold();

private:
    FilePath path(const QString &name) const { return m_folder.filePath(name).toStdString(); }
    ExpectedFile expected() const;

    QTemporaryDir m_folder;
    FilePath m_clip;
    qint64 m_soundPackets = 0;
};

// 3 s of 320 × 240 at 30 frames per second, index in front.
ExpectedFile VerifyTest::expected() const
{
    ExpectedFile file;
    file.isProgressiveIso = true;
    ExpectedTrack picture;
    picture.isVideo = true;
    picture.codec = u"mpeg4"_s;
    picture.width = 320;
    picture.height = 240;
    picture.pixelFormat = u"yuv420p"_s;
    picture.packets = 90;
    picture.spanUs = 89 * 1'000'000LL / 30;
    picture.frameUs = 1'000'000 / 30;
    ExpectedTrack sound;
    sound.isAudio = true;
    sound.codec = u"aac"_s;
    sound.packets = m_soundPackets;
    sound.spanUs = (m_soundPackets - 1) * 1024 * 1'000'000LL / 48000;
    sound.frameUs = 21'333;
    file.tracks = {picture, sound};
    return file;
}

void VerifyTest::initTestCase()
{
    SampleClip clip;
    clip.width = 320;
    clip.height = 240;
    clip.seconds = 3;
    clip.container = u"mp4"_s;
    m_clip = path(u"clip.mp4"_s);
    QVERIFY(makeSampleClip(clip, m_clip, {}));
    m_soundPackets = packetDts(m_clip, u"a:0"_s).size();
    QVERIFY(m_soundPackets > 100);
}

void VerifyTest::acceptsWhatIsAsMeant()
{
    const auto verified = verifyOutput(m_clip, expected(), {});
    QVERIFY2(verified, verified ? "" : qPrintable(describe(verified.error()).what));
    QVERIFY(std::abs(verified->durationUs - 3'000'000) < 50'000);
}

void VerifyTest::acceptsAnyContainer()
{
    QVERIFY(ffmpeg({u"-i"_s, fromPath(m_clip), u"-c"_s, u"copy"_s, fromPath(path(u"clip.mkv"_s))}));
    ExpectedFile file = expected();
    file.isProgressiveIso = false;
    file.tracks[1].packets = packetDts(path(u"clip.mkv"_s), u"a:0"_s).size();
    const auto verified = verifyOutput(path(u"clip.mkv"_s), file, {});
    QVERIFY2(verified, verified ? "" : qPrintable(describe(verified.error()).what));
}

void VerifyTest::refusesWhatDiffers_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("reason");
    QTest::newRow("one track less") << "tracks"
                                    << "it has 2 tracks instead of 3";
    QTest::newRow("another codec") << "codec"
                                   << "the picture is mpeg4 instead of h264";
    QTest::newRow("another size") << "size"
                                  << "the picture is 320 × 240 instead of 640 × 480";
    QTest::newRow("another pixel format") << "format"
                                          << "the picture is stored as yuv420p instead of yuv444p";
    QTest::newRow("a frame less") << "packets"
                                  << "the picture has 90 frames instead of 91";
    QTest::newRow("a frame more") << "more"
                                  << "the picture has 90 frames instead of 89";
    QTest::newRow("another length") << "length"
                                    << "the picture spans 2.97 s instead of 4.00 s";
}

void VerifyTest::refusesWhatDiffers()
{
    QFETCH(QString, what);
    QFETCH(QString, reason);
    ExpectedFile file = expected();
    ExpectedTrack &picture = file.tracks[0];
    if (what == u"tracks")
        file.tracks.append(file.tracks[1]);
    else if (what == u"codec")
        picture.codec = u"h264"_s;
    else if (what == u"size")
        picture.width = 640, picture.height = 480;
    else if (what == u"format")
        picture.pixelFormat = u"yuv444p"_s;
    else if (what == u"packets")
        picture.packets = 91;
    else if (what == u"more")
        picture.packets = 89;
    else
        picture.spanUs = 4'000'000;
    const auto verified = verifyOutput(m_clip, file, {});
    QVERIFY(!verified);
    QCOMPARE(verified.error().kind, ErrorKind::OutputDamaged);
    QCOMPARE(verified.error()[argument::reason], reason);
}

void VerifyTest::refusesAnIndexAtTheEnd()
{
    QVERIFY(ffmpeg({u"-i"_s, fromPath(m_clip), u"-c"_s, u"copy"_s, fromPath(path(u"late.mp4"_s))}));
    const auto verified = verifyOutput(path(u"late.mp4"_s), expected(), {});
    QVERIFY(!verified);
    QCOMPARE(verified.error()[argument::reason], u"its index does not stand in front"_s);
}

void VerifyTest::refusesAFileThatWasCut()
{
    const FilePath cut = path(u"cut.mp4"_s);
    QVERIFY(QFile::copy(fromPath(m_clip), fromPath(cut)));
    std::filesystem::resize_file(cut, std::filesystem::file_size(cut) * 2 / 3);
    const auto verified = verifyOutput(cut, expected(), {});
    QVERIFY(!verified);
    QCOMPARE(verified.error().kind, ErrorKind::OutputDamaged);
}

void VerifyTest::refusesWhatIsNoVideo()
{
    QFile file(fromPath(path(u"text.mp4"_s)));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(100'000, 'x'));
    file.close();
    ExpectedFile fragmented = expected();
    fragmented.isProgressiveIso = false;
    const auto verified = verifyOutput(path(u"text.mp4"_s), fragmented, {});
    QVERIFY(!verified);
    QCOMPARE(verified.error().kind, ErrorKind::OutputDamaged);
    QCOMPARE(verified.error()[argument::reason], u"it can't be opened again"_s);
}

void VerifyTest::toleratesHiddenPackets()
{
    ExpectedFile file = expected();
    file.tracks[0].packets = 93;
    file.tracks[0].hiddenPackets = 3;
    QVERIFY(verifyOutput(m_clip, file, {}));
    file.tracks[0].hiddenPackets = 2;
    QVERIFY(!verifyOutput(m_clip, file, {}));
}

void VerifyTest::saysWhichEndsLater()
{
    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=320x240:rate=30:duration=1"_s,
                    u"-f"_s, u"lavfi"_s, u"-i"_s, u"sine=duration=3:sample_rate=48000"_s, u"-c:v"_s,
                    u"mpeg4"_s, u"-c:a"_s, u"aac"_s, fromPath(path(u"uneven.mp4"_s))}));
    ExpectedFile file = expected();
    file.isProgressiveIso = false;
    file.tracks[0].packets = 30;
    file.tracks[0].spanUs = 29 * 1'000'000LL / 30;
    file.tracks[1].packets = packetDts(path(u"uneven.mp4"_s), u"a:0"_s).size();
    file.tracks[1].spanUs = (file.tracks[1].packets - 1) * 1024 * 1'000'000LL / 48000;
    const auto verified = verifyOutput(path(u"uneven.mp4"_s), file, {});
    QVERIFY2(verified, verified ? "" : qPrintable(describe(verified.error()).what));
    QVERIFY(verified->soundEndsLaterUs);
    QVERIFY(std::abs(*verified->soundEndsLaterUs - 2'000'000) < 50'000);
}

void VerifyTest::stopsWhenTold()
{
    std::stop_source source;
    source.request_stop();
    const auto verified = verifyOutput(m_clip, expected(), source.get_token());
    QVERIFY(!verified);
    QCOMPARE(verified.error().kind, ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(VerifyTest)
#include "tst_verify.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/encode_preset.h"
#include "tests/support/stopped_export.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

// Resumed exports over kinds of sources that are hard to seek in, and over what is made of them.
class ResumeKindsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sourcesAreTakenUpExactly_data();
    void sourcesAreTakenUpExactly();
    void resultsAreTheSame_data();
    void resultsAreTheSame();

private:
    FilePath path(const QString &name) const { return m_folder.filePath(name).toStdString(); }
    void compare(const FilePath &source, const FilePath &preset, const QString &extension,
                 int threads, bool isExact);

    QTemporaryDir m_folder;
};

namespace {

constexpr int seconds = 11; // six segments of two seconds at most

// A moving picture and a tone, encoded as told.
bool makeSource(const QString &output, const QStringList &video)
{
    const QString picture = u"testsrc2=size=320x180:rate=30:duration=%1"_s.arg(seconds);
    const QString sound = u"sine=frequency=440:sample_rate=48000:duration=%1"_s.arg(seconds);
    return ffmpeg(QStringList{u"-f"_s, u"lavfi"_s, u"-i"_s, picture, u"-f"_s, u"lavfi"_s, u"-i"_s,
                              sound}
                  + video
                  + QStringList{u"-c:a"_s, output.endsWith(u".mpg") ? u"mp2"_s : u"aac"_s, u"-y"_s,
                                output});
}

QStringList x264(const QString &parameters, const QStringList &more = {})
{
    return QStringList{u"-c:v"_s, u"libx264"_s, u"-preset"_s, u"veryfast"_s, u"-x264-params"_s,
                       parameters}
        + more;
}

} // namespace

void ResumeKindsTest::compare(const FilePath &source, const FilePath &preset,
                              const QString &extension, int threads, bool isExact)
{
    ExportCase whole;
    whole.source = source;
    whole.preset = fromPath(preset);
    whole.threads = threads;
    whole.output = path(u"whole."_s + extension);
    whole.journal = path(u"whole.journal"_s);
    const ExportOutcome uninterrupted = exportFile(whole);
    QVERIFY2(uninterrupted.isDone(), qPrintable(uninterrupted.summary()));
    QCOMPARE(uninterrupted.plan.resume == ResumeVerdict::Exact, isExact);

    ExportCase what = whole;
    what.output = path(u"resumed."_s + extension);
    what.journal = path(u"resumed.journal"_s);
    for (const qint64 safeUs : {3'000'000, 7'000'000})
        QVERIFY(!stopAfter(what, safeUs).isDone());
    const ExportOutcome resumed = exportFile(what);
    QVERIFY2(resumed.isDone(), qPrintable(resumed.summary()));
    QVERIFY(resumed.journal.goesOn);
    QVERIFY(resumed.result->resumedFromUs >= 7'000'000);
    const qint64 missing = uninterrupted.result->encodedFrames * 4 / seconds;
    QVERIFY(resumed.result->encodedFrames <= missing + 2);
    QCOMPARE(resumed.warningKinds(), uninterrupted.warningKinds());
    QCOMPARE(decodeErrors(what.output), QStringList());
    if (isExact)
        QVERIFY(bytesOf(what.output) == bytesOf(whole.output));
    else
        QCOMPARE(frameTimes(what.output, u"v:0"_s), frameTimes(whole.output, u"v:0"_s));
    for (const ExportCase &made : {whole, what}) {
        QVERIFY(QFile::remove(fromPath(made.output)));
        QVERIFY(QDir(fromPath(made.journal)).removeRecursively());
    }
}

void ResumeKindsTest::sourcesAreTakenUpExactly_data()
{
    QTest::addColumn<QString>("extension");
    QTest::addColumn<QStringList>("video");
    QTest::newRow("open GOPs in MP4") << u"mp4"_s << x264(u"open-gop=1:keyint=45:bframes=3"_s);
    QTest::newRow("open GOPs in a transport stream")
        << u"ts"_s << x264(u"open-gop=1:keyint=45:bframes=3"_s);
    QTest::newRow("intra refresh in MP4") << u"mp4"_s << x264(u"intra-refresh=1:keyint=60"_s);
    QTest::newRow("intra refresh in a transport stream")
        << u"ts"_s << x264(u"intra-refresh=1:keyint=60"_s);
    QTest::newRow("as wide as x264 needs it for a lookahead thread")
        << u"wide.mkv"_s << x264(u"keyint=60"_s, {u"-vf"_s, u"scale=256:144"_s});
    QTest::newRow("one GOP of ten seconds")
        << u"mkv"_s << x264(u"keyint=300:min-keyint=300:scenecut=0"_s);
    QTest::newRow("ten bits") << u"mkv"_s
                              << x264(u"keyint=60"_s, {u"-pix_fmt"_s, u"yuv420p10le"_s});
    QTest::newRow("interlaced") << u"mp4"_s << x264(u"tff=1:keyint=60"_s, {u"-flags"_s, u"+ilme+ildct"_s});
    QTest::newRow("MPEG-2 in a program stream")
        << u"mpg"_s << QStringList{u"-c:v"_s, u"mpeg2video"_s, u"-b:v"_s, u"2M"_s, u"-bf"_s, u"2"_s};
}

void ResumeKindsTest::sourcesAreTakenUpExactly()
{
    QFETCH(const QString, extension);
    QFETCH(const QStringList, video);
    const QString source = m_folder.filePath(u"source."_s + extension);
    QVERIFY(makeSource(source, video));
    const QJsonObject encoder{
        {u"name"_s, u"libx264"_s},
        {u"options"_s, QJsonObject{{u"preset"_s, u"ultrafast"_s}, {u"crf"_s, 28}}}};
    const FilePath preset =
        writeEncodePreset(path(u"preset.json"_s), {encoder, u"mp4"_s, u"yuv420p"_s, u"aac"_s});
    compare(source.toStdString(), preset, u"mp4"_s, 2, true);
}

void ResumeKindsTest::resultsAreTheSame_data()
{
    QTest::addColumn<QString>("container");
    QTest::addColumn<QString>("extension");
    QTest::addColumn<QJsonObject>("encoder");
    QTest::addColumn<QString>("pixelFormat");
    QTest::addColumn<QString>("sound");
    QTest::addColumn<int>("threads");
    QTest::addColumn<bool>("isExact");
    const auto encoder = [](const QString &name, const QJsonObject &options) {
        return QJsonObject{{u"name"_s, name}, {u"options"_s, options}};
    };
    const QString veryfast = u"veryfast"_s;
    QTest::newRow("x264 by average rate, Matroska")
        << u"matroska"_s << u"mkv"_s
        << encoder(u"libx264"_s, {{u"preset"_s, veryfast}, {u"b"_s, 400'000}}) << u"yuv420p"_s
        << u"aac"_s << 2 << true;
    QTest::newRow("x264, ten bits, MOV")
        << u"mov"_s << u"mov"_s
        << encoder(u"libx264"_s,
                   {{u"preset"_s, veryfast}, {u"crf"_s, 26}, {u"profile"_s, u"high10"_s}})
        << u"yuv420p10le"_s << u"aac"_s << 2 << true;
    QTest::newRow("x264 with a maximum rate")
        << u"mp4"_s << u"mp4"_s
        << encoder(u"libx264"_s,
                   {{u"preset"_s, veryfast},
                    {u"crf"_s, 20},
                    {u"maxrate"_s, 300'000},
                    {u"bufsize"_s, 300'000}})
        << u"yuv420p"_s << u"aac"_s << 2 << false;
    QTest::newRow("x264 with a maximum rate, on one thread")
        << u"mp4"_s << u"mp4"_s
        << encoder(u"libx264"_s,
                   {{u"preset"_s, veryfast},
                    {u"crf"_s, 20},
                    {u"maxrate"_s, 300'000},
                    {u"bufsize"_s, 300'000},
                    {u"threads"_s, 1}})
        << u"yuv420p"_s << u"aac"_s << 2 << true;
    QTest::newRow("SVT-AV1, WebM") << u"webm"_s << u"webm"_s
                                   << encoder(u"libsvtav1"_s, {{u"preset"_s, 12}, {u"crf"_s, 50}})
                                   << u"yuv420p"_s << u"libopus"_s << 2 << true;
    QTest::newRow("VP9, WebM") << u"webm"_s << u"webm"_s
                               << encoder(u"libvpx-vp9"_s,
                                          {{u"crf"_s, 40},
                                           {u"b"_s, 0},
                                           {u"deadline"_s, u"good"_s},
                                           {u"cpu-used"_s, 5}})
                               << u"yuv420p"_s << u"libopus"_s << 2 << false;
    QTest::newRow("x265") << u"mp4"_s << u"mp4"_s
                          << encoder(u"libx265"_s,
                                     {{u"preset"_s, u"ultrafast"_s}, {u"crf"_s, 30}})
                          << u"yuv420p"_s << u"aac"_s << 2 << false;
    QTest::newRow("x265 on one thread")
        << u"mp4"_s << u"mp4"_s
        << encoder(u"libx265"_s,
                   {{u"preset"_s, u"medium"_s}, {u"crf"_s, 24}, {u"threads"_s, 1}})
        << u"yuv420p10le"_s << u"aac"_s << 2 << true;
}

void ResumeKindsTest::resultsAreTheSame()
{
    QFETCH(const QString, container);
    QFETCH(const QString, extension);
    QFETCH(const QJsonObject, encoder);
    QFETCH(const QString, pixelFormat);
    QFETCH(const QString, sound);
    QFETCH(const int, threads);
    QFETCH(const bool, isExact);
    const QString source = m_folder.filePath(u"result-source.mkv"_s);
    QVERIFY(QFile::exists(source) || makeSource(source, x264(u"keyint=60"_s)));
    const FilePath preset =
        writeEncodePreset(path(u"preset.json"_s), {encoder, container, pixelFormat, sound});
    compare(source.toStdString(), preset, extension, threads, isExact);
}

QTEST_GUILESS_MAIN(ResumeKindsTest)
#include "tst_resume_kinds.moc"

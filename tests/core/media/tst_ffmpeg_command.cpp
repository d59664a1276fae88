// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error_text.h"
#include "core/media/plan.h"
#include "core/media/probe.h"
#include "core/media/shell_quote.h"
#include "tests/support/media_tools.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

namespace {

ToolOutput runInShell(const QString &command)
{
    return runTool(u"/bin/sh"_s, {u"-c"_s, command});
}

int frameCount(const FilePath &file)
{
    return int(frameTimes(file, u"v:0"_s).size());
}

} // namespace

// Plans for real clips, and what the real ffmpeg makes of the command.
class FfmpegCommandTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void makesWhatThePlanSays_data();
    void makesWhatThePlanSays();
    void keepsRealTimestamps();
    void copiesWhatThePlanCopies();
    void trims();
    void writesFragments();
    void stripsTheLocation();
    void turnsPictures_data();
    void turnsPictures();
    void takesAnyName_data();
    void takesAnyName();
    void quotesForAShell_data();
    void quotesForAShell();
    void isOneLine();

private:
    FilePath path(const QString &name) const { return m_folder.filePath(name).toStdString(); }
    FilePath make(const QString &name, const QStringList &arguments);
    ExportPlan planFor(const FilePath &file, const QString &preset, const PlanWishes &wishes = {});
    // Runs the command of the plan; the path of what it made.
    FilePath run(const ExportPlan &plan, const FilePath &input, const QString &output = u"o.mp4"_s);

    QTemporaryDir m_folder;
    QStringList m_picture{u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=s=320x240:r=25:d=2"_s};
    QStringList m_sound{u"-f"_s, u"lavfi"_s, u"-i"_s, u"sine=d=2:r=44100"_s};
};

FilePath FfmpegCommandTest::make(const QString &name, const QStringList &arguments)
{
    const FilePath file = path(name);
    const bool isMade = ffmpeg(arguments + QStringList{u"file:"_s + fromPath(file)});
    if (!isMade)
        qFatal("could not make %s", qPrintable(name));
    return file;
}

ExportPlan FfmpegCommandTest::planFor(const FilePath &file, const QString &preset,
                                      const PlanWishes &wishes)
{
    const auto source = SourceFile::open(file);
    const auto info = source ? probe(*source, {}) : failure(source.error());
    const auto recipe = findPreset(preset, {});
    if (!info || !recipe)
        qFatal("no source or preset");
    auto plan = makePlan(*info, *recipe, wishes, Codecs::ofThisBuild());
    if (!plan)
        qFatal("no plan: %s", qPrintable(describe(plan.error()).sentence()));
    return *std::move(plan);
}

FilePath FfmpegCommandTest::run(const ExportPlan &plan, const FilePath &input,
                                const QString &output)
{
    const FilePath file = path(output);
    std::filesystem::remove(file);
    const QString command = ffmpegCommand(plan, toStored(input), toStored(file));
    const ToolOutput result = runInShell(command);
    if (result.exitCode != 0)
        qWarning("%s\n%s", qPrintable(command), result.err.constData());
    return file;
}

void FfmpegCommandTest::initTestCase()
{
    if (runTool(u"ffmpeg"_s, {u"-version"_s}).exitCode != 0)
        QSKIP("ffmpeg is not installed");
}

void FfmpegCommandTest::makesWhatThePlanSays_data()
{
    QTest::addColumn<QStringList>("source");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<QString>("matrix");
    const auto lavfi = [](const QString &filter, const QStringList &encode) {
        return QStringList{u"-f"_s, u"lavfi"_s, u"-i"_s, filter} + encode;
    };
    const QStringList vp9{u"-c:v"_s,      u"libvpx-vp9"_s, u"-cpu-used"_s, u"8"_s,
                          u"-deadline"_s, u"realtime"_s,   u"-pix_fmt"_s,  u"yuv420p"_s};
    QTest::newRow("another codec")
        << lavfi(u"testsrc2=s=320x240:r=25:d=2"_s, vp9) << QSize(320, 240) << u"smpte170m"_s;
    QTest::newRow("odd sizes") << lavfi(u"testsrc2=s=321x241:r=25:d=1"_s, vp9) << QSize(320, 240)
                               << u"smpte170m"_s;
    QTest::newRow("larger than the box")
        << lavfi(u"testsrc2=s=2560x1440:r=25:d=0.4"_s, {u"-c:v"_s, u"mpeg4"_s}) << QSize(1920, 1080)
        << u"bt709"_s;
    QTest::newRow("anamorphic") << lavfi(u"testsrc2=s=720x576:r=25:d=1,setsar=64/45"_s,
                                         {u"-c:v"_s, u"mpeg4"_s})
                                << QSize(1024, 576) << u"smpte170m"_s;
    QTest::newRow("10 bits") << lavfi(u"testsrc2=s=1280x720:r=25:d=0.4"_s,
                                      {u"-c:v"_s, u"libx264"_s, u"-pix_fmt"_s, u"yuv420p10le"_s})
                             << QSize(1280, 720) << u"bt709"_s;
    QTest::newRow("RGB") << lavfi(u"testsrc2=s=320x240:r=25:d=1"_s,
                                  {u"-c:v"_s, u"ffv1"_s, u"-pix_fmt"_s, u"gbrp"_s})
                         << QSize(320, 240) << u"smpte170m"_s;
    QTest::newRow("HDR") << lavfi(u"testsrc2=s=320x240:r=25:d=0.4,format=yuv420p10le"_s,
                                  {u"-vf"_s,
                                   u"setparams=range=tv:color_primaries=bt2020:"
                                   "color_trc=smpte2084:colorspace=bt2020nc"_s,
                                   u"-c:v"_s, u"libx265"_s, u"-x265-params"_s, u"log-level=0"_s})
                         << QSize(320, 240) << u"bt709"_s;
}

void FfmpegCommandTest::makesWhatThePlanSays()
{
    QFETCH(QStringList, source);
    QFETCH(QSize, size);
    QFETCH(QString, matrix);
    const FilePath input = make(u"in.mkv"_s, source);
    const ExportPlan plan = planFor(input, u"web-1080p"_s);
    const FilePath output = run(plan, input);
    const QJsonObject video = Probed(output).first(u"video"_s);
    QCOMPARE(video[u"codec_name"].toString(), u"h264"_s);
    QCOMPARE(QSize(video[u"width"].toInt(), video[u"height"].toInt()), size);
    QCOMPARE(QSize(plan.streams[0].width, plan.streams[0].height), size);
    QCOMPARE(video[u"pix_fmt"].toString(), u"yuv420p"_s);
    QCOMPARE(video[u"color_space"].toString(), matrix);
    QCOMPARE(video[u"color_range"].toString(), u"tv"_s);
    QVERIFY(video.contains(u"color_primaries"));
    QVERIFY(video.contains(u"color_transfer"));
    QCOMPARE(video[u"sample_aspect_ratio"].toString(u"1:1"_s), u"1:1"_s);
    QCOMPARE(frameCount(output), frameCount(input));
    QCOMPARE(decodeErrors(output), QStringList());
}

void FfmpegCommandTest::keepsRealTimestamps()
{
    // A recording whose rate varies: frames 10 to 29 were lost.
    const FilePath input =
        make(u"vfr.mkv"_s,
             m_picture
                 + QStringList{u"-vf"_s, u"select='not(between(n,10,29))'"_s, u"-vsync"_s,
                               u"passthrough"_s, u"-c:v"_s, u"mpeg4"_s});
    const FilePath output = run(planFor(input, u"web-1080p"_s), input);
    const QList<double> expected = frameTimes(input, u"v:0"_s);
    const QList<double> actual = frameTimes(output, u"v:0"_s);
    QCOMPARE(expected.size(), 30);
    QCOMPARE(actual.size(), expected.size());
    for (qsizetype i = 0; i < actual.size(); ++i)
        QVERIFY(std::abs(actual[i] - expected[i]) < 0.002);
}

void FfmpegCommandTest::copiesWhatThePlanCopies()
{
    const FilePath input = make(u"fits.mov"_s,
                                m_picture + m_sound
                                    + QStringList{u"-c:v"_s, u"libx264"_s, u"-pix_fmt"_s,
                                                  u"yuv420p"_s, u"-c:a"_s, u"aac"_s});
    const ExportPlan plan = planFor(input, u"web-1080p"_s);
    QVERIFY(plan.copiesAll());
    const FilePath output = run(plan, input);
    QCOMPARE(packetHashes(output, u"v:0"_s), packetHashes(input, u"v:0"_s));
    QCOMPARE(packetHashes(output, u"a:0"_s), packetHashes(input, u"a:0"_s));
    const FilePath asItIs = run(planFor(input, u"original"_s), input, u"o.mov"_s);
    QCOMPARE(packetHashes(asItIs, u"v:0"_s), packetHashes(input, u"v:0"_s));
}

void FfmpegCommandTest::trims()
{
    const FilePath input =
        make(u"long.mkv"_s,
             m_picture + m_sound + QStringList{u"-c:v"_s, u"libx264"_s, u"-c:a"_s, u"flac"_s});
    PlanWishes wishes;
    wishes.trim = Trim{520'000, 1'520'000};
    const ExportPlan plan = planFor(input, u"web-1080p"_s, wishes);
    QVERIFY(plan.encodesVideo());
    const FilePath output = run(plan, input);
    QCOMPARE(frameCount(output), 25);
    QVERIFY(std::abs(Probed(output).duration() - 1.0) < 0.06);
    QCOMPARE(Probed(output).first(u"audio"_s)[u"codec_name"].toString(), u"aac"_s);
}

void FfmpegCommandTest::writesFragments()
{
    const FilePath input = make(u"f.mkv"_s, m_picture + QStringList{u"-c:v"_s, u"mpeg4"_s});
    PlanWishes wishes;
    wishes.layout = Layout::Fragmented;
    const FilePath output = run(planFor(input, u"web-1080p"_s, wishes), input);
    const ToolOutput grep = runTool(u"grep"_s, {u"-c"_s, u"-a"_s, u"moof"_s, fromPath(output)});
    QVERIFY(grep.out.trimmed().toInt() > 0);
    QCOMPARE(frameCount(output), 50);
}

void FfmpegCommandTest::stripsTheLocation()
{
    const FilePath input =
        make(u"place.mp4"_s,
             m_picture
                 + QStringList{u"-c:v"_s, u"mpeg4"_s, u"-metadata"_s,
                               u"location=+40.6800-074.5000/"_s, u"-metadata"_s, u"title=Mine"_s});
    const auto tags = [](const FilePath &file) {
        return Probed(file).format()[u"tags"].toObject();
    };
    QVERIFY(tags(input).contains(u"location"));
    const FilePath web = run(planFor(input, u"web-1080p"_s), input);
    QVERIFY(!tags(web).contains(u"location"));
    QVERIFY(!tags(web).contains(u"location-eng"));
    QCOMPARE(tags(web)[u"title"].toString(), u"Mine"_s);
    const FilePath remux = run(planFor(input, u"remux-mp4"_s), input);
    QVERIFY(!tags(remux).contains(u"location"));
    QVERIFY(tags(run(planFor(input, u"original"_s), input)).contains(u"location"));
}

void FfmpegCommandTest::turnsPictures_data()
{
    QTest::addColumn<int>("rotation");
    QTest::addColumn<QSize>("size");
    for (const int rotation : {90, 180, 270})
        QTest::addRow("%d degrees", rotation)
            << rotation << (rotation == 180 ? QSize(320, 240) : QSize(240, 320));
}

void FfmpegCommandTest::turnsPictures()
{
    QFETCH(int, rotation);
    QFETCH(QSize, size);
    const FilePath plain = make(u"plain.mp4"_s, m_picture + QStringList{u"-c:v"_s, u"libx264"_s});
    const FilePath input = make(u"turned.mp4"_s,
                                {u"-i"_s, fromPath(plain), u"-c"_s, u"copy"_s, u"-metadata:s:v"_s,
                                 u"rotate=%1"_s.arg(rotation)});
    const ExportPlan plan = planFor(input, u"web-1080p"_s);
    QCOMPARE(QSize(plan.streams[0].width, plan.streams[0].height), size);
    const FilePath output = run(plan, input);
    const QJsonObject video = Probed(output).first(u"video"_s);
    QCOMPARE(QSize(video[u"width"].toInt(), video[u"height"].toInt()), size);
    QVERIFY(!video.contains(u"side_data_list")); // turned for good, not by a matrix
    QCOMPARE(frameCount(output), 50);
}

void FfmpegCommandTest::takesAnyName_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("an option") << QByteArray("-i.mp4");
    QTest::newRow("a protocol") << QByteArray("http:evil.mp4");
    QTest::newRow("a pattern") << QByteArray("img%03d.mp4");
    QTest::newRow("spaces and quotes") << QByteArray("it's \"mine\" $HOME `id`.mp4");
    QTest::newRow("a line feed within") << QByteArray("two\nlines.mp4");
    QTest::newRow("an escape sequence") << QByteArray("red\x1b[31m.mp4");
    QTest::newRow("no UTF-8") << QByteArray("caf\xe9.mp4");
    QTest::newRow("a backslash before no UTF-8") << QByteArray("a\\n%s'\xff.mp4");
    QTest::newRow("a stored form") << QByteArray("bytes:%41.mp4");
    QTest::newRow("letters of the world") << QByteArray("видео 動画 🎬.mp4");
}

void FfmpegCommandTest::takesAnyName()
{
    QFETCH(QByteArray, name);
    const FilePath plain = make(u"plain.mkv"_s, m_picture + QStringList{u"-c:v"_s, u"mpeg4"_s});
    const FilePath input = path(u""_s) / name.toStdString();
    const FilePath output = path(u""_s) / ("out " + name.toStdString());
    std::filesystem::copy_file(plain, input, std::filesystem::copy_options::overwrite_existing);
    const QString command =
        ffmpegCommand(planFor(input, u"web-1080p"_s), toStored(input), toStored(output));
    QVERIFY(!command.contains(u'\n') && !command.contains(QChar(0x1b)));
    const ToolOutput result = runInShell(command);
    QVERIFY2(result.exitCode == 0, result.err.constData());
    QVERIFY(std::filesystem::file_size(output) > 1000);
    // It never writes over what is there.
    QVERIFY(runInShell(command).exitCode != 0);
    // QTemporaryDir can't remove what it can't name.
    std::filesystem::remove(input);
    std::filesystem::remove(output);
}

void FfmpegCommandTest::quotesForAShell_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray("");
    QTest::newRow("plain") << QByteArray("file:/a/b-c_1.mp4");
    QTest::newRow("single quotes") << QByteArray("'''");
    QTest::newRow("all that a shell minds") << QByteArray("~ !#$&*()[]{}|;<>?`\"\\'\t ^%");
    QTest::newRow("control characters") << QByteArray("\x01\x02\a\b\t\r\x1b\x7f z");
    QTest::newRow("line feeds at the end") << QByteArray("a\xff\n\n");
    QByteArray all;
    for (int byte = 1; byte < 256; ++byte)
        all += char(byte);
    QTest::newRow("every byte") << all;
    QTest::newRow("digits after an escape") << QByteArray("\xff"
                                                          "123");
}

void FfmpegCommandTest::quotesForAShell()
{
    QFETCH(QByteArray, bytes);
    const ToolOutput echoed = runInShell(u"printf %s "_s + shellQuoted(bytes));
    QCOMPARE(echoed.exitCode, 0);
    QCOMPARE(echoed.out, bytes);
}

void FfmpegCommandTest::isOneLine()
{
    const FilePath input =
        make(u"both.mkv"_s,
             m_picture + m_sound + QStringList{u"-c:v"_s, u"mpeg4"_s, u"-c:a"_s, u"flac"_s});
    const QString command = ffmpegCommand(planFor(input, u"web-1080p"_s), u"in.mkv"_s, u"o.mp4"_s);
    QVERIFY(command.startsWith(u"ffmpeg -nostdin -n -i file:in.mkv -map 0:0 -map 0:1 "));
    QVERIFY(command.endsWith(u" -f mp4 file:o.mp4"));
    QVERIFY(command.contains(u" -c:v:0 libx264 "));
    QVERIFY(command.contains(u" -crf:v:0 21 "));
    QVERIFY(command.contains(u" -c:a:0 aac -b:a:0 80000 "));
    QVERIFY(command.contains(u" -sn -dn "));
    QVERIFY(command.contains(u"+faststart"));
}

QTEST_GUILESS_MAIN(FfmpegCommandTest)
#include "tst_ffmpeg_command.moc"

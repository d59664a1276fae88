// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Exports that are killed with SIGKILL, at seeded moments and at each crash point, also with a power
// cut that takes everything which was not made durable, and go on: the same bytes as without, and
// only what was missing is encoded. Each runs in a process of its own.
// SENDOFF_KILLS says how often (ten), SENDOFF_SEED when.

#include "tests/support/export_folder.h"
#include "tests/support/power_cut.h"
#include "tests/support/stopped_export.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QTest>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

namespace {

constexpr int seconds = 7; // four segments of two seconds at most
constexpr int framesPerSecond = 30;

struct Kind {
    QString name;
    QString extension;
    QStringList video;
};

QStringList x264(const QString &parameters, const QStringList &more = {})
{
    return QStringList{u"-c:v"_s, u"libx264"_s, u"-preset"_s, u"veryfast"_s, u"-x264-params"_s,
                       parameters}
        + more;
}

const QList<Kind> &kinds()
{
    static const QString openGops = u"open-gop=1:keyint=45:bframes=3"_s;
    static const QString refresh = u"intra-refresh=1:keyint=60"_s;
    static const QStringList mpeg4{u"-c:v"_s, u"mpeg4"_s, u"-bf"_s, u"2"_s};
    static const QStringList unevenly{u"-vf"_s, u"select='mod(n,7)'"_s, u"-vsync"_s, u"vfr"_s};
    static const QList<Kind> all{
        {u"MP4"_s, u"mp4"_s, x264(u"keyint=60"_s)},
        {u"MP4, variable rate"_s, u"mp4"_s, x264(u"keyint=60"_s, unevenly)},
        {u"Matroska"_s, u"mkv"_s, x264(u"keyint=60"_s)},
        {u"transport stream"_s, u"ts"_s, x264(u"keyint=60"_s)},
        {u"AVI without any times"_s, u"avi"_s, x264(u"keyint=60"_s)},
        {u"AVI, MPEG-4"_s, u"avi"_s, mpeg4},
        {u"MP4, open GOPs"_s, u"mp4"_s, x264(openGops)},
        {u"transport stream, open GOPs"_s, u"ts"_s, x264(openGops)},
        {u"MP4, intra refresh"_s, u"mp4"_s, x264(refresh)},
        {u"transport stream, intra refresh"_s, u"ts"_s, x264(refresh)},
    };
    return all;
}

bool makeSource(const QString &output, const QStringList &video)
{
    const QString picture =
        u"testsrc2=size=320x180:rate=%1:duration=%2"_s.arg(framesPerSecond).arg(seconds);
    const QString sound = u"sine=frequency=440:sample_rate=48000:duration=%1"_s.arg(seconds);
    return ffmpeg(QStringList{u"-f"_s, u"lavfi"_s, u"-i"_s, picture, u"-f"_s, u"lavfi"_s, u"-i"_s,
                              sound}
                  + video + QStringList{u"-c:a"_s, u"aac"_s, u"-y"_s, output});
}

struct Ending {
    bool isDone = false;
    bool isKilled = false;
    qint64 encodedFrames = 0;
    qint64 resumedFromUs = 0;
    qint64 wallMs = 0;
    QByteArray said;
};

} // namespace

class ExportKillsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void killedExportsGoOn_data();
    void killedExportsGoOn();
    void goesOnFromEachCrashPoint_data();
    void goesOnFromEachCrashPoint();
    void goesOnAfterAPowerCut_data();
    void goesOnAfterAPowerCut();

private:
    struct Whole {
        QByteArray bytes;
        Ending ending;
    };

    QString sourceOf(int kind);
    const Whole &wholeOf(int kind, const QString &layout);
    // In a process of its own that is killed after `killMs`, or dies at `crashPoint`.
    Ending run(int kind, const QString &layout, const QString &name, qint64 killMs = -1,
               const QString &crashPoint = {});
    // The same, traced, and killed by its own hand.
    Ending runTraced(int kind, const QString &layout, const QString &name, qint64 killMs,
                     const QString &crashPoint);
    Ending waitFor(QProcess &process, qint64 killMs);
    void finishAndCompare(int kind, const QString &layout);

    ExportFolder m_folder;
    QMap<QString, Whole> m_wholes; // uninterrupted, by kind and layout
};

QString ExportKillsTest::sourceOf(int kind)
{
    const QString file = m_folder.name(u"source-%1.%2"_s.arg(kind).arg(kinds()[kind].extension));
    if (!QFile::exists(file) && !makeSource(file, kinds()[kind].video))
        qWarning("no source for %s", qPrintable(kinds()[kind].name));
    return file;
}

Ending ExportKillsTest::run(int kind, const QString &layout, const QString &name, qint64 killMs,
                            const QString &crashPoint)
{
    const QString source = sourceOf(kind);
    QFile::remove(m_folder.name(name)); // what a killed one left, as the queue does
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    if (!crashPoint.isEmpty())
        environment.insert(u"SENDOFF_CRASH_AT"_s, crashPoint);
    process.setProcessEnvironment(environment);
    process.setProgram(QCoreApplication::applicationFilePath());
    process.setArguments({u"--export"_s, source, m_folder.name(name), layout});
    return waitFor(process, killMs);
}

Ending ExportKillsTest::runTraced(int kind, const QString &layout, const QString &name,
                                  qint64 killMs, const QString &crashPoint)
{
    const QString source = sourceOf(kind);
    QFile::remove(m_folder.name(name));
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"ASAN_OPTIONS"_s,
                       environment.value(u"ASAN_OPTIONS"_s) + u":detect_leaks=0"_s);
    environment.insert(u"SENDOFF_CRASH_AT"_s, crashPoint);
    environment.insert(u"SENDOFF_DIE_AFTER_MS"_s, QString::number(killMs));
    process.setProcessEnvironment(environment);
    QStringList words = tracedForPowerCut(m_folder.name(u"trace"_s));
    words << QCoreApplication::applicationFilePath() << u"--export"_s << source
          << m_folder.name(name) << layout;
    process.setProgram(words.takeFirst());
    process.setArguments(words);
    return waitFor(process, -1);
}

Ending ExportKillsTest::waitFor(QProcess &process, qint64 killMs)
{
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    QElapsedTimer timer;
    timer.start();
    process.start();
    if (killMs >= 0 && !process.waitForFinished(int(killMs)))
        process.kill();
    Ending ending;
    process.waitForFinished(120'000);
    ending.wallMs = timer.elapsed();
    ending.isKilled = process.exitStatus() == QProcess::CrashExit;
    ending.said = process.readAllStandardOutput().trimmed();
    const QList<QByteArray> words = ending.said.split(' ');
    ending.isDone = !ending.isKilled && words.size() == 3 && words[0] == "done";
    if (ending.isDone) {
        ending.encodedFrames = words[1].toLongLong();
        ending.resumedFromUs = words[2].toLongLong();
    }
    return ending;
}

const ExportKillsTest::Whole &ExportKillsTest::wholeOf(int kind, const QString &layout)
{
    const QString key = QString::number(kind) + layout;
    if (!m_wholes.contains(key)) {
        Whole whole;
        whole.ending = run(kind, layout, u"whole"_s);
        whole.bytes = bytesOf(m_folder.path(u"whole"_s));
        QDir(m_folder.name(u"whole.journal"_s)).removeRecursively();
        m_wholes.insert(key, whole);
    }
    return m_wholes[key];
}

void ExportKillsTest::finishAndCompare(int kind, const QString &layout)
{
    const Whole &whole = wholeOf(kind, layout);
    const Ending again = run(kind, layout, u"killed"_s);
    QVERIFY2(again.isDone, again.said.constData());
    QVERIFY(bytesOf(m_folder.path(u"killed"_s)) == whole.bytes);
    if (again.resumedFromUs > 0) {
        const qint64 missing =
            (seconds * 1'000'000LL - again.resumedFromUs) * framesPerSecond / 1'000'000;
        QVERIFY2(again.encodedFrames <= missing + 4, again.said.constData());
    } else {
        QVERIFY(again.encodedFrames == whole.ending.encodedFrames || again.encodedFrames == 0);
    }
}

void ExportKillsTest::killedExportsGoOn_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("layout");
    QTest::addColumn<double>("moment"); // of an undisturbed run
    const int wished = qEnvironmentVariableIntValue("SENDOFF_KILLS");
    const int kills = wished > 0 ? wished : int(kinds().size());
    const int seed = qEnvironmentVariableIntValue("SENDOFF_SEED");
    QRandomGenerator random(quint32(seed > 0 ? seed : 1));
    for (int kill = 0; kill < kills; ++kill) {
        const int kind = kill % int(kinds().size());
        const bool isFragmented = (kill / int(kinds().size()) + kind) % 2 == 1;
        QTest::addRow("%s, kill %d", qPrintable(kinds()[kind].name), kill)
            << kind << (isFragmented ? u"fragmented"_s : u"progressive"_s)
            << 0.1 + 0.85 * random.generateDouble();
    }
}

void ExportKillsTest::killedExportsGoOn()
{
    QFETCH(const int, kind);
    QFETCH(const QString, layout);
    QFETCH(const double, moment);
    const Whole &whole = wholeOf(kind, layout);
    QVERIFY2(whole.ending.isDone, whole.ending.said.constData());
    QDir(m_folder.name(u"killed.journal"_s)).removeRecursively();
    const Ending killed =
        run(kind, layout, u"killed"_s, qint64(double(whole.ending.wallMs) * moment));
    QVERIFY2(killed.isKilled || killed.isDone, killed.said.constData());
    finishAndCompare(kind, layout);
}

void ExportKillsTest::goesOnFromEachCrashPoint_data()
{
    QTest::addColumn<QString>("layout");
    for (const char *point :
         {"journal-begun", "journal-before-segment:2", "replace-before-rename:3",
          "replace-after-rename:3", "journal-after-segment", "export-middle:150",
          "export-before-trailer", "export-verified"})
        QTest::newRow(point) << u"progressive"_s;
    for (const char *point : {"export-before-seal:2", "export-sealed:2"})
        QTest::newRow(point) << u"fragmented"_s;
}

void ExportKillsTest::goesOnFromEachCrashPoint()
{
    QFETCH(const QString, layout);
    constexpr int kind = 2;
    QDir(m_folder.name(u"killed.journal"_s)).removeRecursively();
    const Ending killed = run(kind, layout, u"killed"_s, -1,
                              QString::fromLatin1(QTest::currentDataTag()));
    QVERIFY2(killed.isKilled, killed.said.constData());
    finishAndCompare(kind, layout);
}

void ExportKillsTest::goesOnAfterAPowerCut_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QString>("crashPoint");
    QTest::addColumn<double>("moment"); // of an undisturbed run, where there is no crash point
    QTest::addColumn<int>("safeSegments"); // that must be there afterwards
    QTest::addColumn<bool>("withZeros");
    const auto at = [](const char *point, int safe, bool withZeros) {
        QTest::addRow("%s, %s", point, withZeros ? "zeros" : "cut")
            << u"progressive"_s << QString::fromLatin1(point) << 0.0 << safe << withZeros;
    };
    for (const bool withZeros : {false, true}) {
        at("journal-begun", 0, withZeros);
        at("journal-before-segment:2", 1, withZeros);
        at("replace-before-rename:3", 1, withZeros); // the first one is that of the manifest
        at("replace-after-rename:3", 1, withZeros);
        at("journal-after-segment:3", 3, withZeros);
        at("export-before-trailer", 4, withZeros);
        at("export-verified", 4, withZeros);
    }
    const int wished = qEnvironmentVariableIntValue("SENDOFF_KILLS");
    QRandomGenerator random(quint32(std::max(1, qEnvironmentVariableIntValue("SENDOFF_SEED"))));
    for (int cut = 0; cut < std::max(4, wished / 5); ++cut)
        QTest::addRow("moment %d", cut)
            << (cut % 2 == 0 ? u"progressive"_s : u"fragmented"_s) << QString()
            << 0.2 + 0.7 * random.generateDouble() << 0 << (cut % 4 < 2);
}

void ExportKillsTest::goesOnAfterAPowerCut()
{
    QFETCH(const QString, layout);
    QFETCH(const QString, crashPoint);
    QFETCH(const double, moment);
    QFETCH(const int, safeSegments);
    QFETCH(const bool, withZeros);
    if (QStandardPaths::findExecutable(u"strace"_s).isEmpty())
        QSKIP("strace is missing");
    constexpr int kind = 2;
    const QString journal = m_folder.name(u"killed.journal"_s);
    QDir(journal).removeRecursively();
    const qint64 killMs = crashPoint.isEmpty()
        ? qint64(double(wholeOf(kind, layout).ending.wallMs) * moment)
        : -1;
    const Ending killed = runTraced(kind, layout, u"killed"_s, killMs, crashPoint);
    QVERIFY2(killed.isKilled || (killed.isDone && crashPoint.isEmpty()), killed.said.constData());
    const int lost =
        cutPower(m_folder.name(u"trace"_s), m_folder.path(u"killed"_s).parent_path(), withZeros);
    QVERIFY(lost >= 0);
    // The result itself is only made durable at its end, and so are the seams of two steps.
    if (killed.isKilled && crashPoint != u"journal-begun" && crashPoint != u"export-verified")
        QVERIFY(lost > 0);
    QVERIFY(segmentsIn(journal.toStdString()).size() >= safeSegments);
    finishAndCompare(kind, layout);
}

namespace {

// Dies of SIGKILL after so many milliseconds, as it is asked to.
void dieInTime()
{
    const int milliseconds = qEnvironmentVariableIntValue("SENDOFF_DIE_AFTER_MS");
    if (milliseconds <= 0)
        return;
    std::thread([milliseconds] {
        std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
        ::kill(::getpid(), SIGKILL);
    }).detach();
}

// Prints "done", the number of frames that were encoded and from where, in µs.
int exportAndTell(const QStringList &words)
{
    dieInTime();
    ExportCase what;
    what.source = words[2].toStdString();
    what.output = words[3].toStdString();
    what.journal = (words[3] + u".journal"_s).toStdString();
    what.wishes.encodeAlways = true;
    what.wishes.layout = *layoutFromName(words[4]);
    what.feed = std::make_shared<OutputFeed>();
    const ExportOutcome outcome = exportFile(what);
    if (!outcome.isDone()) {
        std::printf("%s\n", qPrintable(outcome.summary()));
        return 1;
    }
    std::printf("done %lld %lld\n", outcome.result->encodedFrames,
                outcome.result->resumedFromUs);
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    if (words.size() == 5 && words[1] == u"--export")
        return exportAndTell(words);
    ExportKillsTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_export_kills.moc"

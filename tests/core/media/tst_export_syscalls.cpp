// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error_text.h"
#include "tests/support/export_folder.h"
#include "tests/support/media_tools.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTest>

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

// What an export asks of the system, and what it does where the system says no. Each runs in a
// process of its own, under strace.
class ExportSyscallsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void opensNothingButItsFiles_data();
    void opensNothingButItsFiles();
    void survivesWhatTheSystemRefuses_data();
    void survivesWhatTheSystemRefuses();
    void survivesAFolderThatVanishes();
    void respectsALimitOnTheSizeOfFiles();

private:
    FilePath path(const QString &name) const { return m_folder.path(name); }
    // Runs this program with --export under `wrapper`; what it printed.
    QString exportUnder(const QStringList &wrapper, const FilePath &source, const FilePath &target);

    ExportFolder m_folder;
    FilePath m_clip;
    bool m_canTrace = false;
};

void ExportSyscallsTest::initTestCase()
{
    m_clip = m_folder.makeClip(smallClip(u"matroska"_s, u"mpeg4"_s), u"clip.mkv"_s);
    const bool isThere = !QStandardPaths::findExecutable(u"strace"_s).isEmpty();
    m_canTrace = isThere && runTool(u"strace"_s, {u"-o"_s, u"/dev/null"_s, u"true"_s}).exitCode == 0;
}

QString ExportSyscallsTest::exportUnder(const QStringList &wrapper, const FilePath &source,
                                        const FilePath &target)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"ASAN_OPTIONS"_s, u"detect_leaks=0"_s); // it cannot be traced itself
    process.setProcessEnvironment(environment);
    QStringList words = wrapper;
    words << QCoreApplication::applicationFilePath() << u"--export"_s << fromPath(source)
          << fromPath(target);
    process.start(words.takeFirst(), words);
    if (!process.waitForFinished(300'000))
        return u"did not end"_s;
    if (process.exitStatus() != QProcess::NormalExit)
        return u"crashed"_s;
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
}

void ExportSyscallsTest::opensNothingButItsFiles_data()
{
    QTest::addColumn<QString>("source");
    QTest::newRow("an ordinary clip") << fromPath(path(u"clip.mkv"_s));
    const QString media = qEnvironmentVariable("SENDOFF_SHARED_MEDIA");
    if (media.isEmpty())
        return;
    for (const QString &group : {u"hostile"_s, u"broken"_s}) {
        const QDir folder(media + u'/' + group);
        for (const QString &name : folder.entryList(QDir::Files, QDir::Name))
            QTest::newRow(qPrintable(group + u'/' + name)) << folder.filePath(name);
    }
}

void ExportSyscallsTest::opensNothingButItsFiles()
{
    QFETCH(QString, source);
    if (!m_canTrace)
        QSKIP("strace is missing, or tracing is not allowed here");
    const QString log = m_folder.name(u"trace"_s);
    const FilePath target = path(u"traced.mp4"_s);
    const QString result =
        exportUnder({u"strace"_s, u"-f"_s, u"-qq"_s, u"-s"_s, u"4096"_s, u"-o"_s, log, u"-e"_s,
                     u"trace=open,openat,openat2,creat,socket,connect,bind,execve,fork,vfork"_s},
                    source.toStdString(), target);
    QVERIFY2(result != u"did not end" && result != u"crashed", qPrintable(result));
    QFile trace(log);
    QVERIFY(trace.open(QIODevice::ReadOnly));
    // From where the export begins: libraries and locales have been loaded.
    QStringList lines = QString::fromUtf8(trace.readAll()).split(u'\n', Qt::SkipEmptyParts);
    const qsizetype begin = lines.indexOf(QRegularExpression(u".*sendoff-export-begins.*"_s));
    QVERIFY(begin > 0);
    static const QRegularExpression harmless(
        u"\"(/proc/self/|/proc/cpuinfo|/proc/stat|/sys/devices/system/|/sys/fs/cgroup|/etc/ld\\.so|"
        "/usr/lib/|/lib/|/etc/localtime|/usr/share/zoneinfo|/usr/share/locale|[^\"]*/qtlogging\\.ini)"_s);
    for (const QString &line : lines.sliced(begin + 1)) {
        const bool isOwn = line.contains(u'"' + source + u'"')
            || line.contains(u'"' + fromPath(target) + u'"');
        const bool ends = line.contains(u"+++ exited"_s) || line.contains(u"--- SIG"_s);
        const bool isFolder = line.contains(u"O_DIRECTORY"_s);
        QVERIFY2(isOwn || ends || isFolder || harmless.match(line).hasMatch(), qPrintable(line));
    }
    QFile::remove(fromPath(target));
}

void ExportSyscallsTest::survivesWhatTheSystemRefuses_data()
{
    QTest::addColumn<QString>("injection");
    QTest::addColumn<bool>("isAboutSource"); // else about the result
    QTest::addColumn<QStringList>("kinds"); // any of these
    const QStringList output{u"output-not-writable"_s};
    QTest::newRow("fsync: input/output error") << u"fsync:error=EIO"_s << false << output;
    QTest::newRow("write: input/output error")
        << u"pwrite64,write:error=EIO:when=3+"_s << false << output;
    QTest::newRow("write: disk full, at the end")
        << u"pwrite64,write:error=ENOSPC:when=6+"_s << false << QStringList{u"disk-full"_s};
    QTest::newRow("write: quota used up")
        << u"pwrite64,write:error=EDQUOT:when=2+"_s << false
        << QStringList{u"disk-full"_s, u"output-not-writable"_s};
    // No file may be opened any more. (By a limit it cannot be tried here: UBSan needs files.)
    QTest::newRow("open the source: no file left")
        << u"openat:error=EMFILE"_s << true << QStringList{u"source-unreadable"_s};
    QTest::newRow("open the result: no file left") << u"openat:error=EMFILE"_s << false << output;
    QTest::newRow("read: input/output error")
        << u"pread64:error=EIO:when=8+"_s << true << QStringList{u"source-unreadable"_s};
    QTest::newRow("read: short reads") << u"pread64:retval=0:when=12+"_s << true
                                       << QStringList{u"source-changed"_s, u"source-unreadable"_s};
}

void ExportSyscallsTest::survivesWhatTheSystemRefuses()
{
    QFETCH(QString, injection);
    QFETCH(bool, isAboutSource);
    QFETCH(QStringList, kinds);
    if (!m_canTrace)
        QSKIP("strace is missing, or tracing is not allowed here");
    const FilePath target = path(u"refused.mp4"_s);
    const FilePath &about = isAboutSource ? m_clip : target;
    const QString result =
        exportUnder({u"strace"_s, u"-f"_s, u"-qq"_s, u"-o"_s, u"/dev/null"_s, u"-P"_s,
                     fromPath(about), u"-e"_s, u"inject="_s + injection},
                    m_clip, target);
    QVERIFY2(kinds.contains(result.section(u'|', 0, 0)), qPrintable(result));
    QVERIFY2(result.section(u'|', 1).endsWith(u'.'), qPrintable(result)); // a sentence
    QVERIFY(!std::filesystem::exists(target));
}

void ExportSyscallsTest::survivesAFolderThatVanishes()
{
    const QString folder = m_folder.name(u"vanishing"_s);
    QVERIFY(QDir().mkpath(folder));
    ExportCase what;
    what.source = m_clip;
    what.output = (folder + u"/gone.mp4"_s).toStdString();
    what.adapt = [&](ExportPlan &) { QVERIFY(QDir(folder).removeRecursively()); };
    const ExportOutcome outcome = exportFile(what);
    QVERIFY(!outcome.isDone());
    QCOMPARE(outcome.result.error().kind, ErrorKind::OutputFolderMissing);
    QVERIFY(describe(outcome.result.error()).what.contains(u"vanishing"));
    QVERIFY(!QFile::exists(folder)); // not made again behind the user's back
}

void ExportSyscallsTest::respectsALimitOnTheSizeOfFiles()
{
    const FilePath target = path(u"limited.mp4"_s);
    const QString result =
        exportUnder({u"prlimit"_s, u"--fsize=20000:20000"_s, u"--"_s}, m_clip, target);
    const QString kind = result.section(u'|', 0, 0);
    QVERIFY2(kind == u"output-too-large" || kind == u"output-not-writable", qPrintable(result));
    QVERIFY(!std::filesystem::exists(target));
}

namespace {

// "done", or the kind of the error and its sentence.
int exportAndTell(const FilePath &source, const FilePath &target)
{
    std::signal(SIGXFSZ, SIG_IGN); // as the program does: a write fails instead
    const int mark = ::open("/sendoff-export-begins", O_RDONLY); // is not there: a mark in a trace
    if (mark >= 0)
        ::close(mark);
    ExportCase what;
    what.source = source;
    what.output = target;
    what.wishes.encodeAlways = true;
    const ExportOutcome outcome = exportFile(what);
    const QString text = outcome.isDone()
        ? u"done"_s
        : kindName(outcome.result.error().kind) + u'|'
            + describe(outcome.result.error()).sentence();
    std::printf("%s\n", qPrintable(text));
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 4 && QByteArrayView(argv[1]) == QByteArrayView("--export"))
        return exportAndTell(argv[2], argv[3]);
    ExportSyscallsTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_export_syscalls.moc"

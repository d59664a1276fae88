// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error_text.h"
#include "core/media/sample_clip.h"
#include "tests/support/media_export.h"
#include "tests/support/media_tools.h"
#include "tests/support/small_disk.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <future>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

namespace {

QByteArray contentOf(const FilePath &path, qint64 size = -1)
{
    QFile file(fromPath(path));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return size < 0 ? file.readAll() : file.read(size);
}

} // namespace

// What becomes of an export when something goes wrong, and what others see of it meanwhile.
class ExportFaultsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sealsOnlyWhatNeverChanges_data();
    void sealsOnlyWhatNeverChanges();
    void saysDiskFull_data();
    void saysDiskFull();
    void noticesASourceCutWhileItIsRead();
    void noticesASourceThatGrows();
    void readsOnWhenTheSourceIsRemoved();
    void stopsAtOnceAndLeavesNothing();
    void neverGoesBackInItsProgress();
    void doesNotTouchAnExistingFile();
    void doesNotFollowALink();
    void countsDamage();
    void namesWhatIsMissing();
    void diesWithoutAFinalName_data();
    void diesWithoutAFinalName();

private:
    FilePath path(const QString &name) const { return m_folder.filePath(name).toStdString(); }
    FilePath copyOfLong(const QString &name)
    {
        QFile::remove(fromPath(path(name)));
        QFile::copy(fromPath(m_long), fromPath(path(name)));
        return path(name);
    }
    QStringList leftOvers() const
    {
        return QDir(m_folder.path()).entryList({u"*.part"_s}, QDir::Files | QDir::Hidden);
    }
    // Waits until an export that runs elsewhere has come this far.
    static bool waitForProgress(const ExportProgress &progress, double fraction)
    {
        return QTest::qWaitFor([&] { return progress.fraction() >= fraction; }, 60'000);
    }

    QTemporaryDir m_folder;
    FilePath m_long; // takes a while to encode
};

void ExportFaultsTest::initTestCase()
{
    SampleClip clip;
    clip.width = 480;
    clip.height = 270;
    clip.seconds = 16;
    clip.container = u"matroska"_s;
    m_long = path(u"long.mkv"_s);
    const Result<void> made = makeSampleClip(clip, m_long, {});
    QVERIFY2(made, made ? "" : qPrintable(made.error().detail));
}

void ExportFaultsTest::sealsOnlyWhatNeverChanges_data()
{
    QTest::addColumn<bool>("hasPicture");
    QTest::newRow("picture and sound") << true;
    QTest::newRow("sound alone") << false;
}

void ExportFaultsTest::sealsOnlyWhatNeverChanges()
{
    QFETCH(bool, hasPicture);
    FilePath source = m_long;
    if (!hasPicture) {
        SampleClip clip;
        clip.videoEncoder.clear();
        clip.audioEncoder = u"pcm_s16le"_s;
        clip.seconds = 120;
        source = path(u"sound.mkv"_s);
        QVERIFY(makeSampleClip(clip, source, {}));
    }
    ExportCase what;
    what.source = source;
    what.output = path(u"growing.part"_s);
    what.wishes.layout = Layout::Fragmented;
    what.feed = std::make_shared<OutputFeed>();
    auto export_ = std::async(std::launch::async, [&] { return exportFile(what); });
    QList<QByteArray> snapshots;
    while (export_.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
        const OutputFeed::State state = what.feed->state();
        const qint64 sealed = state.sealed.prefix();
        if (sealed > (snapshots.isEmpty() ? 0 : snapshots.last().size()))
            snapshots.append(contentOf(state.path, sealed));
    }
    const ExportOutcome outcome = export_.get();
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QVERIFY2(snapshots.size() >= 3, qPrintable(QString::number(snapshots.size())));

    const QByteArray whole = contentOf(what.output);
    const OutputFeed::State state = what.feed->state();
    QCOMPARE(state.generation, 1);
    QCOMPARE(state.total, std::optional<qint64>(whole.size()));
    QCOMPARE(state.sha256, runTool(u"sha256sum"_s, {fromPath(what.output)}).out.left(64));
    for (const QByteArray &snapshot : snapshots)
        QVERIFY(whole.startsWith(snapshot));

    // Cut at any seal, or amid the media data of a fragment, it plays up to there.
    const qsizetype amid = (snapshots[1].size() + snapshots[2].size()) / 2;
    const QString stream = hasPicture ? u"v:0"_s : u"a:0"_s;
    const qsizetype all = frameTimes(what.output, stream).size();
    for (const qsizetype size : {snapshots[0].size(), snapshots[1].size(), amid}) {
        QFile cut(fromPath(path(u"cut.mp4"_s)));
        QVERIFY(cut.open(QIODevice::WriteOnly | QIODevice::Truncate));
        cut.write(whole.left(size));
        cut.close();
        const qsizetype frames = frameTimes(path(u"cut.mp4"_s), stream).size();
        QVERIFY2(frames > 20 && frames < all, qPrintable(QString::number(frames)));
    }
    QFile::remove(fromPath(what.output));
}

void ExportFaultsTest::saysDiskFull_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<double>("part"); // of the size that the result needs
    for (const QString &layout : {u"progressive"_s, u"fragmented"_s}) {
        QTest::newRow(qPrintable(u"at the beginning, "_s + layout)) << layout << 0.01;
        QTest::newRow(qPrintable(u"in the middle, "_s + layout)) << layout << 0.5;
    }
    QTest::newRow("while the index moves to the front") << "progressive" << 0.995;
}

void ExportFaultsTest::saysDiskFull()
{
    QFETCH(QString, layout);
    QFETCH(double, part);
    if (::geteuid() != 0)
        QSKIP("only root may mount a small disk");
    SampleClip clip;
    clip.width = 320;
    clip.height = 240;
    clip.seconds = 8;
    const FilePath source = path(u"for-full-disk.mkv"_s);
    if (!QFile::exists(fromPath(source)))
        QVERIFY(makeSampleClip(clip, source, {}));
    ExportCase what;
    what.source = source;
    what.output = path(u"room.part"_s);
    what.wishes.layout = *layoutFromName(layout);
    const ExportOutcome whole = exportFile(what);
    QVERIFY2(whole.isDone(), qPrintable(whole.summary()));
    QVERIFY(QFile::remove(fromPath(what.output)));

    constexpr qint64 page = 4096;
    const qint64 size = std::max(page, qint64(double(whole.result->bytes) * part) / page * page);
    const SmallDisk disk(path(u"small"_s), std::to_string(size));
    if (!disk.isMounted())
        QSKIP("mounting is not allowed here");
    what.output = disk.file("full.part");
    what.feed = std::make_shared<OutputFeed>();
    what.progress = std::make_shared<ExportProgress>();
    const ExportOutcome outcome = exportFile(what);
    QVERIFY2(!outcome.isDone(), qPrintable(outcome.summary()));
    const Error &error = outcome.result.error();
    QCOMPARE(error.kind, ErrorKind::DiskFull);
    QCOMPARE(error.retry.when, RetryAdvice::When::WhenSpace);
    QVERIFY(error[argument::needed].toLongLong() > error[argument::available].toLongLong());
    QCOMPARE(error[argument::available].toLongLong(), size);
    QVERIFY2(describe(error).what.contains(u"small”"), qPrintable(describe(error).what));
    QVERIFY(!std::filesystem::exists(what.output));
    QCOMPARE(what.feed->state().failed, std::optional<Error>(error));
}

void ExportFaultsTest::noticesASourceCutWhileItIsRead()
{
    ExportCase what;
    what.source = copyOfLong(u"cut-source.mkv"_s);
    what.output = path(u"cut.part"_s);
    what.feed = std::make_shared<OutputFeed>();
    auto export_ = std::async(std::launch::async, [&] { return exportFile(what); });
    QVERIFY(waitForProgress(*what.progress, 0.05));
    std::filesystem::resize_file(what.source, std::filesystem::file_size(what.source) / 3);
    const ExportOutcome outcome = export_.get();
    QVERIFY2(!outcome.isDone(), qPrintable(outcome.summary()));
    QCOMPARE(outcome.result.error().kind, ErrorKind::SourceChanged);
    QCOMPARE(leftOvers(), QStringList());
    QVERIFY(what.feed->state().failed.has_value());
}

void ExportFaultsTest::noticesASourceThatGrows()
{
    ExportCase what;
    what.source = copyOfLong(u"growing.mkv"_s);
    what.output = path(u"grown.part"_s);
    auto export_ = std::async(std::launch::async, [&] { return exportFile(what); });
    QVERIFY(waitForProgress(*what.progress, 0.05));
    QFile file(fromPath(what.source));
    QVERIFY(file.open(QIODevice::Append));
    file.write("more");
    file.close();
    const ExportOutcome outcome = export_.get();
    QVERIFY(!outcome.isDone());
    QCOMPARE(outcome.result.error().kind, ErrorKind::SourceChanged);
    QCOMPARE(leftOvers(), QStringList());
}

void ExportFaultsTest::readsOnWhenTheSourceIsRemoved()
{
    ExportCase what;
    what.source = copyOfLong(u"removed.mkv"_s);
    what.output = path(u"removed.part"_s);
    auto export_ = std::async(std::launch::async, [&] { return exportFile(what); });
    QVERIFY(waitForProgress(*what.progress, 0.05));
    QVERIFY(QFile::remove(fromPath(what.source)));
    const ExportOutcome outcome = export_.get();
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QCOMPARE(frameTimes(what.output, u"v:0"_s).size(), 480);
    QFile::remove(fromPath(what.output));
}

void ExportFaultsTest::stopsAtOnceAndLeavesNothing()
{
    ExportCase what;
    what.source = m_long;
    what.output = path(u"stopped.part"_s);
    what.feed = std::make_shared<OutputFeed>();
    std::stop_source stop;
    auto export_ =
        std::async(std::launch::async, [&] { return exportFile(what, stop.get_token()); });
    QVERIFY(waitForProgress(*what.progress, 0.05));
    QElapsedTimer timer;
    timer.start();
    stop.request_stop();
    const ExportOutcome outcome = export_.get();
    QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(!outcome.isDone());
    QCOMPARE(outcome.result.error().kind, ErrorKind::Cancelled);
    QCOMPARE(what.feed->state().failed->kind, ErrorKind::Cancelled);
    QCOMPARE(leftOvers(), QStringList());
    QVERIFY(what.progress->fraction() < 1);
}

void ExportFaultsTest::neverGoesBackInItsProgress()
{
    ExportCase what;
    what.source = m_long;
    what.output = path(u"progress.part"_s);
    // The source claims less than there is.
    what.adapt = [](ExportPlan &plan) { plan.durationUs = 12'000'000; };
    auto export_ = std::async(std::launch::async, [&] { return exportFile(what); });
    double last = -1;
    int steps = 0;
    while (export_.wait_for(std::chrono::milliseconds(2)) != std::future_status::ready) {
        const double now = what.progress->fraction();
        if (what.progress->hasEnded)
            break;
        QVERIFY2(now >= last && now < 1, qPrintable(u"%1 after %2"_s.arg(now).arg(last)));
        steps += now > last ? 1 : 0;
        last = now;
    }
    QVERIFY(export_.get().isDone());
    QVERIFY(steps > 10);
    QCOMPARE(what.progress->fraction(), 1.0);
    QFile::remove(fromPath(what.output));
}

void ExportFaultsTest::doesNotTouchAnExistingFile()
{
    ExportCase what;
    what.source = m_long;
    what.output = path(u"existing.bin"_s);
    QFile existing(fromPath(what.output));
    QVERIFY(existing.open(QIODevice::WriteOnly));
    existing.write("precious");
    existing.close();
    const ExportOutcome outcome = exportFile(what);
    QVERIFY(!outcome.isDone());
    QCOMPARE(outcome.result.error().kind, ErrorKind::OutputExists);
    QCOMPARE(contentOf(what.output), "precious");
}

void ExportFaultsTest::doesNotFollowALink()
{
    ExportCase what;
    what.source = m_long;
    what.output = path(u"link.part"_s);
    std::filesystem::create_symlink(path(u"elsewhere"_s), what.output);
    const ExportOutcome outcome = exportFile(what);
    QVERIFY(!outcome.isDone());
    QVERIFY(!std::filesystem::exists(path(u"elsewhere"_s)));
    QVERIFY(std::filesystem::is_symlink(what.output));
    std::filesystem::remove(what.output);
}

void ExportFaultsTest::countsDamage()
{
    ExportCase what;
    what.source = copyOfLong(u"damaged.mkv"_s);
    what.output = path(u"damaged.part"_s);
    what.wishes.encodeAlways = true; // what is copied keeps its damage
    QFile file(fromPath(what.source));
    QVERIFY(file.open(QIODevice::ReadWrite));
    for (qint64 at = file.size() / 2; at < file.size() / 2 + 400'000; at += 997) {
        file.seek(at);
        file.write("\xff\x00\xa5", 3);
    }
    file.close();
    const ExportOutcome outcome = exportFile(what);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QVERIFY2(outcome.warningKinds().contains(u"decode-errors"_s), qPrintable(outcome.summary()));
    QCOMPARE(decodeErrors(what.output), QStringList()); // the damage is not passed on
    QFile::remove(fromPath(what.output));
}

// MP4 with its index in front, the rest cut off: it announces 30 s.
void ExportFaultsTest::namesWhatIsMissing()
{
    SampleClip clip;
    clip.width = 320;
    clip.height = 240;
    clip.seconds = 20;
    clip.container = u"mp4"_s;
    const FilePath source = path(u"short.mp4"_s);
    QVERIFY(makeSampleClip(clip, source, {}));
    std::filesystem::resize_file(source, std::filesystem::file_size(source) / 2);
    ExportCase what;
    what.source = source;
    what.output = path(u"short.part"_s);
    const ExportOutcome outcome = exportFile(what);
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    QVERIFY(outcome.warningKinds().contains(u"shortfall"_s));
    QVERIFY(outcome.warningKinds().contains(u"incomplete"_s));
    QVERIFY2(outcome.summary().contains(u"announces 20.0 s of picture, but only"),
             qPrintable(outcome.summary()));
    QFile::remove(fromPath(what.output));
}

void ExportFaultsTest::diesWithoutAFinalName_data()
{
    QTest::addColumn<QString>("point");
    QTest::addColumn<bool>("hasName");
    QTest::newRow("when the file was created") << "export-created" << false;
    QTest::newRow("in the middle") << "export-middle:50" << false;
    QTest::newRow("before the trailer") << "export-before-trailer" << false;
    QTest::newRow("when it was verified") << "export-verified" << false;
    QTest::newRow("before the rename") << "publish-before-rename" << false;
    QTest::newRow("after the rename") << "publish-after-rename" << true;
}

// Another process, which dies as by kill -9 at a named point.
void ExportFaultsTest::diesWithoutAFinalName()
{
#ifndef SENDOFF_CRASH_POINTS
    QSKIP("built without crash points");
#endif
    QFETCH(QString, point);
    QFETCH(bool, hasName);
    SampleClip clip;
    clip.width = 320;
    clip.height = 240;
    clip.seconds = 3;
    const FilePath source = path(u"crash.mkv"_s);
    if (!QFile::exists(fromPath(source)))
        QVERIFY(makeSampleClip(clip, source, {}));
    const FilePath target = path(u"crash-%1.mp4"_s.arg(QString(point).replace(u':', u'-')));
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"SENDOFF_CRASH_AT"_s, point);
    process.setProcessEnvironment(environment);
    process.start(QCoreApplication::applicationFilePath(),
                  {u"--export"_s, fromPath(source), fromPath(target)});
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
    QCOMPARE(process.exitCode(), SIGKILL);
    QCOMPARE(std::filesystem::exists(target), hasName);
    if (hasName)
        QCOMPARE(frameTimes(target, u"v:0"_s).size(), 90);
}

namespace {

// What a job does, for diesWithoutAFinalName().
int exportAndPublish(const FilePath &source, const FilePath &target)
{
    ExportCase what;
    what.source = source;
    what.output = partialPath(target, u"crash"_s);
    const ExportOutcome outcome = exportFile(what);
    const auto file = SourceFile::open(source);
    if (!outcome.isDone() || !file)
        return 1;
    return publishOutput(what.output, target, IfExists::AddNumber, **file) ? 0 : 2;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 4 && QByteArrayView(argv[1]) == QByteArrayView("--export"))
        return exportAndPublish(argv[2], argv[3]);
    ExportFaultsTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_export_faults.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program.h"
#include "tests/support/scratch.h"

#include <signal.h>

#include <QJsonArray>

using namespace sendoff;
using namespace sendoff::test;

class tst_cli_export : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void exportsAndReportsWhatFfprobeAndSha256sumSee();
    void originalIsTheSameBytes();
    void remuxCopiesEveryPacket();
    void repeatedCommandReportsDoneWithoutWork();
    void changedOutputIsExportedAgain();
    void existingNameGetsANumber();
    void severalFilesRunInParallel();
    void interruptStopsCleanlyWithinSeconds();
    void interruptedExportGoesOnFromItsLastSegment();

private:
    Finished run(const std::vector<std::string> &arguments)
    {
        return runProgram(sendoffCommand(m_scratch.profile().string(), arguments));
    }
    Scratch m_scratch;
};

namespace {

QByteArray ffprobe(const std::string &file, const std::string &entries)
{
    return runProgram({"ffprobe", "-v", "error", "-select_streams", "v:0", "-count_packets",
                       "-show_entries", entries, "-of", "csv=p=0", file})
        .output.trimmed();
}

QByteArray packetHashes(const std::string &file)
{
    return runProgram({"ffmpeg", "-v", "error", "-i", file, "-map", "0", "-c", "copy", "-f",
                       "streamhash", "-hash", "md5", "-"})
        .output;
}

} // namespace

void tst_cli_export::exportsAndReportsWhatFfprobeAndSha256sumSee()
{
    const FilePath clip = m_scratch.clip("holiday.mkv");
    const QByteArray before = sha256OfFileByCoreutils(clip.string());
    const FilePath out = m_scratch.folder("out");
    const Finished finished = run({"export", clip.string(), "--out", out.string()});
    QVERIFY2(finished.exitCode == 0, finished.output.constData());
    const QJsonObject done = finished.eventsOf(u"done"_qs).value(0);
    const std::string output = done[u"output"].toString().toStdString();
    QCOMPARE(output, (out / "holiday.mp4").string());
    QCOMPARE(done[u"sha256"].toString().toLatin1(), sha256OfFileByCoreutils(output));
    QCOMPARE(done[u"bytes"].toInteger(), qint64(std::filesystem::file_size(output)));
    QCOMPARE(ffprobe(output, "stream=codec_name,pix_fmt"), QByteArray("h264,yuv420p"));
    QCOMPARE(ffprobe(output, "stream=nb_read_packets").toInt(), 60);
    QCOMPARE(done[u"encoded_frames"].toInt(), 60);
    QVERIFY(!finished.eventsOf(u"summary"_qs).isEmpty());
    QCOMPARE(sha256OfFileByCoreutils(clip.string()), before);
    QCOMPARE(std::distance(std::filesystem::directory_iterator(out), {}), 1);
}

void tst_cli_export::originalIsTheSameBytes()
{
    const FilePath clip = m_scratch.clip("as-is.mkv");
    const FilePath out = m_scratch.folder("original");
    const Finished finished =
        run({"export", clip.string(), "--preset", "original", "--out", out.string()});
    QCOMPARE(finished.exitCode, 0);
    QCOMPARE(sha256OfFileByCoreutils((out / "as-is.mkv").string()),
             sha256OfFileByCoreutils(clip.string()));
}

void tst_cli_export::remuxCopiesEveryPacket()
{
    media::SampleClip sample;
    sample.width = 320;
    sample.height = 180;
    sample.seconds = 2;
    sample.videoEncoder = QStringLiteral("libx264");
    const FilePath clip = m_scratch.clipOf("remux.mkv", sample);
    const FilePath out = m_scratch.folder("remux");
    const Finished finished =
        run({"export", clip.string(), "--preset", "remux-mp4", "--out", out.string()});
    QVERIFY2(finished.exitCode == 0, finished.output.constData());
    const QJsonObject done = finished.eventsOf(u"done"_qs).value(0);
    QCOMPARE(done[u"encoded_frames"].toInt(), 0);
    QVERIFY(done[u"copied_packets"].toInt() > 60);
    QCOMPARE(packetHashes((out / "remux.mp4").string()), packetHashes(clip.string()));
}

void tst_cli_export::repeatedCommandReportsDoneWithoutWork()
{
    const FilePath clip = m_scratch.clip("twice.mkv");
    const FilePath out = m_scratch.folder("twice");
    const std::vector<std::string> command{"export", clip.string(), "--out", out.string()};
    QCOMPARE(run(command).exitCode, 0);
    const auto written = std::filesystem::last_write_time(out / "twice.mp4");
    const Finished again = run(command);
    QCOMPARE(again.exitCode, 0);
    QCOMPARE(again.eventsOf(u"done"_qs).size(), 1);
    QVERIFY(again.eventsOf(u"done"_qs)[0][u"done_before"].toBool());
    QVERIFY(again.eventsOf(u"progress"_qs).isEmpty());
    QCOMPARE(std::filesystem::last_write_time(out / "twice.mp4"), written);
    std::vector<std::string> anew = command;
    anew.push_back("--again");
    QCOMPARE(run(anew).exitCode, 0);
    QVERIFY(std::filesystem::exists(out / "twice (2).mp4"));
}

void tst_cli_export::changedOutputIsExportedAgain()
{
    const FilePath clip = m_scratch.clip("damaged.mkv");
    const FilePath out = m_scratch.folder("damaged");
    const std::vector<std::string> command{"export", clip.string(), "--out", out.string()};
    QCOMPARE(run(command).exitCode, 0);
    std::filesystem::remove(out / "damaged.mp4");
    const Finished again = run(command);
    QCOMPARE(again.exitCode, 0);
    QVERIFY(!again.eventsOf(u"done"_qs).last().contains(u"done_before"));
    QVERIFY(std::filesystem::exists(out / "damaged.mp4"));
}

void tst_cli_export::existingNameGetsANumber()
{
    const FilePath clip = m_scratch.clip("name.mkv");
    const FilePath out = m_scratch.folder("name");
    m_scratch.file("name/name.mp4", "precious");
    QCOMPARE(run({"export", clip.string(), "--out", out.string()}).exitCode, 0);
    QCOMPARE(contentOf(out / "name.mp4"), std::string("precious"));
    QVERIFY(std::filesystem::exists(out / "name (2).mp4"));
}

void tst_cli_export::severalFilesRunInParallel()
{
    const FilePath first = m_scratch.clip("p1.mkv", 3, 640, 360);
    const FilePath second = m_scratch.clip("p2.mkv", 3, 640, 360);
    const FilePath out = m_scratch.folder("parallel");
    const Finished finished =
        run({"export", first.string(), second.string(), "--out", out.string()});
    QCOMPARE(finished.exitCode, 0);
    QCOMPARE(finished.eventsOf(u"done"_qs).size(), 2);
    if (QThread::idealThreadCount() < 2)
        return;
    // Both were running before the first was done.
    QStringList order;
    for (const QJsonObject &event : finished.events) {
        if (event[u"event"].toString() == u"state")
            order.append(event[u"state"].toString());
    }
    QVERIFY2(order.indexOf(u"done"_qs) > order.lastIndexOf(u"running"_qs), qPrintable(order.join(u' ')));
}

void tst_cli_export::interruptStopsCleanlyWithinSeconds()
{
    const FilePath clip = m_scratch.clip("long.mkv", 20, 1280, 720);
    const FilePath out = m_scratch.folder("stopped");
    Program program(sendoffCommand(m_scratch.profile().string(),
                                   {"export", clip.string(), "--out", out.string()}));
    QTRY_VERIFY_WITH_TIMEOUT(!program.events(u"progress"_qs).isEmpty(), 60'000);
    QElapsedTimer timer;
    timer.start();
    program.signal(SIGINT);
    QCOMPARE(program.wait(), 130);
    qInfo("stopped after %lld ms", timer.elapsed());
    QVERIFY(std::filesystem::is_empty(out)); // neither a half file nor a hidden one
    QVERIFY(!program.events(u"summary"_qs).isEmpty());
}

void tst_cli_export::interruptedExportGoesOnFromItsLastSegment()
{
    const FilePath clip = m_scratch.clip("killed.mkv", 10, 1280, 720);
    const FilePath out = m_scratch.folder("killed");
    const FilePath whole = m_scratch.folder("whole");
    const std::vector<std::string> command{"export", clip.string(), "--out", out.string()};
    {
        Program program(sendoffCommand(m_scratch.profile().string(), command));
        const auto isPast = [&program](double fraction) {
            const QList<QJsonObject> events = program.events(u"progress"_qs);
            return !events.isEmpty() && events.last()[u"fraction"].toDouble() > fraction;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isPast(0.5), 120'000);
        program.signal(SIGKILL);
        QCOMPARE(program.wait(), 128 + SIGKILL);
    }
    QVERIFY(!std::filesystem::exists(out / "killed.mp4"));
    const Finished again = run(command);
    QCOMPARE(again.exitCode, 0);
    QVERIFY(again.eventsOf(u"warning"_qs).isEmpty());
    const QJsonObject done = again.eventsOf(u"done"_qs).value(0);
    QVERIFY(done[u"resumed_from_s"].toDouble() >= 1.9);
    QVERIFY(done[u"encoded_frames"].toInt() < 300 - 59);
    QCOMPARE(std::distance(std::filesystem::directory_iterator(out), {}), 1);
    QCOMPARE(ffprobe((out / "killed.mp4").string(), "stream=nb_read_packets").toInt(), 300);
    // The same bytes as without the interruption; nothing is left of the work.
    QCOMPARE(run({"export", clip.string(), "--out", whole.string(), "--again"}).exitCode, 0);
    QCOMPARE(sha256OfFileByCoreutils((out / "killed.mp4").string()),
             sha256OfFileByCoreutils((whole / "killed.mp4").string()));
    const std::string job = done[u"job"].toString().toStdString();
    QVERIFY(!job.empty() && !std::filesystem::exists(m_scratch.profile() / "work" / job));
}

QTEST_GUILESS_MAIN(tst_cli_export)
#include "tst_cli_export.moc"

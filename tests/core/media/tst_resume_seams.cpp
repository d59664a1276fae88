// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Encoders that do not repeat themselves: an export that was stopped still is one export. What was
// sealed stays as it was, picture and sound run together, and the seams cannot be seen. Pictures
// are judged by ffmpeg's ssim filter against the source.

#include "tests/support/encode_preset.h"
#include "tests/support/stopped_export.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

namespace {

constexpr int seconds = 13; // seven segments of two seconds at most
constexpr int framesPerSecond = 30;
constexpr int nearSeam = 8; // pictures on either side
constexpr double leastDifference = 0.002; // of SSIM, that somebody might see

// SSIM of each picture's luma against the source's.
QList<double> likenessOf(const FilePath &made, const FilePath &source, const QString &scratch)
{
    const QString stats = scratch + u"/ssim.log"_s;
    const ToolOutput compared =
        runTool(u"ffmpeg"_s, {u"-v"_s, u"error"_s, u"-i"_s, fromPath(made), u"-i"_s,
                              fromPath(source), u"-lavfi"_s,
                              u"[0:v]format=yuv420p[a];[1:v]format=yuv420p[b];[a][b]ssim=stats_file=%1"_s
                                  .arg(stats),
                              u"-f"_s, u"null"_s, u"-"_s});
    QList<double> all;
    QFile file(stats);
    if (compared.exitCode != 0 || !file.open(QIODevice::ReadOnly))
        return all;
    static const QRegularExpression luma(u"Y:([0-9.]+)"_s);
    for (const QByteArray &line : file.readAll().split('\n')) {
        const QRegularExpressionMatch match = luma.match(QString::fromLatin1(line));
        if (match.hasMatch())
            all.append(match.captured(1).toDouble());
    }
    return all;
}

double meanOf(const QList<double> &values)
{
    return std::accumulate(values.cbegin(), values.cend(), 0.0) / double(values.size());
}

// How much better the pictures elsewhere are than those around a boundary, on average.
double seamOf(const QList<double> &likeness, const QList<int> &boundaries)
{
    QList<double> near;
    QList<double> elsewhere;
    for (int picture = 0; picture < likeness.size(); ++picture) {
        const bool isNear = std::any_of(
            boundaries.cbegin(), boundaries.cend(),
            [&](int boundary) { return std::abs(picture - boundary) <= nearSeam; });
        (isNear ? near : elsewhere).append(likeness[picture]);
    }
    return meanOf(elsewhere) - meanOf(near);
}

} // namespace

class ResumeSeamsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aResumedExportIsOneExport_data();
    void aResumedExportIsOneExport();

private:
    FilePath path(const QString &name) const { return m_folder.filePath(name).toStdString(); }
    // Stops after `safeUs` and returns what was sealed by then.
    QByteArray stopAndTakeSealed(ExportCase what, qint64 safeUs);

    QTemporaryDir m_folder;
    FilePath m_source;
};

// Pictures that move all over, with grain, so that a weak spot shows.
void ResumeSeamsTest::initTestCase()
{
    m_source = path(u"source.mkv"_s);
    QVERIFY(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s,
                    u"testsrc2=size=320x180:rate=%1:duration=%2,noise=alls=6:allf=t"_s
                        .arg(framesPerSecond)
                        .arg(seconds),
                    u"-f"_s, u"lavfi"_s, u"-i"_s,
                    u"sine=frequency=440:sample_rate=48000:duration=%1"_s.arg(seconds), u"-c:v"_s,
                    u"libx264"_s, u"-preset"_s, u"veryfast"_s, u"-crf"_s, u"10"_s, u"-g"_s, u"60"_s,
                    u"-pix_fmt"_s, u"yuv420p"_s, u"-c:a"_s, u"aac"_s, u"-y"_s,
                    fromPath(m_source)}));
}

QByteArray ResumeSeamsTest::stopAndTakeSealed(ExportCase what, qint64 safeUs)
{
    std::stop_source stop;
    QByteArray sealed;
    {
        what.progress = std::make_shared<ExportProgress>();
        const std::jthread watch([&](std::stop_token ended) {
            while (!ended.stop_requested() && what.progress->safeUs < safeUs)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            sealed = bytesOf(what.output).first(what.feed->state().sealed.prefix());
            stop.request_stop();
        });
        if (exportFile(what, stop.get_token()).isDone())
            return {};
    }
    return sealed;
}

void ResumeSeamsTest::aResumedExportIsOneExport_data()
{
    QTest::addColumn<QJsonObject>("encoder");
    QTest::addColumn<QString>("pixelFormat");
    const auto encoder = [](const QString &name, const QJsonObject &options) {
        return QJsonObject{{u"name"_s, name}, {u"options"_s, options}};
    };
    QTest::newRow("x264 with a binding maximum rate")
        << encoder(u"libx264"_s, {{u"preset"_s, u"veryfast"_s},
                                  {u"crf"_s, 20},
                                  {u"maxrate"_s, 900'000},
                                  {u"bufsize"_s, 900'000}})
        << u"yuv420p"_s;
    QTest::newRow("x265 on several threads")
        << encoder(u"libx265"_s, {{u"preset"_s, u"fast"_s}, {u"crf"_s, 24}}) << u"yuv420p10le"_s;
}

void ResumeSeamsTest::aResumedExportIsOneExport()
{
    QFETCH(const QJsonObject, encoder);
    QFETCH(const QString, pixelFormat);
    ExportCase whole;
    whole.source = m_source;
    whole.preset = fromPath(writeEncodePreset(path(u"preset.json"_s),
                                              {encoder, u"mp4"_s, pixelFormat, u"aac"_s}));
    whole.wishes.layout = Layout::Fragmented;
    whole.output = path(u"whole.mp4"_s);
    whole.journal = path(u"whole.journal"_s);
    const ExportOutcome uninterrupted = exportFile(whole);
    QVERIFY2(uninterrupted.isDone(), qPrintable(uninterrupted.summary()));
    QCOMPARE(uninterrupted.plan.resume, ResumeVerdict::Valid);

    ExportCase what = whole;
    what.output = path(u"resumed.mp4"_s);
    what.journal = path(u"resumed.journal"_s);
    QByteArray sealed;
    QList<int> boundaries; // the first picture that was encoded after each stop
    for (const qint64 safeUs : {3'000'000, 7'000'000}) {
        what.feed = std::make_shared<OutputFeed>();
        const QByteArray more = stopAndTakeSealed(what, safeUs);
        QVERIFY(more.size() > sealed.size());
        QVERIFY(more.startsWith(sealed));
        sealed = more;
        boundaries.append(2 * framesPerSecond * int(segmentsIn(what.journal).size()));
    }
    what.feed = std::make_shared<OutputFeed>();
    const ExportOutcome resumed = exportFile(what);
    QVERIFY2(resumed.isDone(), qPrintable(resumed.summary()));
    QVERIFY(resumed.result->resumedFromUs >= 7'000'000);
    QVERIFY(bytesOf(what.output).startsWith(sealed));

    // Picture and sound as in one go: the same times, to the sample.
    QCOMPARE(resumed.warningKinds(), uninterrupted.warningKinds());
    QCOMPARE(decodeErrors(what.output), QStringList());
    QCOMPARE(frameTimes(what.output, u"v:0"_s), frameTimes(whole.output, u"v:0"_s));
    QCOMPARE(frameTimes(what.output, u"a:0"_s), frameTimes(whole.output, u"a:0"_s));
    QCOMPARE(packetHashes(what.output, u"a:0"_s), packetHashes(whole.output, u"a:0"_s));

    const QList<double> likeness = likenessOf(what.output, m_source, m_folder.path());
    QCOMPARE(likeness.size(), qsizetype(seconds * framesPerSecond));
    const double seam = seamOf(likeness, boundaries);
    qInfo("SSIM %.4f on average; at the seams %.4f less than elsewhere", meanOf(likeness), seam);
    QVERIFY(seam <= leastDifference);
    for (const ExportCase &made : {whole, what}) {
        QVERIFY(QFile::remove(fromPath(made.output)));
        QVERIFY(QDir(fromPath(made.journal)).removeRecursively());
    }
}

QTEST_GUILESS_MAIN(ResumeSeamsTest)
#include "tst_resume_seams.moc"

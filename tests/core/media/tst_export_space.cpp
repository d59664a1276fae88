// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error_text.h"
#include "tests/support/export_folder.h"
#include "tests/support/small_disk.h"
#include "tests/support/stopped_export.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

// The room that an export takes, journal and result side by side: asked for before it starts, and
// forecast while it runs.
class ExportSpaceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asksForJournalAndResultTogether();
    void asksOnlyForWhatTheJournalLacks();
    void endsBeforeTheDiskIsFullAndGoesOn();

private:
    ExportFolder m_folder;
};

namespace {

// Ten seconds of 1080p: 155 kB of journal at least.
ExportPlan longPlan()
{
    ExportPlan plan;
    plan.durationUs = 10'000'000;
    plan.minBytes = 100'000;
    StreamPlan video;
    video.kind = StreamKind::Video;
    video.action = StreamAction::Convert;
    video.width = 1920;
    video.height = 1080;
    plan.streams.append(video);
    return plan;
}

} // namespace

void ExportSpaceTest::asksForJournalAndResultTogether()
{
    const FilePath point = m_folder.path(u"together"_s);
    const SmallDisk disk(point, "184k"); // room for either
    if (!disk.isMounted())
        QSKIP("mounting needs root");
    const FilePath output = point / "result.part";
    const Result<void> together = checkSpace(output, point / "job/journal", longPlan());
    QVERIFY(!together);
    QCOMPARE(together.error().kind, ErrorKind::DiskFull);
    QCOMPARE(together.error().retry.when, RetryAdvice::When::WhenSpace);
    QCOMPARE(together.error()[argument::needed], QString::number(100'000 + 155'520));
    QCOMPARE(together.error()[argument::available], QString::number(184 * 1024));
    QVERIFY(checkSpace(output, m_folder.path(u"elsewhere"_s), longPlan()));
    QVERIFY(checkSpace(m_folder.path(u"elsewhere"_s), point / "journal", longPlan()));
}

void ExportSpaceTest::asksOnlyForWhatTheJournalLacks()
{
    const FilePath point = m_folder.path(u"lacks"_s);
    const SmallDisk disk(point, "264k");
    if (!disk.isMounted())
        QSKIP("mounting needs root");
    QVERIFY(checkSpace(point / "result.part", point / "journal", longPlan()));
    std::filesystem::create_directory(point / "journal");
    QFile segment(fromPath(point / "journal/track-0-00000.segment"));
    QVERIFY(segment.open(QIODevice::WriteOnly));
    QCOMPARE(segment.write(QByteArray(100'000, 'x')), qint64(100'000));
    segment.close();
    QVERIFY(checkSpace(point / "result.part", point / "journal", longPlan()));
    QVERIFY(QFile::copy(segment.fileName(), fromPath(point / "something-else")));
    QVERIFY(!checkSpace(point / "result.part", point / "journal", longPlan()));
}

void ExportSpaceTest::endsBeforeTheDiskIsFullAndGoesOn()
{
    SampleClip clip = smallClip(u"matroska"_s, u"mpeg4"_s);
    clip.width = 480;
    clip.height = 270;
    clip.seconds = 16; // eight segments
    ExportCase whole;
    whole.source = m_folder.makeClip(clip, u"clip.mkv"_s);
    whole.output = m_folder.path(u"whole.mp4"_s);
    whole.wishes = encodeAlways();
    whole.wishes.layout = Layout::Fragmented; // which is written as it grows
    const ExportOutcome uninterrupted = exportFile(whole);
    QVERIFY2(uninterrupted.isDone(), qPrintable(uninterrupted.summary()));
    const qint64 bytes = uninterrupted.result->bytes;

    // Twice the result is what it takes.
    const FilePath point = m_folder.path(u"small"_s);
    const auto sizeOption = [bytes](double part) {
        return std::to_string(qint64(double(bytes) * part) / 4096 * 4096);
    };
    const SmallDisk disk(point, sizeOption(1.55));
    if (!disk.isMounted())
        QSKIP("mounting needs root");
    ExportCase what = whole;
    what.output = point / "result.part";
    what.journal = point / "journal";
    const ExportOutcome ended = exportFile(what);
    QVERIFY2(!ended.isDone(), qPrintable(ended.summary()));
    const Error error = ended.result.error();
    QCOMPARE(error.kind, ErrorKind::DiskFull);
    QCOMPARE(error.detail, u"forecast"_s);
    QVERIFY(error[argument::needed].toLongLong() > error[argument::available].toLongLong());
    QVERIFY(error[argument::available].toLongLong() > bytes / 20); // others still have some
    QVERIFY2(describe(error).kept.startsWith(u"What is finished, "), qPrintable(describe(error).kept));
    QVERIFY(!std::filesystem::exists(what.output));
    const qsizetype kept = segmentsIn(what.journal).size();
    QVERIFY2(kept > 2 && kept < 8, qPrintable(QString::number(kept)));

    QVERIFY(disk.resize(sizeOption(2.5)));
    const ExportOutcome again = exportFile(what);
    QVERIFY2(again.isDone(), qPrintable(again.summary()));
    QVERIFY(again.result->resumedFromUs >= kept * 2'000'000);
    QVERIFY(bytesOf(what.output) == bytesOf(whole.output));
}

QTEST_GUILESS_MAIN(ExportSpaceTest)
#include "tst_export_space.moc"

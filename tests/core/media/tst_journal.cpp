// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/journal/decode_order.h"
#include "core/media/journal/journal.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstring>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;

// The parts of the journal that need no video.
class JournalTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsBackWhatWasWritten();
    void noticesEveryDamage_data();
    void noticesEveryDamage();
    void ordersPacketsOverAllSegments_data();
    void ordersPacketsOverAllSegments();
    void opensTheGateOnlyForTheSamePictures();
    void goesOnOnlyWithTheSameExport_data();
    void goesOnOnlyWithTheSameExport();
    void forgetsOneTrackAlone();
    void choosesTheLengthOfSegments_data();
    void choosesTheLengthOfSegments();
};

namespace {

PacketPtr packetOf(const QByteArray &data, qint64 pts)
{
    PacketPtr packet(av_packet_alloc());
    av_new_packet(packet.get(), int(data.size()));
    std::memcpy(packet->data, data.constData(), std::size_t(data.size()));
    packet->pts = pts;
    packet->dts = pts - 3;
    packet->duration = 7;
    packet->flags = AV_PKT_FLAG_KEY;
    return packet;
}

Segment sampleSegment()
{
    Segment segment;
    segment.index = 4;
    segment.encoderHeader = "header";
    segment.reorderDelay = 2;
    segment.firstPts = -5;
    segment.next = FrameMark{900, 1, 2};
    segment.tail = {{880, 3, 4}, {890, 5, 6}};
    segment.lastPts = {880, 890};
    segment.report.packetsIn = 30;
    segment.report.damaged = 1;
    segment.report.shapeChanges = 2;
    segment.report.sourceEndUs = 1'234'567;
    segment.packets.push_back(packetOf("first packet", 600));
    segment.packets.push_back(packetOf(QByteArray(), 601));
    segment.packets.push_back(packetOf(QByteArray(70'000, 'x'), 602));
    uint8_t *side = av_packet_new_side_data(segment.packets[0].get(), AV_PKT_DATA_NEW_EXTRADATA, 4);
    std::memcpy(side, "side", 4);
    return segment;
}

Segment segmentOf(int index, const QList<qint64> &ptsInDecodingOrder)
{
    Segment segment;
    segment.index = index;
    for (const qint64 pts : ptsInDecodingOrder)
        segment.packets.push_back(packetOf("p", pts));
    return segment;
}

} // namespace

void JournalTest::readsBackWhatWasWritten()
{
    const Segment written = sampleSegment();
    const std::optional<Segment> read = segmentFromBytes(toBytes(written));
    QVERIFY(read.has_value());
    QCOMPARE(read->index, 4);
    QCOMPARE(read->encoderHeader, "header");
    QCOMPARE(read->reorderDelay, 2);
    QCOMPARE(read->firstPts, qint64(-5));
    QVERIFY(read->next == written.next);
    QVERIFY(read->tail == written.tail);
    QVERIFY(read->lastPts == written.lastPts);
    QCOMPARE(read->report.packetsIn, qint64(30));
    QCOMPARE(read->report.damaged, qint64(1));
    QCOMPARE(read->report.shapeChanges, 2);
    QCOMPARE(read->report.sourceEndUs, qint64(1'234'567));
    QCOMPARE(read->packets.size(), written.packets.size());
    for (std::size_t i = 0; i < written.packets.size(); ++i) {
        const AVPacket &one = *written.packets[i];
        const AVPacket &other = *read->packets[i];
        QCOMPARE(other.size, one.size);
        QVERIFY(one.size == 0 || std::memcmp(other.data, one.data, std::size_t(one.size)) == 0);
        QCOMPARE(other.pts, one.pts);
        QCOMPARE(other.dts, one.dts);
        QCOMPARE(other.duration, one.duration);
        QCOMPARE(other.flags, one.flags);
        QCOMPARE(other.side_data_elems, one.side_data_elems);
    }
    QCOMPARE(std::memcmp(read->packets[0]->side_data[0].data, "side", 4), 0);

    Segment last = sampleSegment();
    last.next.reset();
    QVERIFY(!segmentFromBytes(toBytes(last))->next);
}

void JournalTest::noticesEveryDamage_data()
{
    QTest::addColumn<int>("part"); // in percent of the size
    for (int part = 0; part <= 100; part += 4)
        QTest::addRow("at %d %%", part) << part;
}

void JournalTest::noticesEveryDamage()
{
    QFETCH(const int, part);
    const QByteArray whole = toBytes(sampleSegment());
    const qsizetype place = std::min(whole.size() - 1, whole.size() * part / 100);
    for (int bit = 0; bit < 8; ++bit) {
        QByteArray flipped = whole;
        flipped[place] = char(flipped[place] ^ (1 << bit));
        QVERIFY(!segmentFromBytes(flipped));
    }
    QVERIFY(!segmentFromBytes(whole.first(place)));
    QVERIFY(!segmentFromBytes(whole + QByteArray(1, '\0')));
}

void JournalTest::ordersPacketsOverAllSegments_data()
{
    QTest::addColumn<QList<QList<qint64>>>("segments"); // pts in decoding order
    QTest::addColumn<int>("delay");
    using Segments = QList<QList<qint64>>;
    QTest::newRow("without B-frames") << Segments{{0, 10, 20}, {30, 40}, {50}} << 0;
    QTest::newRow("with B-frames") << Segments{{0, 30, 10, 20}, {40, 70, 50, 60}} << 1;
    QTest::newRow("with a pyramid")
        << Segments{{0, 40, 20, 10, 30}, {50, 90, 70, 60, 80}, {100, 110}} << 2;
    QTest::newRow("at a varying rate") << Segments{{0, 31, 7, 19}, {100, 190, 101, 150}} << 1;
    QTest::newRow("segments shorter than the delay") << Segments{{0, 40, 20, 10, 30}, {50}, {60}}
                                                     << 2;
}

void JournalTest::ordersPacketsOverAllSegments()
{
    QFETCH(const QList<QList<qint64>>, segments);
    QFETCH(const int, delay);
    // Once in one go, and once going on from what each segment keeps: the same result.
    std::optional<Segment> last;
    DecodeOrder inOneGo;
    std::optional<qint64> dts;
    qint64 expectedNext = 0;
    for (qsizetype i = 0; i < segments.size(); ++i) {
        const bool isLast = i + 1 == segments.size();
        const auto next = isLast
            ? std::nullopt
            : std::optional(*std::min_element(segments[i + 1].begin(), segments[i + 1].end()));
        Segment one = segmentOf(int(i), segments[i]);
        Segment other = segmentOf(int(i), segments[i]);
        inOneGo.complete(one, next, 10, delay);
        DecodeOrder resumed = last ? DecodeOrder(*last) : DecodeOrder();
        resumed.complete(other, next, 10, delay);
        for (std::size_t k = 0; k < one.packets.size(); ++k) {
            const AVPacket &packet = *one.packets[k];
            QVERIFY(packet.dts <= packet.pts);
            QVERIFY(!dts || packet.dts > *dts);
            if (dts)
                QCOMPARE(packet.dts, expectedNext);
            QVERIFY(packet.duration > 0);
            expectedNext = packet.dts + packet.duration;
            dts = packet.dts;
            QCOMPARE(other.packets[k]->dts, packet.dts);
            QCOMPARE(other.packets[k]->duration, packet.duration);
        }
        last = std::move(one);
    }
}

void JournalTest::opensTheGateOnlyForTheSamePictures()
{
    const std::vector<FrameMark> tail{{10, 1, 1}, {20, 2, 2}, {30, 3, 3}};
    const FrameMark next{40, 4, 4};
    using Verdict = ResumeGate::Verdict;
    const auto lastVerdict = [&](const std::vector<FrameMark> &seen) {
        ResumeGate gate(tail, next);
        Verdict verdict = Verdict::Before;
        for (const FrameMark &mark : seen)
            verdict = gate.look(mark);
        return verdict;
    };
    QCOMPARE(lastVerdict({{0, 9, 9}, {10, 1, 1}, {20, 2, 2}, {30, 3, 3}, {40, 4, 4}}),
             Verdict::Reached);
    QCOMPARE(lastVerdict({{10, 1, 1}, {20, 2, 2}, {30, 3, 3}}), Verdict::Before);
    // Landed too late, a wrong picture at the right time, a lost one, another first one.
    QCOMPARE(lastVerdict({{20, 2, 2}, {30, 3, 3}, {40, 4, 4}}), Verdict::Refused);
    QCOMPARE(lastVerdict({{10, 1, 1}, {20, 2, 9}, {30, 3, 3}, {40, 4, 4}}), Verdict::Refused);
    QCOMPARE(lastVerdict({{10, 1, 1}, {30, 3, 3}, {40, 4, 4}}), Verdict::Refused);
    QCOMPARE(lastVerdict({{10, 1, 1}, {20, 2, 2}, {30, 3, 3}, {41, 4, 4}}), Verdict::Refused);
    QCOMPARE(lastVerdict({{10, 1, 1}, {20, 2, 2}, {30, 3, 3}, {40, 4, 5}}), Verdict::Refused);
}

void JournalTest::goesOnOnlyWithTheSameExport_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<QString>("reason");
    QTest::newRow("nothing changed") << QString() << QString();
    QTest::newRow("another source") << u"source"_s << u"the source was changed"_s;
    QTest::newRow("another plan") << u"plan"_s << u"the preset or the wishes were changed"_s;
    QTest::newRow("another FFmpeg") << u"build"_s << u"FFmpeg was updated"_s;
    QTest::newRow("torn") << u"torn"_s << u"its journal cannot be read"_s;
    // The number of threads is part of the result: that of the first start counts.
    QTest::newRow("another number of threads") << u"threads"_s << QString();
}

void JournalTest::goesOnOnlyWithTheSameExport()
{
    QFETCH(const QString, change);
    QFETCH(const QString, reason);
    const QTemporaryDir scratch;
    const QString sourceName = scratch.filePath(u"source.bin"_s);
    const auto fill = [&](const QByteArray &bytes) {
        QFile file(sourceName);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    };
    fill("one");
    const auto source = SourceFile::open(sourceName.toStdString());
    const FilePath folder = scratch.filePath(u"journal"_s).toStdString();
    ExportPlan plan;
    plan.presetId = u"web"_s;
    plan.durationUs = 100'000'000;
    const auto first = prepareJournal(folder, **source, plan, 3);
    QVERIFY(first && !first->goesOn && first->startsOverBecause.isEmpty());
    QVERIFY((*Journal::open(folder))->write(0, sampleSegment()));

    if (change == u"source")
        fill("another");
    if (change == u"plan")
        plan.container = u"other"_s;
    const FilePath manifest = folder / "journal.json";
    QFile file(QString::fromStdString(manifest.string()));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QByteArray json = file.readAll();
    if (change == u"torn")
        json.truncate(json.size() / 2);
    if (change == u"build")
        json.replace("\"build\": \"", "\"build\": \"older ");
    file.resize(0);
    file.write(json);
    file.close();

    const auto again = SourceFile::open(sourceName.toStdString());
    const auto second = prepareJournal(folder, **again, plan, change == u"threads" ? 8 : 3);
    QVERIFY(second);
    QCOMPARE(second->goesOn, reason.isEmpty());
    QCOMPARE(second->startsOverBecause, reason);
    QCOMPARE(second->codecThreads, 3);
    const auto journal = Journal::open(folder);
    QCOMPARE((*journal)->codecThreads(), 3);
    QCOMPARE((*journal)->segmentUs(), qint64(2'500'000));
    QCOMPARE((*journal)->read(0, 4).has_value(), reason.isEmpty());
}

void JournalTest::forgetsOneTrackAlone()
{
    const QTemporaryDir scratch;
    QFile(scratch.filePath(u"s"_s)).open(QIODevice::WriteOnly);
    const auto source = SourceFile::open(scratch.filePath(u"s"_s).toStdString());
    const FilePath folder = scratch.filePath(u"journal"_s).toStdString();
    QVERIFY(prepareJournal(folder, **source, ExportPlan(), 1));
    const auto journal = Journal::open(folder);
    QVERIFY((*journal)->write(1, sampleSegment()));
    QVERIFY((*journal)->write(11, sampleSegment()));
    (*journal)->discard(1);
    QVERIFY(!(*journal)->read(1, 4));
    QVERIFY((*journal)->read(11, 4));
    QVERIFY(!(*journal)->read(11, 5)); // under another number it is not that segment
}

void JournalTest::choosesTheLengthOfSegments_data()
{
    QTest::addColumn<qint64>("duration"); // s; -1 = unknown
    QTest::addColumn<double>("keys"); // s from one key frame to the next; 0 = the encoder's own
    QTest::addColumn<qint64>("length"); // ms
    QTest::newRow("a moment") << qint64(1) << 0.0 << qint64(2000);
    QTest::newRow("a minute") << qint64(60) << 0.0 << qint64(2000);
    QTest::newRow("four minutes") << qint64(240) << 0.0 << qint64(6000);
    QTest::newRow("an hour") << qint64(3600) << 0.0 << qint64(10'000);
    QTest::newRow("unknown") << qint64(-1) << 0.0 << qint64(5000);
    QTest::newRow("two whole distances") << qint64(200) << 2.0 << qint64(4000);
    QTest::newRow("five of them") << qint64(3600) << 2.0 << qint64(10'000);
    QTest::newRow("many short ones") << qint64(130) << 0.5 << qint64(3000);
    QTest::newRow("none is too short") << qint64(60) << 1.5 << qint64(3000);
    QTest::newRow("keys are rarer than segments") << qint64(60) << 5.0 << qint64(2000);
}

void JournalTest::choosesTheLengthOfSegments()
{
    QFETCH(const qint64, duration);
    QFETCH(const double, keys);
    QFETCH(const qint64, length);
    ExportPlan plan;
    if (duration >= 0)
        plan.durationUs = duration * 1'000'000;
    StreamPlan &stream = plan.streams.emplaceBack();
    stream.kind = StreamKind::Video;
    stream.action = StreamAction::Convert;
    stream.keyframeSeconds = keys;
    QCOMPARE(segmentLength(plan), length * 1000);
}

QTEST_GUILESS_MAIN(JournalTest)
#include "tst_journal.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/intervals.h"
#include "core/activity/trace_export.h"
#include "tests/support/trace_rules.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <rapidcheck.h>

#include <set>

using namespace sendoff;
using namespace sendoff::activity;

namespace {

constexpr ActivityId exportActivity = 1;
constexpr ActivityId uploadActivity = 2;
constexpr qint64 universe = 60;

Span span(SpanKind kind, qint64 beginNs, qint64 endNs, ActivityId activity, quint16 thread = 0,
          WaitReason reason = WaitReason::None)
{
    Span made;
    made.beginNs = beginNs;
    made.endNs = endNs;
    made.activity = activity;
    made.thread = thread;
    made.kind = kind;
    made.reason = reason;
    return made;
}

// Two workers, a network thread, one export and one upload, with hostile names.
Recorder::Snapshot sampleSnapshot()
{
    Recorder::Snapshot snapshot;
    snapshot.threads = {{QStringLiteral("export 1"), 0},
                        {QStringLiteral("export 2"), 0},
                        {QStringLiteral("network"), 0}};
    snapshot.activities = {QString(), QStringLiteral("a \"quoted\"\n name \\"),
                           QStringLiteral("Müll 🎬 to the Shelf")};
    snapshot.spans = {
        span(SpanKind::Work, 5'000'000'000'123'456, 5'000'001'000'123'456, exportActivity, 0),
        span(SpanKind::Turn, 5'000'000'500'123'456, 5'000'000'500'124'957, uploadActivity, 2),
        span(SpanKind::Wait, 5'000'000'500'124'957, 5'000'000'600'000'000, uploadActivity, 2,
             WaitReason::SpeedLimit),
        span(SpanKind::Ready, 5'000'000'600'000'000, 5'000'000'600'000'500, uploadActivity, 2),
        span(SpanKind::Turn, 5'000'000'600'000'500, 5'000'000'600'100'000, uploadActivity, 2),
        span(SpanKind::Loop, 5'000'000'700'000'000, 5'000'000'720'000'000, 0, 2),
        span(SpanKind::Work, 5'000'000'800'000'000, 5'000'000'900'000'000, exportActivity, 1),
    };
    return snapshot;
}

QJsonArray eventsOf(const FilePath &path)
{
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &error);
    return error.error == QJsonParseError::NoError ? document[u"traceEvents"].toArray()
                                                   : QJsonArray();
}

// The naive model: each nanosecond by itself.
using Moments = std::set<qint64>;

void insert(Moments &moments, const Span &span)
{
    for (qint64 moment = span.beginNs; moment < span.endNs; ++moment)
        moments.insert(moment);
}

Moments exportMoments(const Recorder::Snapshot &snapshot)
{
    Moments moments;
    for (const Span &own : snapshot.spans) {
        if (own.kind == SpanKind::Work)
            insert(moments, own);
    }
    return moments;
}

bool isWorking(const Recorder::Snapshot &snapshot, ActivityId id)
{
    return std::any_of(snapshot.spans.begin(), snapshot.spans.end(), [id](const Span &own) {
        return own.kind == SpanKind::Work && own.activity == id;
    });
}

bool isOfUpload(const Span &span)
{
    return span.kind == SpanKind::Turn || span.kind == SpanKind::Ready
        || span.kind == SpanKind::Wait;
}

Moments uploadMoments(const Recorder::Snapshot &snapshot)
{
    Moments all;
    for (ActivityId id = 1; id < snapshot.activities.size(); ++id) {
        Moments own;
        Moments waits;
        for (const Span &each : snapshot.spans) {
            if (each.activity != id || !isOfUpload(each))
                continue;
            insert(own, each);
            if (each.kind == SpanKind::Wait && each.reason == WaitReason::Export)
                insert(waits, each);
        }
        if (own.empty() || isWorking(snapshot, id))
            continue;
        for (qint64 moment = *own.begin(); moment <= *own.rbegin(); ++moment) {
            if (!waits.contains(moment))
                all.insert(moment);
        }
    }
    return all;
}

Recorder::Snapshot anySnapshot()
{
    Recorder::Snapshot snapshot;
    snapshot.threads.resize(2);
    snapshot.activities.resize(5);
    const auto count = *rc::gen::inRange(0, 12);
    for (int number = 0; number < count; ++number) {
        const auto begin = *rc::gen::inRange<qint64>(0, universe);
        const auto length = *rc::gen::inRange<qint64>(1, 15);
        snapshot.spans.push_back(span(SpanKind(*rc::gen::inRange(0, 5)), begin, begin + length,
                                      *rc::gen::inRange<ActivityId>(0, 5), 0,
                                      *rc::gen::element(WaitReason::Network, WaitReason::Export)));
    }
    std::sort(snapshot.spans.begin(), snapshot.spans.end(),
              [](const Span &a, const Span &b) { return a.beginNs < b.beginNs; });
    return snapshot;
}

std::vector<Interval> anyIntervals()
{
    std::vector<Interval> intervals;
    const auto count = *rc::gen::inRange(0, 8);
    for (int number = 0; number < count; ++number)
        intervals.push_back(
            {*rc::gen::inRange<qint64>(0, universe), *rc::gen::inRange<qint64>(0, universe)});
    return intervals;
}

Moments momentsOf(const std::vector<Interval> &intervals)
{
    Moments moments;
    for (const Interval &interval : intervals)
        insert(moments, span(SpanKind::Work, interval.beginNs, interval.endNs, 0));
    return moments;
}

} // namespace

class TraceExportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void everyEventFollowsTheFormat();
    void timesAreMicrosecondsFromTheFirstSpan();
    void eachWorkerAndEachUploadHasARowWithItsName();
    void anEmptySnapshotIsAValidTrace();
    void replacesAnOlderTraceAndLeavesNothingBeside();
    void saysThatItCannotWrite();
    void figuresOfAnExample();
    void figuresAgreeWithTheModel();
    void intervalsAgreeWithTheModel();

private:
    FilePath path() const { return FilePath(m_folder->path().toStdString()) / "trace.json"; }

    std::unique_ptr<QTemporaryDir> m_folder;
};

// The field rules of the Trace Event Format, "JSON Object Format".
void TraceExportTest::everyEventFollowsTheFormat()
{
    QVERIFY(writeChromeTrace(sampleSnapshot(), path()).has_value());
    const QJsonArray events = eventsOf(path());
    QCOMPARE(test::brokenTraceRule(events), QString());
    int complete = 0;
    for (const QJsonValue &value : events) {
        const QJsonObject event = value.toObject();
        QVERIFY(event[u"pid"].isDouble() && event[u"tid"].isDouble());
        QVERIFY(!event[u"name"].toString().isEmpty());
        if (event[u"ph"].toString() == u"M") {
            QVERIFY(event[u"args"][u"name"].isString());
            continue;
        }
        QCOMPARE(event[u"ph"].toString(), QStringLiteral("X"));
        QVERIFY(event[u"ts"].isDouble() && event[u"ts"].toDouble() >= 0);
        QVERIFY(event[u"dur"].isDouble() && event[u"dur"].toDouble() > 0);
        const QStringList categories{QStringLiteral("export"), QStringLiteral("turn"),
                                     QStringLiteral("ready"), QStringLiteral("wait"),
                                     QStringLiteral("loop")};
        QVERIFY(categories.contains(event[u"cat"].toString()));
        ++complete;
    }
    QCOMPARE(complete, int(sampleSnapshot().spans.size()));
}

void TraceExportTest::timesAreMicrosecondsFromTheFirstSpan()
{
    QVERIFY(writeChromeTrace(sampleSnapshot(), path()).has_value());
    QList<QJsonObject> spans;
    for (const QJsonValue &value : eventsOf(path())) {
        if (value[u"ph"].toString() == u"X")
            spans.append(value.toObject());
    }
    QCOMPARE(spans[0][u"ts"].toDouble(), 0.0);
    QCOMPARE(spans[0][u"dur"].toDouble(), 1'000'000.0);
    QCOMPARE(spans[1][u"ts"].toDouble(), 500'000.0);
    QCOMPARE(spans[1][u"dur"].toDouble(), 1.501);
    QCOMPARE(spans[2][u"name"].toString(), QStringLiteral("waits: speed limit"));
}

void TraceExportTest::eachWorkerAndEachUploadHasARowWithItsName()
{
    const Recorder::Snapshot snapshot = sampleSnapshot();
    QVERIFY(writeChromeTrace(snapshot, path()).has_value());
    QMap<int, QString> names;
    QMap<QString, QSet<int>> rows;
    for (const QJsonValue &event : eventsOf(path())) {
        const int row = event[u"tid"].toInt();
        if (event[u"name"].toString() == u"thread_name")
            names.insert(row, event[u"args"][u"name"].toString());
        else if (event[u"ph"].toString() == u"X")
            rows[event[u"cat"].toString()].insert(row);
    }
    QCOMPARE(rows[QStringLiteral("export")].size(), 2);
    QCOMPARE(rows[QStringLiteral("turn")].size(), 1);
    QCOMPARE(rows[QStringLiteral("wait")], rows[QStringLiteral("turn")]);
    QCOMPARE(rows[QStringLiteral("ready")], rows[QStringLiteral("turn")]);
    QVERIFY(!rows[QStringLiteral("turn")].intersects(rows[QStringLiteral("loop")]));
    QCOMPARE(names.value(*rows[QStringLiteral("turn")].begin()),
             snapshot.activities[uploadActivity]);
    QCOMPARE(names.value(*rows[QStringLiteral("loop")].begin()), QStringLiteral("network"));
    QStringList workers;
    for (const int row : rows[QStringLiteral("export")])
        workers.append(names.value(row));
    workers.sort();
    QCOMPARE(workers, QStringList({QStringLiteral("export 1"), QStringLiteral("export 2")}));
}

void TraceExportTest::anEmptySnapshotIsAValidTrace()
{
    QVERIFY(writeChromeTrace({}, path()).has_value());
    QCOMPARE(eventsOf(path()).size(), 1); // the process's name
    QCOMPARE(exportSeconds({}), 0.0);
    QCOMPARE(overlapSeconds({}), 0.0);
}

void TraceExportTest::replacesAnOlderTraceAndLeavesNothingBeside()
{
    Recorder::Snapshot large = sampleSnapshot();
    for (int number = 0; number < 20'000; ++number) // several chunks
        large.spans.push_back(large.spans.back());
    QVERIFY(writeChromeTrace(large, path()).has_value());
    QCOMPARE(eventsOf(path()).size(), 20'000 + 7 + 5);
    QVERIFY(writeChromeTrace(sampleSnapshot(), path()).has_value());
    QCOMPARE(eventsOf(path()).size(), 7 + 5);
    QCOMPARE(std::distance(std::filesystem::directory_iterator(path().parent_path()), {}), 1);
}

void TraceExportTest::saysThatItCannotWrite()
{
    const auto missing = writeChromeTrace({}, path() / "no" / "trace.json");
    QVERIFY(!missing);
    QCOMPARE(missing.error().kind, ErrorKind::OutputFolderMissing);
    std::filesystem::create_directory(path()); // what it would replace is a folder
    const auto taken = writeChromeTrace({}, path());
    QVERIFY(!taken);
    QCOMPARE(taken.error().kind, ErrorKind::OutputNotWritable);
    QCOMPARE(std::distance(std::filesystem::directory_iterator(path().parent_path()), {}), 1);
}

void TraceExportTest::figuresOfAnExample()
{
    constexpr qint64 second = 1'000'000'000;
    Recorder::Snapshot snapshot;
    snapshot.activities.resize(3);
    snapshot.threads.resize(3);
    snapshot.spans = {
        // Two workers: 0–10 and 5–12 s. The export's own turns do not make it an upload.
        span(SpanKind::Work, 0, 10 * second, exportActivity, 0),
        span(SpanKind::Turn, 0, 20 * second, exportActivity, 2),
        // The upload begins at 1 s, waits for the export until 4 s, and ends at 15 s.
        span(SpanKind::Turn, 1 * second, 2 * second, uploadActivity, 2),
        span(SpanKind::Wait, 2 * second, 4 * second, uploadActivity, 2, WaitReason::Export),
        span(SpanKind::Work, 5 * second, 12 * second, exportActivity, 1),
        span(SpanKind::Turn, 14 * second, 15 * second, uploadActivity, 2),
    };
    QCOMPARE(exportSeconds(snapshot), 12.0);
    QCOMPARE(overlapSeconds(snapshot), 9.0); // 1–2 and 4–12
}

void TraceExportTest::figuresAgreeWithTheModel()
{
    QVERIFY(rc::check([] {
        const Recorder::Snapshot snapshot = anySnapshot();
        const Moments exports = exportMoments(snapshot);
        const Moments uploads = uploadMoments(snapshot);
        const auto both = std::count_if(exports.begin(), exports.end(),
                                        [&](qint64 moment) { return uploads.contains(moment); });
        RC_ASSERT(qRound64(exportSeconds(snapshot) * 1e9) == qint64(exports.size()));
        RC_ASSERT(qRound64(overlapSeconds(snapshot) * 1e9) == qint64(both));
    }));
}

void TraceExportTest::intervalsAgreeWithTheModel()
{
    QVERIFY(rc::check([] {
        const std::vector<Interval> rawA = anyIntervals();
        const std::vector<Interval> rawB = anyIntervals();
        const std::vector<Interval> a = united(rawA);
        const std::vector<Interval> b = united(rawB);
        const Moments modelA = momentsOf(rawA);
        const Moments modelB = momentsOf(rawB);
        Moments common;
        Moments rest;
        for (const qint64 moment : modelA)
            (modelB.contains(moment) ? common : rest).insert(moment);
        RC_ASSERT(momentsOf(a) == modelA);
        RC_ASSERT(united(a) == a);
        RC_ASSERT(momentsOf(intersection(a, b)) == common);
        RC_ASSERT(momentsOf(difference(a, b)) == rest);
        RC_ASSERT(united(difference(a, b)) == difference(a, b));
        RC_ASSERT(lengthNs(a) == qint64(modelA.size()));
    }));
}

QTEST_GUILESS_MAIN(TraceExportTest)
#include "tst_trace_export.moc"

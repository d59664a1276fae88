// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Two real exports of the real program: that they use the cores at once, what is recorded of them,
// and what the number of threads per export changes.
#include "app/application.h"
#include "core/activity/process_usage.h"
#include "core/activity/timeline.h"
#include "core/base/task_scope.h"
#include "core/transfer/net/net.h"
#include "tests/support/scratch.h"

#include <QCoroTask>
#include <QElapsedTimer>
#include <QThread>

using namespace sendoff;
using namespace sendoff::activity;
using namespace sendoff::test;

namespace {

constexpr double wantedCores = 1.5;
constexpr double freeCores = 1.9; // that others leave: with less nothing is told of this program
constexpr int rounds = 4; // of a machine that does something else now and then

template <typename T> T valueOf(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().detail));
    return std::move(*result);
}

// The program with its queue, and what its recorder tells.
class Program {
public:
    explicit Program(const Scratch &scratch)
        : m_application(valueOf(QCoro::waitFor(app::Application::start(scratch.profile()))))
    {
    }
    ~Program()
    {
        m_scope.cancel();
        QCoro::waitFor(m_scope.join());
        QCoro::waitFor(m_application->close());
    }

    void exportClip(const FilePath &clip, const FilePath &folder)
    {
        queue::Recipe recipe;
        recipe.preset = QStringLiteral("web-1080p");
        recipe.encodeAlways = true;
        recipe.outputFolder = folder;
        queue::Job job = queue::makeJob(*valueOf(SourceFile::open(clip)), std::move(recipe));
        const QString id = job.id;
        auto adding = m_application->queue().add(std::move(job));
        if (const auto added = QCoro::waitFor(std::move(adding)); !added)
            qFatal("%s", qPrintable(added.error().detail));
        m_scope.spawn(
            [this, id](std::stop_token stop) { return m_application->runner().run(id, stop); }, 0);
    }
    app::Application &application() { return *m_application; }
    const Timeline &read()
    {
        m_application->recorder().readSince(m_cursor, m_update);
        m_timeline.take(m_update);
        return m_timeline;
    }
    // What is exported at this moment.
    std::vector<ActivityId> exporting()
    {
        std::vector<ActivityId> ids;
        for (const Lane &lane : read().lanes()) {
            if (lane.kind() == LaneKind::Worker && lane.open())
                ids.push_back(lane.open()->activity);
        }
        return ids;
    }

private:
    std::unique_ptr<app::Application> m_application;
    TaskScope m_scope;
    Recorder::Cursor m_cursor;
    Recorder::Update m_update;
    Timeline m_timeline;
};

// Cores over a stretch of time.
struct Used {
    double byExports = 0;
    double byOthers = 0; // other programs
};

struct Clock {
    qint64 atNs = monotonicNs();
    ProcessUsage process = processUsage();
    MachineUsage machine = machineUsage();
};

Used between(const Clock &begin, const Clock &end)
{
    const double seconds = double(end.atNs - begin.atNs) / 1e9;
    const double own = end.process.cpuSeconds - begin.process.cpuSeconds;
    const double all = end.machine.busySeconds - begin.machine.busySeconds;
    return {(end.process.lowPriorityCpuSeconds - begin.process.lowPriorityCpuSeconds) / seconds,
            std::max(0.0, all - own) / seconds};
}

// While two exports overlap, after they have both begun and before one of them ends.
std::optional<Used> usedByTwoExports(const FilePath &first, const FilePath &second, int round)
{
    const Scratch scratch;
    Program program(scratch);
    program.exportClip(first, scratch.folder("results"));
    program.exportClip(second, scratch.folder("results"));
    QElapsedTimer timer;
    timer.start();
    while (program.exporting().size() < 2 && timer.elapsed() < 60'000)
        QTest::qWait(10);
    QTest::qWait(300); // until both encode
    const Clock begin;
    std::optional<Clock> end;
    while (program.exporting().size() == 2 && timer.elapsed() < 120'000) {
        end = Clock(); // both still run after it …
        QTest::qWait(50);
    }
    if (!end || end->atNs - begin.atNs < 500'000'000)
        return std::nullopt;
    const Used used = between(begin, *end);
    qInfo("round %d: over %.1f s two exports used %.2f cores, other programs %.2f", round,
          double(end->atNs - begin.atNs) / 1e9, used.byExports, used.byOthers);
    return used;
}

} // namespace

class ParallelExportsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { net::Net::initialize(); }
    void useTheCoresWhileTheyOverlap();
    void tellTheirSegments();
    void threadsCountForExportsThatHaveNotBegun();
};

void ParallelExportsTest::useTheCoresWhileTheyOverlap()
{
    if (QThread::idealThreadCount() < 2)
        QSKIP("one core");
    const Scratch clips;
    const FilePath first = clips.clip("first.mkv", 12, 1280, 720);
    const FilePath second = clips.clip("second.mkv", 12, 1280, 720);
    double most = 0;
    bool wasFree = false;
    for (int round = 1; round <= rounds && most < wantedCores; ++round) {
        const auto used = usedByTwoExports(first, second, round);
        QVERIFY(used);
        most = std::max(most, used->byExports);
        wasFree = wasFree || QThread::idealThreadCount() - used->byOthers >= freeCores;
    }
    if (most < wantedCores && !wasFree)
        QSKIP("other programs left too little of the processor");
    QVERIFY2(most >= wantedCores, qPrintable(QString::number(most)));
}

void ParallelExportsTest::tellTheirSegments()
{
    const Scratch scratch;
    const FilePath clip = scratch.clip("clip.mkv", 9, 640, 360);
    Program program(scratch);
    program.exportClip(clip, scratch.folder("results"));
    QTRY_VERIFY_WITH_TIMEOUT(!program.exporting().empty(), 60'000);
    const ActivityId id = program.exporting().front();
    QTRY_VERIFY_WITH_TIMEOUT(program.exporting().empty(), 120'000);
    const auto &lanes = program.read().lanes();
    const auto worker = std::find_if(lanes.begin(), lanes.end(), [](const Lane &lane) {
        return lane.kind() == LaneKind::Worker && !lane.segments().empty();
    });
    QVERIFY(worker != lanes.end());
    // 9 s in segments of at least 2 s (DESIGN, The journal), then the end.
    std::vector<int> numbers;
    for (const LaneSegment &segment : worker->segments()) {
        QCOMPARE(segment.activity, id);
        numbers.push_back(segment.number);
    }
    QCOMPARE(numbers, (std::vector<int>{1, 2, 3, 4, 5, 0}));
}

void ParallelExportsTest::threadsCountForExportsThatHaveNotBegun()
{
    const Scratch scratch;
    const FilePath clip = scratch.clip("clip.mkv", 20, 640, 360);
    Program program(scratch);
    queue::Scheduler &scheduler = program.application().scheduler();
    scheduler.setExportsAtOnce(1);
    scheduler.setThreadsPerExport(3);
    QCOMPARE(scheduler.threadsPerExport(), 3);
    program.exportClip(clip, scratch.folder("a"));
    program.exportClip(clip, scratch.folder("b"));
    QTRY_VERIFY_WITH_TIMEOUT(!program.exporting().empty(), 60'000);
    const ActivityId first = program.exporting().front();
    Recorder &recorder = program.application().recorder();
    QCOMPARE(recorder.codecThreads(first), 3);
    scheduler.setThreadsPerExport(1); // while the first one runs and the second one waits
    QTRY_VERIFY_WITH_TIMEOUT(
        !program.exporting().empty() && program.exporting().front() != first, 120'000);
    QCOMPARE(recorder.codecThreads(first), 3);
    QCOMPARE(recorder.codecThreads(program.exporting().front()), 1);
}

QTEST_GUILESS_MAIN(ParallelExportsTest)
#include "tst_parallel_exports.moc"

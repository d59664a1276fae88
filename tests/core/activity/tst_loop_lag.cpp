// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/loop_lag.h"
#include "core/activity/recorder.h"

#include <QTest>

using namespace sendoff;
using namespace sendoff::activity;

namespace {

constexpr int warmUpMs = 2'000;

// A loop whose warm-up is over, on a thread that records.
struct WarmLoop {
    WarmLoop()
    {
        recorder.attachThisThread(QStringLiteral("main"));
        lag.start();
        QTest::qWait(warmUpMs + 100);
    }
    ~WarmLoop() { recorder.detachThisThread(); }

    Recorder recorder;
    LoopLag lag;
};

// Those that are counted from now on.
class Samples {
public:
    explicit Samples(const LoopLag &lag)
        : m_lag(lag)
        , m_before(lag.summary().samples)
        , m_beginNs(monotonicNs())
    {
    }
    // One per tick that was due, however late it came; not more, and the last few may be due now.
    bool areAsManyAsWereDue() const
    {
        const double due = double(monotonicNs() - m_beginNs) / 10e6;
        return std::abs(double(m_lag.summary().samples - m_before) - due) <= 3;
    }

private:
    const LoopLag &m_lag;
    qint64 m_before;
    qint64 m_beginNs;
};

} // namespace

class LoopLagTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsCountedWhileItWarmsUp();
    void anIdleLoopIsHardlyLate();
    void everyMissedTickCounts();
    void theScheduleStaysAbsolute();
};

void LoopLagTest::nothingIsCountedWhileItWarmsUp()
{
    LoopLag lag;
    QCOMPARE(lag.summary().samples, 0);
    QCOMPARE(lag.summary().p99, 0.0);
    lag.start();
    QTest::qSleep(300);
    QTest::qWait(200);
    QCOMPARE(lag.summary().samples, 0);
    QCOMPARE(lag.summary().max, 0.0);
}

void LoopLagTest::anIdleLoopIsHardlyLate()
{
    const WarmLoop warm;
    QTest::qWait(1'000);
    const LagSummary summary = warm.lag.summary();
    qInfo("%lld samples: p50 %.2f ms, p99 %.2f ms, max %.2f ms", summary.samples, summary.p50,
          summary.p99, summary.max);
    QVERIFY(summary.samples >= 80);
    QVERIFY2(summary.p50 < 200, qPrintable(QString::number(summary.p50)));
    QVERIFY(summary.p50 <= summary.p99 && summary.p99 <= summary.max);
}

void LoopLagTest::everyMissedTickCounts()
{
    const WarmLoop warm;
    const Samples samples(warm.lag);
    QTest::qSleep(1'000); // 100 ticks are due meanwhile: 1000, 990, … 10 ms late
    QTRY_VERIFY(warm.lag.summary().max >= 980);
    QTRY_VERIFY_WITH_TIMEOUT(samples.areAsManyAsWereDue(), 30'000);
    const LagSummary summary = warm.lag.summary();
    // Evenly spread from 0 to 1000 ms, with the few of before at the bottom.
    QVERIFY2(summary.p50 > 200 && summary.p50 < 800, qPrintable(QString::number(summary.p50)));
    QVERIFY2(summary.p99 > 900, qPrintable(QString::number(summary.p99)));
    const Recorder::Snapshot snapshot = warm.recorder.snapshot();
    QVERIFY(std::any_of(snapshot.spans.begin(), snapshot.spans.end(), [](const Span &span) {
        return span.kind == SpanKind::Loop && span.lengthNs() >= 980'000'000;
    }));
}

void LoopLagTest::theScheduleStaysAbsolute()
{
    const WarmLoop warm;
    const Samples samples(warm.lag);
    for (int round = 0; round < 20; ++round) {
        QTest::qSleep(17); // a loop that is late again and again
        QTest::qWait(1);
    }
    QTRY_VERIFY_WITH_TIMEOUT(samples.areAsManyAsWereDue(), 30'000);
}

QTEST_GUILESS_MAIN(LoopLagTest)
#include "tst_loop_lag.moc"

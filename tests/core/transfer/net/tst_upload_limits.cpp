// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The limit over all uploads and those of single destinations, together, on a clock that moves when
// told: ± 3 % whatever the machine does meanwhile. What curl makes of it is tst_net_load's.
#include "core/transfer/net/upload_limits.h"

#include <QTest>

#include <deque>
#include <map>

using namespace std::chrono_literals;
using sendoff::net::BandwidthLimit;
using sendoff::net::UploadLimits;

namespace {

constexpr qint64 buffer = 256 << 10; // what an upload asks for at a time

// Uploads that always have something to send, as Net serves them.
class LimitsSimulation {
public:
    UploadLimits limits{[this] { return m_now; }};

    void add(const QByteArray &group, int uploads)
    {
        for (int i = 0; i < uploads; ++i) {
            Upload &upload = m_uploads.emplace_back();
            upload.group = group;
            upload.draw.open(limits, group);
        }
    }
    // Ended, as one that is done or cancelled.
    void end(const QByteArray &group)
    {
        for (Upload &upload : m_uploads) {
            if (upload.group == group && !upload.isEnded)
                upload.draw.close();
            upload.isEnded = upload.isEnded || upload.group == group;
        }
    }
    // Bytes per second of each group in this time, and under "" of all.
    std::map<QByteArray, double> run(std::chrono::milliseconds time,
                                     std::chrono::milliseconds tick = 10ms)
    {
        std::map<QByteArray, qint64> sent;
        const auto begin = m_now;
        for (; m_now < begin + time; m_now += tick) {
            for (Upload &upload : m_uploads)
                send(upload, sent);
            while (BandwidthLimit::Client *admitted = limits.admitNext())
                send(of(*admitted), sent);
        }
        std::map<QByteArray, double> rates;
        for (const auto &[group, bytes] : sent)
            rates[group] = double(bytes) / std::chrono::duration<double>(m_now - begin).count();
        return rates;
    }
    ~LimitsSimulation()
    {
        for (Upload &upload : m_uploads) {
            if (!upload.isEnded)
                upload.draw.close();
        }
    }

private:
    struct Upload {
        QByteArray group;
        BandwidthLimit::Client total;
        BandwidthLimit::Client ofGroup;
        UploadLimits::Draw draw{total, ofGroup};
        bool isEnded = false;
    };
    void send(Upload &upload, std::map<QByteArray, qint64> &sent)
    {
        while (!upload.isEnded && !upload.draw.isWaiting()) {
            const qint64 taken = upload.draw.take(buffer);
            // Every other time the socket takes only a part of it.
            const qint64 kept = ++m_takes % 2 == 0 ? taken / 3 : 0;
            if (kept > 0)
                upload.draw.giveBack(kept);
            sent[upload.group] += taken - kept;
            sent[QByteArray()] += taken - kept;
        }
    }
    Upload &of(BandwidthLimit::Client &client)
    {
        for (Upload &upload : m_uploads) {
            if (&upload.total == &client || &upload.ofGroup == &client)
                return upload;
        }
        qFatal("admitted nobody of ours");
    }

    std::chrono::nanoseconds m_now{0};
    std::deque<Upload> m_uploads; // they stay where they are
    int m_takes = 0;
};

} // namespace

class UploadLimitsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsToTheRateOfEachGroup_data();
    void keepsToTheRateOfEachGroup();
    void keepsToTheTotalAmongGroups_data();
    void keepsToTheTotalAmongGroups();
    void whatOneGroupLeavesIsTheOthers();
    void actsOnAChangedRateAtOnce();
};

#define COMPARE_RATE(rate, expected)                                                               \
    QVERIFY2((rate) > 0.97 * double(expected) && (rate) < 1.03 * double(expected),                 \
             qPrintable(QStringLiteral("%1 instead of %2").arg(rate).arg(double(expected))))

void UploadLimitsTest::keepsToTheRateOfEachGroup_data()
{
    QTest::addColumn<int>("uploads"); // of each group
    QTest::addColumn<int>("tick");
    for (const int uploads : {1, 3, 20}) {
        for (const int tick : {10, 37, 90}) // a loop in time, and one that is late
            QTest::addRow("%d uploads each, every %d ms", uploads, tick) << uploads << tick;
    }
}

void UploadLimitsTest::keepsToTheRateOfEachGroup()
{
    QFETCH(const int, uploads);
    QFETCH(const int, tick);
    const std::map<QByteArray, qint64> rates{
        {"slow", 50'000}, {"middle", 1'000'000}, {"fast", 20'000'000}};
    LimitsSimulation simulation;
    for (const auto &[group, rate] : rates) {
        simulation.limits.setRate(group, rate);
        simulation.add(group, uploads);
    }
    simulation.run(2s, std::chrono::milliseconds(tick)); // what the buckets held
    auto measured = simulation.run(30s, std::chrono::milliseconds(tick));
    for (const auto &[group, rate] : rates)
        COMPARE_RATE(measured[group], rate);
}

void UploadLimitsTest::keepsToTheTotalAmongGroups_data()
{
    QTest::addColumn<qint64>("total");
    QTest::addColumn<qint64>("first"); // the limits of the groups, and what they get
    QTest::addColumn<qint64>("second");
    QTest::addColumn<qint64>("firstGets");
    QTest::addColumn<qint64>("secondGets");
    const auto row = [](const char *name, qint64 total, qint64 first, qint64 second,
                        qint64 firstGets, qint64 secondGets) {
        QTest::newRow(name) << total << first << second << firstGets << secondGets;
    };
    row("one wants more than there is", 4'000'000, 12'000'000, 500'000, 3'500'000, 500'000);
    row("both want more than there is", 4'000'000, 8'000'000, 8'000'000, 2'000'000, 2'000'000);
    row("one has no limit", 4'000'000, 0, 1'000'000, 3'000'000, 1'000'000);
    row("there is more than both want", 40'000'000, 3'000'000, 1'000'000, 3'000'000, 1'000'000);
    row("little for everybody", 60'000, 0, 20'000, 40'000, 20'000);
}

void UploadLimitsTest::keepsToTheTotalAmongGroups()
{
    QFETCH(const qint64, total);
    QFETCH(const qint64, first);
    QFETCH(const qint64, second);
    QFETCH(const qint64, firstGets);
    QFETCH(const qint64, secondGets);
    LimitsSimulation simulation;
    simulation.limits.setRate({}, total);
    simulation.limits.setRate("first", first);
    simulation.limits.setRate("second", second);
    simulation.add("first", 2);
    simulation.add("second", 2);
    simulation.run(2s);
    auto measured = simulation.run(60s);
    COMPARE_RATE(measured[QByteArray()], std::min(total, firstGets + secondGets));
    COMPARE_RATE(measured["first"], firstGets);
    COMPARE_RATE(measured["second"], secondGets);
}

void UploadLimitsTest::whatOneGroupLeavesIsTheOthers()
{
    LimitsSimulation simulation;
    simulation.limits.setRate({}, 4'000'000);
    simulation.limits.setRate("first", 3'000'000);
    simulation.limits.setRate("second", 3'000'000);
    simulation.add("first", 1);
    simulation.add("second", 1);
    simulation.run(2s);
    COMPARE_RATE(simulation.run(30s)["second"], 2'000'000);
    simulation.end("first");
    simulation.run(2s);
    COMPARE_RATE(simulation.run(30s)["second"], 3'000'000);
}

void UploadLimitsTest::actsOnAChangedRateAtOnce()
{
    LimitsSimulation simulation;
    simulation.limits.setRate("first", 1'000'000);
    simulation.limits.setRate("second", 2'000'000);
    simulation.add("first", 3);
    simulation.add("second", 3);
    simulation.run(10s);
    simulation.limits.setRate("first", 5'000'000);
    auto measured = simulation.run(20s);
    COMPARE_RATE(measured["first"], 5'000'000);
    COMPARE_RATE(measured["second"], 2'000'000);
    simulation.limits.setRate({}, 3'000'000); // now over all
    measured = simulation.run(20s);
    COMPARE_RATE(measured[QByteArray()], 3'000'000);
}

QTEST_GUILESS_MAIN(UploadLimitsTest)
#include "tst_upload_limits.moc"

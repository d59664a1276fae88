// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/sent_rates.h"

#include <QTest>

using namespace sendoff;
using namespace sendoff::activity;

namespace {

constexpr qint64 tickNs = 100'000'000; // a reading, as the window's

// As the window does it: each reading, then what is idle is forgotten.
void read(SentRates &rates, ActivityId id, qint64 bytes, qint64 nowNs)
{
    rates.take(id, bytes, nowNs);
    rates.forgetIdle(nowNs);
}

} // namespace

class SentRatesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ratesOfUploadsThatSend()
    {
        SentRates rates;
        qint64 now = 1'000 * SentRates::slotNs;
        for (qint64 reading = 0; reading <= 40; ++reading, now += tickNs) {
            read(rates, 1, reading * 10'000, now); // 100 kB/s
            read(rates, 2, reading * 30'000, now);
        }
        const auto slot = rates.slot(0, now);
        QCOMPARE(slot.size(), std::size_t(2));
        QCOMPARE(slot.at(1), 100'000.0);
        QCOMPARE(slot.at(2), 300'000.0);
        QCOMPARE(rates.total(now), 400'000.0);
    }
    void whatWasSentBeforeTheFirstLookDoesNotCount()
    {
        SentRates rates;
        qint64 now = 1'000 * SentRates::slotNs;
        for (int reading = 0; reading < 40; ++reading, now += tickNs)
            read(rates, 1, 5'000'000, now);
        QCOMPARE(rates.total(now), 0.0);
    }
    void aWaitIsNotForgottenAtOnce()
    {
        SentRates rates;
        qint64 now = 1'000 * SentRates::slotNs;
        read(rates, 1, 1'000, now);
        now += 100 * SentRates::slotNs; // 50 s: it waited for the network
        read(rates, 1, 1'000, now);
        read(rates, 1, 51'000, now);
        QCOMPARE(rates.slot(0, now + SentRates::slotNs).at(1), 100'000.0);
    }
    void anUploadThatIsOverIsForgotten()
    {
        SentRates rates;
        qint64 now = 1'000 * SentRates::slotNs;
        read(rates, 1, 0, now);
        read(rates, 1, 50'000, now);
        QCOMPARE(rates.slot(0, now + SentRates::slotNs).size(), std::size_t(1));
        now += (SentRates::slotCount + 1) * SentRates::slotNs;
        rates.forgetIdle(now);
        read(rates, 1, 90'000, now); // as if it were new
        QVERIFY(rates.slot(0, now + SentRates::slotNs).empty());
    }
};

QTEST_APPLESS_MAIN(SentRatesTest)
#include "tst_sent_rates.moc"

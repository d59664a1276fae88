// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/upload_ledger.h"

#include <QtTest>

using namespace sendoff;
using namespace sendoff::transfer;

using Origin = UploadLedger::SessionOrigin;
using Verdict = UploadLedger::Verdict;

class TestUploadLedger : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void believesWhatWasHandedOver();
    void doesNotBelieveWhatWasNeverSent();
    void believesARestoredSessionUpToTheEnd();
    void noticesLessThanBefore();
    void countsWhatHasToBeSentAgain();
    void takesBackWhatArrivesLate();
    void countsAForgottenSessionWhole();
    void takesLessOfASessionThatWasOpenedAnew();
};

void TestUploadLedger::believesWhatWasHandedOver()
{
    UploadLedger ledger;
    ledger.begin(Origin::New);
    ledger.handOver({0, 100});
    QCOMPARE(ledger.judge(ByteRanges::upTo(100), 200), Verdict::Plausible);
    QVERIFY(ledger.accept(ByteRanges::upTo(60)));
    QVERIFY(!ledger.accept(ByteRanges::upTo(60)));
    QCOMPARE(ledger.confirmed().prefix(), 60);
}

void TestUploadLedger::doesNotBelieveWhatWasNeverSent()
{
    UploadLedger ledger;
    ledger.begin(Origin::New);
    ledger.handOver({0, 100});
    QCOMPARE(ledger.judge(ByteRanges::upTo(101), 200), Verdict::Impossible);
    QCOMPARE(ledger.judge(ByteRanges::upTo(101), std::nullopt), Verdict::Impossible);
    QCOMPARE(ledger.judge(ByteRanges(ByteRange{50, 150}), 200), Verdict::Impossible);
}

void TestUploadLedger::believesARestoredSessionUpToTheEnd()
{
    UploadLedger ledger;
    ledger.begin(Origin::Restored);
    QCOMPARE(ledger.judge(ByteRanges::upTo(150), 200), Verdict::Plausible);
    QCOMPARE(ledger.judge(ByteRanges::upTo(201), 200), Verdict::Impossible);
}

void TestUploadLedger::noticesLessThanBefore()
{
    UploadLedger ledger;
    ledger.begin(Origin::New);
    ledger.handOver({0, 100});
    ledger.accept(ByteRanges::upTo(80));
    QCOMPARE(ledger.judge(ByteRanges::upTo(79), 200), Verdict::Less);
    QCOMPARE(ledger.judge(ByteRanges::upTo(80), 200), Verdict::Plausible);
}

void TestUploadLedger::countsWhatHasToBeSentAgain()
{
    UploadLedger ledger;
    ledger.begin(Origin::New);
    ledger.handOver({0, 100});
    ledger.accept(ByteRanges::upTo(60));
    QCOMPARE(ledger.resentBytes(), 40);
    ledger.handOver({60, 200});
    ledger.accept(ByteRanges::upTo(200));
    QCOMPARE(ledger.resentBytes(), 40);
}

void TestUploadLedger::takesBackWhatArrivesLate()
{
    UploadLedger ledger;
    ledger.begin(Origin::New);
    ledger.handOver({0, 100});
    ledger.accept(ByteRanges::upTo(60));
    ledger.accept(ByteRanges::upTo(100)); // the rest was still on its way
    QCOMPARE(ledger.resentBytes(), 0);
}

void TestUploadLedger::countsAForgottenSessionWhole()
{
    UploadLedger ledger;
    ledger.begin(Origin::Restored);
    ledger.accept(ByteRanges::upTo(50));
    ledger.handOver({50, 80});
    ledger.accept(ByteRanges::upTo(70));
    ledger.forfeit();
    QCOMPARE(ledger.resentBytes(), 80);
    QVERIFY(ledger.confirmed().isEmpty());
}

// As a disk that was unplugged: it has less than it had, and what it lost is sent again.
void TestUploadLedger::takesLessOfASessionThatWasOpenedAnew()
{
    UploadLedger ledger;
    ledger.begin(Origin::New);
    ledger.handOver({0, 100});
    QVERIFY(ledger.accept(ByteRanges::upTo(100)));
    ledger.reopen();
    QCOMPARE(ledger.judge(ByteRanges::upTo(60), 200), Verdict::Plausible);
    QVERIFY2(!ledger.accept(ByteRanges::upTo(60)), "coming back is no progress");
    QCOMPARE(ledger.resentBytes(), 40);
    ledger.handOver({60, 100});
    QVERIFY2(!ledger.accept(ByteRanges::upTo(100)), "it had that before");
    ledger.handOver({100, 200});
    QVERIFY(ledger.accept(ByteRanges::upTo(200)));
    QCOMPARE(ledger.resentBytes(), 40);
}

QTEST_APPLESS_MAIN(TestUploadLedger)
#include "tst_upload_ledger.moc"

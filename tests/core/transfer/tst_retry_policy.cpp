// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/retry_policy.h"

#include <QtTest>

#include <rapidcheck.h>

using namespace sendoff;
using namespace sendoff::transfer;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

const std::chrono::system_clock::time_point now{1'700'000'000s};

Error errorWith(RetryAdvice advice)
{
    return Error(ErrorKind::DestinationTrouble, {}, advice);
}

RetryBudget budgetWith(double random)
{
    return RetryBudget(UploadPolicy{}, [random] { return random; });
}

} // namespace

class TestRetryPolicy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void waitsLongerEachTimeUpToTheLongest();
    void spreadsBackoffOverTheWholeTime();
    void waitsUntilTheTimeThatTheServerNames();
    void doesNotHurryWhereTheNamedTimeHasPassed();
    void leavesToTheCaller_data();
    void leavesToTheCaller();
    void givesUpAfterSoManyAttemptsWithoutProgress();
    void startsAnewAfterProgress();
};

void TestRetryPolicy::waitsLongerEachTimeUpToTheLongest()
{
    RetryBudget budget = budgetWith(0.5);
    QList<milliseconds> waits;
    for (int i = 0; i < 8; ++i)
        waits.append(*budget.nextDelay(errorWith(RetryAdvice::backoff()), now));
    const QList<milliseconds> wanted{500ms, 1s, 2s, 4s, 8s, 16s, 30s, 30s};
    QCOMPARE(waits, wanted);
}

void TestRetryPolicy::spreadsBackoffOverTheWholeTime()
{
    const bool holds = rc::check("0 <= wait <= first · 2^n, at most the longest", [] {
        RetryBudget budget{UploadPolicy{}};
        for (int attempt = 0; attempt < 8; ++attempt) {
            const auto wait = budget.nextDelay(errorWith(RetryAdvice::backoff()), now);
            RC_ASSERT(wait.has_value());
            RC_ASSERT(*wait >= 0ms);
            RC_ASSERT(*wait <= std::min<milliseconds>(1s * (1 << attempt), 60s));
        }
    });
    QVERIFY(holds);
    // Full jitter: not all at the same moment, and not all in the upper half.
    int early = 0;
    for (int i = 0; i < 1000; ++i) {
        RetryBudget budget{UploadPolicy{}};
        early += *budget.nextDelay(errorWith(RetryAdvice::backoff()), now) < 500ms ? 1 : 0;
    }
    QVERIFY2(early > 350 && early < 650, qPrintable(QString::number(early)));
}

void TestRetryPolicy::waitsUntilTheTimeThatTheServerNames()
{
    RetryBudget exact = budgetWith(0);
    QCOMPARE(*exact.nextDelay(errorWith(RetryAdvice::atTime(now + 90s)), now), milliseconds(90s));
    RetryBudget late = budgetWith(0.999);
    const auto wait = *late.nextDelay(errorWith(RetryAdvice::atTime(now + 90s)), now);
    QVERIFY(wait >= 90s && wait <= 96s);
}

void TestRetryPolicy::doesNotHurryWhereTheNamedTimeHasPassed()
{
    RetryBudget budget = budgetWith(0.5);
    QCOMPARE(*budget.nextDelay(errorWith(RetryAdvice::atTime(now - 5s)), now), 500ms);
}

void TestRetryPolicy::leavesToTheCaller_data()
{
    QTest::addColumn<int>("when");
    QTest::newRow("never") << int(RetryAdvice::When::Never);
    QTest::newRow("when there is space") << int(RetryAdvice::When::WhenSpace);
    QTest::newRow("after a sign-in") << int(RetryAdvice::When::AfterSignIn);
}

void TestRetryPolicy::leavesToTheCaller()
{
    QFETCH(const int, when);
    RetryBudget budget = budgetWith(0.5);
    RetryAdvice advice;
    advice.when = RetryAdvice::When(when);
    QVERIFY(!budget.nextDelay(errorWith(advice), now));
    QCOMPARE(budget.used(), 0);
}

void TestRetryPolicy::givesUpAfterSoManyAttemptsWithoutProgress()
{
    RetryBudget budget = budgetWith(0.5);
    const RetryAdvice whenDestination{RetryAdvice::When::WhenDestination, {}};
    for (int i = 0; i < 8; ++i)
        QVERIFY(budget.nextDelay(errorWith(whenDestination), now).has_value());
    QVERIFY(!budget.nextDelay(errorWith(whenDestination), now).has_value());
}

void TestRetryPolicy::startsAnewAfterProgress()
{
    RetryBudget budget = budgetWith(0.5);
    for (int i = 0; i < 5; ++i)
        (void)budget.nextDelay(errorWith(RetryAdvice::backoff()), now);
    budget.renew();
    QCOMPARE(*budget.nextDelay(errorWith(RetryAdvice::backoff()), now), 500ms);
    QCOMPARE(budget.used(), 1);
}

QTEST_APPLESS_MAIN(TestRetryPolicy)
#include "tst_retry_policy.moc"

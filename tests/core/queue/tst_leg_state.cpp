// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/leg_state.h"

#include <QTest>

#include <array>

using namespace sendoff::queue;

namespace {

constexpr int stateCount = int(LegState::Cancelled) + 1;
constexpr int eventCount = int(LegEvent::Interrupted) + 1;
constexpr int waitCount = int(WaitFor::SignIn) + 1;

// Every pair by hand, apart from the table under test. Columns: states in their order: not needed,
// waiting, running, paused, retrying, needs attention, verifying, done, cancelled. A letter is the
// state that follows; "-" means the event is not allowed.
struct EventRow {
    LegEvent event;
    const char *name;
    std::array<char, stateCount> following;
};

constexpr char N = 'n'; // NotNeeded
constexpr char W = 'w'; // Waiting
constexpr char R = 'r'; // Running
constexpr char P = 'p'; // Paused
constexpr char T = 't'; // reTrying
constexpr char A = 'a'; // needs Attention
constexpr char V = 'v'; // Verifying
constexpr char D = 'd'; // Done
constexpr char C = 'c'; // Cancelled
constexpr char o = '-';

constexpr std::array<char, stateCount> stateLetters{N, W, R, P, T, A, V, D, C};

// clang-format off
constexpr std::array eventRows{
    //                                               n  w  r  p  t  a  v  d  c
    EventRow{LegEvent::Start,       "start",        {o, R, o, o, R, o, o, o, o}},
    EventRow{LegEvent::Completed,   "completed",    {o, o, V, V, o, o, o, o, V}},
    EventRow{LegEvent::Verified,    "verified",     {o, o, o, o, o, o, D, o, o}},
    EventRow{LegEvent::Pause,       "pause",        {o, P, P, o, P, o, P, o, o}},
    EventRow{LegEvent::Resume,      "resume",       {o, o, o, W, o, o, o, o, o}},
    EventRow{LegEvent::Hold,        "hold",         {o, W, W, o, W, o, W, o, o}},
    EventRow{LegEvent::Backoff,     "backoff",      {o, o, T, o, o, o, T, o, o}},
    EventRow{LegEvent::Fail,        "fail",         {o, A, A, o, A, o, A, o, o}},
    EventRow{LegEvent::Retry,       "retry",        {o, o, o, o, R, W, o, o, o}},
    EventRow{LegEvent::Cancel,      "cancel",       {o, C, C, C, C, C, C, o, o}},
    EventRow{LegEvent::Undo,        "undo",         {o, o, o, o, o, o, o, o, W}},
    EventRow{LegEvent::StartOver,   "start over",   {o, W, W, P, W, W, W, W, W}},
    EventRow{LegEvent::Interrupted, "interrupted",  {o, o, W, o, W, o, W, o, o}},
};
// clang-format on
static_assert(eventRows.size() == eventCount);

char letterOf(std::optional<LegState> state)
{
    return state ? stateLetters[std::size_t(*state)] : o;
}

} // namespace

class LegStateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyPairFollowsTheTable_data();
    void everyPairFollowsTheTable();
    void noPairStandsTwiceInTheTable();
    void whatRunsCanAlwaysBeCancelledPausedAndInterrupted();
    void settledIsWhatNoRunnerTouches();
    void stateNamesReadBack();
    void waitNamesReadBack();
};

void LegStateTest::everyPairFollowsTheTable_data()
{
    QTest::addColumn<int>("event");
    QTest::addColumn<int>("state");
    QTest::addColumn<char>("following");
    for (const EventRow &row : eventRows) {
        for (int state = 0; state < stateCount; ++state) {
            QTest::addRow("%s while %s", row.name, qPrintable(stateName(LegState(state))))
                << int(row.event) << state << row.following[std::size_t(state)];
        }
    }
}

void LegStateTest::everyPairFollowsTheTable()
{
    QFETCH(int, event);
    QFETCH(int, state);
    QFETCH(char, following);
    QCOMPARE(letterOf(next(LegState(state), LegEvent(event))), following);
}

void LegStateTest::noPairStandsTwiceInTheTable()
{
    for (const LegStep &step : legSteps) {
        const auto isSamePair = [&step](const LegStep &other) {
            return other.from == step.from && other.on == step.on;
        };
        QCOMPARE(std::count_if(legSteps.begin(), legSteps.end(), isSamePair), 1);
    }
}

void LegStateTest::whatRunsCanAlwaysBeCancelledPausedAndInterrupted()
{
    for (int number = 0; number < stateCount; ++number) {
        const LegState state = LegState(number);
        if (!isActive(state))
            continue;
        QCOMPARE(next(state, LegEvent::Cancel), std::optional(LegState::Cancelled));
        QCOMPARE(next(state, LegEvent::Pause), std::optional(LegState::Paused));
        QCOMPARE(next(state, LegEvent::Interrupted), std::optional(LegState::Waiting));
    }
}

void LegStateTest::settledIsWhatNoRunnerTouches()
{
    for (int number = 0; number < stateCount; ++number) {
        const LegState state = LegState(number);
        QVERIFY(!(isActive(state) && isSettled(state)));
        if (isSettled(state)) {
            QVERIFY(!next(state, LegEvent::Start));
            QVERIFY(!next(state, LegEvent::Interrupted));
        }
    }
}

void LegStateTest::stateNamesReadBack()
{
    QSet<QString> names;
    for (int number = 0; number < stateCount; ++number) {
        names.insert(stateName(LegState(number)));
        QCOMPARE(stateFromName(stateName(LegState(number))), std::optional(LegState(number)));
    }
    QCOMPARE(names.size(), stateCount);
    QCOMPARE(stateName(LegState::NeedsAttention), QStringLiteral("needs-attention"));
    QVERIFY(!stateFromName(u"Waiting"));
    QVERIFY(!stateFromName(u""));
}

void LegStateTest::waitNamesReadBack()
{
    QSet<QString> names;
    for (int number = 0; number < waitCount; ++number) {
        names.insert(waitName(WaitFor(number)));
        QCOMPARE(waitFromName(waitName(WaitFor(number))), std::optional(WaitFor(number)));
    }
    QCOMPARE(names.size(), waitCount);
    QCOMPARE(waitName(WaitFor::SignIn), QStringLiteral("sign-in"));
    QVERIFY(!waitFromName(u"coffee"));
}

QTEST_GUILESS_MAIN(LegStateTest)
#include "tst_leg_state.moc"

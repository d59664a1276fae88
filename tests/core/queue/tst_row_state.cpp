// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/row_state.h"

#include <QSet>
#include <QTest>

using namespace sendoff::queue;

namespace {

Leg leg(LegKind kind, LegState state, WaitFor waitFor = WaitFor::Nothing)
{
    Leg made;
    made.kind = kind;
    made.state = state;
    made.waitFor = waitFor;
    return made;
}

Job jobOf(LegState exported, QList<Leg> uploads = {}, WaitFor exportWaits = WaitFor::Slot)
{
    Job job;
    job.legs.append(leg(LegKind::Export, exported, exportWaits));
    for (Leg &upload : uploads) {
        upload.ordinal = int(job.legs.size()) - 1;
        job.legs.append(upload);
    }
    return job;
}

Leg upload(LegState state, WaitFor waitFor = WaitFor::Nothing)
{
    return leg(LegKind::Upload, state, waitFor);
}

using enum LegState;

} // namespace

class RowStateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysTheFirstThatApplies_data();
    void saysTheFirstThatApplies();
    void anOverlayShowsOnlyWhereSomethingCouldRun_data();
    void anOverlayShowsOnlyWhereSomethingCouldRun();
    void aRowThatWasNeverOpenedIsChecking();
    void everyWordHasANameOfItsOwn();
};

void RowStateTest::saysTheFirstThatApplies_data()
{
    QTest::addColumn<Job>("job");
    QTest::addColumn<int>("word");
    QTest::addColumn<int>("waitFor");
    QTest::addColumn<int>("leg");
    const auto row = [](const char *name, const Job &job, RowWord word, int leg,
                        WaitFor waitFor = WaitFor::Nothing) {
        QTest::newRow(name) << job << int(word) << int(waitFor) << leg;
    };

    row("an export waits", jobOf(Waiting), RowWord::Waiting, 0, WaitFor::Slot);
    row("an export waits for room", jobOf(Waiting, {}, WaitFor::Space), RowWord::Waiting, 0,
        WaitFor::Space);
    row("exporting", jobOf(Running, {upload(Waiting, WaitFor::Export)}), RowWord::Exporting, 0);
    row("both", jobOf(Running, {upload(Running)}), RowWord::ExportingAndUploading, 0);
    row("checking the export", jobOf(Verifying), RowWord::Verifying, 0);
    row("exported, the upload waits", jobOf(Done, {upload(Waiting, WaitFor::Slot)}),
        RowWord::Waiting, 1, WaitFor::Slot);
    row("exported, the server is away", jobOf(Done, {upload(Waiting, WaitFor::Destination)}),
        RowWord::Waiting, 1, WaitFor::Destination);
    row("uploading", jobOf(Done, {upload(Running)}), RowWord::Uploading, 1);
    row("uploading without an export", jobOf(NotNeeded, {upload(Running)}), RowWord::Uploading, 1);
    row("one upload done, one runs", jobOf(Done, {upload(Done), upload(Running)}),
        RowWord::Uploading, 2);
    row("one uploads, one is verified", jobOf(Done, {upload(Verifying), upload(Running)}),
        RowWord::Uploading, 2);
    row("verifying", jobOf(Done, {upload(Verifying)}), RowWord::Verifying, 1);
    row("retrying", jobOf(Done, {upload(Retrying)}), RowWord::Retrying, 1);
    row("retrying goes before waiting",
        jobOf(Done, {upload(Waiting, WaitFor::Slot), upload(Retrying)}), RowWord::Retrying, 2);
    row("paused", jobOf(Paused, {upload(Paused)}), RowWord::Paused, 0);
    row("paused while another leg waits", jobOf(Done, {upload(Waiting), upload(Paused)}),
        RowWord::Paused, 2);
    row("paused shows only when nothing runs", jobOf(Done, {upload(Paused), upload(Running)}),
        RowWord::Uploading, 2);
    row("cancelled goes before paused", jobOf(Cancelled, {upload(Paused)}), RowWord::Cancelled, 0);
    row("attention goes before all", jobOf(Running, {upload(NeedsAttention), upload(Running)}),
        RowWord::NeedsAttention, 1);
    row("attention goes before cancelled", jobOf(NeedsAttention, {upload(Cancelled)}),
        RowWord::NeedsAttention, 0);
    row("done", jobOf(Done, {upload(Done)}), RowWord::Done, 1);
    row("an export alone is done", jobOf(Done), RowWord::Done, 0);
    row("uploaded as it was", jobOf(NotNeeded, {upload(Done)}), RowWord::Done, 1);
}

void RowStateTest::saysTheFirstThatApplies()
{
    QFETCH(Job, job);
    QFETCH(int, word);
    QFETCH(int, waitFor);
    QFETCH(int, leg);
    const RowState state = rowStateOf(job, false);
    QCOMPARE(rowWordName(state.word), rowWordName(RowWord(word)));
    QCOMPARE(int(state.waitFor), waitFor);
    QCOMPARE(state.leg, leg);
    QVERIFY(!state.isPausedByAll);
}

void RowStateTest::anOverlayShowsOnlyWhereSomethingCouldRun_data()
{
    QTest::addColumn<Job>("job");
    QTest::addColumn<int>("word");
    QTest::addColumn<bool>("isByAll");
    const auto row = [](const char *name, const Job &job, RowWord word, bool isByAll) {
        QTest::newRow(name) << job << int(word) << isByAll;
    };
    row("waiting", jobOf(Waiting), RowWord::Paused, true);
    row("retrying", jobOf(Done, {upload(Retrying)}), RowWord::Paused, true);
    row("still stopping", jobOf(Running), RowWord::Exporting, false);
    row("paused by itself", jobOf(Paused), RowWord::Paused, false);
    row("done", jobOf(Done), RowWord::Done, false);
    row("cancelled", jobOf(Cancelled), RowWord::Cancelled, false);
    row("needs attention", jobOf(NeedsAttention), RowWord::NeedsAttention, false);
}

void RowStateTest::anOverlayShowsOnlyWhereSomethingCouldRun()
{
    QFETCH(Job, job);
    QFETCH(int, word);
    QFETCH(bool, isByAll);
    const RowState state = rowStateOf(job, true);
    QCOMPARE(rowWordName(state.word), rowWordName(RowWord(word)));
    QCOMPARE(state.isPausedByAll, isByAll);
}

void RowStateTest::aRowThatWasNeverOpenedIsChecking()
{
    Job job = jobOf(Waiting);
    job.isChecked = false;
    QCOMPARE(rowStateOf(job, false).word, RowWord::Checking);
    QCOMPARE(rowStateOf(job, true).word, RowWord::Checking);
    job.legs[0].state = Cancelled;
    QCOMPARE(rowStateOf(job, false).word, RowWord::Cancelled);
    job.legs[0].state = NeedsAttention;
    QCOMPARE(rowStateOf(job, false).word, RowWord::NeedsAttention);
}

void RowStateTest::everyWordHasANameOfItsOwn()
{
    QSet<QString> names;
    for (int word = 0; word <= int(RowWord::Done); ++word)
        names.insert(rowWordName(RowWord(word)));
    QCOMPARE(names.size(), int(RowWord::Done) + 1);
    QCOMPARE(rowWordName(RowWord::NeedsAttention), QStringLiteral("needs-attention"));
}

QTEST_GUILESS_MAIN(RowStateTest)
#include "tst_row_state.moc"

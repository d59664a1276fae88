// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/queue/job_samples.h"
#include "tests/core/queue/queue_lab.h"

#include <QSignalSpy>

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;

namespace {

using enum LegState;

const char *nameOf(std::optional<Refusal> refusal)
{
    if (!refusal)
        return "allowed";
    switch (*refusal) {
    case Refusal::UnknownJob:
        return "unknown";
    case Refusal::NothingToDo:
        return "nothing to do";
    case Refusal::AlreadyDone:
        return "done";
    case Refusal::IsCancelled:
        return "cancelled";
    case Refusal::IsRunning:
        return "running";
    case Refusal::HasBegun:
        return "begun";
    case Refusal::GraceIsOver:
        return "grace over";
    }
    return "?";
}

// A job whose legs are in these states, the export leg first.
Job jobIn(const QList<LegState> &states, const QString &id = newJobId())
{
    Job job;
    job.id = id;
    job.source = "/videos/" + id.toStdString() + ".mp4";
    job.recipe.preset = QStringLiteral("web-1080p");
    for (qsizetype index = 0; index < states.size(); ++index) {
        Leg leg;
        leg.kind = index == 0 ? LegKind::Export : LegKind::Upload;
        leg.ordinal = index == 0 ? 0 : int(index) - 1;
        leg.state = states[index];
        leg.waitFor = leg.state == Waiting ? WaitFor::Slot : WaitFor::Nothing;
        if (index > 0)
            job.recipe.destinations.append(QStringLiteral("tus+http://127.0.0.1:1/files"));
        job.legs.append(leg);
    }
    return job;
}

} // namespace

// The scheduler is not started: what is tested is what the verbs do to the states.
class QueueCommandsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aVerbAppliesOrSaysWhyNot_data();
    void aVerbAppliesOrSaysWhyNot();
    void undoRestoresExactlyWhatWas_data();
    void undoRestoresExactlyWhatWas();
    void whatIsRefusedIsNotChanged();
    void rowsMove_data();
    void rowsMove();
    void draggedRowsGoBeforeTheIndex_data();
    void draggedRowsGoBeforeTheIndex();
    void whatIsRemovedCanBeRestoredToItsPlace();
    void aRecipeCanBeChangedUntilItHasBegun();
    void startingOverForgetsWhatWasMade();
    void pausingAllIsAnOverlayThatOutlivesTheProgram();
    void everythingIsStoredAsItWas();

private:
    QString put(Job job)
    {
        const QString id = job.id;
        if (!QCoro::waitFor(m_lab->queue().add(std::move(job))))
            qFatal("not added");
        return id;
    }
    QString order() const
    {
        QString letters;
        for (const QString &id : m_lab->queue().order())
            letters += id.front();
        return letters;
    }
    QStringList letters(const QString &text) const
    {
        QStringList ids;
        for (const QChar letter : text)
            ids.append(QString(12, letter));
        return ids;
    }
    QList<LegState> statesOf(const QString &id) const
    {
        QList<LegState> states;
        for (const Leg &leg : m_lab->queue().find(id)->legs)
            states.append(leg.state);
        return states;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QueueLab> m_lab;
};

void QueueCommandsTest::init()
{
    m_lab.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_lab = std::make_unique<QueueLab>(m_folder->path().toStdString());
}

void QueueCommandsTest::aVerbAppliesOrSaysWhyNot_data()
{
    QTest::addColumn<QList<int>>("states");
    QTest::addColumn<int>("verb");
    QTest::addColumn<QString>("answer");
    const auto row = [](const char *name, std::initializer_list<LegState> states, QueueVerb verb,
                        const char *answer) {
        QList<int> numbers;
        for (const LegState state : states)
            numbers.append(int(state));
        QTest::newRow(name) << numbers << int(verb) << QString::fromLatin1(answer);
    };
    row("pause what runs", {Running, Waiting}, QueueVerb::Pause, "allowed");
    row("pause what waits", {Waiting}, QueueVerb::Pause, "allowed");
    row("pause what retries", {Done, Retrying}, QueueVerb::Pause, "allowed");
    row("pause what is paused", {Paused}, QueueVerb::Pause, "nothing to do");
    row("pause what needs attention", {NeedsAttention}, QueueVerb::Pause, "nothing to do");
    row("pause what is done", {Done, Done}, QueueVerb::Pause, "done");
    row("pause what is cancelled", {Cancelled}, QueueVerb::Pause, "cancelled");
    row("resume what is paused", {Done, Paused}, QueueVerb::Resume, "allowed");
    row("resume what runs", {Running}, QueueVerb::Resume, "nothing to do");
    row("resume what is done", {Done}, QueueVerb::Resume, "done");
    row("cancel what runs", {Running}, QueueVerb::Cancel, "allowed");
    row("cancel what is half done", {Done, Waiting}, QueueVerb::Cancel, "allowed");
    row("cancel what needs attention", {NeedsAttention}, QueueVerb::Cancel, "allowed");
    row("cancel what is done", {NotNeeded, Done}, QueueVerb::Cancel, "done");
    row("cancel twice", {Cancelled}, QueueVerb::Cancel, "cancelled");
    row("undo nothing", {Running}, QueueVerb::UndoCancel, "nothing to do");
    row("undo too late", {Cancelled}, QueueVerb::UndoCancel, "grace over");
    row("retry what needs attention", {Done, NeedsAttention}, QueueVerb::Retry, "allowed");
    row("retry what waits", {Waiting}, QueueVerb::Retry, "nothing to do");
    row("remove what is done", {Done}, QueueVerb::Remove, "allowed");
    row("remove what is cancelled", {Cancelled}, QueueVerb::Remove, "allowed");
    row("remove what waits", {Waiting}, QueueVerb::Remove, "allowed");
    row("remove what runs", {Done, Running}, QueueVerb::Remove, "running");
    row("remove what is verified", {Done, Verifying}, QueueVerb::Remove, "running");
    row("change what waits", {Waiting, Waiting}, QueueVerb::ChangeRecipe, "allowed");
    row("change what runs", {Running}, QueueVerb::ChangeRecipe, "begun");
    row("change what is half done", {Done, Waiting}, QueueVerb::ChangeRecipe, "begun");
    row("change what is cancelled", {Cancelled}, QueueVerb::ChangeRecipe, "cancelled");
    row("start over what is done", {Done}, QueueVerb::StartOver, "allowed");
    row("move what runs", {Running}, QueueVerb::Move, "allowed");
}

void QueueCommandsTest::aVerbAppliesOrSaysWhyNot()
{
    QFETCH(QList<int>, states);
    QFETCH(int, verb);
    QFETCH(QString, answer);
    QList<LegState> legs;
    for (const int state : states)
        legs.append(LegState(state));
    const QString id = put(jobIn(legs));
    QCOMPARE(QString::fromLatin1(nameOf(m_lab->commands().whyNot(QueueVerb(verb), id))), answer);
    QCOMPARE(QString::fromLatin1(nameOf(m_lab->commands().whyNot(QueueVerb(verb), u"x"_qs))),
             QStringLiteral("unknown"));
}

void QueueCommandsTest::undoRestoresExactlyWhatWas_data()
{
    QTest::addColumn<int>("before");
    QTest::addColumn<int>("after");
    for (const LegState state : {Waiting, Paused, NeedsAttention})
        QTest::newRow(qPrintable(stateName(state))) << int(state) << int(state);
    for (const LegState state : {Running, Retrying, Verifying}) // goes on
        QTest::newRow(qPrintable(stateName(state))) << int(state) << int(Waiting);
}

void QueueCommandsTest::undoRestoresExactlyWhatWas()
{
    QFETCH(int, before);
    QFETCH(int, after);
    Job job = jobIn({Done, LegState(before), Paused});
    job.legs[1].error = Error(ErrorKind::DestinationBusy, QStringLiteral("why"));
    job.legs[1].waitFor = WaitFor::Destination;
    job.legs[1].resume = {{QStringLiteral("url"), QStringLiteral("https://h/1")}};
    const QString id = put(job);
    QCOMPARE(m_lab->commands().cancel({id}).changed, QStringList{id});
    QCOMPARE(statesOf(id), QList<LegState>({Done, Cancelled, Cancelled}));
    QVERIFY(m_lab->queue().find(id)->cancelledMs > 0);
    QCOMPARE(m_lab->commands().undoCancel({id}).changed, QStringList{id});
    QCOMPARE(statesOf(id), QList<LegState>({Done, LegState(after), Paused}));
    const Leg &leg = m_lab->queue().find(id)->legs[1];
    QCOMPARE(leg.resume, job.legs[1].resume);
    if (LegState(before) == NeedsAttention || LegState(before) == Waiting)
        QCOMPARE(leg.error, job.legs[1].error);
    if (LegState(before) == Waiting)
        QCOMPARE(leg.waitFor, WaitFor::Destination);
    QCOMPARE(m_lab->queue().find(id)->cancelledMs, 0);
    QCOMPARE(m_lab->commands().undoCancel({id}).refused.value(id), Refusal::NothingToDo);
}

void QueueCommandsTest::whatIsRefusedIsNotChanged()
{
    const QString done = put(jobIn({Done}));
    const QString waiting = put(jobIn({Waiting}));
    QSignalSpy changes(&m_lab->queue(), &JobQueue::legChanged);
    const auto outcome = m_lab->commands().pause({done, waiting, QStringLiteral("nobody")});
    QCOMPARE(outcome.changed, QStringList{waiting});
    QCOMPARE(outcome.refused.value(done), Refusal::AlreadyDone);
    QCOMPARE(outcome.refused.value(QStringLiteral("nobody")), Refusal::UnknownJob);
    QCOMPARE(changes.size(), 1);
    QCOMPARE(statesOf(done), QList<LegState>({Done}));
    QCOMPARE(statesOf(waiting), QList<LegState>({Paused}));
}

void QueueCommandsTest::rowsMove_data()
{
    QTest::addColumn<QString>("ids");
    QTest::addColumn<int>("where");
    QTest::addColumn<QString>("order");
    QTest::newRow("one up") << u"c"_qs << int(MoveTo::Up) << u"acbde"_qs;
    QTest::newRow("the first up") << u"a"_qs << int(MoveTo::Up) << u"abcde"_qs;
    QTest::newRow("a block up") << u"cd"_qs << int(MoveTo::Up) << u"acdbe"_qs;
    QTest::newRow("a block at the top up") << u"ab"_qs << int(MoveTo::Up) << u"abcde"_qs;
    QTest::newRow("two apart up") << u"ce"_qs << int(MoveTo::Up) << u"acbed"_qs;
    QTest::newRow("one down") << u"c"_qs << int(MoveTo::Down) << u"abdce"_qs;
    QTest::newRow("the last down") << u"e"_qs << int(MoveTo::Down) << u"abcde"_qs;
    QTest::newRow("a block down") << u"bc"_qs << int(MoveTo::Down) << u"adbce"_qs;
    QTest::newRow("to the top, in queue order") << u"db"_qs << int(MoveTo::Top) << u"bdace"_qs;
    QTest::newRow("to the bottom") << u"ac"_qs << int(MoveTo::Bottom) << u"bdeac"_qs;
}

void QueueCommandsTest::rowsMove()
{
    QFETCH(QString, ids);
    QFETCH(int, where);
    QFETCH(QString, order);
    for (const QString &id : letters(u"abcde"_qs))
        put(jobIn({Waiting}, id));
    m_lab->commands().move(letters(ids), MoveTo(where));
    QCOMPARE(this->order(), order);
    m_lab->reopen();
    QCOMPARE(this->order(), order);
}

void QueueCommandsTest::draggedRowsGoBeforeTheIndex_data()
{
    QTest::addColumn<QString>("ids");
    QTest::addColumn<int>("index");
    QTest::addColumn<QString>("order");
    QTest::newRow("down") << u"a"_qs << 3 << u"bcade"_qs;
    QTest::newRow("up") << u"e"_qs << 1 << u"aebcd"_qs;
    QTest::newRow("before itself") << u"c"_qs << 2 << u"abcde"_qs;
    QTest::newRow("behind itself") << u"c"_qs << 3 << u"abcde"_qs;
    QTest::newRow("to the end") << u"ab"_qs << 5 << u"cdeab"_qs;
    QTest::newRow("two apart come together") << u"ad"_qs << 2 << u"badce"_qs;
}

void QueueCommandsTest::draggedRowsGoBeforeTheIndex()
{
    QFETCH(QString, ids);
    QFETCH(int, index);
    QFETCH(QString, order);
    for (const QString &id : letters(u"abcde"_qs))
        put(jobIn({Waiting}, id));
    m_lab->commands().moveBefore(letters(ids), index);
    QCOMPARE(this->order(), order);
}

void QueueCommandsTest::whatIsRemovedCanBeRestoredToItsPlace()
{
    for (const QString &id : letters(u"abcd"_qs))
        put(jobIn({Done}, id));
    const Job before = *m_lab->queue().find(letters(u"b"_qs).first());
    QCOMPARE(m_lab->commands().remove(letters(u"bd"_qs)).changed.size(), 2);
    QTRY_COMPARE(order(), u"ac"_qs);
    const auto outcome = m_lab->commands().restore(letters(u"bd"_qs));
    QCOMPARE(outcome.changed.size(), 2);
    QCOMPARE(order(), u"abcd"_qs);
    QVERIFY(isEqual(*m_lab->queue().find(before.id), before));
    QCOMPARE(m_lab->commands().restore(letters(u"b"_qs)).refused.size(), 1);
    m_lab->reopen();
    QCOMPARE(order(), u"abcd"_qs);
}

void QueueCommandsTest::aRecipeCanBeChangedUntilItHasBegun()
{
    Job begun = jobIn({Waiting, Waiting});
    begun.legs[1].resume = {{QStringLiteral("url"), QStringLiteral("https://h/1")}};
    const QString first = put(jobIn({Waiting, Waiting}));
    const QString second = put(begun);
    Recipe recipe;
    recipe.destinations = {QStringLiteral("shelf:"), QStringLiteral("file:///tmp")};
    const auto outcome = m_lab->commands().changeRecipe({first, second}, recipe);
    QCOMPARE(outcome.changed, QStringList{first});
    QCOMPARE(outcome.refused.value(second), Refusal::HasBegun);
    QCOMPARE(m_lab->queue().find(first)->recipe, recipe);
    QCOMPARE(statesOf(first), QList<LegState>({NotNeeded, Waiting, Waiting}));
}

void QueueCommandsTest::startingOverForgetsWhatWasMade()
{
    Job job = jobIn({Done, NeedsAttention});
    job.legs[0].result = {{QStringLiteral("bytes"), 7}};
    job.legs[1].resume = {{QStringLiteral("url"), QStringLiteral("https://h/1")}};
    job.legs[1].doneBytes = 5;
    const QString id = put(job);
    QCOMPARE(m_lab->commands().startOver({id}).changed, QStringList{id});
    const Job &over = *m_lab->queue().find(id);
    QCOMPARE(statesOf(id), QList<LegState>({Waiting, Waiting}));
    QVERIFY(over.legs[0].result.isEmpty() && over.legs[1].resume.isEmpty());
    QCOMPARE(over.legs[1].doneBytes, 0);
    // What lies at the server is to be removed there.
    QCOMPARE(m_lab->queue().leftovers().size(), 1);
    QCOMPARE(m_lab->queue().leftovers().first().resume, job.legs[1].resume);
}

void QueueCommandsTest::pausingAllIsAnOverlayThatOutlivesTheProgram()
{
    const QString waiting = put(jobIn({Waiting}));
    const QString paused = put(jobIn({Paused}));
    QSignalSpy overlay(&m_lab->commands(), &QueueCommands::pausedAllChanged);
    m_lab->start();
    m_lab->commands().pauseAll();
    m_lab->commands().pauseAll();
    QCOMPARE(overlay.size(), 1);
    QCOMPARE(statesOf(waiting), QList<LegState>({Waiting}));
    m_lab->reopen();
    m_lab->start();
    QVERIFY(m_lab->commands().isPausedAll());
    QCOMPARE(statesOf(waiting), QList<LegState>({Waiting}));
    m_lab->commands().resumeAll();
    QVERIFY(!m_lab->commands().isPausedAll());
    QCOMPARE(statesOf(paused), QList<LegState>({Paused}));
}

void QueueCommandsTest::everythingIsStoredAsItWas()
{
    const QString id = put(jobIn({Done, Running, NeedsAttention}));
    m_lab->commands().pause({id});
    m_lab->commands().cancel({id});
    const Job before = *m_lab->queue().find(id);
    m_lab->reopen();
    QVERIFY(isEqual(*m_lab->queue().find(id), before));
}

QTEST_GUILESS_MAIN(QueueCommandsTest)
#include "tst_queue_commands.moc"

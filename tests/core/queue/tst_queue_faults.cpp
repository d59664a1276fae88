// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A disk that is full, under the database or under an export, and a server of which one request
// after another fails: nothing is lost, and all goes on by itself.
#include "core/media/sample_clip.h"
#include "tests/core/queue/queue_lab.h"
#include "tests/support/fake_server.h"
#include "tests/support/small_disk.h"

#include <QSignalSpy>

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;
using sendoff::test::SmallDisk;
using sendoff::test::FakeServer;
using sendoff::test::Fault;

class QueueFaultsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void changesAreKeptUntilTheDiskTakesThemAgain();
    void anExportWaitsForRoomAndGoesOn();
    void everyRequestMayFail_data();
    void everyRequestMayFail();

private:
    FilePath root() const { return m_folder->path().toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void QueueFaultsTest::changesAreKeptUntilTheDiskTakesThemAgain()
{
    const SmallDisk disk(root() / "disk");
    if (!disk.isMounted())
        QSKIP("mounting needs root");
    QString last;
    {
        QueueLab lab(root() / "disk", {}, QueueLab::Clock::Hurried);
        const FilePath file = lab.randomFile("a", 1'000);
        const QString first = lab.add(file, uploadTo(QStringLiteral("shelf:")));
        QSignalSpy notSaved(&lab.queue(), &JobQueue::notSaved);
        QSignalSpy savedAgain(&lab.queue(), &JobQueue::savedAgain);
        disk.fill();
        QList<Job> jobs;
        for (int number = 0; number < 200; ++number)
            jobs.append(QueueLab::jobFor(file, uploadTo(QStringLiteral("shelf:"))));
        last = jobs.last().id;
        const auto added = QCoro::waitFor(lab.queue().add(jobs));
        QVERIFY(!added);
        QCOMPARE(added.error().kind, ErrorKind::DiskFull);
        QCOMPARE(lab.queue().order().size(), 201); // kept in memory
        lab.commands().pause({first});
        QTRY_COMPARE(notSaved.size(), 1);
        QVERIFY(lab.queue().savingTrouble());
        disk.empty();
        QTRY_COMPARE_WITH_TIMEOUT(savedAgain.size(), 1, 60'000);
        QVERIFY(!lab.queue().savingTrouble());
        QCOMPARE(notSaved.size(), 1); // said once
    }
    QueueLab again(root() / "disk");
    QCOMPARE(again.queue().order().size(), 201);
    QCOMPARE(again.queue().order().last(), last);
    QCOMPARE(again.stateOf(again.queue().order().first(), 1), LegState::Paused);
}

void QueueFaultsTest::anExportWaitsForRoomAndGoesOn()
{
    const SmallDisk disk(root() / "out", "40m");
    if (!disk.isMounted())
        QSKIP("mounting needs root");
    media::SampleClip clip;
    clip.width = 64;
    clip.height = 36;
    clip.seconds = 1;
    const FilePath source = root() / "clip.mkv";
    QVERIFY(media::makeSampleClip(clip, source, {}));
    QueueLab lab(root() / "lab");
    Recipe recipe;
    recipe.preset = QStringLiteral("web-1080p");
    recipe.outputFolder = root() / "out";
    const QString id = lab.add(source, recipe);
    disk.fill();
    lab.start();
    QTRY_COMPARE_WITH_TIMEOUT(lab.waitOf(id, 0), WaitFor::Space, 60'000);
    QCOMPARE(lab.stateOf(id, 0), LegState::Waiting);
    const auto error = lab.queue().find(id)->exportLeg().error;
    QVERIFY(error.has_value());
    QCOMPARE(error->kind, ErrorKind::DiskFull);
    QVERIFY((*error)[argument::needed].toLongLong() > 0);
    QTRY_VERIFY_WITH_TIMEOUT(lab.time().pass(QueueLab::space), 60'000); // still full
    QTest::qWait(50);
    QCOMPARE(lab.waitOf(id, 0), WaitFor::Space);
    disk.empty();
    QTRY_VERIFY_WITH_TIMEOUT(lab.time().pass(QueueLab::space), 60'000);
    QTRY_VERIFY_WITH_TIMEOUT(lab.allDone({id}), 60'000);
    QVERIFY(std::filesystem::exists(root() / "out" / "clip.mp4"));
}

void QueueFaultsTest::everyRequestMayFail_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<int>("fault");
    for (const char *method : {"POST", "HEAD", "PATCH"}) {
        QTest::addRow("%s is cut", method) << QByteArray(method) << int(Fault::Do::Cut);
        QTest::addRow("the reply to %s is lost", method)
            << QByteArray(method) << int(Fault::Do::LoseReply);
        QTest::addRow("%s is refused for now", method)
            << QByteArray(method) << int(Fault::Do::Refuse);
    }
}

// The Nth request of a kind fails, for N = 0, 1, … until a run had no Nth one.
void QueueFaultsTest::everyRequestMayFail()
{
    QFETCH(QByteArray, method);
    QFETCH(int, fault);
    for (int round = 0; round < 20; ++round) {
        FakeServer server;
        Fault fails;
        fails.method = method;
        fails.what = Fault::Do(fault);
        fails.status = 503;
        fails.bytes = 1'000;
        fails.after = round;
        server.script(fails);
        const FilePath folder = root() / std::to_string(round);
        QueueLab lab(folder, {}, QueueLab::Clock::Hurried);
        const QString place = QStringLiteral("tus+") + server.url().toString();
        QStringList ids;
        for (const char *name : {"a", "b", "c"})
            ids.append(lab.add(lab.randomFile(name, 30'000), uploadTo(place)));
        lab.start();
        QTRY_VERIFY_WITH_TIMEOUT(lab.allDone(ids), 120'000);
        int whole = 0;
        for (const auto &upload : server.uploads())
            whole += !upload.isRemoved && upload.bytes.size() == 30'000 ? 1 : 0;
        QCOMPARE(whole, 3); // each once
        if (server.count(method) <= round)
            return;
    }
    QFAIL("there is always one more request");
}

QTEST_GUILESS_MAIN(QueueFaultsTest)
#include "tst_queue_faults.moc"

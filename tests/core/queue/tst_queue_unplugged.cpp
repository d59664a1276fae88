// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The disk of a folder is pulled while jobs copy into it: that is the destination's state and
// nobody's failure. They wait, one tries from time to time, and all go on when it is back.
#include "tests/core/queue/queue_lab.h"
#include "tests/support/loop_disk.h"

#include <QTimer>

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;
using sendoff::test::LoopDisk;

class QueueUnpluggedTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void jobsWaitForADiskAndGoOn();
    void quitsWhileADiskDoesNotAnswer();
    void aFolderThatNeverWasNeedsAttention();

private:
    FilePath root() const { return m_folder.path().toStdString(); }
    bool allWait(QueueLab &lab, const QStringList &ids) const
    {
        return std::all_of(ids.begin(), ids.end(), [&](const QString &id) {
            return lab.queue().find(id)->isDone()
                || (lab.stateOf(id, 1) == LegState::Waiting
                    && lab.waitOf(id, 1) == WaitFor::Destination);
        });
    }

    static int filesIn(const FilePath &folder)
    {
        int files = 0;
        for (const auto &entry : std::filesystem::directory_iterator(folder))
            files += entry.is_regular_file() ? 1 : 0;
        return files;
    }

    QTemporaryDir m_folder;
};

void QueueUnpluggedTest::jobsWaitForADiskAndGoOn()
{
    LoopDisk disk(root() / "image", root() / "mnt", 400 << 20);
    if (!disk.isMounted())
        QSKIP(qPrintable(disk.whyNot()));
    RunnerOptions options;
    options.uploadsAtOnce = 2;
    QueueLab lab(root() / "lab", options);
    std::filesystem::create_directory(root() / "mnt" / "videos");
    const QString place = QStringLiteral("file://")
        + QString::fromStdString((root() / "mnt" / "videos").string());
    QStringList ids;
    for (const char *name : {"a", "b", "c", "d"})
        ids.append(lab.add(lab.randomFile(name, 60 << 20), uploadTo(place)));
    QTimer watch;
    bool wasBegun = false;
    connect(&watch, &QTimer::timeout, [&] {
        if (lab.queue().find(ids[0])->legs[1].resume.isEmpty())
            return;
        watch.stop();
        disk.sync();
        disk.pull();
        wasBegun = true;
    });
    watch.start(0);
    lab.start();
    QTRY_VERIFY_WITH_TIMEOUT(wasBegun && allWait(lab, ids), 120'000);
    QVERIFY2(!lab.allDone(ids), "it was done before the disk could be pulled");
    QVERIFY(std::filesystem::is_empty(root() / "mnt"));
    const DestinationState state = lab.scheduler().destinations().value(0);
    QCOMPARE(state.health, DestinationState::Health::Unreachable);
    QVERIFY(state.error && state.error->kind == ErrorKind::FolderUnreachable);
    QVERIFY(state.nextTryMs > 0);

    // One tries, and it is not back yet.
    QTRY_VERIFY_WITH_TIMEOUT(lab.time().pass(QueueLab::probe / 2, 2 * QueueLab::probe), 60'000);
    QTRY_COMPARE_WITH_TIMEOUT(lab.time().waiting(QueueLab::probe / 2, 2 * QueueLab::probe), 1,
                              60'000);
    QTRY_VERIFY_WITH_TIMEOUT(allWait(lab, ids), 60'000);
    QVERIFY(std::filesystem::is_empty(root() / "mnt"));

    QVERIFY2(disk.plug(), qPrintable(disk.whyNot()));
    lab.time().pass(QueueLab::probe / 2, 2 * QueueLab::probe);
    const auto openUp = [&] {
        lab.time().pass(QueueLab::between / 2, 2 * QueueLab::between);
        return lab.allDone(ids);
    };
    QTRY_VERIFY_WITH_TIMEOUT(openUp(), 120'000);
    for (int number = 0; number < ids.size(); ++number) {
        const std::string name(1, char('a' + number));
        QFile made(QString::fromStdString((root() / "mnt" / "videos" / name).string()));
        QFile source(QString::fromStdString((root() / "lab" / name).string()));
        QVERIFY(made.open(QIODevice::ReadOnly) && source.open(QIODevice::ReadOnly));
        QVERIFY(made.readAll() == source.readAll());
    }
    QCOMPARE(filesIn(root() / "mnt" / "videos"), 4); // and no unfinished one
}

void QueueUnpluggedTest::quitsWhileADiskDoesNotAnswer()
{
    LoopDisk disk(root() / "image", root() / "slow", 400 << 20);
    if (!disk.isMounted())
        QSKIP(qPrintable(disk.whyNot()));
    QueueLab lab(root() / "lab3", {}, QueueLab::Clock::Hurried);
    const QString place =
        QStringLiteral("file://") + QString::fromStdString((root() / "slow").string());
    QStringList ids;
    for (const char *name : {"a", "b", "c"})
        ids.append(lab.add(lab.randomFile(name, 60 << 20), uploadTo(place)));
    lab.start();
    QVERIFY(QTest::qWaitFor([&] { return !lab.queue().find(ids[0])->legs[1].resume.isEmpty(); },
                            60'000));
    QVERIFY(disk.freeze());
    QTest::qWait(500); // until somebody waits for it
    QVERIFY2(!lab.allDone(ids), "it was done before the disk could be frozen");
    lab.close();
    disk.thaw();
    lab.reopen();
    lab.start();
    QTRY_VERIFY_WITH_TIMEOUT(lab.allDone(ids), 120'000);
    QCOMPARE(filesIn(root() / "slow"), 3);
}

// It may be a mistake in its name, and nothing of anybody is there.
void QueueUnpluggedTest::aFolderThatNeverWasNeedsAttention()
{
    QueueLab lab(root() / "lab2");
    const QString place =
        QStringLiteral("file://") + QString::fromStdString((root() / "vidoes").string());
    const QString id = lab.add(lab.randomFile("a", 1'000), uploadTo(place));
    lab.start();
    QTRY_COMPARE_WITH_TIMEOUT(lab.stateOf(id, 1), LegState::NeedsAttention, 60'000);
    QCOMPARE(lab.queue().find(id)->legs[1].error->kind, ErrorKind::OutputFolderMissing);
}

QTEST_GUILESS_MAIN(QueueUnpluggedTest)
#include "tst_queue_unplugged.moc"

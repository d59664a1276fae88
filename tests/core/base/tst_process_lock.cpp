// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// FAULTS 3a, 30 and 31: one holder, whatever a dead process left behind.
#include "core/base/process_lock.h"

#include <QProcess>
#include <QSysInfo>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace sendoff;

namespace {

constexpr const char *childArgument = "hold-the-lock";

// The child: holds the lock until it is killed.
int holdTheLock(const char *file)
{
    const auto lock = ProcessLock::take(file);
    std::puts(lock ? "locked" : "refused");
    std::fflush(stdout);
    ::pause();
    return 0;
}

// The computer before it was started again.
LockHolder beforeReboot(LockHolder holder)
{
    holder.boot = QStringLiteral("11111111-2222-3333-4444-555555555555");
    return holder;
}

} // namespace

class ProcessLockTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void saysWhoHoldsItAndNothingAfterwards();
    void survivesNoKill();
    void takesOverWhatIsDead_data();
    void takesOverWhatIsDead();
    void neverTakesOverFromAnotherHost();
    void neverTakesOverFromALivingProcess();
    void followsNoLink();

private:
    FilePath file() const { return FilePath(m_folder->path().toStdString()) / "a.lock"; }
    void write(const QByteArray &record) const
    {
        std::ofstream(file(), std::ios::binary).write(record.constData(), record.size());
    }
    std::optional<LockHolder> read() const
    {
        QFile content(QString::fromStdString(file().string()));
        return content.open(QIODevice::ReadOnly) ? LockHolder::fromJson(content.readAll())
                                                 : std::nullopt;
    }
    // A process that lives but holds no lock of ours.
    LockHolder bystander(QProcess &process) const
    {
        process.start(QStringLiteral("sleep"), {QStringLiteral("600")});
        process.waitForStarted();
        LockHolder holder = LockHolder::thisProcess();
        holder.process = process.processId();
        QFile stat(QStringLiteral("/proc/%1/stat").arg(holder.process));
        if (stat.open(QIODevice::ReadOnly))
            holder.started = stat.readAll().simplified().split(' ').value(21).toLongLong();
        return holder;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void ProcessLockTest::saysWhoHoldsItAndNothingAfterwards()
{
    auto lock = ProcessLock::take(file());
    QVERIFY(lock.has_value());
    QVERIFY(read() == LockHolder::thisProcess());
    QVERIFY(LockHolder::thisProcess().isAlive());
    struct stat status {};
    QCOMPARE(::stat(file().c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777, mode_t(0600));
    const auto second = ProcessLock::take(file());
    QVERIFY(!second);
    QCOMPARE(second.error().kind, ErrorKind::ProfileInUse);
    QCOMPARE(second.error()[argument::name], QString::number(::getpid()));
    QVERIFY(read().has_value()); // the second try left the record alone
    lock->reset();
    QVERIFY(!read().has_value());
    QVERIFY(ProcessLock::take(file()).has_value());
}

void ProcessLockTest::survivesNoKill()
{
    QProcess child;
    child.start(QCoreApplication::applicationFilePath(),
                {QString::fromLatin1(childArgument), QString::fromStdString(file().string())});
    QVERIFY(child.waitForReadyRead());
    QCOMPARE(child.readLine().trimmed(), QByteArray("locked"));
    const auto whileAlive = ProcessLock::take(file());
    QVERIFY(!whileAlive);
    QCOMPARE(whileAlive.error()[argument::name], QString::number(child.processId()));
    child.kill();
    QVERIFY(child.waitForFinished());
    QVERIFY(read().has_value()); // it could not tidy up
    QVERIFY(ProcessLock::take(file()).has_value());
}

void ProcessLockTest::takesOverWhatIsDead_data()
{
    QTest::addColumn<QByteArray>("record");
    LockHolder dead = LockHolder::thisProcess();
    dead.process = 4'194'305; // over the kernel's largest id
    QTest::newRow("dead process") << dead.toJson();
    LockHolder reused = LockHolder::thisProcess();
    reused.process = ::getppid();
    reused.started = 1;
    QTest::newRow("id in use again by a later process") << reused.toJson();
    reused.process = ::getpid();
    QTest::newRow("id in use again by this process") << reused.toJson();
    LockHolder rebooted = beforeReboot(LockHolder::thisProcess());
    rebooted.process = ::getppid();
    QTest::newRow("before the computer was started again") << rebooted.toJson();
    LockHolder container = dead;
    container.host = QStringLiteral("5d1f0a7be3c4");
    QTest::newRow("another container on this kernel") << container.toJson();
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("cut short") << dead.toJson().left(20);
    QTest::newRow("of an older version") << QByteArray("1234\nsendoff\nelsewhere\n");
    QTest::newRow("long nonsense") << QByteArray(100'000, '{');
}

void ProcessLockTest::takesOverWhatIsDead()
{
    QFETCH(const QByteArray, record);
    write(record);
    const auto lock = ProcessLock::take(file());
    QVERIFY2(lock.has_value(), lock ? "" : qPrintable(lock.error().detail));
    QVERIFY(read() == LockHolder::thisProcess());
}

void ProcessLockTest::neverTakesOverFromAnotherHost()
{
    LockHolder elsewhere = beforeReboot(LockHolder::thisProcess());
    elsewhere.host = QStringLiteral("other-computer");
    elsewhere.process = 4'194'305;
    write(elsewhere.toJson());
    for (int again = 0; again < 2; ++again) { // refusing leaves the record as it was
        const auto lock = ProcessLock::take(file());
        QVERIFY(!lock);
        QCOMPARE(lock.error().kind, ErrorKind::ProfileOnOtherHost);
        QCOMPARE(lock.error()[argument::name], QStringLiteral("other-computer"));
        QVERIFY(lock.error()[argument::file].endsWith(u"/a.lock"));
        QVERIFY(read() == elsewhere);
    }
    QVERIFY(std::filesystem::remove(file())); // as the sentence says
    QVERIFY(ProcessLock::take(file()).has_value());
}

// Where the file system has no locks the kernel gives it to anybody: the record decides.
void ProcessLockTest::neverTakesOverFromALivingProcess()
{
    QProcess process;
    const LockHolder holder = bystander(process);
    write(holder.toJson());
    QVERIFY(holder.isAlive());
    const auto lock = ProcessLock::take(file());
    QVERIFY(!lock);
    QCOMPARE(lock.error().kind, ErrorKind::ProfileInUse);
    QVERIFY(read() == holder);
    process.kill();
    QVERIFY(process.waitForFinished());
    QVERIFY(ProcessLock::take(file()).has_value());
}

void ProcessLockTest::followsNoLink()
{
    const FilePath target = FilePath(m_folder->path().toStdString()) / "precious";
    std::ofstream(target) << "kept";
    std::filesystem::create_symlink(target, file());
    QVERIFY(!ProcessLock::take(file()).has_value());
    QCOMPARE(std::filesystem::file_size(target), std::uintmax_t(4));
}

int main(int argc, char *argv[])
{
    if (argc > 2 && qstrcmp(argv[1], childArgument) == 0)
        return holdTheLock(argv[2]);
    const QCoreApplication application(argc, argv);
    ProcessLockTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_process_lock.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A copy into a folder that is called done is on the disk, under its name, whatever happens then:
// by a trace of the system calls of a process that copies, with power cuts and disks that fail.
#include "core/transfer/uploader.h"

#include "core/base/error_text.h"
#include "tests/core/transfer/transfer_fixture.h"
#include "tests/support/power_cut.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTextStream>
#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 mebibyte = 1 << 20;
constexpr qint64 clipSize = 20 * mebibyte;

// Without a sync of its own, which would be counted with those of the copy.
QCoro::Task<Result<void>> storeState(QString path, QJsonObject state)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        co_return failure(ErrorKind::StoreUnavailable);
    file.write(QJsonDocument(state).toJson());
    co_return Result<void>();
}

// The process that is traced: copies FILE into FOLDER, its state in STATE. Says how it ended.
int copyInChild(const QStringList &arguments)
{
    TransferFixture fixture;
    const QString statePath = arguments.value(4);
    DestinationConfig config;
    config.name = u"Place"_s;
    config.type = u"folder"_s;
    config.options.insert(u"folder"_s, arguments.value(3));
    const auto destination = fixture.create(config);
    auto request = fixture.request(fixture.sourceOf(arguments.value(2).toStdString()));
    request.resumeState = QJsonDocument::fromJson(contentOf(statePath)).object();
    request.saveState = [statePath](QJsonObject state) {
        return storeState(statePath, std::move(state));
    };
    const auto result = fixture.upload(*destination, std::move(request));
    QTextStream(stdout) << (result ? u"done"_s : kindName(result.error().kind)) << Qt::endl;
    return 0;
}

} // namespace

class TestFolderDurability : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();

    void syncsTheFileBeforeItsNameAndTheFolderAfterIt();
    void losesNothingByAPowerCut_data();
    void losesNothingByAPowerCut();
    void publishesNothingThatTheDiskDidNotTake_data();
    void publishesNothingThatTheDiskDidNotTake();

private:
    QString run(QStringList tracer, const QString &crashAt = {});
    QString path(const QString &name) const { return m_fixture->path(name); }
    QStringList names() const
    {
        return QDir(m_folder).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }

    std::unique_ptr<TransferFixture> m_fixture;
    QString m_folder;
    QByteArray m_bytes;
};

void TestFolderDurability::init()
{
    if (QStandardPaths::findExecutable(u"strace"_s).isEmpty())
        QSKIP("there is no strace");
    m_fixture = std::make_unique<TransferFixture>();
    m_folder = path(u"target"_s);
    m_bytes = noise(clipSize);
    m_fixture->write(u"a.mp4"_s, m_bytes);
    QVERIFY(QDir().mkpath(m_folder));
}

// What it said; empty where it was killed.
QString TestFolderDurability::run(QStringList tracer, const QString &crashAt)
{
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"SENDOFF_CRASH_AT"_s, crashAt);
    environment.insert(u"ASAN_OPTIONS"_s,
                       environment.value(u"ASAN_OPTIONS"_s) + u":detect_leaks=0"_s);
    child.setProcessEnvironment(environment);
    child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    tracer << QCoreApplication::applicationFilePath() << u"--copy"_s << path(u"a.mp4"_s) << m_folder
           << path(u"state"_s);
    child.setProgram(tracer.takeFirst());
    child.setArguments(tracer);
    child.start();
    child.waitForFinished(-1);
    return QString::fromUtf8(child.readAllStandardOutput()).trimmed();
}

void TestFolderDurability::syncsTheFileBeforeItsNameAndTheFolderAfterIt()
{
    const QString log = path(u"trace"_s);
    const QStringList tracer{u"strace"_s, u"-f"_s, u"-qq"_s, u"-y"_s, u"-s"_s, u"4096"_s,
                             u"-o"_s,     log,     u"-e"_s,
                             u"trace=fsync,fdatasync,rename,renameat,renameat2,link,linkat"_s};
    QCOMPARE(run(tracer), u"done"_s);
    QStringList calls;
    for (const QString &line : QString::fromUtf8(contentOf(log)).split(u'\n')) {
        if (line.contains(m_folder))
            calls.append(line.section(u' ', 1).trimmed());
    }
    const QString folder = QRegularExpression::escape(m_folder);
    const QString partial = folder + u"/\\.clip\\.mp4\\.part-\\w+"_s;
    const QStringList wanted{u"^fsync\\(\\d+<"_s + partial + u">\\) += 0$"_s,
                             u"^renameat2\\(.*\""_s + partial + u"\", .*\""_s + folder
                                 + u"/clip\\.mp4\", RENAME_NOREPLACE\\) = 0$"_s,
                             u"^fsync\\(\\d+<"_s + folder + u">\\) += 0$"_s};
    QVERIFY2(calls.size() == wanted.size(), qPrintable(calls.join(u'\n')));
    for (int call = 0; call < wanted.size(); ++call) {
        const bool isWanted = QRegularExpression(wanted[call]).match(calls[call]).hasMatch();
        QVERIFY2(isWanted, qPrintable(calls[call] + u" is not "_s + wanted[call]));
    }
}

void TestFolderDurability::losesNothingByAPowerCut_data()
{
    QTest::addColumn<QString>("point");
    QTest::addColumn<bool>("withZeros");
    QTest::addColumn<bool>("losesSome");
    QTest::newRow("after a part, which is gone") << u"upload-part-sent"_s << false << true;
    QTest::newRow("after a part, which is zeros") << u"upload-part-sent"_s << true << true;
    QTest::newRow("before the end, all gone") << u"upload-before-finish"_s << false << true;
    QTest::newRow("before the end, all zeros") << u"upload-before-finish"_s << true << true;
    QTest::newRow("after the end") << u"upload-after-finish"_s << false << false;
}

void TestFolderDurability::losesNothingByAPowerCut()
{
    QFETCH(const QString, point);
    QFETCH(const bool, withZeros);
    QFETCH(const bool, losesSome);
    const QString log = path(u"trace"_s);
    QCOMPARE(run(tracedForPowerCut(log), point), QString());
    const int lost = cutPower(log, m_folder.toStdString(), withZeros);
    QVERIFY2(losesSome ? lost > 0 : lost == 0, qPrintable(QString::number(lost)));
    if (!losesSome)
        QCOMPARE(names(), QStringList{u"clip.mp4"_s});
    else
        QVERIFY(!names().contains(u"clip.mp4"_s));
    QCOMPARE(run({u"env"_s}), u"done"_s);
    QCOMPARE(names(), QStringList{u"clip.mp4"_s});
    QVERIFY(contentOf(m_folder + u"/clip.mp4"_s) == m_bytes);
}

void TestFolderDurability::publishesNothingThatTheDiskDidNotTake_data()
{
    QTest::addColumn<QString>("failure");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<bool>("isKept"); // the unfinished copy
    // The kernel has dropped what it could not write: what is left says nothing.
    QTest::newRow("only the file cannot be synced")
        << u"fsync:error=EIO:when=1"_s << ErrorKind::OutputNotWritable << false;
    QTest::newRow("there is no room for it")
        << u"fsync:error=ENOSPC:when=1"_s << ErrorKind::DiskFull << false;
    QTest::newRow("the disk takes nothing any more")
        << u"fsync:error=EIO"_s << ErrorKind::FolderUnreachable << true;
    QTest::newRow("it has become read-only")
        << u"renameat2:error=EROFS"_s << ErrorKind::FolderUnreachable << true;
    QTest::newRow("its server is gone")
        << u"renameat2:error=ETIMEDOUT"_s << ErrorKind::FolderUnreachable << true;
    QTest::newRow("nobody may rename there")
        << u"renameat2:error=EACCES"_s << ErrorKind::OutputNotWritable << true;
}

void TestFolderDurability::publishesNothingThatTheDiskDidNotTake()
{
    QFETCH(const QString, failure);
    QFETCH(const ErrorKind, kind);
    QFETCH(const bool, isKept);
    const QString call = failure.section(u':', 0, 0);
    const QString said = run({u"strace"_s, u"-f"_s, u"-qq"_s, u"-o"_s, path(u"trace"_s), u"-e"_s,
                              u"trace="_s + call, u"-e"_s, u"inject="_s + failure});
    QCOMPARE(said, kindName(kind));
    const QStringList left = names();
    QCOMPARE(left.size(), isKept ? 1 : 0);
    QVERIFY2(left.filter(u".part-"_s).size() == left.size(), qPrintable(left.join(u' ')));
    // The disk is well again.
    QCOMPARE(run({u"env"_s}), u"done"_s);
    QCOMPARE(names(), QStringList{u"clip.mp4"_s});
    QVERIFY(contentOf(m_folder + u"/clip.mp4"_s) == m_bytes);
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (application.arguments().value(1) == u"--copy")
        return copyInChild(application.arguments());
    TestFolderDurability test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_folder_durability.moc"

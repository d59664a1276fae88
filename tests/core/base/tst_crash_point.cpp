// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/crash_point.h"

#include <QProcess>
#include <QTest>

#include <csignal>
#include <cstdio>

using namespace sendoff;

namespace {

constexpr const char *childArgument = "pass-crash-points";

// The child: passes "first" three times, then "second", and says what it has passed.
int passCrashPoints()
{
    for (int pass = 1; pass <= 3; ++pass) {
        crashPoint("first");
        std::printf("first %d\n", pass);
        std::fflush(stdout);
    }
    crashPoint("second");
    std::printf("second\n");
    return 0;
}

} // namespace

class CrashPointTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void diesBySigkillAtTheNamedPass_data();
    void diesBySigkillAtTheNamedPass();
};

void CrashPointTest::diesBySigkillAtTheNamedPass_data()
{
    QTest::addColumn<QString>("wanted");
    QTest::addColumn<bool>("dies");
    QTest::addColumn<QByteArray>("passed");
    const QByteArray all = "first 1\nfirst 2\nfirst 3\nsecond\n";
    QTest::newRow("nothing wanted") << QString() << false << all;
    QTest::newRow("first pass") << QStringLiteral("first") << true << QByteArray();
    QTest::newRow("third pass") << QStringLiteral("first:3") << true
                                << QByteArray("first 1\nfirst 2\n");
    QTest::newRow("never passed so often") << QStringLiteral("first:4") << false << all;
    QTest::newRow("another point")
        << QStringLiteral("second") << true << QByteArray("first 1\nfirst 2\nfirst 3\n");
    QTest::newRow("a name that only begins alike") << QStringLiteral("firstborn") << false << all;
}

void CrashPointTest::diesBySigkillAtTheNamedPass()
{
    QFETCH(QString, wanted);
    QFETCH(bool, dies);
    QFETCH(QByteArray, passed);
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(QStringLiteral("SENDOFF_CRASH_AT"));
    if (!wanted.isEmpty())
        environment.insert(QStringLiteral("SENDOFF_CRASH_AT"), wanted);
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(), {QString::fromLatin1(childArgument)});
    QVERIFY(child.waitForFinished());
    QCOMPARE(child.exitStatus(), dies ? QProcess::CrashExit : QProcess::NormalExit);
    QCOMPARE(child.exitCode(), dies ? SIGKILL : 0); // Qt gives the signal's number after a crash
    QCOMPARE(child.readAllStandardOutput(), passed);
}

int main(int argc, char *argv[])
{
    if (argc > 1 && qstrcmp(argv[1], childArgument) == 0)
        return passCrashPoints();
    const QCoreApplication application(argc, argv);
    CrashPointTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_crash_point.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// `send` to a real S3 server (OpenStack Swift): the parts behind the head of a progressive file go
// while the export runs, the first one last. And the same where it is killed with SIGKILL at
// moments spread over both legs. SENDOFF_KILLS says how often (3).

#include "tests/support/program.h"
#include "tests/support/scratch.h"
#include "tests/support/slow_proxy.h"
#include "tests/support/swift_server_process.h"

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QTest>

#include <signal.h>

using namespace sendoff;
using namespace sendoff::test;

class tst_cli_send_s3 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sendsPartsWhileItExports();
    void killedSendIsFinishedByRepeatingIt_data();
    void killedSendIsFinishedByRepeatingIt();

private:
    std::vector<std::string> command(const std::string &profile, const QString &bucket) const;
    // The only object of the bucket.
    QByteArray delivered(const QString &bucket) const;

    Scratch m_scratch;
    std::string m_clip;
    SwiftServerProcess m_server;
    std::unique_ptr<SlowProxy> m_proxy;
    QByteArray m_whole; // SHA-256 of an undisturbed run's
    qint64 m_wholeMs = 0;
};

namespace {

constexpr qint64 bytesPerSecond = 4'000'000;
constexpr qint64 part = 5 << 20; // as long as the length is unknown

const std::vector<std::string> &keys()
{
    static const std::vector<std::string> environment{
        std::string("AWS_ACCESS_KEY_ID=") + SwiftServerProcess::accessKey,
        std::string("AWS_SECRET_ACCESS_KEY=") + SwiftServerProcess::secretKey};
    return environment;
}

QByteArray hashOf(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

} // namespace

// Noise that is encoded into several parts within some seconds.
void tst_cli_send_s3::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.why()));
    m_proxy = std::make_unique<SlowProxy>(quint16(m_server.endpoint().port()), bytesPerSecond);
    m_clip = (m_scratch.folder("source") / "noise.mkv").string();
    const Finished made = runProgram(
        {"ffmpeg", "-v", "error", "-f", "lavfi", "-i",
         "testsrc2=size=640x360:rate=30:duration=14,noise=alls=40:allf=t", "-f", "lavfi", "-i",
         "sine=frequency=440:sample_rate=48000:duration=14", "-c:v", "mpeg4", "-q:v", "3", "-c:a",
         "aac", m_clip});
    QVERIFY2(made.exitCode == 0, made.errorOutput.constData());
}

std::vector<std::string> tst_cli_send_s3::command(const std::string &profile,
                                                  const QString &bucket) const
{
    const QString place =
        QStringLiteral("s3://%1?endpoint=http://127.0.0.1:%2&region=%3&path_style=1")
            .arg(bucket)
            .arg(m_proxy->port())
            .arg(QLatin1StringView(SwiftServerProcess::region));
    return sendoffCommand(profile, {"send", m_clip, "--encode", "--to", place.toStdString()});
}

QByteArray tst_cli_send_s3::delivered(const QString &bucket) const
{
    const QStringList names = m_server.keys(bucket);
    return names.size() == 1 ? m_server.object(bucket, names.front()) : QByteArray();
}

void tst_cli_send_s3::sendsPartsWhileItExports()
{
    const QString bucket = QStringLiteral("whole");
    m_server.makeBucket(bucket);
    QElapsedTimer timer;
    timer.start();
    Program program(command(m_scratch.folder("whole").string(), bucket), keys());
    qint64 passedBefore = -1;
    while (program.isRunning()) {
        QTest::qWait(20);
        if (passedBefore < 0 && !program.events(QStringLiteral("done"), QStringLiteral("export")).isEmpty())
            passedBefore = m_proxy->bytesUp();
    }
    QVERIFY2(program.wait() == 0, program.errorOutput() + program.output());
    m_wholeMs = timer.elapsed();
    const QJsonObject exported =
        program.events(QStringLiteral("done"), QStringLiteral("export")).value(0);
    const QByteArray bytes = delivered(bucket);
    QVERIFY2(bytes.size() > 3 * part, qPrintable(QString::number(bytes.size())));
    m_whole = hashOf(bytes);
    QCOMPARE(m_whole, exported[u"sha256"].toString().toLatin1());
    QVERIFY(bytes.left(64).contains("moov")); // a progressive file: the index is in front
    // More than one part had passed before the export was done.
    QVERIFY2(passedBefore > part, qPrintable(QString::number(passedBefore)));
    const QJsonObject summary = program.events(QStringLiteral("summary")).value(0);
    QVERIFY(summary[u"overlap_s"].toDouble() > 1);
}

void tst_cli_send_s3::killedSendIsFinishedByRepeatingIt_data()
{
    QTest::addColumn<int>("percent");
    const int wished = qEnvironmentVariableIntValue("SENDOFF_KILLS");
    const int kills = wished > 0 ? wished : 3;
    for (int kill = 0; kill < kills; ++kill)
        QTest::addRow("kill %d", kill) << (100 * kill + 50) / kills;
}

void tst_cli_send_s3::killedSendIsFinishedByRepeatingIt()
{
    QFETCH(const int, percent);
    QVERIFY(!m_whole.isEmpty());
    const QString bucket = QString::fromLatin1(QTest::currentDataTag()).replace(u' ', u'-');
    m_server.makeBucket(bucket);
    const std::string profile = m_scratch.folder(bucket.toStdString()).string();
    const qint64 before = m_proxy->bytesUp();
    {
        Program program(command(profile, bucket), keys());
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < m_wholeMs * percent / 100 && program.isRunning())
            QTest::qWait(5);
        program.signal(SIGKILL);
        program.wait();
        qInfo("killed after %lld of %lld ms", timer.elapsed(), m_wholeMs);
    }
    const Finished again = runProgram(command(profile, bucket), keys());
    QVERIFY2(again.exitCode == 0, again.output.constData());
    const QByteArray bytes = delivered(bucket);
    QCOMPARE(hashOf(bytes), m_whole); // the same as without, to the byte
    // Parts that the server has whole are not sent again: at most those that were on their way.
    const qint64 passed = m_proxy->bytesUp() - before;
    qInfo("%lld bytes passed for a file of %lld", passed, qint64(bytes.size()));
    const qint64 onTheWay = 4 * part; // parts at once
    QVERIFY(passed < bytes.size() + onTheWay + (1 << 20));
}

QTEST_GUILESS_MAIN(tst_cli_send_s3)
#include "tst_cli_send_s3.moc"

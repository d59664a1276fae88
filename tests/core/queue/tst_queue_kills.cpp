// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Six jobs to the real tus server, killed with SIGKILL at random moments while legs run, until all
// are done; then the server has every file once, whole. SENDOFF_KILLS says how often (12), SENDOFF_SEED
// repeats a run.
#include "core/media/sample_clip.h"
#include "tests/core/queue/queue_child.h"
#include "tests/support/tus_server_process.h"

#include <QCryptographicHash>
#include <QDir>
#include <QElapsedTimer>

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;
using sendoff::test::TusServerProcess;

namespace {

constexpr int jobsAtOnce = 6;
constexpr qint64 bytesPerSecond = 400'000;

int number(const char *variable, int otherwise)
{
    const int given = qEnvironmentVariableIntValue(variable);
    return given > 0 ? given : otherwise;
}

} // namespace

class QueueKillsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyFileIsThereOnceHoweverOftenItIsKilled();

private:
    void store(const FilePath &folder, int round) const;
    int killUntilDone(const FilePath &folder, int most);
    bool endsByItself(QueueChild &child);
    void keepServerRunning();
    void checkServer(const FilePath &folder);

    QTemporaryDir m_folder;
    QString m_data;
    std::unique_ptr<TusServerProcess> m_server;
    QRandomGenerator m_random;
    FilePath m_clip;
};

void QueueKillsTest::initTestCase()
{
    m_data = m_folder.filePath(u"tus-data"_qs);
    QVERIFY(QDir().mkpath(m_data));
    m_server = std::make_unique<TusServerProcess>(m_data);
    QVERIFY2(m_server->start(), qPrintable(m_server->why()));
    media::SampleClip clip;
    clip.width = 160;
    clip.height = 90;
    clip.seconds = 3;
    m_clip = FilePath(m_folder.path().toStdString()) / "clip.mkv";
    QVERIFY(media::makeSampleClip(clip, m_clip, {}));
}

// Three that are exported first, three that are uploaded as they are.
void QueueKillsTest::store(const FilePath &folder, int round) const
{
    QueueLab lab(folder);
    const QString place = QStringLiteral("tus+") + m_server->url().toString();
    for (int index = 0; index < jobsAtOnce; ++index) {
        const std::string name = std::to_string(round) + "-" + std::to_string(index);
        Recipe recipe = uploadTo(place);
        if (index % 2 == 1) {
            (void)lab.add(lab.randomFile(name + ".bin", 150'000 + 1'000 * index), recipe);
            continue;
        }
        recipe.preset = QStringLiteral("web-1080p");
        recipe.layout =
            index % 4 == 0 ? media::Layout::Fragmented : media::Layout::Progressive;
        recipe.trim = media::Trim{0, 2'000'000 + 100'000 * index}; // no two alike
        (void)lab.add(m_clip, recipe);
    }
}

// Node 20 may end with ERR_INVALID_STATE where a client goes away: the server's affair, not ours.
void QueueKillsTest::keepServerRunning()
{
    QCoreApplication::processEvents();
    if (m_server->processId() == 0 && !m_server->start())
        qFatal("%s", qPrintable(m_server->why()));
}

bool QueueKillsTest::endsByItself(QueueChild &child)
{
    for (int second = 0; second < 240; ++second) {
        keepServerRunning();
        if (child.hasEnded(1'000))
            return true;
    }
    return false;
}

// The number of kills that met a running leg.
int QueueKillsTest::killUntilDone(const FilePath &folder, int most)
{
    int kills = 0;
    for (;;) {
        keepServerRunning();
        QueueChild child(folder, child::runArgument, {}, bytesPerSecond);
        if (kills < most && child.saysSomethingRuns(120'000)) {
            const int moment = m_random.bounded(1'500);
            if (!child.hasEnded(std::max(1, moment))) {
                child.kill();
                kills += child.runningLegs() > 0 ? 1 : 0;
                continue;
            }
        } else if (!endsByItself(child)) {
            qFatal("does not come to its end");
        }
        if (child.exitCode() != 0 || child.wasKilled())
            qFatal("ended with %d", child.exitCode());
        return kills;
    }
}

void QueueKillsTest::checkServer(const FilePath &folder)
{
    keepServerRunning();
    QueueLab lab(folder);
    QCOMPARE(lab.queue().order().size(), jobsAtOnce);
    QSet<QString> links;
    for (const QString &id : lab.queue().order()) {
        const Job &job = *lab.queue().find(id);
        for (const Leg &leg : job.legs)
            QVERIFY2(leg.state == LegState::Done || leg.state == LegState::NotNeeded,
                     qPrintable(stateName(leg.state)
                                + (leg.error ? leg.error->detail : QString())));
        const QString link = job.legs[1].result[u"url"].toString();
        links.insert(link);
        // From its folder: Node 20 ends with ERR_INVALID_STATE when this server is asked for a file.
        QFile stored(m_server->storedFile(QUrl(link)));
        QVERIFY2(stored.open(QIODevice::ReadOnly), qPrintable(link));
        const QByteArray bytes = stored.readAll();
        const QByteArray hash =
            QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
        QCOMPARE(QString::fromLatin1(hash), job.legs[1].result[u"sha256"].toString());
        QCOMPARE(qint64(bytes.size()), job.legs[1].result[u"bytes"].toInteger());
    }
    QCOMPARE(links.size(), jobsAtOnce);
    // Nothing beside them that is whole: a lost reply left at most an empty one behind.
    int whole = 0;
    QDir data(m_data);
    for (const QFileInfo &file : data.entryInfoList(QDir::Files)) {
        if (file.suffix() != u"json" && file.size() > 0)
            ++whole;
        QFile::remove(file.filePath());
    }
    QCOMPARE(whole, jobsAtOnce);
}

void QueueKillsTest::everyFileIsThereOnceHoweverOftenItIsKilled()
{
    const int wanted = number("SENDOFF_KILLS", 12);
    const int seed = number("SENDOFF_SEED", int(QRandomGenerator::global()->bounded(1 << 30)));
    m_random.seed(quint32(seed));
    qInfo("SENDOFF_SEED=%d", seed);
    int kills = 0;
    for (int round = 0; kills < wanted; ++round) {
        const FilePath folder =
            FilePath(m_folder.path().toStdString()) / ("round-" + std::to_string(round));
        std::filesystem::create_directory(folder);
        store(folder, round);
        // Some of the rounds are killed until the end, others can finish in peace.
        kills += killUntilDone(folder, std::min(wanted - kills, 20));
        checkServer(folder);
        if (QTest::currentTestFailed())
            return;
    }
    qInfo("%d kills while legs ran", kills);
}

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (argc > 2 && arguments[1] == QLatin1String(child::runArgument))
        return child::main(arguments);
    QueueKillsTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_queue_kills.moc"

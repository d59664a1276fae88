// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Dies at every crash point there is, starts again and checks that nothing that was promised is
// broken: the source is untouched, what has a final name is whole, every upload is there once.
#include "core/media/sample_clip.h"
#include "tests/core/queue/queue_child.h"
#include "tests/support/fake_server.h"

#include <QCryptographicHash>
#include <QDirIterator>
#include <QRegularExpression>

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;
using sendoff::test::FakeServer;
using sendoff::test::Fault;

namespace {

QByteArray contentOf(const FilePath &path)
{
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray hashOf(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

// Every name in the source code but those of the Shelf's server, which is not part of a queue.
QStringList allCrashPoints()
{
    const QString root = qEnvironmentVariable("SENDOFF_SOURCE_DIR") + u"/core"_qs;
    static const QRegularExpression call(QStringLiteral("crashPoint\\(\"([^\"]+)\"\\)"));
    QSet<QString> names;
    QDirIterator files(root, {u"*.cpp"_qs}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        QFile file(path);
        if (path.contains(u"/core/shelf/") || !file.open(QIODevice::ReadOnly))
            continue;
        auto matches = call.globalMatch(QString::fromUtf8(file.readAll()));
        while (matches.hasNext())
            names.insert(matches.next().captured(1));
    }
    QStringList sorted(names.begin(), names.end());
    sorted.sort();
    return sorted;
}

bool isOfCancel(const QString &point)
{
    return point.startsWith(u"cancel-") || point == u"leftover-discarded";
}

// tst_job_store_kills and tst_store_migration die there.
bool isOfAnEmptyStore(const QString &point)
{
    return point == u"store.schema" || point.startsWith(u"store.backup");
}

} // namespace

class QueueCrashTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void everythingIsDoneOnceAfterACrash_data();
    void everythingIsDoneOnceAfterACrash();
    void aCancelIsFinishedAfterACrash_data();
    void aCancelIsFinishedAfterACrash();

private:
    FilePath root() const { return m_folder->path().toStdString(); }
    QString place() const { return QStringLiteral("tus+") + m_server->url().toString(); }
    void checkPromises();

    QTemporaryDir m_clips;
    FilePath m_clip;
    QByteArray m_clipHash;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FakeServer> m_server;
};

void QueueCrashTest::initTestCase()
{
    media::SampleClip clip;
    clip.width = 64;
    clip.height = 36;
    clip.seconds = 3; // two segments
    m_clip = FilePath(m_clips.path().toStdString()) / "clip.mkv";
    QVERIFY(media::makeSampleClip(clip, m_clip, {}));
    m_clipHash = hashOf(contentOf(m_clip));
}

void QueueCrashTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<FakeServer>();
}

void QueueCrashTest::everythingIsDoneOnceAfterACrash_data()
{
    QTest::addColumn<QString>("point");
    QVERIFY(allCrashPoints().size() > 20);
    for (const QString &point : allCrashPoints()) {
        if (!isOfCancel(point) && !isOfAnEmptyStore(point)) {
            QTest::newRow(qPrintable(point)) << point;
            const QString second = point + u":2"_qs; // its second pass
            QTest::newRow(qPrintable(second)) << second;
        }
    }
}

// Three jobs: an export into a folder, an export that is uploaded, a file that is uploaded as it
// is.
void QueueCrashTest::everythingIsDoneOnceAfterACrash()
{
    QFETCH(QString, point);
    std::filesystem::create_directory(root() / "out");
    Recipe toFolder;
    toFolder.preset = QStringLiteral("web-1080p");
    toFolder.outputFolder = root() / "out";
    Recipe both = uploadTo(place());
    both.preset = toFolder.preset;
    both.layout = media::Layout::Fragmented; // whose bytes are sealed while it exports
    {
        QueueLab lab(root());
        const FilePath random = lab.randomFile("random.bin", 300'000);
        const QList<Job> jobs{QueueLab::jobFor(m_clip, toFolder), QueueLab::jobFor(m_clip, both),
                              QueueLab::jobFor(random, uploadTo(place()))};
        QVERIFY(QCoro::waitFor(lab.queue().add(jobs)));
    }
    {
        QueueChild first(root(), child::runArgument, point);
        QVERIFY(first.hasEnded(120'000));
        QVERIFY2(first.wasKilled() || point.endsWith(u":2"), "the point was never reached");
        if (!first.wasKilled())
            QCOMPARE(first.exitCode(), 0);
    }
    QueueChild second(root());
    QVERIFY(second.hasEnded(120'000));
    QCOMPARE(second.exitCode(), 0);
    checkPromises();
}

void QueueCrashTest::checkPromises()
{
    QCOMPARE(hashOf(contentOf(m_clip)), m_clipHash); // P1
    QueueLab lab(root());
    QCOMPARE(lab.queue().order().size(), 3);
    QVERIFY(lab.allDone(lab.queue().order()));
    QByteArrayList stored; // hashes of what the server keeps whole
    for (const auto &upload : m_server->uploads()) {
        if (!upload.isRemoved && upload.length == upload.bytes.size())
            stored.append(hashOf(upload.bytes));
    }
    QCOMPARE(stored.size(), 2); // P5
    int files = 0;
    for (const auto &entry : std::filesystem::directory_iterator(root() / "out")) {
        ++files;
        QVERIFY2(!entry.path().filename().string().starts_with('.'), entry.path().c_str());
    }
    QCOMPARE(files, 1); // P2: one result, and no rest
    for (const QString &id : lab.queue().order()) {
        const Job &job = *lab.queue().find(id);
        const QByteArray exported = job.exportLeg().result[u"sha256"].toString().toLatin1();
        if (!job.recipe.outputFolder.empty()) {
            const FilePath output = fromStored(job.exportLeg().result[u"output"].toString());
            QCOMPARE(hashOf(contentOf(output)), exported);
            QCOMPARE(output.filename(), FilePath("clip.mp4"));
        }
        for (const Leg &leg : job.legs) {
            if (leg.kind == LegKind::Upload) // P3
                QCOMPARE(stored.count(leg.result[u"sha256"].toString().toLatin1()), 1);
        }
        QVERIFY(!std::filesystem::exists(root() / "work" / id.toStdString()));
    }
}

void QueueCrashTest::aCancelIsFinishedAfterACrash_data()
{
    QTest::addColumn<QString>("point");
    for (const QString &point : allCrashPoints()) {
        if (isOfCancel(point))
            QTest::newRow(qPrintable(point)) << point;
    }
}

void QueueCrashTest::aCancelIsFinishedAfterACrash()
{
    QFETCH(QString, point);
    Fault stall;
    stall.method = "PATCH";
    stall.what = Fault::Do::Stall;
    stall.bytes = 50'000;
    m_server->script(stall);
    {
        QueueLab lab(root());
        (void)lab.add(lab.randomFile("random.bin", 300'000), uploadTo(place()));
    }
    {
        QueueChild first(root(), child::cancelArgument, point);
        QVERIFY(first.hasEnded(120'000));
        QVERIFY2(first.wasKilled(), "the point was never reached");
    }
    QueueChild second(root());
    QVERIFY(second.hasEnded(120'000));
    QCOMPARE(second.exitCode(), 0);
    QueueLab lab(root());
    const QString id = lab.queue().order().value(0);
    QCOMPARE(lab.stateOf(id, 1), LegState::Cancelled);
    QCOMPARE(lab.queue().find(id)->cancelledMs, 0);
    QVERIFY(lab.queue().leftovers().isEmpty());
    for (const auto &upload : m_server->uploads())
        QVERIFY(upload.isRemoved);
    QVERIFY(!std::filesystem::exists(root() / "work" / id.toStdString()));
}

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (argc > 2
        && (arguments[1] == QLatin1String(child::runArgument)
            || arguments[1] == QLatin1String(child::cancelArgument)))
        return child::main(arguments);
    QueueCrashTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_queue_crash.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Uploads of a queue whose settings nobody has touched, and those whose secret runs out on the way.
#include "tests/core/queue/queue_lab.h"
#include "tests/support/fake_server.h"

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;
using sendoff::test::FakeServer;
using sendoff::test::Fault;

namespace {

QString placeOf(const FakeServer &server)
{
    return QStringLiteral("tus+") + server.url().toString();
}

} // namespace

class QueueUploadsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void threeRunAtOnceByDefault();
    void aTokenThatRunsOutCostsNothing();

private:
    FilePath root() const { return m_folder->path().toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void QueueUploadsTest::threeRunAtOnceByDefault()
{
    FakeServer server;
    Fault stall;
    stall.method = "PATCH";
    stall.what = Fault::Do::Stall;
    stall.bytes = 10'000;
    stall.times = 5;
    server.script(stall);
    QueueLab lab(root());
    QStringList ids;
    for (int index = 0; index < 5; ++index)
        ids.append(lab.add(lab.randomFile("file-" + std::to_string(index), 100'000),
                           uploadTo(placeOf(server))));
    int most = 0;
    const auto running = [&] {
        return int(std::count_if(ids.begin(), ids.end(),
                                 [&](const QString &id) { return isActive(lab.stateOf(id, 1)); }));
    };
    const QObject watch; // gone before what it counts with
    QObject::connect(&lab.queue(), &JobQueue::legChanged, &watch,
                     [&] { most = std::max(most, running()); });
    lab.start();
    QTRY_COMPARE_WITH_TIMEOUT(server.count("PATCH"), 3, 60'000);
    QCOMPARE(lab.scheduler().uploadsAtOnce(), 3);
    QCOMPARE(running(), 3);
    for (int index = 0; index < 5; ++index) {
        const LegState state = lab.stateOf(ids[index], 1);
        QCOMPARE(state, index < 3 ? LegState::Running : LegState::Waiting);
    }
    // All bodies hang now, so that a fourth could only be one too many.
    lab.commands().pause({ids[0]});
    QTRY_COMPARE_WITH_TIMEOUT(server.count("PATCH"), 4, 60'000);
    QCOMPARE(lab.stateOf(ids[3], 1), LegState::Running);
    QCOMPARE(lab.stateOf(ids[4], 1), LegState::Waiting);
    QCOMPARE(most, 3);
    QCOMPARE(server.uploads().size(), 4);
}

// Issue: tus-js-client#236, uppy#2675: the token expires in the middle of an upload.
void QueueUploadsTest::aTokenThatRunsOutCostsNothing()
{
    constexpr qint64 size = 4'000'000;
    FakeServer server({.token = "canary-token"});
    Fault expiry;
    expiry.method = "PATCH";
    expiry.what = Fault::Do::Expire;
    expiry.bytes = size / 2;
    expiry.text = "canary-19c4e7";
    server.script(expiry);
    QueueLab lab(root());
    lab.setToken("canary-token");
    const FilePath file = lab.randomFile("film", size);
    const QString id = lab.add(file, uploadTo(placeOf(server)));
    lab.start();
    QCoro::waitFor(lab.scheduler().settled({id}, {}));
    QCOMPARE(lab.waitOf(id, 1), WaitFor::SignIn);
    QCOMPARE(lab.scheduler().destinations().value(0).health,
             DestinationState::Health::SignInNeeded);
    QCOMPARE(server.uploads().value(0).bytes.size(), size / 2);

    lab.setToken("canary-19c4e7");
    lab.scheduler().tryNow(placeOf(server));
    QTRY_VERIFY_WITH_TIMEOUT(lab.allDone({id}), 60'000);
    QCOMPARE(server.uploads().size(), 1);
    const FakeServer::Upload upload = server.uploads().constFirst();
    QCOMPARE(upload.received.size(), 2);
    QCOMPARE(upload.received[0].end, size / 2);
    QCOMPARE(upload.received[1].begin, size / 2);
    QFile sent(QString::fromStdString(file.string()));
    QVERIFY(sent.open(QIODevice::ReadOnly));
    QVERIFY(upload.bytes == sent.readAll());
    // What it had is not sent again; what was on its way when it refused is.
    QVERIFY(lab.queue().find(id)->legs[1].result[u"resent_bytes"].toInteger() <= size / 2);
}

QTEST_GUILESS_MAIN(QueueUploadsTest)
#include "tst_queue_uploads.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// “destinations test”: the steps that each type takes at a real place, and each step as the one that
// fails. How the certificate is told about is tst_destination_trust's.
#include "core/transfer/destination_check.h"

#include "tests/core/transfer/destination_lab.h"
#include "tests/core/transfer/fake_put.h"
#include "tests/core/transfer/fake_s3.h"
#include "tests/core/transfer/scripted_faults.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

Q_DECLARE_METATYPE(Fault)

class TestDestinationCheck : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { m_fixture = std::make_unique<TransferFixture>(); }
    void takesEveryStepAndLeavesNothing_data();
    void takesEveryStepAndLeavesNothing();
    void stopsWhereNobodyIsLetIn_data() { eachType(); }
    void stopsWhereNobodyIsLetIn();
    void saysThatTheServerCannotBeReached_data();
    void saysThatTheServerCannotBeReached();
    void saysWhatATusServerCannot_data();
    void saysWhatATusServerCannot();
    void saysWhatABucketCannot_data();
    void saysWhatABucketCannot();
    void saysWhatAWebServerCannot_data();
    void saysWhatAWebServerCannot();
    void saysThatAFolderIsNone();

private:
    void eachType();
    // "connect ok", "write failed: <kind>"; each with a sentence, or nothing at all.
    QStringList stepsOf(DestinationConfig config);

    std::unique_ptr<TransferFixture> m_fixture;
};

namespace {

const QStringList reached{u"resolve ok"_s, u"connect ok"_s};

QStringList reachedAnd(const QStringList &steps)
{
    return reached + steps;
}

} // namespace

void TestDestinationCheck::initTestCase()
{
    for (const char *name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"})
        qunsetenv(name);
}

void TestDestinationCheck::eachType()
{
    QTest::addColumn<QString>("type");
    for (const DestinationType &type : destinationTypes())
        QTest::newRow(qPrintable(type.id)) << type.id;
}

QStringList TestDestinationCheck::stepsOf(DestinationConfig config)
{
    const auto destination = m_fixture->create(std::move(config));
    auto checking = checkDestination(destination.get(), m_fixture->context(), {});
    QStringList steps;
    for (const CheckStep &step : QCoro::waitFor(std::move(checking))) {
        const QString sentence = stepSentence(step);
        const bool isSentence =
            sentence.size() > 10 && sentence.endsWith(u'.') && !sentence.contains(u'%');
        if (!isSentence)
            return {u"no sentence: "_s + sentence};
        steps.append(stepName(step.what)
                     + (step.error ? u" failed: "_s + kindName(step.error->kind) : u" ok"_s));
    }
    return steps;
}

void TestDestinationCheck::takesEveryStepAndLeavesNothing_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<bool>("hasServer");
    for (const DestinationType &type : destinationTypes())
        QTest::newRow(qPrintable(type.id)) << type.id << (type.id != u"folder");
}

void TestDestinationCheck::takesEveryStepAndLeavesNothing()
{
    QFETCH(const QString, type);
    QFETCH(const bool, hasServer);
    const auto lab = labFor(type, *m_fixture);
    QVERIFY(lab);
    const QStringList upload{u"sign_in ok"_s, u"write ok"_s, u"resume ok"_s, u"delete ok"_s};
    QCOMPARE(stepsOf(lab->config()), hasServer ? reachedAnd(upload) : upload);
    QCOMPARE(lab->deliveredCount(), 0);
}

void TestDestinationCheck::stopsWhereNobodyIsLetIn()
{
    QFETCH(const QString, type);
    const auto lab = labFor(type, *m_fixture);
    QVERIFY(lab);
    const auto locked = lab->lockedConfig();
    if (!locked)
        return; // everybody may
    QCOMPARE(stepsOf(*locked), reachedAnd({u"sign_in failed: sign-in-needed"_s}));
    QCOMPARE(lab->deliveredCount(), 0);
}

void TestDestinationCheck::saysThatTheServerCannotBeReached_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QStringList>("steps");
    // RFC 6761 §6.4: a name that nobody has. Port 9 of this computer: nobody listens.
    QTest::newRow("no such name") << u"http://upload.invalid/"_s
                                  << QStringList{u"resolve failed: destination-unreachable"_s};
    QTest::newRow("nobody listens")
        << u"http://127.0.0.1:9/"_s
        << QStringList{u"resolve ok"_s, u"connect failed: destination-unreachable"_s};
}

void TestDestinationCheck::saysThatTheServerCannotBeReached()
{
    QFETCH(const QString, url);
    QFETCH(const QStringList, steps);
    for (const QString &type : {u"tus"_s, u"put"_s, u"s3"_s}) {
        DestinationConfig config;
        config.name = u"Nobody"_s;
        config.type = type;
        config.options = {{type == u"s3" ? u"endpoint"_s : u"url"_s, url}};
        if (type == u"s3") {
            config.options.insert({{u"bucket"_s, u"bucket"_s}, {u"path_style"_s, u"1"_s}});
            config.secrets = {{u"access_key"_s, "key"}, {u"secret_key"_s, "secret"}};
        }
        QCOMPARE(stepsOf(std::move(config)), steps);
    }
}

void TestDestinationCheck::saysWhatATusServerCannot_data()
{
    QTest::addColumn<Fault>("wrong");
    QTest::addColumn<QStringList>("steps"); // after those of the connection
    const auto later = [](Fault wrong) { // than the first of its kind, which only connects
        wrong.after = 1;
        return wrong;
    };
    QTest::newRow("no upload can be made")
        << answer("POST", 403) << QStringList{u"sign_in failed: permission-denied"_s};
    QTest::newRow("nothing is taken")
        << answer("PATCH", 507)
        << QStringList{u"sign_in ok"_s, u"write failed: destination-full"_s, u"delete ok"_s};
    QTest::newRow("nothing is known again")
        << later(answer("HEAD", 404))
        << QStringList{u"sign_in ok"_s, u"write ok"_s, u"resume failed: upload-expired"_s,
                       u"delete ok"_s};
    QTest::newRow("less is known again")
        << later(fault("HEAD", Fault::Do::LoseBytes, 100))
        << QStringList{u"sign_in ok"_s, u"write ok"_s, u"resume failed: upload-mismatch"_s,
                       u"delete ok"_s};
    QTest::newRow("nothing can be removed")
        << answer("DELETE", 500)
        << QStringList{u"sign_in ok"_s, u"write ok"_s, u"resume ok"_s,
                       u"delete failed: destination-trouble"_s};
}

void TestDestinationCheck::saysWhatATusServerCannot()
{
    QFETCH(const Fault, wrong);
    QFETCH(const QStringList, steps);
    FakeServer server;
    server.script(wrong);
    DestinationConfig config;
    config.name = u"tus server"_s;
    config.type = u"tus"_s;
    config.options.insert(u"url"_s, server.url().toString());
    QCOMPARE(stepsOf(std::move(config)), reachedAnd(steps));
}

void TestDestinationCheck::saysWhatABucketCannot_data()
{
    QTest::addColumn<int>("wrong"); // a FakeS3::Ask
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QStringList>("steps");
    using Ask = FakeS3::Ask;
    const auto row = [](const char *name, Ask wrong, int status, const char *code,
                        const QStringList &steps) {
        QTest::newRow(name) << int(wrong) << status << QByteArray(code) << steps;
    };
    row("no upload can be made", Ask::Create, 404, "NoSuchBucket",
        {u"sign_in failed: destination-invalid"_s});
    row("nothing is taken", Ask::Part, 507, "NoSpace",
        {u"sign_in ok"_s, u"write failed: destination-full"_s, u"delete ok"_s});
    row("nothing is known again", Ask::List, 500, "InternalError",
        {u"sign_in ok"_s, u"write ok"_s, u"resume failed: destination-trouble"_s, u"delete ok"_s});
    row("nothing can be removed", Ask::Abort, 403, "AccessDenied",
        {u"sign_in ok"_s, u"write ok"_s, u"resume ok"_s,
         u"delete failed: permission-denied"_s});
}

void TestDestinationCheck::saysWhatABucketCannot()
{
    QFETCH(const int, wrong);
    QFETCH(const int, status);
    QFETCH(const QByteArray, code);
    QFETCH(const QStringList, steps);
    FakeS3 bucket([=](FakeS3::Ask ask, const ReceivedRequest &, int) {
        return int(ask) == wrong ? std::optional(FakeS3::error(status, code)) : std::nullopt;
    });
    QCOMPARE(stepsOf(bucket.config()), reachedAnd(steps));
}

void TestDestinationCheck::saysWhatAWebServerCannot_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<int>("status");
    QTest::addColumn<QStringList>("steps");
    QTest::newRow("nothing is taken")
        << QByteArray("PUT") << 507
        << QStringList{u"sign_in ok"_s, u"write failed: destination-full"_s, u"delete ok"_s};
    QTest::newRow("something else is read back")
        << QByteArray("GET") << 200
        << QStringList{u"sign_in ok"_s, u"write ok"_s, u"resume failed: upload-expired"_s,
                       u"delete ok"_s};
    QTest::newRow("nothing can be removed")
        << QByteArray("DELETE") << 405
        << QStringList{u"sign_in ok"_s, u"write ok"_s, u"resume ok"_s, u"delete failed: refused"_s};
}

void TestDestinationCheck::saysWhatAWebServerCannot()
{
    QFETCH(const QByteArray, method);
    QFETCH(const int, status);
    QFETCH(const QStringList, steps);
    FakePut server([=](const ReceivedRequest &request) -> std::optional<Script> {
        if (request.method != method)
            return std::nullopt;
        Script script;
        return script.readBody().reply(status, QByteArray(2000, 'x'));
    });
    QCOMPARE(stepsOf(server.config()), reachedAnd(steps));
}

void TestDestinationCheck::saysThatAFolderIsNone()
{
    m_fixture->write(u"file"_s, "not a folder");
    for (const QString &name : {u"nowhere"_s, u"file"_s}) {
        DestinationConfig config;
        config.name = u"Folder"_s;
        config.type = u"folder"_s;
        config.options.insert(u"folder"_s, m_fixture->path(name));
        const QStringList steps = stepsOf(std::move(config));
        QVERIFY2(steps.size() == 1 && steps[0].startsWith(u"sign_in failed"),
                 qPrintable(steps.join(u' ')));
    }
}

QTEST_GUILESS_MAIN(TestDestinationCheck)
#include "tst_destination_check.moc"

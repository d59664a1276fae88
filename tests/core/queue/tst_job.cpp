// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job.h"
#include "core/queue/job_record.h"
#include "tests/core/queue/job_samples.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;

namespace {

QJsonObject throughText(const QJsonObject &json)
{
    return QJsonDocument::fromJson(QJsonDocument(json).toJson()).object();
}

Job jobOf(QList<LegState> states)
{
    Job job;
    for (const LegState state : states) {
        Leg leg;
        leg.kind = job.legs.isEmpty() ? LegKind::Export : LegKind::Upload;
        leg.ordinal = std::max(0, int(job.legs.size()) - 1);
        leg.state = state;
        job.legs.append(leg);
    }
    return job;
}

} // namespace

class JobTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void recipesReadBack();
    void foreignRecipesAreRefused_data();
    void foreignRecipesAreRefused();
    void errorsReadBack_data();
    void errorsReadBack();
    void foreignErrorsAreRefused();
    void idsAreRandomBase32();
    void newJobsHaveTheirLegs_data();
    void newJobsHaveTheirLegs();
    void samenessFollowsTheCommand_data();
    void samenessFollowsTheCommand();
    void aCopyOfTheSourceIsNotTheSame();
    void aJobIsSettledAndDoneByItsLegs_data();
    void aJobIsSettledAndDoneByItsLegs();
    void whatRanWaitsAgain();
};

void JobTest::recipesReadBack()
{
    const Recipe recipe = sampleRecipe();
    QVERIFY(Recipe::fromJson(throughText(recipe.toJson())) == recipe);
    QVERIFY(Recipe::fromJson(throughText(Recipe().toJson())) == Recipe());
    Recipe toTheEnd;
    toTheEnd.trim = media::Trim{5, {}};
    QVERIFY(Recipe::fromJson(throughText(toTheEnd.toJson())) == toTheEnd);
}

void JobTest::foreignRecipesAreRefused_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QJsonValue>("value");
    const auto row = [](const char *name, const char *field, const QJsonValue &value) {
        QTest::newRow(name) << QString::fromLatin1(field) << value;
    };
    row("newer version", "version", 2);
    row("no version", "version", {});
    row("preset is a number", "preset", 7);
    row("no preset", "preset", {});
    row("unknown layout", "layout", QStringLiteral("sideways"));
    row("overwrite is text", "overwrite", QStringLiteral("yes"));
    row("destinations are text", "destinations", QStringLiteral("shelf:"));
    row("a destination is a number", "destinations", QJsonArray{1});
    row("trim before the start", "trim", QJsonObject{{QStringLiteral("start_us"), -1}});
    row("trim of nothing", "trim",
        QJsonObject{{QStringLiteral("start_us"), 5}, {QStringLiteral("end_us"), 5}});
    row("trim is text", "trim", QStringLiteral("1-2"));
}

void JobTest::foreignRecipesAreRefused()
{
    QFETCH(QString, field);
    QFETCH(QJsonValue, value);
    QJsonObject json = sampleRecipe().toJson();
    json.insert(field, value);
    QVERIFY(!Recipe::fromJson(json).has_value());
}

void JobTest::errorsReadBack_data()
{
    QTest::addColumn<int>("when");
    for (int when = 0; when <= int(RetryAdvice::When::AfterSignIn); ++when)
        QTest::addRow("advice %d", when) << when;
}

void JobTest::errorsReadBack()
{
    QFETCH(int, when);
    RetryAdvice advice{RetryAdvice::When(when), {}};
    if (advice.when == RetryAdvice::When::At)
        advice.at += std::chrono::microseconds(1'900'000'000'123'456);
    const Error error = Error(ErrorKind::UploadMismatch, QStringLiteral("a\nb"), advice)
                            .with(argument::reason, QStringLiteral("“x”"))
                            .with(argument::kept, QString());
    const auto back = errorFromJson(throughText(errorToJson(error)));
    QVERIFY(back.has_value());
    QVERIFY(*back == error);
}

void JobTest::foreignErrorsAreRefused()
{
    QJsonObject json = errorToJson(Error(ErrorKind::DiskFull));
    json.insert(QStringLiteral("kind"), QStringLiteral("of-the-future"));
    QVERIFY(!errorFromJson(json));
    QVERIFY(!errorFromJson({}));
}

void JobTest::idsAreRandomBase32()
{
    static const QRegularExpression pattern(QStringLiteral("^[a-z2-7]{12}$"));
    QSet<QString> ids;
    for (int count = 0; count < 10'000; ++count) {
        const QString id = newJobId();
        QVERIFY2(pattern.match(id).hasMatch(), qPrintable(id));
        ids.insert(id);
    }
    QCOMPARE(ids.size(), 10'000);
}

void JobTest::newJobsHaveTheirLegs_data()
{
    QTest::addColumn<QString>("preset");
    QTest::addColumn<QStringList>("destinations");
    QTest::addColumn<QString>("legs");
    const QStringList two{QStringLiteral("shelf:"), QStringLiteral("s3")};
    QTest::newRow("export only") << QStringLiteral("web") << QStringList()
                                 << QStringLiteral("export 0 waiting slot");
    QTest::newRow("upload only") << QString() << QStringList{QStringLiteral("shelf:")}
                                 << QStringLiteral(
                                        "export 0 not-needed nothing, upload 0 waiting slot");
    QTest::newRow("both, to two places")
        << QStringLiteral("web") << two
        << QStringLiteral(
               "export 0 waiting slot, upload 0 waiting export, upload 1 waiting export");
}

void JobTest::newJobsHaveTheirLegs()
{
    QFETCH(QString, preset);
    QFETCH(QStringList, destinations);
    QFETCH(QString, legs);
    const QTemporaryDir folder;
    const FilePath path = FilePath(folder.path().toStdString()) / "clip.mp4";
    std::ofstream(path) << "content";
    const auto source = SourceFile::open(path);
    QVERIFY(source.has_value());
    Recipe recipe;
    recipe.preset = preset;
    recipe.destinations = destinations;
    const Job job = makeJob(**source, recipe);
    QStringList described;
    for (const Leg &leg : job.legs) {
        described.append(QStringLiteral("%1 %2 %3 %4")
                             .arg(legKindName(leg.kind))
                             .arg(leg.ordinal)
                             .arg(stateName(leg.state), waitName(leg.waitFor)));
    }
    QCOMPARE(described.join(QStringLiteral(", ")), legs);
    QVERIFY(hasExpectedLegs(job));
    QVERIFY(job.source == path && isEqual(job.identity, (*source)->identity()));
    QVERIFY(job.recipe == recipe);
    QCOMPARE(job.sameness, samenessOf((*source)->identity(), recipe));
    QVERIFY(std::abs(job.createdUs - QDateTime::currentMSecsSinceEpoch() * 1000) < 60'000'000);
}

void JobTest::samenessFollowsTheCommand_data()
{
    QTest::addColumn<Recipe>("recipe");
    QTest::addColumn<bool>("isSame");
    const auto row = [](const char *name, bool isSame, void (*change)(Recipe &)) {
        Recipe recipe = sampleRecipe();
        recipe.outputFolder = "/videos/out";
        change(recipe);
        QTest::newRow(name) << recipe << isSame;
    };
    row("the same", true, [](Recipe &) {});
    row("a slash at the end", true, [](Recipe &recipe) { recipe.outputFolder = "/videos/out/"; });
    row("a detour", true, [](Recipe &recipe) { recipe.outputFolder = "/videos/./x/../out"; });
    row("another folder", false, [](Recipe &recipe) { recipe.outputFolder = "/videos/in"; });
    row("another preset", false, [](Recipe &recipe) { recipe.preset = QStringLiteral("x"); });
    row("an edited preset", false, [](Recipe &recipe) { recipe.presetDigest = "4567"; });
    row("no trim", false, [](Recipe &recipe) { recipe.trim.reset(); });
    row("another trim", false, [](Recipe &recipe) { ++recipe.trim->startUs; });
    row("another layout", false, [](Recipe &recipe) { recipe.layout = media::Layout::Auto; });
    row("no forced encode", false, [](Recipe &recipe) { recipe.encodeAlways = false; });
    row("a destination less", false, [](Recipe &recipe) { recipe.destinations.removeLast(); });
}

void JobTest::samenessFollowsTheCommand()
{
    QFETCH(Recipe, recipe);
    QFETCH(bool, isSame);
    Recipe first = sampleRecipe();
    first.outputFolder = "/videos/out";
    const FileIdentity identity = sampleJob().identity;
    QCOMPARE(samenessOf(identity, recipe) == samenessOf(identity, first), isSame);
    QCOMPARE(samenessOf(identity, recipe).size(), 32);
}

void JobTest::aCopyOfTheSourceIsNotTheSame()
{
    const Recipe recipe = sampleRecipe();
    const FileIdentity original = sampleJob().identity;
    const QByteArray sameness = samenessOf(original, recipe);
    FileIdentity other = original;
    other.device = 5; // a file system that got another number at the next start
    QCOMPARE(samenessOf(other, recipe), sameness);
    other = original;
    ++other.inode;
    QVERIFY(samenessOf(other, recipe) != sameness);
    other = original;
    ++other.size;
    QVERIFY(samenessOf(other, recipe) != sameness);
    other = original;
    ++other.modifiedNs;
    QVERIFY(samenessOf(other, recipe) != sameness);
    other = original;
    other.edgeHash[0] = 'f';
    QVERIFY(samenessOf(other, recipe) != sameness);
}

void JobTest::aJobIsSettledAndDoneByItsLegs_data()
{
    QTest::addColumn<QList<LegState>>("states");
    QTest::addColumn<bool>("isSettled");
    QTest::addColumn<bool>("isDone");
    using States = QList<LegState>;
    QTest::newRow("all done") << States{LegState::Done, LegState::Done} << true << true;
    QTest::newRow("upload only") << States{LegState::NotNeeded, LegState::Done} << true << true;
    QTest::newRow("one place needs attention")
        << States{LegState::Done, LegState::Done, LegState::NeedsAttention} << true << false;
    QTest::newRow("cancelled") << States{LegState::Cancelled, LegState::Cancelled} << true << false;
    QTest::newRow("still retrying") << States{LegState::Done, LegState::Retrying} << false << false;
    QTest::newRow("paused") << States{LegState::Paused, LegState::Done} << false << false;
}

void JobTest::aJobIsSettledAndDoneByItsLegs()
{
    QFETCH(QList<LegState>, states);
    QFETCH(bool, isSettled);
    QFETCH(bool, isDone);
    QCOMPARE(jobOf(states).isSettled(), isSettled);
    QCOMPARE(jobOf(states).isDone(), isDone);
}

void JobTest::whatRanWaitsAgain()
{
    Job job = jobOf({LegState::Running, LegState::Retrying, LegState::Verifying, LegState::Paused,
                     LegState::Done});
    job.legs[1].error = Error(ErrorKind::DestinationBusy);
    job.legs[3].error = Error(ErrorKind::SignInNeeded);
    interrupt(job);
    for (int leg = 0; leg < 3; ++leg)
        QCOMPARE(job.legs[leg].state, LegState::Waiting);
    QCOMPARE(job.legs[0].waitFor, WaitFor::Slot);
    QCOMPARE(job.legs[1].waitFor, WaitFor::Export);
    QVERIFY(!job.legs[1].error.has_value());
    QCOMPARE(job.legs[3].state, LegState::Paused);
    QVERIFY(job.legs[3].error.has_value());
    QCOMPARE(job.legs[4].state, LegState::Done);
    Job exported = jobOf({LegState::Done, LegState::Running});
    interrupt(exported);
    QCOMPARE(exported.legs[1].waitFor, WaitFor::Slot);
}

QTEST_GUILESS_MAIN(JobTest)
#include "tst_job.moc"

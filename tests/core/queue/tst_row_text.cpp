// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/quantity_text.h"
#include "core/queue/recipe_text.h"
#include "core/queue/row_text.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <limits>

using namespace sendoff;
using namespace sendoff::queue;
using namespace std::chrono_literals;

namespace {

const QString server = QStringLiteral("tus+https://family.example/files");

// An export and an upload; states as given.
Job jobWith(LegState exporting, LegState uploading, WaitFor waitFor = WaitFor::Slot)
{
    Job job;
    job.id = newJobId();
    job.source = "/videos/Picnic.mp4";
    job.recipe.preset = QStringLiteral("web-1080p");
    job.recipe.destinations = {server};
    Leg first;
    first.state = exporting;
    first.waitFor = waitFor;
    Leg second;
    second.kind = LegKind::Upload;
    second.state = uploading;
    second.waitFor = waitFor;
    job.legs = {first, second};
    return job;
}

Job withError(Job job, int leg, const Error &error)
{
    job.legs[leg].error = error;
    return job;
}

Job doneJob(qint64 bytes, const QString &link)
{
    Job job = jobWith(LegState::Done, LegState::Done);
    job.legs[1].result = {{QStringLiteral("bytes"), bytes}, {QStringLiteral("url"), link}};
    return job;
}

LegProgress at(double fraction, qint64 bytes = 0, qint64 total = -1)
{
    LegProgress progress;
    progress.fraction = fraction;
    progress.bytes = bytes;
    progress.totalBytes = total;
    return progress;
}

LegProgress retryingAt(qint64 nextTryMs)
{
    LegProgress progress = at(0.5, 212'000'000, 390'000'000);
    progress.nextTryMs = nextTryMs;
    return progress;
}

RowFacts factsWith(const QList<LegProgress> &legs)
{
    RowFacts facts;
    facts.legs = legs;
    facts.nowMs = 1'000'000;
    return facts;
}

RowFacts exportingFacts()
{
    RowFacts facts = factsWith({at(0.62)});
    facts.framesPerSecond = 41.2;
    facts.left = 70s;
    return facts;
}

RowFacts uploadingFacts()
{
    RowFacts facts = factsWith({at(1), at(0.47, 310'000'000, 660'000'000)});
    facts.bytesPerSecond = 2.1e6;
    facts.left = 180s;
    return facts;
}

RowFacts waitingFacts(int position)
{
    RowFacts facts;
    facts.position = position;
    return facts;
}

// As people see it: without what only keeps directions apart and lines together.
QString plain(QString text)
{
    text.remove(u'\u2068').remove(u'\u2069');
    return text.replace(QChar::Nbsp, u' ');
}

RowText englishText(const Job &job, bool isPausedAll, const RowFacts &facts)
{
    return rowText(job, rowStateOf(job, isPausedAll), facts, QLocale(QLocale::English));
}

Error diskFull()
{
    return Error(ErrorKind::DiskFull)
        .with(argument::folder, QStringLiteral("Videos"))
        .with(argument::needed, QStringLiteral("3100000000"))
        .with(argument::available, QStringLiteral("1200000000"));
}

} // namespace

class RowTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysWhatTheRowDoes_data()
    {
        using enum LegState;
        QTest::addColumn<Job>("job");
        QTest::addColumn<bool>("isPausedAll");
        QTest::addColumn<RowFacts>("facts");
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("sentence");
        QTest::addColumn<QString>("left");
        const auto row = [](const char *name, const Job &job, bool isPausedAll,
                            const RowFacts &facts, const char *word, const char *sentence,
                            const char *left = "") {
            QTest::newRow(name) << job << isPausedAll << facts << QString::fromUtf8(word)
                                << QString::fromUtf8(sentence) << QString::fromUtf8(left);
        };
        Job unchecked = jobWith(Waiting, Waiting);
        unchecked.isChecked = false;
        row("checking", unchecked, false, {}, "Checking", "Checking");
        row("exporting", jobWith(Running, Waiting), false, exportingFacts(), "Exporting",
            "Exporting 62 % · 41 fps", "1 min 10 s left");
        row("exporting, early", jobWith(Running, Waiting), false, factsWith({at(0.01)}),
            "Exporting", "Exporting 1 %", "estimating…");
        row("exporting, unknown length", jobWith(Running, Waiting), false,
            factsWith({at(-1, 12'300'000)}), "Exporting", "Exporting · 12 MB so far",
            "estimating…");
        row("exporting, nothing known", jobWith(Running, Waiting), false, {}, "Exporting",
            "Exporting", "estimating…");
        row("both", jobWith(Running, Running), false, factsWith({at(0.4), at(-1, 12'000'000)}),
            "Exporting and uploading", "Exporting 40 % and uploading · 12 MB sent", "estimating…");
        row("uploading", jobWith(Done, Running), false, uploadingFacts(), "Uploading",
            "Uploading 47 % · 310 MB of 660 MB · 2.1 MB/s", "3 min left");
        row("uploading, slowly", jobWith(Done, Running), false,
            factsWith({at(1), at(0.5, 500'000, 1'000'000)}), "Uploading",
            "Uploading 50 % · 500 kB of 1.0 MB", "estimating…");
        row("uploading, just begun", jobWith(Done, Running), false, {}, "Uploading", "Uploading",
            "estimating…");
        row("verifying the export", jobWith(Verifying, Waiting), false, {}, "Verifying",
            "Verifying the exported file");
        row("verifying the copy", jobWith(Done, Verifying), false, {}, "Verifying",
            "Verifying the copy on family.example");
        row("retrying", jobWith(Done, Retrying), false, factsWith({at(1), retryingAt(1'013'500)}),
            "Retrying", "Retrying in 14 s · 212 MB of 390 MB are safe on family.example");
        row("retrying now", jobWith(Done, Retrying), false, factsWith({at(1), retryingAt(999'000)}),
            "Retrying", "Retrying · 212 MB of 390 MB are safe on family.example");
        row("retrying, nothing sent", jobWith(Done, Retrying), false, {}, "Retrying", "Retrying");
        row("paused", jobWith(Paused, Waiting), false, factsWith({at(0.25)}), "Paused",
            "Paused by you at 25 %");
        row("paused early", jobWith(Paused, Waiting), false, {}, "Paused", "Paused by you");
        row("all paused", jobWith(Waiting, Waiting), true, factsWith({at(0.25)}), "Paused",
            "Paused with all others at 25 %");
        row("waiting", jobWith(Waiting, Waiting), false, waitingFacts(3), "Waiting",
            "Waiting · position 3");
        row("waiting, anywhere", jobWith(Waiting, Waiting), false, {}, "Waiting", "Waiting");
        row("waiting to upload", jobWith(Done, Waiting), false, waitingFacts(1), "Waiting",
            "Waiting to upload");
        row("waiting for the server", jobWith(Done, Waiting, WaitFor::Destination), false, {},
            "Waiting", "Waiting for family.example");
        row("waiting for sign-in", jobWith(Done, Waiting, WaitFor::SignIn), false, {}, "Waiting",
            "Waiting for sign-in to family.example");
        row("waiting for space",
            withError(jobWith(Waiting, Waiting, WaitFor::Space), 0, diskFull()), false, {},
            "Waiting", "Waiting for disk space · 3.1 GB needed, 1.2 GB free");
        row("waiting for some space", jobWith(Waiting, Waiting, WaitFor::Space), false, {},
            "Waiting", "Waiting for disk space");
        row("waiting for the time", jobWith(Waiting, Waiting, WaitFor::Schedule), false, {},
            "Waiting", "Waiting for the scheduled time");
        row("attention", withError(jobWith(NeedsAttention, Waiting), 0, diskFull()), false, {},
            "Needs attention",
            "Needs attention: The disk of “Videos” is full: 3.1 GB needed, 1.2 GB free.");
        row("attention without a reason", jobWith(NeedsAttention, Waiting), false, {},
            "Needs attention", "Needs attention");
        row("cancelled", jobWith(Cancelled, Cancelled), false, {}, "Cancelled", "Cancelled");
        row("done", doneJob(190'000'000, QStringLiteral("https://h/1")), false, {}, "Done",
            "Done · 190 MB · link ready");
        row("done without a link", doneJob(1'500'000, {}), false, {}, "Done", "Done · 1.5 MB");
        row("done, size unknown", jobWith(Done, Done), false, {}, "Done", "Done");
    }
    void saysWhatTheRowDoes()
    {
        QFETCH(const Job, job);
        QFETCH(const bool, isPausedAll);
        QFETCH(const RowFacts, facts);
        QFETCH(const QString, word);
        QFETCH(const QString, sentence);
        QFETCH(const QString, left);
        const RowText text = englishText(job, isPausedAll, facts);
        QCOMPARE(text.word, word);
        QCOMPARE(plain(text.sentence), sentence);
        QCOMPARE(plain(text.left), left);
    }

    void keepsTheTimeLeftInAPause()
    {
        RowFacts facts = factsWith({at(0.62)});
        facts.left = 70s;
        const RowText text =
            englishText(jobWith(LegState::Paused, LegState::Waiting), false, facts);
        QCOMPARE(plain(text.left), QStringLiteral("1 min 10 s left"));
    }

    void neverShowsWhatIsNoNumber()
    {
        auto *random = QRandomGenerator::global();
        const quint32 seed = random->generate();
        QRandomGenerator values(seed);
        const auto real = [&values] {
            static const double odd[] = {
                -1,           0,     1,      2,
                std::nan(""), 1e300, -1e300, std::numeric_limits<double>::infinity(),
                1e-300};
            const quint32 pick = values.bounded(16U);
            return pick < 9 ? odd[pick] : values.generateDouble() * 1e7;
        };
        const auto whole = [&values] {
            static const qint64 odd[] = {-1, 0, 1, std::numeric_limits<qint64>::max(),
                                         std::numeric_limits<qint64>::min() / 2};
            const quint32 pick = values.bounded(8U);
            return pick < 5 ? odd[pick] : qint64(values.generate64() >> 20);
        };
        static const QRegularExpression forbidden(
            QStringLiteral("∞|\\bnan\\b|\\binf\\b|-\\d|Stalled|%[1-9n]"),
            QRegularExpression::CaseInsensitiveOption);
        for (int turn = 0; turn < 20'000; ++turn) {
            Job job = jobWith(LegState(values.bounded(9)), LegState(values.bounded(9)),
                              WaitFor(values.bounded(7)));
            job.isChecked = values.bounded(8) != 0;
            if (values.bounded(2) == 0)
                job.legs[1].result = {{QStringLiteral("bytes"), whole()}};
            RowFacts facts =
                factsWith({at(real(), whole(), whole()), at(real(), whole(), whole())});
            facts.legs[1].nextTryMs = whole();
            facts.nowMs = whole();
            facts.bytesPerSecond = real();
            facts.framesPerSecond = real();
            facts.position = int(whole() % 100);
            if (values.bounded(2) == 0)
                facts.left = std::chrono::seconds(whole());
            const RowText text = englishText(job, values.bounded(2) == 0, facts);
            const QString all = text.word + u'|' + text.sentence + u'|' + text.left;
            QVERIFY2(!forbidden.match(all).hasMatch(),
                     qPrintable(all + QStringLiteral(" seed %1").arg(seed)));
            QVERIFY(!text.word.isEmpty() && !text.sentence.isEmpty());
        }
    }

    void namesTheRecipe_data()
    {
        QTest::addColumn<Recipe>("recipe");
        QTest::addColumn<QString>("text");
        Recipe recipe;
        recipe.preset = QStringLiteral("web-1080p");
        recipe.destinations = {server};
        QTest::newRow("server") << recipe << QStringLiteral("Web 1080p → family.example");
        recipe.destinations = {QStringLiteral("shelf:")};
        QTest::newRow("shelf") << recipe << QStringLiteral("Web 1080p → Shelf");
        recipe.destinations.append(QStringLiteral("file:///home/me/NAS"));
        QTest::newRow("two") << recipe << QStringLiteral("Web 1080p → Shelf and NAS");
        recipe.destinations.append(QStringLiteral("Grandma"));
        QTest::newRow("three") << recipe << QStringLiteral("Web 1080p → Shelf and 2 others");
        recipe.destinations.clear();
        recipe.outputFolder = "/home/me/Videos";
        QTest::newRow("folder") << recipe << QStringLiteral("Web 1080p → Videos");
        recipe.preset.clear();
        QTest::newRow("as it is") << recipe << QStringLiteral("As it is → Videos");
        recipe.preset = QStringLiteral("/home/me/mine.json");
        QTest::newRow("preset of a file") << recipe << QStringLiteral("mine.json → Videos");
    }
    void namesTheRecipe()
    {
        QFETCH(const Recipe, recipe);
        QFETCH(const QString, text);
        const PresetTitles titles{{QStringLiteral("web-1080p"), QStringLiteral("Web 1080p")}};
        QCOMPARE(plain(recipeText(recipe, titles)), text);
    }

    void writesNumbersAsTheLanguageDoes()
    {
        const QLocale german(QLocale::German);
        QCOMPARE(plain(bytesText(3'100'000'000, german)), QStringLiteral("3,1 GB"));
        QCOMPARE(plain(percentText(0.999, german)), QStringLiteral("99 %"));
        QCOMPARE(plain(percentText(0.29, german)), QStringLiteral("29 %"));
        QCOMPARE(plain(spanText(3'725s, german)), QStringLiteral("1 h 2 min"));
        QCOMPARE(plain(spanText(120s, german)), QStringLiteral("2 min"));
        QCOMPARE(plain(frameRateText(1.5, german)), QStringLiteral("1,5 fps"));
        QCOMPARE(rateText(999, german), QString());
    }
};

QTEST_GUILESS_MAIN(RowTextTest)
#include "tst_row_text.moc"

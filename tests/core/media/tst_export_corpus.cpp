// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error_text.h"
#include "tests/support/media_export.h"
#include "tests/support/media_tools.h"

#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <condition_variable>
#include <ctime>
#include <mutex>
#include <thread>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

namespace {

// Of the processor's time, whatever else the machine does.
constexpr std::clock_t clockLimit = 120 * CLOCKS_PER_SEC;

// Ends an export that takes too long, so that the row fails instead of hanging the run. One that
// does not even use the processor is left to the time limit of the whole test.
class Watchdog {
public:
    Watchdog()
        : m_thread([this](std::stop_token end) {
            const std::clock_t begin = std::clock();
            std::unique_lock lock(m_mutex);
            while (!end.stop_requested()) {
                m_wake.wait_for(lock, end, std::chrono::milliseconds(200), [] { return false; });
                if (std::clock() - begin > clockLimit) {
                    m_hasBarked = true;
                    m_export.request_stop();
                    return;
                }
            }
        })
    {
    }
    std::stop_token token() const { return m_export.get_token(); }
    bool hasBarked() const { return m_hasBarked; }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::atomic<bool> m_hasBarked{false};
    std::stop_source m_export;
    std::jthread m_thread; // last: joined first
};

QString mediaFolder()
{
    const QString named = qEnvironmentVariable("SENDOFF_SHARED_MEDIA");
    return named.isEmpty() ? qEnvironmentVariable("SENDOFF_SOURCE_DIR") + u"/../shared/media"_s
                           : named;
}

// Where a file does not end as the manifest says, and why.
const QMap<QString, QString> &knownDeviations()
{
    static const QString unnoticed = u"FFmpeg 5.1 reads and decodes it without any complaint"_s;
    static const QMap<QString, QString> deviations{
        {u"broken/derived__bitflip_ts.ts"_s, unnoticed},
        {u"broken/fate-suite__invalid_elst_entry_count.mp4"_s, unnoticed},
        {u"broken/file-type__fixture-null.webm"_s, unnoticed},
        {u"broken/file-type__fixture.flv"_s, unnoticed},
        {u"broken/fuzzing-corpus__24.mp4"_s, unnoticed},
        {u"broken/fuzzing-corpus__invalid-size.gif"_s, unnoticed}};
    return deviations;
}

// File → what must become of it.
QMap<QString, QString> expectations()
{
    QMap<QString, QString> expected;
    QFile manifest(mediaFolder() + u"/manifest.tsv"_s);
    if (!manifest.open(QIODevice::ReadOnly))
        return expected;
    for (const QByteArray &line : manifest.readAll().split('\n')) {
        const QList<QByteArray> columns = line.split('\t');
        if (columns.size() > 2)
            expected.insert(QString::fromUtf8(columns.first()),
                            QString::fromUtf8(columns.last().trimmed()));
    }
    return expected;
}

} // namespace

class ExportCorpusTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void endsWithAResultOrAReason_data();
    void endsWithAResultOrAReason();

private:
    void checkResult(const ExportOutcome &outcome, const FilePath &output);

    QTemporaryDir m_folder;
};

void ExportCorpusTest::initTestCase()
{
    if (!QFile::exists(mediaFolder() + u"/manifest.tsv"_s))
        QSKIP("no corpus: set SENDOFF_SHARED_MEDIA");
}

void ExportCorpusTest::endsWithAResultOrAReason_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("expected");
    const QMap<QString, QString> expected = expectations();
    for (const QString &group : {u"good"_s, u"odd"_s, u"broken"_s, u"hostile"_s}) {
        QDir folder(mediaFolder() + u'/' + group);
        for (const QString &name : folder.entryList(QDir::Files, QDir::Name)) {
            if (name == u"manifest.tsv")
                continue;
            const QString row = group + u'/' + name;
            QTest::newRow(row.toUtf8().constData())
                << folder.filePath(name) << expected.value(row, u"bounded"_s);
        }
    }
}

void ExportCorpusTest::endsWithAResultOrAReason()
{
    QFETCH(QString, path);
    QFETCH(QString, expected);
    ExportCase what;
    what.source = path.toStdString();
    what.output = m_folder.filePath(u"out.mp4"_s).toStdString();
    Watchdog watchdog;
    const ExportOutcome outcome = exportFile(what, watchdog.token());
    qInfo("%s", qPrintable(outcome.summary()));
    QVERIFY2(!watchdog.hasBarked(), "took two minutes of the processor's time");
    if (outcome.isDone()) {
        checkResult(outcome, what.output);
        QFile::remove(fromPath(what.output));
    } else {
        const ErrorText text = describe(outcome.result.error());
        QVERIFY(outcome.result.error().kind != ErrorKind::Internal);
        QVERIFY(!text.what.contains(u'%') && !text.next.isEmpty());
        QVERIFY2(!text.what.contains(u"no reason was given"), qPrintable(text.what));
    }
    QVERIFY(!QFile::exists(fromPath(what.output)));

    const bool isSilent = outcome.isDone() && outcome.result->warnings.isEmpty()
        && outcome.plan.warnings.isEmpty() && outcome.info.warnings.isEmpty();
    const QString row = QString::fromUtf8(QTest::currentDataTag());
    if (const QString reason = knownDeviations().value(row); !reason.isEmpty())
        QEXPECT_FAIL("", qPrintable(reason), Continue);
    const bool hasLeftOut = std::any_of(
        outcome.plan.streams.begin(), outcome.plan.streams.end(), [](const StreamPlan &stream) {
            return stream.action == StreamAction::Drop && !stream.reason.isEmpty();
        });
    if (expected.startsWith(u"export succeeds"))
        QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    else if (expected.startsWith(u"clear refusal or partial"))
        QVERIFY2(!isSilent || hasLeftOut, qPrintable(outcome.summary()));
    else if (expected != u"bounded")
        QVERIFY2(!isSilent, qPrintable(u"a silent success where expected: "_s + expected));
}

// FFmpeg's own programs must find nothing wrong with what an export calls done.
void ExportCorpusTest::checkResult(const ExportOutcome &outcome, const FilePath &output)
{
    const Probed probed(output);
    QVERIFY(probed.isReadable());
    QCOMPARE(qint64(QFile(fromPath(output)).size()), outcome.result->bytes);
    if (outcome.plan.copiesAll())
        return; // damage in what was copied is the source's
    QCOMPARE(decodeErrors(output), QStringList());
}

QTEST_GUILESS_MAIN(ExportCorpusTest)
#include "tst_export_corpus.moc"

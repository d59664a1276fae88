// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/sample_clip.h"
#include "core/queue/folder_search.h"
#include "core/queue/row_state.h"
#include "tests/core/queue/queue_lab.h"

#include <QSignalSpy>

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;

namespace {

Recipe recipeTo(const FilePath &folder = "/tmp/never")
{
    Recipe recipe;
    recipe.preset = QStringLiteral("web-1080p");
    recipe.outputFolder = folder;
    return recipe;
}

} // namespace

class IntakeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_lab.reset(); }
    void rowsAreThereAtOnceInTheOrderGiven();
    void videosAreCheckedAndOthersNamed();
    void aVideoThatCannotBeReadKeepsARow();
    void theSameFileIsQueuedOnce();
    void foldersAreSearchedInNaturalOrder();
    void subFoldersAreMirroredOnOutput();
    void manyVideosAreAskedAbout_data();
    void manyVideosAreAskedAbout();
    void ownFoldersAreRefused();
    void anEmptyFolderIsSaid();
    void rowsThatWereNeverOpenedAreCheckedAtTheNextStart();

private:
    FilePath root() const { return m_folder->path().toStdString(); }
    FilePath clipAt(const FilePath &path) const
    {
        std::filesystem::create_directories(path.parent_path());
        std::filesystem::copy_file(m_clip, path);
        return path;
    }
    FilePath fileAt(const FilePath &path, const QByteArray &content) const
    {
        std::filesystem::create_directories(path.parent_path());
        QFile file(QString::fromStdString(path.string()));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("no file");
        file.write(content);
        return path;
    }
    // Adds and waits for the report.
    BatchReport add(std::vector<FilePath> paths,
                    Intake::IfQueued ifQueued = Intake::IfQueued::Skip,
                    const Recipe &recipe = recipeTo())
    {
        std::optional<BatchReport> report;
        const auto told = connect(&m_lab->intake(), &Intake::finished, this,
                                  [&](const BatchReport &finished) { report = finished; });
        m_lab->intake().add(std::move(paths), recipe, ifQueued);
        if (!QTest::qWaitFor([&] { return report.has_value(); }, 60'000))
            qFatal("no report");
        disconnect(told);
        return *report;
    }
    QStringList names() const
    {
        QStringList names;
        for (const QString &id : m_lab->queue().order())
            names.append(displayName(m_lab->queue().find(id)->source));
        return names;
    }
    QTemporaryDir m_clips;
    FilePath m_clip;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QueueLab> m_lab;
};

void IntakeTest::initTestCase()
{
    media::SampleClip clip;
    clip.width = 64;
    clip.height = 36;
    clip.seconds = 0.5;
    m_clip = FilePath(m_clips.path().toStdString()) / "clip.mkv";
    QVERIFY(media::makeSampleClip(clip, m_clip, {}));
}

void IntakeTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_lab = std::make_unique<QueueLab>(root() / "lab");
}

void IntakeTest::rowsAreThereAtOnceInTheOrderGiven()
{
    const std::vector<FilePath> paths{clipAt(root() / "z.mkv"), clipAt(root() / "a.mkv"),
                                      clipAt(root() / "m.mkv")};
    QSignalSpy added(&m_lab->queue(), &JobQueue::jobsAdded);
    m_lab->intake().add(paths, recipeTo());
    QCOMPARE(names(), QStringList({u"z.mkv"_qs, u"a.mkv"_qs, u"m.mkv"_qs}));
    QCOMPARE(added.size(), 1);
    for (const QString &id : m_lab->queue().order())
        QCOMPARE(rowStateOf(*m_lab->queue().find(id), false).word, RowWord::Checking);
    QTRY_VERIFY_WITH_TIMEOUT(std::all_of(m_lab->queue().order().begin(),
                                         m_lab->queue().order().end(),
                                         [&](const QString &id) {
                                             return m_lab->queue().find(id)->isChecked;
                                         }),
                             60'000);
    for (const QString &id : m_lab->queue().order()) {
        QVERIFY(m_lab->queue().find(id)->identity.size > 0);
        QCOMPARE(rowStateOf(*m_lab->queue().find(id), false).word, RowWord::Waiting);
    }
}

void IntakeTest::videosAreCheckedAndOthersNamed()
{
    const BatchReport report =
        add({clipAt(root() / "video"), fileAt(root() / "picture.jpg", "x"),
             fileAt(root() / "notes.txt", "x"), fileAt(root() / "unknown.bin", "not a video")});
    QVERIFY2(report.added.size() == 1, qPrintable(names().join(u' ')));
    QCOMPARE(QSet<QString>(report.notVideos.begin(), report.notVideos.end()),
             QSet<QString>({u"picture.jpg"_qs, u"notes.txt"_qs, u"unknown.bin"_qs}));
    QCOMPARE(names(), QStringList{u"video"_qs});
}

void IntakeTest::aVideoThatCannotBeReadKeepsARow()
{
    const BatchReport report = add({fileAt(root() / "broken.mp4", "this is no video"),
                                    fileAt(root() / "empty.mov", {}), root() / "gone.mkv"});
    QCOMPARE(report.added.size(), 3);
    QList<ErrorKind> kinds;
    for (const QString &id : m_lab->queue().order()) {
        const Job &job = *m_lab->queue().find(id);
        QCOMPARE(rowStateOf(job, false).word, RowWord::NeedsAttention);
        kinds.append(job.exportLeg().error->kind);
        QVERIFY(!(*job.exportLeg().error)[argument::file].isEmpty());
    }
    QCOMPARE(kinds, QList<ErrorKind>({ErrorKind::SourceNotMedia, ErrorKind::SourceEmpty,
                                      ErrorKind::SourceMissing}));
}

void IntakeTest::theSameFileIsQueuedOnce()
{
    const FilePath clip = clipAt(root() / "a.mkv");
    const QString first = add({clip}).added.value(0);
    const BatchReport again = add({clip});
    QVERIFY(again.added.isEmpty());
    QCOMPARE(again.alreadyQueued, QStringList{first});
    QCOMPARE(m_lab->queue().order(), QStringList{first});
    QCOMPARE(add({clip}, Intake::IfQueued::AddAgain).added.size(), 1);
    QCOMPARE(m_lab->queue().order().size(), 2);
    QCOMPARE(add({clip}, Intake::IfQueued::Skip, recipeTo("/tmp/other")).added.size(), 1);
}

void IntakeTest::foldersAreSearchedInNaturalOrder()
{
    const FilePath folder = root() / "Holiday";
    for (const char *name : {"10.mkv", "9.mkv", "Beach/b.mkv", "Beach/A.mkv", ".hidden.mkv",
                             ".cache/c.mkv", "cover.jpg"})
        std::string(name).ends_with("jpg") ? fileAt(folder / name, "x") : clipAt(folder / name);
    std::filesystem::create_directory_symlink(folder, folder / "loop");
    const BatchReport report = add({folder});
    QCOMPARE(names(), QStringList({u"9.mkv"_qs, u"10.mkv"_qs, u"A.mkv"_qs, u"b.mkv"_qs}));
    QCOMPARE(report.added.size(), 4);
    QCOMPARE(report.notVideos, QStringList{u"cover.jpg"_qs});
    QVERIFY(isNaturallyBefore("Clip 2.mp4", "clip 10.mp4"));
    QVERIFY(!isNaturallyBefore("b.mp4", "A.mp4"));
}

void IntakeTest::subFoldersAreMirroredOnOutput()
{
    clipAt(root() / "Holiday" / "Beach" / "a.mkv");
    const BatchReport report = add({root() / "Holiday" / ""});
    const Recipe &recipe = m_lab->queue().find(report.added.value(0))->recipe;
    QCOMPARE(recipe.outputFolder, FilePath("/tmp/never"));
    QCOMPARE(recipe.subFolder, FilePath("Holiday/Beach"));
}

void IntakeTest::manyVideosAreAskedAbout_data()
{
    QTest::addColumn<bool>("addAll");
    QTest::newRow("add all") << true;
    QTest::newRow("add none") << false;
}

void IntakeTest::manyVideosAreAskedAbout()
{
    QFETCH(bool, addAll);
    constexpr int files = Intake::askAbove + 1;
    for (int number = 0; number < files; ++number)
        clipAt(root() / "many" / (std::to_string(number) + ".mkv"));
    int askedFor = 0;
    connect(&m_lab->intake(), &Intake::askedAboutMany, this,
            [&](BatchId batch, int videos, qint64 bytes) {
                askedFor = videos;
                QVERIFY(bytes > 0);
                QVERIFY(m_lab->queue().order().isEmpty()); // nothing before the answer
                m_lab->intake().confirm(batch, addAll);
            });
    QCOMPARE(add({root() / "many"}).added.size(), addAll ? files : 0);
    QCOMPARE(askedFor, files);
    QCOMPARE(m_lab->queue().order().size(), addAll ? files : 0);
}

void IntakeTest::ownFoldersAreRefused()
{
    m_lab->intake().setOwnFolders({root() / "Shelf"});
    const FilePath inside = clipAt(root() / "Shelf" / "a.mkv");
    const FilePath beside = clipAt(root() / "Shelf 2" / "b.mkv");
    const BatchReport report = add({inside, root() / "Shelf", beside});
    QCOMPARE(report.refused, QStringList({u"a.mkv"_qs, u"Shelf"_qs}));
    QCOMPARE(names(), QStringList{u"b.mkv"_qs});
}

void IntakeTest::anEmptyFolderIsSaid()
{
    std::filesystem::create_directory(root() / "nothing");
    QVERIFY(add({root() / "nothing"}).isEmptyFolder);
}

void IntakeTest::rowsThatWereNeverOpenedAreCheckedAtTheNextStart()
{
    Job job = QueueLab::jobFor(clipAt(root() / "a.mkv"), recipeTo());
    job.isChecked = false;
    job.identity = {};
    QVERIFY(QCoro::waitFor(m_lab->queue().add(job)));
    m_lab->reopen();
    QCOMPARE(rowStateOf(*m_lab->queue().find(job.id), false).word, RowWord::Checking);
    m_lab->intake().checkStored();
    QTRY_VERIFY_WITH_TIMEOUT(m_lab->queue().find(job.id)->isChecked, 60'000);
    QVERIFY(m_lab->queue().find(job.id)->identity.size > 0);
}

QTEST_GUILESS_MAIN(IntakeTest)
#include "tst_intake.moc"

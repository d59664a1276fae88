// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error_text.h"
#include "core/media/export.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <fstream>
#include <mutex>
#include <set>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;

namespace {

void put(const FilePath &path, const QByteArray &content)
{
    QFile file(QString::fromStdString(path.string()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

QByteArray contentOf(const FilePath &path)
{
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not there)");
}

} // namespace

class PublishTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void givesTheNameThatWasAsked();
    void addsANumberWhereTheNameIsTaken();
    void cutsALongNameToMakeRoomForTheNumber();
    void overwritesOnlyWhenTold();
    void neverOverwritesTheSource_data();
    void neverOverwritesTheSource();
    void numbersBesideASourceOfTheSameName();
    void replacesALinkNotWhatItLeadsTo();
    void doesNotFollowALinkPlantedAsPartial();
    void refusesAFolderOrFifoInItsPlace();
    void givesEveryOneOfManyARivalFreeName();
    void makesTheFileReadableForOthers();

    void checkAcceptsAnOrdinaryTarget();
    void checkRefusesTheSource_data();
    void checkRefusesTheSource();
    void checkNamesAMissingFolder();
    void checkNamesAFileInTheFoldersPlace();
    void checkRefusesAFolderAsTarget();
    void checkRefusesAFolderWithoutPermission();
    void checkSaysHowMuchRoomIsMissing();

private:
    FilePath path(const char *name) const
    {
        return FilePath(m_folder->path().toStdString()) / name;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<const SourceFile> m_source;
};

void PublishTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    put(path("source.mp4"), "the source");
    put(path(".out.part"), "the result");
    const auto source = SourceFile::open(path("source.mp4"));
    QVERIFY(source);
    m_source = *source;
}

void PublishTest::givesTheNameThatWasAsked()
{
    const auto name =
        publishOutput(path(".out.part"), path("out.mp4"), IfExists::AddNumber, *m_source);
    QVERIFY(name);
    QCOMPARE(name->string(), path("out.mp4").string());
    QCOMPARE(contentOf(path("out.mp4")), "the result");
    QVERIFY(!std::filesystem::exists(path(".out.part")));
}

void PublishTest::addsANumberWhereTheNameIsTaken()
{
    put(path("out.mp4"), "first");
    put(path("out (2).mp4"), "second");
    const auto name =
        publishOutput(path(".out.part"), path("out.mp4"), IfExists::AddNumber, *m_source);
    QVERIFY(name);
    QCOMPARE(name->filename().string(), "out (3).mp4");
    QCOMPARE(contentOf(path("out.mp4")), "first");
    QCOMPARE(contentOf(path("out (2).mp4")), "second");
    QCOMPARE(contentOf(path("out (3).mp4")), "the result");
}

void PublishTest::cutsALongNameToMakeRoomForTheNumber()
{
    std::string stem;
    while (stem.size() + 2 <= 251)
        stem += "ä";
    const std::string longName = stem + ".mp4";
    put(path(longName.c_str()), "first");
    const auto name =
        publishOutput(path(".out.part"), path(longName.c_str()), IfExists::AddNumber, *m_source);
    QVERIFY2(name, name ? "" : qPrintable(name.error().detail));
    QVERIFY(name->filename().string().size() <= 255);
    QVERIFY(name->filename().string().ends_with("ä (2).mp4"));
    QCOMPARE(contentOf(*name), "the result");
}

void PublishTest::overwritesOnlyWhenTold()
{
    put(path("out.mp4"), "old");
    const auto name =
        publishOutput(path(".out.part"), path("out.mp4"), IfExists::Overwrite, *m_source);
    QVERIFY(name);
    QCOMPARE(contentOf(path("out.mp4")), "the result");
    QVERIFY(!std::filesystem::exists(path("out (2).mp4")));
}

void PublishTest::neverOverwritesTheSource_data()
{
    QTest::addColumn<QString>("how");
    QTest::newRow("by its own name") << "same";
    QTest::newRow("by a symbolic link") << "symlink";
    QTest::newRow("by a chain of links") << "chain";
    QTest::newRow("by a hard link") << "hardlink";
    QTest::newRow("by another spelling") << "dots";
}

namespace {

FilePath nameOfSource(const FilePath &folder, const QString &how)
{
    const FilePath source = folder / "source.mp4";
    const FilePath other = folder / "other.mp4";
    if (how == u"symlink")
        std::filesystem::create_symlink(source, other);
    if (how == u"hardlink")
        std::filesystem::create_hard_link(source, other);
    if (how == u"chain") {
        std::filesystem::create_symlink("source.mp4", folder / "middle.mp4");
        std::filesystem::create_symlink("middle.mp4", other);
    }
    if (how == u"dots")
        return folder / ".." / folder.filename() / "source.mp4";
    return how == u"same" ? source : other;
}

} // namespace

void PublishTest::neverOverwritesTheSource()
{
    QFETCH(QString, how);
    const FilePath target = nameOfSource(m_folder->path().toStdString(), how);
    const auto name = publishOutput(path(".out.part"), target, IfExists::Overwrite, *m_source);
    QVERIFY(!name);
    QCOMPARE(name.error().kind, ErrorKind::OutputIsSource);
    QCOMPARE(contentOf(path("source.mp4")), "the source");
    QCOMPARE(contentOf(path(".out.part")), "the result");
}

void PublishTest::numbersBesideASourceOfTheSameName()
{
    const auto name =
        publishOutput(path(".out.part"), path("source.mp4"), IfExists::AddNumber, *m_source);
    QVERIFY(name);
    QCOMPARE(name->filename().string(), "source (2).mp4");
    QCOMPARE(contentOf(path("source.mp4")), "the source");
}

void PublishTest::replacesALinkNotWhatItLeadsTo()
{
    put(path("precious"), "precious");
    std::filesystem::create_symlink("precious", path("out.mp4"));
    QVERIFY(publishOutput(path(".out.part"), path("out.mp4"), IfExists::Overwrite, *m_source));
    QCOMPARE(contentOf(path("precious")), "precious");
    QVERIFY(!std::filesystem::is_symlink(path("out.mp4")));
    QCOMPARE(contentOf(path("out.mp4")), "the result");
}

void PublishTest::doesNotFollowALinkPlantedAsPartial()
{
    std::filesystem::create_symlink("source.mp4", path(".planted.part"));
    const auto name =
        publishOutput(path(".planted.part"), path("out.mp4"), IfExists::AddNumber, *m_source);
    QVERIFY(!name);
    QVERIFY(!std::filesystem::exists(path("out.mp4")));
}

void PublishTest::refusesAFolderOrFifoInItsPlace()
{
    std::filesystem::create_directory(path("folder.mp4"));
    const auto folder =
        publishOutput(path(".out.part"), path("folder.mp4"), IfExists::Overwrite, *m_source);
    QVERIFY(!folder);
    QCOMPARE(folder.error().kind, ErrorKind::OutputNotWritable);
    QCOMPARE(::mkfifo(path("fifo.mp4").c_str(), 0600), 0);
    const auto fifo =
        publishOutput(path(".out.part"), path("fifo.mp4"), IfExists::Overwrite, *m_source);
    QVERIFY(!fifo);
    QCOMPARE(fifo.error()[argument::reason], u"“fifo.mp4” is not an ordinary file"_s);
}

// Many exports of the same name end at the same instant.
void PublishTest::givesEveryOneOfManyARivalFreeName()
{
    constexpr int threads = 4;
    constexpr int each = 25;
    std::mutex mutex;
    std::set<std::string> names;
    std::atomic<int> failures{0};
    std::vector<std::thread> workers;
    for (int worker = 0; worker < threads; ++worker) {
        workers.emplace_back([&, worker] {
            for (int i = 0; i < each; ++i) {
                const std::string partial = "." + std::to_string(worker) + "-" + std::to_string(i);
                std::ofstream(path(partial.c_str())) << partial;
                const auto name = publishOutput(path(partial.c_str()), path("race.mp4"),
                                                IfExists::AddNumber, *m_source);
                if (!name || contentOf(*name).toStdString() != partial)
                    ++failures;
                const std::lock_guard lock(mutex);
                if (name)
                    names.insert(name->string());
            }
        });
    }
    for (std::thread &worker : workers)
        worker.join();
    QCOMPARE(failures.load(), 0);
    QCOMPARE(names.size(), std::size_t(threads * each));
}

void PublishTest::makesTheFileReadableForOthers()
{
    QCOMPARE(::chmod(path(".out.part").c_str(), 0600), 0);
    const mode_t before = ::umask(022);
    const auto name =
        publishOutput(path(".out.part"), path("out.mp4"), IfExists::AddNumber, *m_source);
    ::umask(before);
    QVERIFY(name);
    struct stat status {};
    QCOMPARE(::stat(path("out.mp4").c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777, mode_t(0644));
}

void PublishTest::checkAcceptsAnOrdinaryTarget()
{
    ExportPlan plan;
    plan.minBytes = 1000;
    QVERIFY(checkTarget(path("new.mp4"), plan, *m_source));
    put(path("old.mp4"), "old");
    QVERIFY(checkTarget(path("old.mp4"), plan, *m_source)); // a number or --overwrite decides
}

void PublishTest::checkRefusesTheSource_data()
{
    neverOverwritesTheSource_data();
}

void PublishTest::checkRefusesTheSource()
{
    QFETCH(QString, how);
    const FilePath target = nameOfSource(m_folder->path().toStdString(), how);
    const auto checked = checkTarget(target, ExportPlan{}, *m_source);
    QVERIFY(!checked);
    QCOMPARE(checked.error().kind, ErrorKind::OutputIsSource);
    QVERIFY(describe(checked.error()).what.contains(u"source.mp4"));
}

void PublishTest::checkNamesAMissingFolder()
{
    const auto checked = checkTarget(path("gone/out.mp4"), ExportPlan{}, *m_source);
    QVERIFY(!checked);
    QCOMPARE(checked.error().kind, ErrorKind::OutputFolderMissing);
    QVERIFY(describe(checked.error()).what.contains(u"/gone”"));
}

void PublishTest::checkNamesAFileInTheFoldersPlace()
{
    const auto checked = checkTarget(path("source.mp4/out.mp4"), ExportPlan{}, *m_source);
    QVERIFY(!checked);
    QCOMPARE(checked.error().kind, ErrorKind::OutputFolderMissing);
}

void PublishTest::checkRefusesAFolderAsTarget()
{
    std::filesystem::create_directory(path("folder.mp4"));
    const auto checked = checkTarget(path("folder.mp4"), ExportPlan{}, *m_source);
    QVERIFY(!checked);
    QCOMPARE(checked.error().kind, ErrorKind::OutputNotWritable);
    QCOMPARE(checked.error()[argument::reason], u"“folder.mp4” is a folder"_s);
}

void PublishTest::checkRefusesAFolderWithoutPermission()
{
    if (::geteuid() == 0)
        QSKIP("root may write anywhere");
    std::filesystem::create_directory(path("locked"));
    QCOMPARE(::chmod(path("locked").c_str(), 0500), 0);
    const auto checked = checkTarget(path("locked/out.mp4"), ExportPlan{}, *m_source);
    QVERIFY(!checked);
    QCOMPARE(checked.error().kind, ErrorKind::OutputNotWritable);
}

void PublishTest::checkSaysHowMuchRoomIsMissing()
{
    ExportPlan plan;
    plan.minBytes = 1LL << 60;
    const auto checked = checkTarget(path("out.mp4"), plan, *m_source);
    QVERIFY(!checked);
    QCOMPARE(checked.error().kind, ErrorKind::DiskFull);
    QCOMPARE(checked.error()[argument::needed].toLongLong(), plan.minBytes);
    QVERIFY(checked.error()[argument::available].toLongLong() > 0);
    QCOMPARE(checked.error().retry.when, RetryAdvice::When::WhenSpace);
}

QTEST_GUILESS_MAIN(PublishTest)
#include "tst_publish.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/uploader.h"

#include "core/base/error_text.h"
#include "tests/core/transfer/transfer_fixture.h"
#include "tests/support/small_disk.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QtTest>

#include <unistd.h>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

constexpr qint64 mebibyte = 1 << 20;

} // namespace

class TestFolderDestination : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();

    void copiesUnderTheFinalName_data();
    void copiesUnderTheFinalName();
    void overwritesNothing();
    void keepsOddNamesOfTheFolder();
    void doesNotFollowAPlantedLink();
    void showsNoFinalNameBeforeItIsWhole();
    void goesOnWhereItStopped();
    void goesOnWithAHeadThatIsWrittenLast();
    void copiesAnewWhatTheDiskLost();
    void findsTheCopyThatGotItsNameBeforeTheCrash();
    void refuses_data();
    void refuses();
    void saysThatTheDiskIsTooSmallBeforeItCopies();
    void saysThatTheDiskFilledUp();
    void noticesWhetherItIsStillThere();
    void removesWhatIsDiscarded();

private:
    std::unique_ptr<Destination> destination(const QString &folder = {});
    Result<UploadResult> copy(const FilePath &file, const QJsonObject &state = {});
    QStringList names() const;

    std::unique_ptr<TransferFixture> m_fixture;
    QString m_folder;
};

void TestFolderDestination::init()
{
    m_fixture = std::make_unique<TransferFixture>();
    m_folder = m_fixture->path(QStringLiteral("target"));
    QVERIFY(QDir().mkpath(m_folder));
}

std::unique_ptr<Destination> TestFolderDestination::destination(const QString &folder)
{
    DestinationConfig config;
    config.name = QStringLiteral("Videos");
    config.type = QStringLiteral("folder");
    config.options.insert(QStringLiteral("folder"), folder.isEmpty() ? m_folder : folder);
    return m_fixture->create(std::move(config));
}

Result<UploadResult> TestFolderDestination::copy(const FilePath &file, const QJsonObject &state)
{
    auto request = m_fixture->request(m_fixture->sourceOf(file));
    request.resumeState = state;
    const auto place = destination();
    return m_fixture->upload(*place, std::move(request));
}

QStringList TestFolderDestination::names() const
{
    return QDir(m_folder).entryList(QDir::Files | QDir::Hidden | QDir::System, QDir::Name);
}

void TestFolderDestination::copiesUnderTheFinalName_data()
{
    QTest::addColumn<qint64>("size");
    QTest::newRow("empty") << 0LL;
    QTest::newRow("one byte") << 1LL;
    QTest::newRow("exactly one part") << 8 * mebibyte;
    QTest::newRow("two parts and a bit") << 16 * mebibyte + 5;
}

void TestFolderDestination::copiesUnderTheFinalName()
{
    QFETCH(const qint64, size);
    const QByteArray bytes = noise(size);
    const auto result = copy(m_fixture->write(QStringLiteral("a.mp4"), bytes));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(names(), QStringList{QStringLiteral("clip.mp4")});
    QVERIFY(contentOf(m_folder + QStringLiteral("/clip.mp4")) == bytes);
    QCOMPARE(result->delivery.link, QUrl::fromLocalFile(m_folder + QStringLiteral("/clip.mp4")));
    QCOMPARE(result->delivery.verifiedBy, QStringLiteral("size+sha256"));
    QCOMPARE(result->sha256, sha256Of(bytes));
    QCOMPARE(result->resentBytes, 0);
}

void TestFolderDestination::overwritesNothing()
{
    m_fixture->write(QStringLiteral("target/clip.mp4"), "mine");
    m_fixture->write(QStringLiteral("target/clip (2).mp4"), "mine too");
    const auto result = copy(m_fixture->write(QStringLiteral("a.mp4"), "new"));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(contentOf(m_folder + QStringLiteral("/clip.mp4")), QByteArray("mine"));
    QCOMPARE(contentOf(m_folder + QStringLiteral("/clip (2).mp4")), QByteArray("mine too"));
    QCOMPARE(contentOf(result->delivery.link.toLocalFile()), QByteArray("new"));
    QCOMPARE(result->delivery.link.fileName(), QStringLiteral("clip (3).mp4"));
}

void TestFolderDestination::keepsOddNamesOfTheFolder()
{
    const FilePath odd = m_folder.toStdString() + "/\xff#%?";
    std::filesystem::create_directory(odd);
    const auto place = destination(toStored(odd));
    const auto result = m_fixture->upload(*place,
                                          m_fixture->request(m_fixture->sourceOf(
                                              m_fixture->write(QStringLiteral("a.mp4"), "bytes"))));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(std::filesystem::exists(odd / "clip.mp4"));
    const QByteArray path =
        QByteArray::fromPercentEncoding(result->delivery.link.path(QUrl::FullyEncoded).toLatin1());
    QCOMPARE(path, QByteArray::fromStdString((odd / "clip.mp4").string()));
}

void TestFolderDestination::doesNotFollowAPlantedLink()
{
    const FilePath victim = m_fixture->write(QStringLiteral("victim"), "precious");
    std::filesystem::create_symlink(victim, m_folder.toStdString() + "/clip.mp4");
    const auto result = copy(m_fixture->write(QStringLiteral("a.mp4"), "new"));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(contentOf(m_fixture->path(QStringLiteral("victim"))), QByteArray("precious"));
    QCOMPARE(result->delivery.link.fileName(), QStringLiteral("clip (2).mp4"));
}

void TestFolderDestination::showsNoFinalNameBeforeItIsWhole()
{
    auto request = m_fixture->request(
        m_fixture->sourceOf(m_fixture->write(QStringLiteral("a.mp4"), noise(20 * mebibyte))));
    QStringList seen;
    const auto keep = request.saveState;
    request.saveState = [&](QJsonObject state) {
        seen += names();
        return keep(std::move(state));
    };
    const auto place = destination();
    QVERIFY(m_fixture->upload(*place, std::move(request)).has_value());
    QVERIFY(!seen.isEmpty());
    for (const QString &name : seen)
        QVERIFY2(name.startsWith(u".clip.mp4.part-"), qPrintable(name));
}

void TestFolderDestination::goesOnWhereItStopped()
{
    const QByteArray bytes = noise(40 * mebibyte);
    const FilePath file = m_fixture->write(QStringLiteral("a.mp4"), bytes);
    auto request = m_fixture->request(m_fixture->sourceOf(file));
    std::stop_source stop;
    QTimer watch;
    connect(&watch, &QTimer::timeout, [&, progress = request.progress] {
        if (progress->confirmed > 0)
            stop.request_stop();
    });
    watch.start(0);
    const auto place = destination();
    const auto stopped = m_fixture->upload(*place, std::move(request), stop.get_token());
    watch.stop();
    QVERIFY(!stopped.has_value());
    QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
    QCOMPARE(names().size(), 1);
    const qint64 kept = QFileInfo(m_folder + u'/' + names().first()).size();
    QVERIFY(kept >= 8 * mebibyte && kept < bytes.size());

    const auto result = copy(file, m_fixture->states.last());
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(names(), QStringList{QStringLiteral("clip.mp4")});
    QVERIFY(contentOf(m_folder + QStringLiteral("/clip.mp4")) == bytes);
    QCOMPARE(result->resentBytes, 0);
    QVERIFY(result->attempts <= int((bytes.size() - kept) / (8 * mebibyte)) + 1);
}

void TestFolderDestination::goesOnWithAHeadThatIsWrittenLast()
{
    constexpr qint64 head = 300'000;
    const QByteArray bytes = noise(3 * mebibyte);
    const FilePath file = m_fixture->write(QStringLiteral("export.mp4"), bytes);
    auto feed = std::make_shared<OutputFeed>();
    feed->begin(file, head);
    feed->seal({head, bytes.size()});
    auto request = m_fixture->request(std::make_shared<ByteSource>(feed));
    std::stop_source stop;
    QTimer watch;
    connect(&watch, &QTimer::timeout, [&, progress = request.progress] {
        if (progress->confirmed == bytes.size() - head)
            stop.request_stop();
    });
    watch.start(0);
    const auto place = destination();
    const auto stopped = m_fixture->upload(*place, std::move(request), stop.get_token());
    watch.stop();
    QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);

    feed->complete(bytes.size(), sha256Of(bytes));
    auto again = m_fixture->request(std::make_shared<ByteSource>(feed));
    again.resumeState = m_fixture->states.last();
    const auto result = m_fixture->upload(*place, std::move(again));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(contentOf(m_folder + QStringLiteral("/clip.mp4")) == bytes);
    QCOMPARE(result->attempts, 1); // the head alone
}

void TestFolderDestination::copiesAnewWhatTheDiskLost()
{
    const QByteArray bytes = noise(20 * mebibyte);
    const FilePath file = m_fixture->write(QStringLiteral("a.mp4"), bytes);
    UploadTarget target;
    target.fileName = QStringLiteral("clip.mp4");
    target.source = m_fixture->sourceOf(file);
    const auto place = destination();
    const auto session = QCoro::waitFor(place->open(target, {}, {}));
    QVERIFY(session.has_value());
    PartPlan part;
    part.range = {0, 8 * mebibyte};
    QVERIFY(QCoro::waitFor((*session)->send(part, {})).has_value());
    // As after a power cut: the length is there, some of the bytes are not.
    QFile partial(m_folder + u'/' + names().first());
    QVERIFY(partial.open(QIODevice::ReadWrite));
    partial.seek(mebibyte);
    partial.write(QByteArray(4096, '\0'));
    partial.close();
    const auto result = copy(file, (*session)->resumeState());
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(names(), QStringList{QStringLiteral("clip.mp4")});
    QVERIFY(contentOf(m_folder + QStringLiteral("/clip.mp4")) == bytes);
    QVERIFY(result->resentBytes >= 8 * mebibyte);
}

void TestFolderDestination::findsTheCopyThatGotItsNameBeforeTheCrash()
{
    const QByteArray bytes = noise(mebibyte);
    const FilePath file = m_fixture->write(QStringLiteral("a.mp4"), bytes);
    const auto first = copy(file);
    QVERIFY2(first.has_value(), qPrintable(outcomeOf(first)));
    // The state from before it was published: what a crash in between leaves.
    const QJsonObject before = m_fixture->states.first();
    QVERIFY(!before.contains(u"published"));
    const auto second = copy(file, before);
    QVERIFY2(second.has_value(), qPrintable(outcomeOf(second)));
    QCOMPARE(second->delivery.link, first->delivery.link);
    QCOMPARE(second->attempts, 0);
    QCOMPARE(names(), QStringList{QStringLiteral("clip.mp4")});
}

void TestFolderDestination::refuses_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("a missing folder")
        << QStringLiteral("nowhere") << ErrorKind::OutputFolderMissing;
    QTest::newRow("a file in place of the folder")
        << QStringLiteral("clip.mp4") << ErrorKind::OutputNotWritable;
    QTest::newRow("the folder of the source itself") << QString() << ErrorKind::OutputIsSource;
}

void TestFolderDestination::refuses()
{
    QFETCH(const QString, folder);
    QFETCH(const ErrorKind, kind);
    const FilePath file = m_fixture->write(QStringLiteral("clip.mp4"), "precious");
    QString place = m_fixture->path(folder);
    if (place.endsWith(u'/'))
        place.chop(1);
    const auto there = destination(place);
    const auto result = m_fixture->upload(*there, m_fixture->request(m_fixture->sourceOf(file)));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, kind);
    QVERIFY(!describe(result.error()).sentence().contains(u'%'));
    QCOMPARE(contentOf(QString::fromStdString(file.string())), QByteArray("precious"));
}

void TestFolderDestination::saysThatTheDiskIsTooSmallBeforeItCopies()
{
    const SmallDisk disk(m_folder.toStdString(), "4m");
    if (!disk.isMounted())
        QSKIP("needs root to mount a small disk");
    const auto result = copy(m_fixture->write(QStringLiteral("a.mp4"), noise(5 * mebibyte)));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::DiskFull);
    QCOMPARE(result.error().retry.when, RetryAdvice::When::WhenSpace);
    QCOMPARE(result.error()[argument::needed], QString::number(5 * mebibyte));
    QVERIFY(names().isEmpty());
}

void TestFolderDestination::saysThatTheDiskFilledUp()
{
    const SmallDisk disk(m_folder.toStdString(), "30m");
    if (!disk.isMounted())
        QSKIP("needs root to mount a small disk");
    const QByteArray bytes = noise(24 * mebibyte);
    const FilePath file = m_fixture->write(QStringLiteral("a.mp4"), bytes);
    auto request = m_fixture->request(m_fixture->sourceOf(file));
    const auto keep = request.saveState;
    request.saveState = [&](QJsonObject state) {
        // Somebody else writes as soon as the copy has begun.
        m_fixture->write(QStringLiteral("target/other"), QByteArray(12 * mebibyte, 'x'));
        return keep(std::move(state));
    };
    const auto place = destination();
    const auto full = m_fixture->upload(*place, std::move(request));
    QVERIFY(!full.has_value());
    QCOMPARE(full.error().kind, ErrorKind::DiskFull);
    QCOMPARE(full.error().retry.when, RetryAdvice::When::WhenSpace);
    QVERIFY(!QFileInfo::exists(m_folder + QStringLiteral("/clip.mp4")));
    QVERIFY(QFile::remove(m_folder + QStringLiteral("/other")));
    const auto result = copy(file, m_fixture->states.last());
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(contentOf(m_folder + QStringLiteral("/clip.mp4")) == bytes);
}

void TestFolderDestination::noticesWhetherItIsStillThere()
{
    const QByteArray bytes = noise(mebibyte);
    const auto result = copy(m_fixture->write(QStringLiteral("a.mp4"), bytes));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    const auto place = destination();
    const auto isThere = [&] {
        const auto still =
            QCoro::waitFor(place->isStillDelivered(result->receipt, bytes.size(), {}));
        return still.has_value() && *still;
    };
    QVERIFY(isThere());
    QFile file(result->delivery.link.toLocalFile());
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.setFileTime(QDateTime::fromSecsSinceEpoch(1'000'000'000),
                             QFileDevice::FileModificationTime));
    QVERIFY2(isThere(), "touched, but the same bytes");
    file.seek(100);
    file.write("other");
    file.close();
    QVERIFY2(!isThere(), "other bytes");
    QVERIFY(file.remove());
    QVERIFY2(!isThere(), "removed");
}

void TestFolderDestination::removesWhatIsDiscarded()
{
    UploadTarget target;
    target.fileName = QStringLiteral("clip.mp4");
    target.source = m_fixture->sourceOf(m_fixture->write(QStringLiteral("a.mp4"), noise(5000)));
    const auto place = destination();
    const auto session = QCoro::waitFor(place->open(target, {}, {}));
    QVERIFY(session.has_value());
    QCOMPARE(names().size(), 1);
    QVERIFY(QCoro::waitFor((*session)->discard({})).has_value());
    QVERIFY(names().isEmpty());
    const auto refreshed = QCoro::waitFor((*session)->refresh({}));
    QCOMPARE(refreshed.error().kind, ErrorKind::UploadExpired);
}

QTEST_GUILESS_MAIN(TestFolderDestination)
#include "tst_folder_destination.moc"

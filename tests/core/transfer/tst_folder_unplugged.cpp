// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The disk of a folder is unplugged while a copy runs, and is back: nothing gets into the empty
// mount point, and the copy goes on with what the disk has. On real file systems.
#include "core/transfer/uploader.h"

#include "core/transfer/folder/folder_mount.h"
#include "core/transfer/server_memory.h"
#include "tests/core/transfer/transfer_fixture.h"
#include "tests/support/loop_disk.h"

#include <QDir>
#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

constexpr qint64 mebibyte = 1 << 20;
constexpr qint64 partSize = 8 * mebibyte; // of copies into folders
constexpr qint64 clipSize = 64 * mebibyte;

} // namespace

class TestFolderUnplugged : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void waitsForADiskThatWasPulledAndGoesOn_data() { places(); }
    void waitsForADiskThatWasPulledAndGoesOn();
    void findsWhatWasWrittenAfterALazyUnmount_data() { places(); }
    void findsWhatWasWrittenAfterALazyUnmount();
    void goesOnWithinOneRunWithLessThanItHad();
    void beginsNothingInTheEmptyMountPoint();
    void knowsItsCopyByNameWhereFilesAreNumberedAnew();
    void doesNotWriteIntoAPlantedLink();
    void doesNotWriteIntoAFileThatGotItsNumber();
    void findsThePlaceOfADisk();
    void readsWhatShouldBeMounted_data();
    void readsWhatShouldBeMounted();

private:
    void places();
    bool plugIn(const QString &below = {});
    std::unique_ptr<Destination> destination();
    Result<UploadResult> copy(const QJsonObject &state = {});
    Result<UploadResult> copyUntilHalfIsThere(std::function<void()> then);
    QString onlyName() const;
    bool isMountPointEmpty() const;
    bool isDelivered() const;

    std::unique_ptr<TransferFixture> m_fixture;
    std::unique_ptr<LoopDisk> m_disk;
    QByteArray m_bytes;
    FilePath m_file;
    QString m_folder;
};

void TestFolderUnplugged::init()
{
    m_fixture = std::make_unique<TransferFixture>();
    m_fixture->context().memory = std::make_shared<ServerMemory>(); // as the program has it
    m_bytes = noise(clipSize);
    m_file = m_fixture->write(QStringLiteral("a.mp4"), m_bytes);
    m_folder = m_fixture->path(QStringLiteral("target"));
    QVERIFY(QDir().mkpath(m_folder));
}

void TestFolderUnplugged::cleanup()
{
    m_disk.reset();
    m_fixture.reset();
}

void TestFolderUnplugged::places()
{
    QTest::addColumn<QString>("below");
    QTest::newRow("the disk itself") << QString();
    QTest::newRow("a folder on it") << QStringLiteral("videos/new");
}

bool TestFolderUnplugged::plugIn(const QString &below)
{
    m_disk = std::make_unique<LoopDisk>(m_fixture->path(QStringLiteral("image")).toStdString(),
                                        m_fixture->path(QStringLiteral("mnt")).toStdString(),
                                        100 * mebibyte);
    m_folder = QDir::cleanPath(m_fixture->path(QStringLiteral("mnt")) + u'/' + below);
    return m_disk->isMounted() && QDir().mkpath(m_folder);
}

std::unique_ptr<Destination> TestFolderUnplugged::destination()
{
    DestinationConfig config;
    config.name = QStringLiteral("NAS");
    config.type = QStringLiteral("folder");
    config.options.insert(QStringLiteral("folder"), m_folder);
    return m_fixture->create(std::move(config));
}

Result<UploadResult> TestFolderUnplugged::copy(const QJsonObject &state)
{
    auto request = m_fixture->request(m_fixture->sourceOf(m_file));
    request.resumeState = state;
    const auto place = destination();
    return m_fixture->upload(*place, std::move(request));
}

Result<UploadResult> TestFolderUnplugged::copyUntilHalfIsThere(std::function<void()> then)
{
    auto request = m_fixture->request(m_fixture->sourceOf(m_file));
    QTimer watch;
    connect(&watch, &QTimer::timeout, [&, progress = request.progress] {
        if (progress->confirmed < partSize)
            return;
        watch.stop();
        then();
    });
    watch.start(0);
    const auto place = destination();
    return m_fixture->upload(*place, std::move(request));
}

QString TestFolderUnplugged::onlyName() const
{
    const QStringList names =
        QDir(m_folder).entryList(QDir::Files | QDir::Hidden | QDir::System, QDir::Name);
    return names.size() == 1 ? names.first() : names.join(u',');
}

bool TestFolderUnplugged::isMountPointEmpty() const
{
    return std::filesystem::is_empty(m_disk->point());
}

bool TestFolderUnplugged::isDelivered() const
{
    return onlyName() == u"clip.mp4"
        && contentOf(m_folder + QStringLiteral("/clip.mp4")) == m_bytes;
}

#define SO_PLUG_IN(...)                                                                            \
    if (!plugIn(__VA_ARGS__))                                                                      \
    QSKIP(qPrintable(m_disk->whyNot()))

void TestFolderUnplugged::waitsForADiskThatWasPulledAndGoesOn()
{
    QFETCH(const QString, below);
    SO_PLUG_IN(below);
    m_fixture->basePolicy.attemptsUnanswered = 1; // as the queue has it
    const quint64 device = m_disk->device();
    const auto pulled = copyUntilHalfIsThere([this] {
        m_disk->sync();
        m_disk->pull();
    });
    QVERIFY2(!pulled.has_value(), "it was done before the disk could be pulled");
    QCOMPARE(pulled.error().kind, ErrorKind::FolderUnreachable);
    QCOMPARE(pulled.error().retry.when, RetryAdvice::When::WhenDestination);
    QCOMPARE(pulled.error()[argument::folder], m_folder);
    QVERIFY(!pulled.error()[argument::kept].isEmpty());
    QCOMPARE(m_fixture->delays.size(), 1);
    QVERIFY(isMountPointEmpty());

    // The next start, without the disk; and another job after it.
    m_fixture->context().memory = std::make_shared<ServerMemory>();
    const QJsonObject state = m_fixture->states.last();
    for (const QJsonObject &from : {state, QJsonObject()}) {
        const auto still = copy(from);
        QVERIFY(!still.has_value());
        QCOMPARE(still.error().kind, ErrorKind::FolderUnreachable);
        QVERIFY(isMountPointEmpty());
    }
    QCOMPARE(m_fixture->states.last(), state);

    QVERIFY2(m_disk->plug(), qPrintable(m_disk->whyNot()));
    QVERIFY2(m_disk->device() != device, "this should be another number");
    QVERIFY2(onlyName().startsWith(u".clip.mp4.part-"), qPrintable(onlyName()));
    const qint64 kept = QFileInfo(m_folder + u'/' + onlyName()).size();
    QVERIFY(kept >= partSize && kept < clipSize);
    const auto result = copy(state);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(isDelivered());
    QCOMPARE(result->resentBytes, 0);
    QVERIFY(result->attempts <= int((clipSize - kept) / partSize) + 1);
}

// The descriptors go on; only the name tells that the disk is gone.
void TestFolderUnplugged::findsWhatWasWrittenAfterALazyUnmount()
{
    QFETCH(const QString, below);
    SO_PLUG_IN(below);
    m_fixture->basePolicy.attemptsUnanswered = 1;
    const auto unmounted = copyUntilHalfIsThere([this] { m_disk->unmount(); });
    QVERIFY(!unmounted.has_value());
    QCOMPARE(unmounted.error().kind, ErrorKind::FolderUnreachable);
    QVERIFY(isMountPointEmpty());
    QVERIFY2(m_disk->plug(), qPrintable(m_disk->whyNot()));
    const auto result = copy(m_fixture->states.last());
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(isDelivered());
    QCOMPARE(result->resentBytes, 0);
}

// Back before patience is at its end, but what was not on the disk yet is lost.
void TestFolderUnplugged::goesOnWithinOneRunWithLessThanItHad()
{
    SO_PLUG_IN();
    auto request = m_fixture->request(m_fixture->sourceOf(m_file));
    const auto note = request.waiting;
    request.waiting = [&](std::optional<Error> error, std::chrono::milliseconds delay) {
        if (error && !m_disk->isMounted())
            QVERIFY2(m_disk->plug(), qPrintable(m_disk->whyNot()));
        note(std::move(error), delay);
    };
    QTimer watch;
    connect(&watch, &QTimer::timeout, [&, progress = request.progress] {
        if (progress->confirmed < partSize)
            return;
        watch.stop();
        m_disk->pull();
    });
    // So that the disk has the name, though not the bytes.
    const auto keep = request.saveState;
    request.saveState = [&](QJsonObject state) {
        if (m_fixture->states.isEmpty())
            m_disk->sync();
        return keep(std::move(state));
    };
    watch.start(0);
    const auto place = destination();
    const auto result = m_fixture->upload(*place, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY2(!m_fixture->waits.isEmpty(), "it was done before the disk could be pulled");
    QCOMPARE(m_fixture->waits.first().kind, ErrorKind::FolderUnreachable);
    QVERIFY(isDelivered());
    QVERIFY(result->resentBytes > 0); // and so told
    QVERIFY(result->resentBytes < clipSize);
}

// Another job of the same run knows where the disk belongs.
void TestFolderUnplugged::beginsNothingInTheEmptyMountPoint()
{
    SO_PLUG_IN();
    const auto first = copy();
    QVERIFY2(first.has_value(), qPrintable(outcomeOf(first)));
    QVERIFY(isDelivered());
    QVERIFY(QFile::remove(m_folder + QStringLiteral("/clip.mp4")));
    const auto isThere = [&] {
        const auto place = destination();
        return QCoro::waitFor(place->isStillDelivered(first->receipt, clipSize, {}));
    };
    QVERIFY(isThere().has_value() && !*isThere());
    m_disk->unmount();
    QVERIFY2(!isThere().has_value(), "that cannot be told now");
    const auto statesBefore = m_fixture->states.size();
    const auto second = copy();
    QVERIFY(!second.has_value());
    QCOMPARE(second.error().kind, ErrorKind::FolderUnreachable);
    QCOMPARE(m_fixture->states.size(), statesBefore);
    QVERIFY(isMountPointEmpty());
    QVERIFY2(m_disk->plug(), qPrintable(m_disk->whyNot()));
    const auto third = copy();
    QVERIFY2(third.has_value(), qPrintable(outcomeOf(third)));
    QVERIFY(isDelivered());
}

// FAT, and file systems in user space, make up a file's number when it is looked at.
void TestFolderUnplugged::knowsItsCopyByNameWhereFilesAreNumberedAnew()
{
    std::stop_source stop;
    auto request = m_fixture->request(m_fixture->sourceOf(m_file));
    QTimer watch;
    connect(&watch, &QTimer::timeout, [&, progress = request.progress] {
        if (progress->confirmed > 0)
            stop.request_stop();
    });
    watch.start(0);
    const auto place = destination();
    QVERIFY(!m_fixture->upload(*place, std::move(request), stop.get_token()).has_value());
    watch.stop();
    const FilePath partial = (m_folder + u'/' + onlyName()).toStdString();
    std::filesystem::copy_file(partial, partial.string() + "x");
    std::filesystem::rename(partial.string() + "x", partial);
    const auto result = copy(m_fixture->states.last());
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(isDelivered());
    QCOMPARE(result->resentBytes, 0);
    QVERIFY(result->attempts < int(clipSize / partSize));
}

void TestFolderUnplugged::doesNotWriteIntoAPlantedLink()
{
    UploadTarget target;
    target.fileName = QStringLiteral("clip.mp4");
    target.source = m_fixture->sourceOf(m_file);
    const auto place = destination();
    const auto session = QCoro::waitFor(place->open(target, {}, {}));
    QVERIFY(session.has_value());
    const FilePath partial = (m_folder + u'/' + onlyName()).toStdString();
    const FilePath victim = m_fixture->write(QStringLiteral("victim"), "precious");
    for (const bool isHard : {true, false}) {
        std::filesystem::remove(partial);
        if (isHard)
            std::filesystem::create_hard_link(victim, partial);
        else
            std::filesystem::create_symlink(victim, partial);
        const auto result = copy((*session)->resumeState());
        QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
        QCOMPARE(contentOf(m_fixture->path(QStringLiteral("victim"))), QByteArray("precious"));
        QVERIFY(contentOf(result->delivery.link.toLocalFile()) == m_bytes);
    }
}

// The copy was removed, and another file has got its inode, as file systems give them out again;
// while the source's length is not known yet.
void TestFolderUnplugged::doesNotWriteIntoAFileThatGotItsNumber()
{
    auto feed = std::make_shared<OutputFeed>();
    feed->begin(m_file, 0);
    feed->seal({0, partSize});
    UploadTarget target;
    target.fileName = QStringLiteral("clip.mp4");
    target.source = std::make_shared<ByteSource>(feed);
    const auto place = destination();
    QJsonObject state;
    {
        const auto session = QCoro::waitFor(place->open(target, {}, {}));
        QVERIFY(session.has_value());
        state = (*session)->resumeState();
    }
    // The same inode under a name of the user's.
    const QString theirs = m_folder + QStringLiteral("/theirs.mp4");
    QVERIFY(QFile::rename(m_folder + u'/' + onlyName(), theirs));
    m_fixture->write(QStringLiteral("target/theirs.mp4"), "precious");
    auto request = m_fixture->request(target.source);
    request.resumeState = state;
    QTimer writer;
    connect(&writer, &QTimer::timeout, [&, progress = request.progress] {
        if (progress->confirmed >= partSize)
            feed->complete(m_bytes.size(), sha256Of(m_bytes));
    });
    writer.start(5);
    const auto result = m_fixture->upload(*place, std::move(request));
    writer.stop();
    QCOMPARE(contentOf(theirs), QByteArray("precious"));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(contentOf(m_folder + QStringLiteral("/clip.mp4")) == m_bytes);
}

void TestFolderUnplugged::findsThePlaceOfADisk()
{
    QVERIFY(isMountPoint("/"));
    QVERIFY(isMountPoint("/proc"));
    QVERIFY(!isMountPoint("/proc/self"));
    QVERIFY(!isMountPoint("/nowhere"));
    QCOMPARE(mountPointOf("/proc/sys/kernel"), FilePath("/proc"));
    QVERIFY(mountPointOf(m_folder.toStdString() + "/nowhere").empty());
    SO_PLUG_IN(QStringLiteral("videos"));
    const FilePath link = m_fixture->path(QStringLiteral("link")).toStdString();
    std::filesystem::create_directory_symlink(m_folder.toStdString(), link);
    QCOMPARE(mountPointOf(link), std::filesystem::canonical(m_disk->point()));
    m_disk->unmount();
    QVERIFY(!isMountPoint(m_disk->point()));
}

void TestFolderUnplugged::readsWhatShouldBeMounted_data()
{
    QTest::addColumn<QByteArray>("table");
    QTest::addColumn<QString>("missing");
    const QByteArray disks = "# comment\nUUID=1 / ext4 defaults 0 1\nUUID=2 none swap sw 0 0\n";
    QTest::newRow("nothing of it") << disks + "nas:/v /mnt/other nfs defaults 0 0\n" << QString();
    QTest::newRow("the folder itself")
        << disks + "nas:/v /mnt/nas/videos nfs noauto 0 0\n" << QStringLiteral("/mnt/nas/videos");
    QTest::newRow("above it, written with a blank and a slash at its end")
        << disks + "nas:/v /mnt/n\\040s/ nfs rw 0 0\nnas:/v /mnt/nas cifs rw,_netdev 0 0\n"
        << QStringLiteral("/mnt/nas");
    QTest::newRow("only alike") << disks + "nas:/v /mnt/nas/vid nfs rw 0 0\n" << QString();
    QTest::newRow("below it") << disks + "nas:/v /mnt/nas/videos/new nfs rw 0 0\n" << QString();
    QTest::newRow("no table") << QByteArray() << QString();
}

void TestFolderUnplugged::readsWhatShouldBeMounted()
{
    QFETCH(const QByteArray, table);
    QFETCH(const QString, missing);
    const FilePath file = table.isEmpty() ? FilePath(m_folder.toStdString() + "/none")
                                          : m_fixture->write(QStringLiteral("fstab"), table);
    QCOMPARE(QString::fromStdString(missingMountOf("/mnt/nas/videos", file).string()), missing);
}

QTEST_GUILESS_MAIN(TestFolderUnplugged)
#include "tst_folder_unplugged.moc"

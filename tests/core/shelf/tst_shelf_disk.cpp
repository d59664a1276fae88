// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Shelf on disks that are small, full, or not the same.
#include "tests/core/shelf/shelf_fixture.h"
#include "tests/support/small_disk.h"

#include <QFile>
#include <QTest>

#include <filesystem>

using namespace sendoff;
using namespace sendoff::test;
using namespace Qt::StringLiterals;

class ShelfDiskTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void waitsForSpace();
    void keepsAFloorOfSpaceFree();
    void worksWithFoldersOnTwoDisks();

private:
    std::unique_ptr<ShelfFixture> m_shelf;
};

void ShelfDiskTest::init()
{
    m_shelf = std::make_unique<ShelfFixture>();
    QVERIFY(m_shelf->start());
}

void ShelfDiskTest::cleanup()
{
    m_shelf.reset();
}

void ShelfDiskTest::waitsForSpace()
{
    m_shelf->stop();
    const FilePath disk = m_shelf->root() / "disk";
    const SmallDisk mounted(disk, "6m");
    if (!mounted.isMounted())
        QSKIP("only root can make a small disk");
    m_shelf->options.folder = disk / "Videos";
    m_shelf->options.stateFolder = disk / "state";
    QVERIFY(m_shelf->start());
    std::filesystem::create_directory(disk / "other");
    QFile filler(QString::fromStdString((disk / "other" / "filler").string()));
    QVERIFY(filler.open(QIODevice::WriteOnly));
    const QByteArray bytes = testBytes(3 << 20);
    Client client(*m_shelf);
    const QByteArray path = client.create(bytes.size());
    // Somebody else takes the space while the upload runs.
    filler.write(QByteArray(4 << 20, 'f'));
    filler.flush();
    const Reply full = client.patch(path, 0, bytes);
    QCOMPARE(full.status, 507);
    QVERIFY2(full.body.contains("full"), full.body.constData());
    const qint64 kept = Client(*m_shelf).offsetOf(path);
    QVERIFY(kept > 1'000'000); // what fitted
    QCOMPARE(full.header("Upload-Offset"), QByteArray::number(kept));
    Client another(*m_shelf);
    const Reply refused =
        another.request("POST", "/files", {"Upload-Length: 3000000", nameHeader("b.mp4")});
    QCOMPARE(refused.status, 507);
    filler.resize(0);
    QCOMPARE(another.patch(path, kept, bytes.sliced(kept)).status, 204);
    QVERIFY(m_shelf->content("clip.mp4") == bytes);
    m_shelf->stop(); // before its disk goes
}

void ShelfDiskTest::keepsAFloorOfSpaceFree()
{
    m_shelf->stop();
    const FilePath disk = m_shelf->root() / "disk";
    const SmallDisk mounted(disk, "8m");
    if (!mounted.isMounted())
        QSKIP("only root can make a small disk");
    m_shelf->options.folder = disk / "Videos";
    m_shelf->options.stateFolder = disk / "state";
    m_shelf->options.freeSpaceFloor = 4 << 20;
    QVERIFY(m_shelf->start());
    Client client(*m_shelf);
    const qint64 maxSize = client.request("OPTIONS", "/files").header("Tus-Max-Size").toLongLong();
    QVERIFY(maxSize > 3'000'000 && maxSize < (4 << 20));
    const Reply created =
        client.request("POST", "/files", {"Upload-Defer-Length: 1", nameHeader("a.mp4")});
    QCOMPARE(client.patch(created.header("Location"), 0, testBytes(7 << 20)).status, 507);
    const auto space = std::filesystem::space(disk);
    QVERIFY(space.available >= (4U << 20));
    QVERIFY(space.available < (5U << 20));
    m_shelf->stop();
}

void ShelfDiskTest::worksWithFoldersOnTwoDisks()
{
    m_shelf->stop();
    const FilePath disk = m_shelf->root() / "disk";
    const SmallDisk mounted(disk, "16m");
    if (!mounted.isMounted())
        QSKIP("only root can make a small disk");
    m_shelf->options.folder = disk / "Videos";
    QVERIFY(m_shelf->start());
    const QByteArray bytes = testBytes(1 << 20);
    Client client(*m_shelf);
    const QByteArray path = client.create(bytes.size());
    QCOMPARE(client.patch(path, 0, bytes.first(1000)).status, 204);
    m_shelf->stop();
    QVERIFY(m_shelf->start());
    Client again(*m_shelf);
    QCOMPARE(again.offsetOf(path), qint64(1000));
    QCOMPARE(again.patch(path, 1000, bytes.sliced(1000)).status, 204);
    QVERIFY(m_shelf->content("clip.mp4") == bytes);
    m_shelf->stop();
}

QTEST_GUILESS_MAIN(ShelfDiskTest)
#include "tst_shelf_disk.moc"

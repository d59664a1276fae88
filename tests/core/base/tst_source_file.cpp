// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/source_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace sendoff;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t mebibyte = 1 << 20;

void write(const FilePath &path, const std::string &content)
{
    std::ofstream(path, std::ios::binary) << content;
}

// Writes over a part of the file and puts its times back, as a careful tool would.
void forge(const FilePath &path, std::streamoff offset)
{
    const auto time = std::filesystem::last_write_time(path);
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(offset);
    file << 'X';
    file.close();
    std::filesystem::last_write_time(path, time);
}

} // namespace

class SourceFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void opensAndReads();
    void followsALinkToARegularFile();
    void refusesWhatIsNotARegularFile_data();
    void refusesWhatIsNotARegularFile();
    void saysThatItIsMissing();
    void saysThatItIsUnreadable();
    void noticesTruncation();
    void noticesGrowth();
    void noticesAnotherTime();
    void noticesAnotherFileUnderItsName();
    void aMovedOrDeletedFileStaysReadable();
    void theEdgeHashTellsForgeriesApart_data();
    void theEdgeHashTellsForgeriesApart();
    void identityReadsBack();
    void foreignIdentityIsRefused_data();
    void foreignIdentityIsRefused();

private:
    FilePath path(const char *name = "clip.mp4") const
    {
        return FilePath(m_folder->path().toStdString()) / name;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void SourceFileTest::opensAndReads()
{
    write(path(), "0123456789");
    const auto file = SourceFile::open(path());
    QVERIFY(file.has_value());
    QCOMPARE((*file)->identity().size, qint64(10));
    QCOMPARE((*file)->identity().edgeHash.size(), 32);
    char buffer[4] = {};
    QVERIFY((*file)->readExactly(buffer, 4, 3).has_value());
    QCOMPARE(QByteArray(buffer, 4), QByteArray("3456"));
    QVERIFY((*file)->verifyUnchanged().has_value());
    const auto past = (*file)->readExactly(buffer, 4, 8);
    QVERIFY(!past);
    QCOMPARE(past.error().kind, ErrorKind::SourceChanged);
}

void SourceFileTest::followsALinkToARegularFile()
{
    write(path(), "content");
    std::filesystem::create_symlink(path(), path("link.mp4"));
    const auto file = SourceFile::open(path());
    const auto link = SourceFile::open(path("link.mp4"));
    QVERIFY(file && link);
    QVERIFY((*link)->identity().isSameFile((*file)->identity()));
    QVERIFY(identityAt(path("link.mp4"))->isSameFile((*file)->identity()));
}

void SourceFileTest::refusesWhatIsNotARegularFile_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("reason");
    QTest::newRow("folder") << QStringLiteral("folder") << QStringLiteral("it is a folder");
    QTest::newRow("fifo without a writer")
        << QStringLiteral("fifo") << QStringLiteral("it is not an ordinary file");
    QTest::newRow("device") << QStringLiteral("device")
                            << QStringLiteral("it is not an ordinary file");
    QTest::newRow("terminal") << QStringLiteral("terminal")
                              << QStringLiteral("it is not an ordinary file");
}

void SourceFileTest::refusesWhatIsNotARegularFile()
{
    QFETCH(QString, kind);
    QFETCH(QString, reason);
    FilePath target = path();
    if (kind == u"folder")
        std::filesystem::create_directory(target);
    else if (kind == u"fifo")
        QCOMPARE(::mkfifo(target.c_str(), 0600), 0);
    else
        target = kind == u"device" ? "/dev/zero" : "/dev/ptmx";
    const auto file = SourceFile::open(target); // must not wait for a writer
    QVERIFY(!file);
    QCOMPARE(file.error().kind, ErrorKind::SourceNotRegular);
    QCOMPARE(file.error()[argument::reason], reason);
    QCOMPARE(file.error()[argument::file], displayName(target));
}

void SourceFileTest::saysThatItIsMissing()
{
    const auto file = SourceFile::open(path("a\nb.mp4"));
    QVERIFY(!file);
    QCOMPARE(file.error().kind, ErrorKind::SourceMissing);
    QCOMPARE(file.error()[argument::file], QStringLiteral("a\\nb.mp4"));
    QVERIFY(!identityAt(path()).has_value());
}

void SourceFileTest::saysThatItIsUnreadable()
{
    write(path(), "content");
    QCOMPARE(::chmod(path().c_str(), 0), 0);
    // Root may read everything, so that it must be nobody for a moment.
    const bool isRoot = ::geteuid() == 0;
    if (isRoot)
        QCOMPARE(::seteuid(65534), 0);
    const auto file = SourceFile::open(path());
    if (isRoot)
        QCOMPARE(::seteuid(0), 0);
    QVERIFY(!file);
    QCOMPARE(file.error().kind, ErrorKind::SourceUnreadable);
    QCOMPARE(file.error()[argument::reason], QStringLiteral("permission denied"));
}

void SourceFileTest::noticesTruncation()
{
    write(path(), std::string(10'000, 'a'));
    const auto file = SourceFile::open(path());
    QVERIFY(file.has_value());
    std::filesystem::resize_file(path(), 5'000);
    QCOMPARE((*file)->verifyUnchanged().error().kind, ErrorKind::SourceChanged);
    std::vector<char> buffer(10'000);
    const auto read = (*file)->readExactly(buffer.data(), 10'000, 0);
    QVERIFY(!read);
    QCOMPARE(read.error().kind, ErrorKind::SourceChanged);
}

void SourceFileTest::noticesGrowth()
{
    write(path(), "content");
    const auto file = SourceFile::open(path());
    QVERIFY(file.has_value());
    std::ofstream(path(), std::ios::app) << "more";
    QCOMPARE((*file)->verifyUnchanged().error().kind, ErrorKind::SourceChanged);
}

void SourceFileTest::noticesAnotherTime()
{
    write(path(), "content");
    const auto file = SourceFile::open(path());
    QVERIFY(file.has_value());
    const auto time = std::filesystem::last_write_time(path());
    std::filesystem::last_write_time(path(), time + std::chrono::nanoseconds(1'000));
    QCOMPARE((*file)->verifyUnchanged().error().kind, ErrorKind::SourceChanged);
}

void SourceFileTest::noticesAnotherFileUnderItsName()
{
    write(path(), "first");
    const auto file = SourceFile::open(path());
    QVERIFY(file.has_value());
    write(path("other"), "other");
    std::filesystem::last_write_time(path("other"),
                                     std::filesystem::last_write_time(path()) + 1s);
    std::filesystem::rename(path("other"), path());
    QVERIFY(!identityAt(path())->isSameFile((*file)->identity()));
    const auto verified = (*file)->verifyUnchanged();
    QVERIFY(!verified.has_value());
    QCOMPARE(verified.error().kind, ErrorKind::SourceChanged);
    char buffer[5] = {}; // what was opened is still what it was
    QVERIFY((*file)->readExactly(buffer, 5, 0).has_value());
    QCOMPARE(QByteArray(buffer, 5), QByteArray("first"));
}

void SourceFileTest::aMovedOrDeletedFileStaysReadable()
{
    write(path(), "first");
    const auto file = SourceFile::open(path());
    QVERIFY(file.has_value());
    std::filesystem::rename(path(), path("elsewhere"));
    QVERIFY((*file)->verifyUnchanged().has_value());
    std::filesystem::remove(path("elsewhere"));
    QVERIFY((*file)->verifyUnchanged().has_value());
    char buffer[5] = {};
    QVERIFY((*file)->readExactly(buffer, 5, 0).has_value());
    QCOMPARE(QByteArray(buffer, 5), QByteArray("first"));
}

void SourceFileTest::theEdgeHashTellsForgeriesApart_data()
{
    QTest::addColumn<qlonglong>("offset");
    QTest::addColumn<bool>("isNoticed");
    QTest::newRow("first byte") << qlonglong(0) << true;
    QTest::newRow("end of the first MiB") << qlonglong(mebibyte - 1) << true;
    QTest::newRow("in between") << qlonglong(mebibyte + 10) << false;
    QTest::newRow("begin of the last MiB") << qlonglong(2 * mebibyte) << true;
    QTest::newRow("last byte") << qlonglong(3 * mebibyte - 1) << true;
}

void SourceFileTest::theEdgeHashTellsForgeriesApart()
{
    QFETCH(qlonglong, offset);
    QFETCH(bool, isNoticed);
    write(path(), std::string(3 * mebibyte, 'a'));
    const auto before = SourceFile::open(path());
    forge(path(), offset);
    const auto after = SourceFile::open(path());
    QVERIFY(before && after);
    QCOMPARE((*after)->identity().modifiedNs, (*before)->identity().modifiedNs);
    QCOMPARE((*after)->identity().isUnchanged((*before)->identity()), !isNoticed);
}

void SourceFileTest::identityReadsBack()
{
    FileIdentity identity;
    identity.device = 0xffff'ffff'ffff'ffffULL;
    identity.inode = (1ULL << 53) + 1;
    identity.size = (1LL << 53) + 1;
    identity.modifiedNs = -1'234'567'890'123'456'789;
    identity.edgeHash = "0123456789abcdef0123456789abcdef";
    const auto back = FileIdentity::fromJson(identity.toJson());
    QVERIFY(back.has_value());
    QVERIFY(back->isSameFile(identity));
    QVERIFY(back->isUnchanged(identity));
    QCOMPARE(back->device, identity.device);
    QCOMPARE(back->modifiedNs, identity.modifiedNs);
}

void SourceFileTest::foreignIdentityIsRefused_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QJsonValue>("value");
    QTest::newRow("device is missing") << QStringLiteral("device") << QJsonValue();
    QTest::newRow("inode is no number")
        << QStringLiteral("inode") << QJsonValue(QStringLiteral("x"));
    QTest::newRow("negative size") << QStringLiteral("size") << QJsonValue(-1);
    QTest::newRow("time is missing") << QStringLiteral("modified_ns") << QJsonValue();
}

void SourceFileTest::foreignIdentityIsRefused()
{
    QFETCH(QString, field);
    QFETCH(QJsonValue, value);
    QJsonObject json = FileIdentity().toJson();
    QVERIFY(FileIdentity::fromJson(json).has_value());
    json.insert(field, value);
    QVERIFY(!FileIdentity::fromJson(json).has_value());
}

QTEST_GUILESS_MAIN(SourceFileTest)
#include "tst_source_file.moc"

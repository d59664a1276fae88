// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/profile.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdio>
#include <sys/stat.h>
#include <unistd.h>

using namespace sendoff;

namespace {

constexpr const char *childArgument = "hold-the-lock";

mode_t modeOf(const FilePath &path)
{
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

// The child: owns the profile until it is killed.
int holdTheLock(const char *folder)
{
    const auto profile = Profile::open(folder);
    const auto lock = profile ? profile->lock() : tl::unexpected(profile.error());
    std::puts(lock ? "locked" : "refused");
    std::fflush(stdout);
    ::pause();
    return 0;
}

} // namespace

class ProfileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void makesPrivateFolders();
    void keepsEverythingInTheGivenFolder();
    void takesPermissionsBackFromOthers();
    void usesThePlatformsPlaceByDefault();
    void saysThatAFolderCannotBeMade();
    void hasOneOwner();
    void theLockOfADeadProcessIsTakenOver();

private:
    FilePath root() const { return FilePath(m_folder->path().toStdString()) / "profile"; }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void ProfileTest::makesPrivateFolders()
{
    const auto profile = Profile::open(root());
    QVERIFY(profile.has_value());
    QCOMPARE(modeOf(profile->root()), mode_t(0700));
    QCOMPARE(modeOf(profile->workFolder()), mode_t(0700));
}

void ProfileTest::keepsEverythingInTheGivenFolder()
{
    const auto profile = Profile::open(root());
    QVERIFY(profile.has_value());
    const QList<FilePath> places{profile->database(),     profile->workFolder(),
                                 profile->presetFolder(), profile->shelfFolder(),
                                 profile->shelfState(),   profile->workFolder(QStringLiteral("a"))};
    for (const FilePath &place : places) {
        QVERIFY(place.is_absolute());
        QVERIFY(place.string().starts_with(root().string() + "/"));
    }
    QVERIFY(profile->workFolder(QStringLiteral("a")) == profile->workFolder() / "a");
}

void ProfileTest::takesPermissionsBackFromOthers()
{
    std::filesystem::create_directories(root());
    std::filesystem::permissions(root(), std::filesystem::perms(0755));
    QVERIFY(Profile::open(root()).has_value());
    QCOMPARE(modeOf(root()), mode_t(0700));
}

void ProfileTest::usesThePlatformsPlaceByDefault()
{
    qputenv("XDG_DATA_HOME", QFile::encodeName(m_folder->path()));
    const auto profile = Profile::open({});
    QVERIFY(profile.has_value());
    QVERIFY(profile->root().string().starts_with(m_folder->path().toStdString() + "/"));
    QVERIFY(profile->shelfFolder().filename() == "Sendoff");
    QVERIFY(!profile->shelfFolder().string().starts_with(profile->root().string()));
}

void ProfileTest::saysThatAFolderCannotBeMade()
{
    const FilePath file = FilePath(m_folder->path().toStdString()) / "file";
    std::fclose(std::fopen(file.c_str(), "w"));
    const auto profile = Profile::open(file / "profile");
    QVERIFY(!profile);
    QCOMPARE(profile.error().kind, ErrorKind::OutputFolderMissing); // its parent is not a folder
    QCOMPARE(profile.error()[argument::folder], displayPath(file / "profile"));
}

void ProfileTest::hasOneOwner()
{
    const auto profile = Profile::open(root());
    QVERIFY(profile.has_value());
    auto lock = profile->lock();
    QVERIFY(lock.has_value());
    const auto second = profile->lock();
    QVERIFY(!second);
    QCOMPARE(second.error().kind, ErrorKind::ProfileInUse);
    QCOMPARE(second.error()[argument::name], QString::number(::getpid()));
    lock->reset();
    QVERIFY(profile->lock().has_value());
}

void ProfileTest::theLockOfADeadProcessIsTakenOver()
{
    const auto profile = Profile::open(root());
    QVERIFY(profile.has_value());
    QProcess child;
    child.start(QCoreApplication::applicationFilePath(),
                {QString::fromLatin1(childArgument), QString::fromStdString(root().string())});
    QVERIFY(child.waitForReadyRead());
    QCOMPARE(child.readLine().trimmed(), QByteArray("locked"));
    const auto whileAlive = profile->lock();
    QVERIFY(!whileAlive);
    QCOMPARE(whileAlive.error()[argument::name], QString::number(child.processId()));
    child.kill();
    QVERIFY(child.waitForFinished());
    QVERIFY(profile->lock().has_value());
}

int main(int argc, char *argv[])
{
    if (argc > 2 && qstrcmp(argv[1], childArgument) == 0)
        return holdTheLock(argv[2]);
    QCoreApplication::setApplicationName(QStringLiteral("sendoff"));
    const QCoreApplication application(argc, argv);
    ProfileTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_profile.moc"

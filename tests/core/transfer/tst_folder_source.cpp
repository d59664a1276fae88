// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The source changes while it is copied into a folder, at any moment up to the last: no file of two
// halves ever gets a name there.
#include "core/transfer/uploader.h"

#include "tests/core/transfer/transfer_fixture.h"

#include <QDir>
#include <QFile>
#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

constexpr qint64 mebibyte = 1 << 20;
constexpr qint64 clipSize = 40 * mebibyte;

enum class Change { Grow, Cut, Overwrite, Touch };

void change(const FilePath &path, Change how)
{
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::ReadWrite))
        qFatal("no source");
    if (how == Change::Grow)
        file.resize(clipSize + 10);
    else if (how == Change::Cut)
        file.resize(clipSize / 2);
    else if (how == Change::Overwrite && file.write("other bytes") != 11)
        qFatal("cannot be changed");
    else if (how == Change::Touch)
        file.setFileTime(QDateTime::fromSecsSinceEpoch(1'000'000'000),
                         QFileDevice::FileModificationTime);
}

// Before the finish, all bytes being there.
QCoro::Task<Result<void>> changeAndAllow(FilePath path, Change how)
{
    change(path, how);
    co_return Result<void>();
}

} // namespace

class TestFolderSource : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void publishesNothingOfASourceThatChanges_data();
    void publishesNothingOfASourceThatChanges();
};

void TestFolderSource::publishesNothingOfASourceThatChanges_data()
{
    QTest::addColumn<bool>("isAtTheEnd");
    QTest::addColumn<int>("how");
    const QList<std::pair<const char *, Change>> changes{{"grows", Change::Grow},
                                                         {"is cut short", Change::Cut},
                                                         {"is overwritten", Change::Overwrite},
                                                         {"is touched", Change::Touch}};
    for (const auto &[name, how] : changes) {
        QTest::addRow("%s in the middle", name) << false << int(how);
        QTest::addRow("%s after the last byte", name) << true << int(how);
    }
}

void TestFolderSource::publishesNothingOfASourceThatChanges()
{
    QFETCH(const bool, isAtTheEnd);
    QFETCH(const int, how);
    TransferFixture fixture;
    const QString folder = fixture.path(QStringLiteral("target"));
    QVERIFY(QDir().mkpath(folder));
    const FilePath file = fixture.write(QStringLiteral("a.mp4"), noise(clipSize));
    DestinationConfig config;
    config.name = QStringLiteral("Videos");
    config.type = QStringLiteral("folder");
    config.options.insert(QStringLiteral("folder"), folder);
    const auto place = fixture.create(std::move(config));
    auto request = fixture.request(fixture.sourceOf(file));
    qint64 confirmed = -1; // when it changed
    QTimer watch;
    connect(&watch, &QTimer::timeout, [&, progress = request.progress] {
        if (progress->confirmed == 0)
            return;
        watch.stop();
        confirmed = progress->confirmed;
        change(file, Change(how));
    });
    if (isAtTheEnd) {
        request.mayFinish = [&, progress = request.progress](std::stop_token) {
            confirmed = progress->confirmed;
            return changeAndAllow(file, Change(how));
        };
    } else {
        watch.start(0);
    }
    const auto result = fixture.upload(*place, std::move(request));
    QVERIFY2(isAtTheEnd ? confirmed == clipSize : confirmed > 0 && confirmed < clipSize,
             qPrintable(QString::number(confirmed)));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::SourceChanged);
    QCOMPARE(QDir(folder).entryList(QDir::Files | QDir::Hidden | QDir::System), QStringList());
    QCOMPARE(fixture.states.last(), QJsonObject());
}

QTEST_GUILESS_MAIN(TestFolderSource)
#include "tst_folder_source.moc"

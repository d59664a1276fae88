// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/worker_pool.h"
#include "core/media/sample_clip.h"
#include "ui/queue/thumbnail_store.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace sendoff;
using namespace sendoff::ui;

namespace {

constexpr QSize wanted(64, 36);

FileIdentity identityOf(const FilePath &file)
{
    const auto identity = identityAt(file);
    return identity ? *identity : FileIdentity();
}

} // namespace

class ThumbnailStoreTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_clip = FilePath(m_folder.path().toStdString()) / "sample.mkv";
        makeClip();
    }

    void makesAPictureOnceAndKeepsIt()
    {
        WorkerPool io(QStringLiteral("io"), 2, 0);
        ThumbnailStore store(decodingLoader(&io));
        QSignalSpy arrived(&store, &ThumbnailStore::arrived);
        QVERIFY(store.find(m_clip, identityOf(m_clip), wanted).isNull());
        QVERIFY(store.find(m_clip, identityOf(m_clip), wanted).isNull()); // not asked twice
        QVERIFY(arrived.wait(60'000));
        const QPixmap picture = store.find(m_clip, identityOf(m_clip), wanted);
        QVERIFY(!picture.isNull());
        QVERIFY(picture.width() <= wanted.width() && picture.height() <= wanted.height());
        QVERIFY(picture.width() == wanted.width() || picture.height() == wanted.height());
        QCOMPARE(arrived.size(), 1);
        QCoro::waitFor(store.close());
    }

    void aFileWithoutPicturesIsNotAskedAgain()
    {
        int asked = 0;
        WorkerPool io(QStringLiteral("io"), 1, 0);
        const ThumbnailLoader decoding = decodingLoader(&io);
        ThumbnailStore store([&](FilePath file, QSize size, std::stop_token stop) {
            ++asked;
            return decoding(std::move(file), size, std::move(stop));
        });
        const FilePath text = FilePath(m_folder.path().toStdString()) / "notes.mp4";
        QFile file(QString::fromStdString(text.string()));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("not a video") > 0);
        file.close();
        (void)store.find(text, identityOf(text), wanted);
        QTRY_COMPARE(asked, 1);
        QCoro::waitFor(store.close());
        (void)store.find(text, identityOf(text), wanted);
        QCOMPARE(asked, 1);
    }

    void theLatestComesFirstAndTheOldestIsDropped()
    {
        QList<FilePath> started;
        WorkerPool io(QStringLiteral("io"), 1, 0);
        const ThumbnailLoader decoding = decodingLoader(&io);
        ThumbnailStore store([&](FilePath file, QSize size, std::stop_token stop) {
            started.append(file);
            return decoding(std::move(file), size, std::move(stop));
        });
        for (int number = 0; number < 100; ++number) {
            FileIdentity identity;
            identity.inode = quint64(number) + 1;
            (void)store.find(FilePath("/nowhere") / std::to_string(number), identity, wanted);
        }
        QTRY_COMPARE(started.size(), ThumbnailStore::atOnce + ThumbnailStore::waitingMost);
        QCOMPARE(started[ThumbnailStore::atOnce], FilePath("/nowhere/99"));
        QCoro::waitFor(store.close());
    }

    void closesWhilePicturesAreMade()
    {
        WorkerPool io(QStringLiteral("io"), 1, 0);
        ThumbnailStore store(decodingLoader(&io));
        (void)store.find(m_clip, identityOf(m_clip), wanted);
        QCoro::waitFor(store.close());
        QVERIFY(store.find(m_clip, identityOf(m_clip), wanted).isNull());
    }

private:
    void makeClip();

    QTemporaryDir m_folder;
    FilePath m_clip;
};

void ThumbnailStoreTest::makeClip()
{
    media::SampleClip clip;
    clip.width = 160;
    clip.height = 120;
    clip.seconds = 1;
    const auto made = media::makeSampleClip(clip, m_clip, {});
    QVERIFY2(made, made ? "" : qPrintable(made.error().detail));
}

QTEST_MAIN(ThumbnailStoreTest)
#include "tst_thumbnail_store.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/drop_content.h"

#include <QMimeData>
#include <QTest>
#include <QUrl>

using namespace sendoff;
using namespace sendoff::ui;

namespace {

DropContent contentOf(const QList<QUrl> &urls)
{
    QMimeData data;
    data.setUrls(urls);
    return dropContentOf(data);
}

QUrl file(const char *path)
{
    return QUrl::fromLocalFile(QString::fromUtf8(path));
}

} // namespace

class DropContentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countsByNameAlone()
    {
        const DropContent content =
            contentOf({file("/nowhere/a.mp4"), file("/nowhere/B.MOV"), file("/nowhere/c.txt"),
                       file("/nowhere/Holiday")});
        QCOMPARE(content.paths.size(), 4u);
        QCOMPARE(content.likelyVideos, 2);
        QCOMPARE(content.likelyFolders, 1);
        QCOMPARE(content.links, 0);
        QVERIFY(content.canBeAdded());
    }

    void keepsTheOrderThatWasGiven()
    {
        const DropContent content = contentOf({file("/b.mp4"), file("/a.mp4")});
        QCOMPARE(content.paths, (std::vector<FilePath>{"/b.mp4", "/a.mp4"}));
    }

    void namesAreBytes()
    {
        const DropContent content =
            contentOf({QUrl::fromEncoded("file:///v/%FFodd%25.mp4"), file("/v/für Öma.mp4")});
        QCOMPARE(content.paths.front().string(), std::string("/v/\xffodd%.mp4"));
        QCOMPARE(content.paths.back().string(), std::string("/v/für Öma.mp4"));
        QCOMPARE(content.likelyVideos, 2);
    }

    void aFolderWithASlashIsThatFolder()
    {
        QCOMPARE(contentOf({QUrl(u"file:///home/me/Holiday/"_qs)}).paths.front(),
                 FilePath("/home/me/Holiday"));
    }

    void linksAndTextAreRefusedWithAReason_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isUrl");
        QTest::addColumn<QString>("said");
        QTest::newRow("link") << u"https://example.org/a.mp4"_qs << true << u"Links can't"_qs;
        QTest::newRow("link as text") << u"https://example.org/a.mp4"_qs << false
                                      << u"Links can't"_qs;
        QTest::newRow("remote file") << u"sftp://nas/a.mp4"_qs << true << u"Links can't"_qs;
        QTest::newRow("text") << u"hello"_qs << false << u"Text can't"_qs;
    }
    void linksAndTextAreRefusedWithAReason()
    {
        QFETCH(const QString, text);
        QFETCH(const bool, isUrl);
        QFETCH(const QString, said);
        QMimeData data;
        if (isUrl)
            data.setUrls({QUrl(text)});
        else
            data.setText(text);
        const DropContent content = dropContentOf(data);
        QVERIFY(!content.canBeAdded());
        QVERIFY2(refusalText(content).startsWith(said), qPrintable(refusalText(content)));
    }

    void saysWhatReleasingDoes()
    {
        QVERIFY(releaseText(contentOf({file("/a.mp4"), file("/b.mp4"), file("/c.mov"),
                                       file("/d.mkv"), file("/e.txt")}))
                    .contains(u'4'));
        QVERIFY(releaseText(contentOf({file("/a.mp4"), file("/e.txt")})).contains(u"not a video"));
        QVERIFY(!releaseText(contentOf({file("/a.mp4")})).contains(u"not a video"));
        QVERIFY(releaseText(contentOf({file("/Holiday")})).contains(u"folder"));
    }
};

QTEST_MAIN(DropContentTest)
#include "tst_drop_content.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/deep_check.h"
#include "tests/support/export_folder.h"
#include "tests/support/media_tools.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

class DeepCheckTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void decodesAll();
    void findsAnExportLikeItsOriginal_data();
    void findsAnExportLikeItsOriginal();
    void agreesWithFfmpeg();
    void findsDamage();
    void stopsWhenTold();

private:
    FilePath path(const QString &name) const { return m_folder.path(name); }
    Result<DeepCheck> check(const QString &video, const QString &original = {},
                            std::stop_token stop = {}) const
    {
        SO_TRY(const auto made, SourceFile::open(path(video)));
        std::shared_ptr<const SourceFile> source;
        if (!original.isEmpty()) {
            SO_TRY(source, SourceFile::open(path(original)));
        }
        return deepCheck(made, source, std::move(stop));
    }

    ExportFolder m_folder;
};

void DeepCheckTest::initTestCase()
{
    SampleClip clip = smallClip(u"matroska"_s, u"mpeg4"_s);
    m_folder.makeClip(clip, u"clip.mkv"_s);
    clip.rotation = 90;
    clip.container = u"mp4"_s;
    m_folder.makeClip(clip, u"turned.mp4"_s);
}

void DeepCheckTest::decodesAll()
{
    const auto result = check(u"clip.mkv"_s);
    QVERIFY(result);
    QCOMPARE(result->pictures, 120);
    QVERIFY(std::abs(double(result->soundUs) / 1e6 - 4) < 0.1);
    QCOMPARE(result->damaged, 0);
    QVERIFY(!result->likeness);
}

void DeepCheckTest::findsAnExportLikeItsOriginal_data()
{
    QTest::addColumn<QString>("source");
    QTest::newRow("upright") << "clip.mkv";
    QTest::newRow("turned") << "turned.mp4";
}

void DeepCheckTest::findsAnExportLikeItsOriginal()
{
    QFETCH(QString, source);
    const ExportOutcome outcome =
        m_folder.run(path(source), u"like.mp4"_s, encodeAlways());
    QVERIFY2(outcome.isDone(), qPrintable(outcome.summary()));
    const auto like = check(u"like.mp4"_s, source);
    QVERIFY(like && like->likeness);
    QVERIFY(like->likeness->pictures >= 2);
    QVERIFY2(like->likeness->least > 0.8, QByteArray::number(like->likeness->least).constData());
    QVERIFY(like->likeness->least <= like->likeness->mean && like->likeness->mean < 1);

    SampleClip other = smallClip(u"matroska"_s, u"mpeg4"_s);
    other.seed = 7;
    m_folder.makeClip(other, u"other.mkv"_s);
    const auto unlike = check(u"like.mp4"_s, u"other.mkv"_s);
    QVERIFY(unlike && unlike->likeness);
    QVERIFY(unlike->likeness->mean < like->likeness->least);
    QVERIFY(QFile::remove(m_folder.name(u"like.mp4"_s)));
}

void DeepCheckTest::agreesWithFfmpeg()
{
    // Only key frames and no sound that begins earlier, so that both compare the same pictures.
    QVERIFY(ffmpeg({u"-i"_s, m_folder.name(u"clip.mkv"_s), u"-an"_s, u"-c:v"_s, u"copy"_s,
                    m_folder.name(u"silent.mkv"_s)}));
    QVERIFY(ffmpeg({u"-i"_s, m_folder.name(u"silent.mkv"_s), u"-c:v"_s, u"libx264"_s,
                    u"-crf"_s, u"30"_s, u"-g"_s, u"1"_s, u"-frames:v"_s, u"12"_s,
                    m_folder.name(u"intra.mp4"_s)}));
    const auto ours = check(u"intra.mp4"_s, u"silent.mkv"_s);
    QVERIFY(ours && ours->likeness);
    QCOMPARE(ours->likeness->pictures, 12);
    const ToolOutput theirs = runTool(
        u"ffmpeg"_s, {u"-nostdin"_s, u"-hide_banner"_s, u"-i"_s, m_folder.name(u"intra.mp4"_s),
                      u"-i"_s, m_folder.name(u"silent.mkv"_s), u"-lavfi"_s,
                      u"[0:v]settb=1/30,setpts=N[a];[1:v]settb=1/30,setpts=N[b];"
                      "[a][b]ssim=shortest=1"_s, u"-f"_s, u"null"_s, u"-"_s});
    static const QRegularExpression luma(u"SSIM Y:([0-9.]+)"_s);
    const auto match = luma.match(QString::fromUtf8(theirs.err));
    QVERIFY2(match.hasMatch(), theirs.err.constData());
    const double wanted = match.captured(1).toDouble();
    QVERIFY2(std::abs(ours->likeness->mean - wanted) < 0.005,
             qPrintable(u"%1, ffmpeg says %2"_s.arg(ours->likeness->mean).arg(wanted)));
}

void DeepCheckTest::findsDamage()
{
    QVERIFY(QFile::copy(m_folder.name(u"clip.mkv"_s), m_folder.name(u"damaged.mkv"_s)));
    QFile file(m_folder.name(u"damaged.mkv"_s));
    QVERIFY(file.open(QIODevice::ReadWrite));
    for (qint64 at = file.size() / 2; at < file.size() * 3 / 4; at += 501) {
        file.seek(at);
        file.write("\xff\x00\xa5", 3);
    }
    file.close();
    const auto result = check(u"damaged.mkv"_s);
    QVERIFY(result);
    QVERIFY(result->damaged > 0);
}

void DeepCheckTest::stopsWhenTold()
{
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = check(u"clip.mkv"_s, {}, stop.get_token());
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(DeepCheckTest)
#include "tst_deep_check.moc"

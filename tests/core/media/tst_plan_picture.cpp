// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The size and the colours of an encoded picture.
#include "tests/support/plan_rows.h"

using namespace sendoff;
using namespace sendoff::test;

class PlanPictureTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fitsPictures_data();
    void fitsPictures();
    void tagsColours_data();
    void tagsColours();
};

void PlanPictureTest::fitsPictures_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::addColumn<QString>("aspect");
    QTest::addColumn<int>("rotation");
    QTest::addColumn<QSize>("expected");
    QTest::newRow("4K") << 3840 << 2160 << u"1/1"_s << 0 << QSize(1920, 1080);
    QTest::newRow("4K portrait by rotation") << 3840 << 2160 << u"1/1"_s << 90 << QSize(1080, 1920);
    QTest::newRow("4K portrait as stored") << 2160 << 3840 << u"1/1"_s << 0 << QSize(1080, 1920);
    QTest::newRow("upside down") << 3840 << 2160 << u"1/1"_s << 180 << QSize(1920, 1080);
    QTest::newRow("small stays small") << 320 << 240 << u"1/1"_s << 0 << QSize(320, 240);
    QTest::newRow("cinema, bounded by width") << 4096 << 1716 << u"1/1"_s << 0 << QSize(1920, 804);
    QTest::newRow("square, bounded by height")
        << 3000 << 3000 << u"1/1"_s << 0 << QSize(1080, 1080);
    QTest::newRow("PAL wide") << 720 << 576 << u"64/45"_s << 0 << QSize(1024, 576);
    QTest::newRow("NTSC narrow") << 720 << 480 << u"8/9"_s << 0 << QSize(640, 480);
    QTest::newRow("anamorphic and turned") << 1440 << 1080 << u"4/3"_s << 270 << QSize(1080, 1920);
    QTest::newRow("odd sizes") << 853 << 481 << u"1/1"_s << 0 << QSize(852, 480);
    QTest::newRow("one pixel") << 1 << 1 << u"1/1"_s << 0 << QSize(2, 2);
    QTest::newRow("a line") << 8000 << 2 << u"1/1"_s << 0 << QSize(1920, 2);
}

void PlanPictureTest::fitsPictures()
{
    QFETCH(int, width);
    QFETCH(int, height);
    QFETCH(QString, aspect);
    QFETCH(int, rotation);
    QFETCH(QSize, expected);
    const MediaInfo info = videoFile([&](StreamInfo &video) {
        video.codec = u"vp9"_s;
        video.width = width;
        video.height = height;
        video.sampleAspect = {aspect.section(u'/', 0, 0).toInt(), aspect.section(u'/', 1).toInt()};
        video.rotation = rotation;
    });
    const auto plan = makePlan(info, builtIn(u"web-1080p"_s), {}, codecsWithout({}));
    QVERIFY(plan.has_value());
    QCOMPARE(QSize(plan->streams[0].width, plan->streams[0].height), expected);
}

void PlanPictureTest::tagsColours_data()
{
    planColumns();
    const auto row = [](const char *name, const MediaInfo &info, const QString &expected) {
        QTest::newRow(name) << info << u"web-1080p"_s << PlanWishes{} << QStringList{expected};
    };
    const auto picture = [](int width, int height, const QString &format, const Colour &colour) {
        return videoFile([&](StreamInfo &video) {
            video.codec = u"vp9"_s;
            video.width = width;
            video.height = height;
            video.pixelFormat = format;
            video.colour = colour;
        });
    };
    row("untagged HD", picture(1280, 720, u"yuv420p"_s, {}),
        u"0 convert copy-if.codec colour.primaries=bt709 colour.transfer=bt709 "
        "colour.matrix=bt709 colour.range=tv source_colour.matrix=bt709"_s);
    row("untagged SD", picture(720, 576, u"yuv420p"_s, {}),
        u"0 convert copy-if.codec colour.primaries=smpte170m colour.transfer=smpte170m "
        "colour.matrix=smpte170m colour.range=tv"_s);
    row("untagged SD in portrait", picture(480, 854, u"yuv420p"_s, {}),
        u"0 convert copy-if.codec colour.matrix=smpte170m"_s);
    row("tags are kept", picture(720, 576, u"yuv420p"_s, {1, 1, 1, 1, 1}),
        u"0 convert copy-if.codec colour.matrix=bt709 source_colour.matrix=bt709"_s);
    row("the rest follows the matrix", picture(1920, 1080, u"yuv420p"_s, {2, 2, 9, 0, 0}),
        u"0 convert copy-if.codec colour.primaries=bt2020 colour.matrix=bt2020nc"_s);
    row("full range is converted", picture(1920, 1080, u"yuvj420p"_s, {}),
        u"0 convert copy-if.codec source_colour.range=pc colour.range=tv"_s);
    row("RGB becomes BT.709", picture(1920, 1080, u"gbrp"_s, {}),
        u"0 convert copy-if.codec source_colour.matrix=gbr source_colour.range=pc "
        "colour.matrix=bt709 colour.range=tv"_s);
    row("a palette is RGB", picture(320, 240, u"pal8"_s, {}),
        u"0 convert copy-if.codec source_colour.matrix=gbr colour.matrix=smpte170m"_s);
}

void PlanPictureTest::tagsColours()
{
    checkPlanRow();
}

QTEST_GUILESS_MAIN(PlanPictureTest)
#include "tst_plan_picture.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error_text.h"
#include "core/media/plan.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;

namespace {

StreamInfo h264Video()
{
    StreamInfo video;
    video.kind = StreamKind::Video;
    video.codec = u"h264"_s;
    video.codecTitle = u"H.264"_s;
    video.profileTitle = u"High"_s;
    video.bitrate = 6'200'000;
    video.canDecode = true;
    video.isDefault = true;
    video.width = 1920;
    video.height = 1080;
    video.pixelFormat = u"yuv420p"_s;
    video.frameRate = {30, 1};
    return video;
}

StreamInfo aacAudio()
{
    StreamInfo audio;
    audio.index = 1;
    audio.kind = StreamKind::Audio;
    audio.codec = u"aac"_s;
    audio.codecTitle = u"AAC"_s;
    audio.bitrate = 128'000;
    audio.canDecode = true;
    audio.isDefault = true;
    audio.sampleRate = 48000;
    audio.channels = 2;
    audio.channelLayout = u"stereo"_s;
    return audio;
}

MediaInfo fileOf(QList<StreamInfo> streams)
{
    MediaInfo info;
    info.container = u"mov,mp4,m4a,3gp,3g2,mj2"_s;
    info.sizeBytes = 8'000'000;
    info.durationUs = 10'000'000;
    info.bitrate = 6'400'000;
    for (qsizetype i = 0; i < streams.size(); ++i)
        streams[i].index = int(i);
    info.streams = std::move(streams);
    return info;
}

template <typename Change> StreamInfo changed(StreamInfo stream, Change change)
{
    change(stream);
    return stream;
}

template <typename Change> MediaInfo videoFile(Change change)
{
    return fileOf({changed(h264Video(), change), aacAudio()});
}

template <typename Change> MediaInfo audioFile(Change change)
{
    return fileOf({h264Video(), changed(aacAudio(), change)});
}

StreamInfo extraStream(StreamKind kind, const QString &codec)
{
    StreamInfo stream;
    stream.kind = kind;
    stream.codec = codec;
    stream.codecTitle = codec;
    return stream;
}

StreamInfo textSubtitle(const QString &codec)
{
    StreamInfo stream = extraStream(StreamKind::Subtitle, codec);
    stream.canDecode = true;
    return stream;
}

Codecs codecsWithout(const QStringList &missing)
{
    return {[missing](const QString &encoder) { return !missing.contains(encoder); }};
}

Preset builtIn(const QString &id)
{
    Result<Preset> preset = findPreset(id, {});
    return preset ? *std::move(preset) : Preset{};
}

PlanWishes trimmed(qint64 startUs, std::optional<qint64> endUs)
{
    PlanWishes wishes;
    wishes.trim = Trim{startUs, endUs};
    return wishes;
}

// "0 convert copy-if.size width=1920": index, action, rule and values of the stream's JSON.
QString disagreement(const QJsonObject &plan, const QString &expected)
{
    QStringList words = expected.split(u' ');
    QJsonObject subject = plan;
    if (words.first() != u"plan") {
        subject = plan[u"streams"].toArray().at(words[0].toInt()).toObject();
        words[1].prepend(u"action=");
        words[2].prepend(u"rule=");
    }
    for (const QString &word : words.sliced(1)) {
        QJsonValue value = subject;
        for (const QString &key : word.section(u'=', 0, 0).split(u'.'))
            value = value.toObject()[key];
        if (value.toVariant().toString() != word.section(u'=', 1))
            return u"%1: is %2 in %3"_s.arg(
                word, value.toVariant().toString(),
                QString::fromUtf8(QJsonDocument(subject).toJson(QJsonDocument::Compact)));
    }
    return {};
}

} // namespace

Q_DECLARE_METATYPE(sendoff::media::MediaInfo)
Q_DECLARE_METATYPE(sendoff::media::PlanWishes)

class PlanTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void decidesOnVideo_data();
    void decidesOnVideo();
    void decidesOnAudio_data();
    void decidesOnAudio();
    void decidesOnTheRest_data();
    void decidesOnTheRest();
    void fitsPictures_data();
    void fitsPictures();
    void tagsColours_data();
    void tagsColours();
    void resolvesTheLayout_data();
    void resolvesTheLayout();
    void refusesWhatCannotBeDone_data();
    void refusesWhatCannotBeDone();
    void readsBackWhatItWrites_data();
    void readsBackWhatItWrites();
    void refusesToReadWhatItDidNotWrite();
    void takesTheNextEncoderWhereOneIsMissing();
    void tellsWhatIsLost();
    void givesTheSamePlanForTheSameInput();
    void saysWhatAStopWouldMean_data();
    void saysWhatAStopWouldMean();
    void forecastsSizes();
    void changesItsFingerprintWithWhatDecidesBytes();

private:
    // Adds the columns and the given rows through `row`.
    void planColumns();
    void checkRow();
};

void PlanTest::planColumns()
{
    QTest::addColumn<MediaInfo>("info");
    QTest::addColumn<QString>("preset");
    QTest::addColumn<PlanWishes>("wishes");
    QTest::addColumn<QStringList>("expected");
}

void PlanTest::checkRow()
{
    QFETCH(MediaInfo, info);
    QFETCH(QString, preset);
    QFETCH(PlanWishes, wishes);
    QFETCH(QStringList, expected);
    const auto plan = makePlan(info, builtIn(preset), wishes, codecsWithout({}));
    if (!plan)
        QFAIL(qPrintable(describe(plan.error()).sentence() + plan.error().detail));
    QCOMPARE(plan->streams.size(), info.streams.size());
    const QJsonObject json = toJson(*plan);
    for (const QString &expectation : expected) {
        const QString problem = disagreement(json, expectation);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
    for (const StreamPlan &stream : plan->streams)
        QVERIFY(stream.reason.contains(u", because "));
}

void PlanTest::decidesOnVideo_data()
{
    planColumns();
    const QString web = u"web-1080p"_s;
    const auto row = [&](const char *name, const MediaInfo &info, const QString &expected,
                         const PlanWishes &wishes = {}) {
        QTest::newRow(name) << info << web << wishes << QStringList{expected};
    };
    row("a video that fits is copied", videoFile([](StreamInfo &) {}), u"0 copy copy codec=h264"_s);
    row("another codec", videoFile([](StreamInfo &v) { v.codec = u"vp9"_s; }),
        u"0 convert copy-if.codec encoder=libx264 codec=h264 options.crf=21 pix_fmt=yuv420p"_s);
    row("what MP4 can't hold", videoFile([](StreamInfo &v) { v.codec = u"vp8"_s; }),
        u"0 convert container encoder=libx264"_s);
    row("10-bit pictures", videoFile([](StreamInfo &v) {
            v.pixelFormat = u"yuv420p10le"_s;
            v.bitDepth = 10;
        }),
        u"0 convert copy-if.pix-fmt pix_fmt=yuv420p tone_map=false"_s);
    row("a profile that browsers do not play",
        videoFile([](StreamInfo &v) { v.profileTitle = u"Extended"_s; }),
        u"0 convert copy-if.profile"_s);
    row("HDR", videoFile([](StreamInfo &v) {
            v.isHdr = true;
            v.colour = {9, 16, 9, 1, 1};
        }),
        u"0 convert copy-if.hdr tone_map=true colour.transfer=bt709 source_colour.transfer=smpte2084"_s);
    row("a turned phone video", videoFile([](StreamInfo &v) { v.rotation = 90; }),
        u"0 convert copy-if.rotation width=1080 height=1920 rotation=90"_s);
    row("a mirrored selfie", videoFile([](StreamInfo &v) { v.isMirrored = true; }),
        u"0 convert copy-if.rotation mirrored=true rotation=0"_s);
    row("pixels that are not square", videoFile([](StreamInfo &v) {
            v.width = 1440;
            v.sampleAspect = {4, 3};
        }),
        u"0 convert copy-if.aspect width=1920 height=1080"_s);
    row("interlaced", videoFile([](StreamInfo &v) { v.isInterlaced = true; }),
        u"0 convert copy-if.interlaced deinterlace=true"_s);
    row("4K", videoFile([](StreamInfo &v) {
            v.width = 3840;
            v.height = 2160;
        }),
        u"0 convert copy-if.size width=1920 height=1080"_s);
    row("portrait within the turned box", videoFile([](StreamInfo &v) {
            v.width = 1080;
            v.height = 1920;
        }),
        u"0 copy copy"_s);
    row("120 frames a second", videoFile([](StreamInfo &v) {
            v.frameRate = {120, 1};
        }),
        u"0 convert copy-if.frame-rate max_fps=60"_s);
    row("60.06 frames a second are 60", videoFile([](StreamInfo &v) {
            v.frameRate = {6006, 100};
        }),
        u"0 copy copy"_s);
    row("a rate that no camera has", videoFile([](StreamInfo &v) {
            v.codec = u"ffv1"_s;
            v.frameRate = {1'000'000, 1};
        }),
        u"0 convert container max_fps=60"_s);
    row("more bits than a web page wants", videoFile([](StreamInfo &v) { v.bitrate = 12'400'000; }),
        u"0 convert copy-if.bitrate"_s);
    row("an unknown bit rate", videoFile([](StreamInfo &v) { v.bitrate = 0; }),
        u"0 convert copy-if.bitrate"_s);
    PlanWishes always;
    always.encodeAlways = true;
    row("encoding asked for", videoFile([](StreamInfo &) {}), u"0 convert always-encode"_s, always);
    row("a trim", videoFile([](StreamInfo &) {}), u"0 convert trim"_s,
        trimmed(2'000'000, 5'000'000));
    row("no decoder for another codec", videoFile([](StreamInfo &v) {
            v.codec = u"vvc"_s;
            v.canDecode = false;
        }),
        u"0 drop no-decoder"_s);
    MediaInfo avi = videoFile([](StreamInfo &) {});
    avi.container = u"avi"_s;
    row("an order of showing that the file does not tell", avi, u"0 convert copy-if.timestamps"_s);
    row("an unknown size", videoFile([](StreamInfo &v) { v.width = 0; }), u"0 drop no-size"_s);
}

void PlanTest::decidesOnVideo()
{
    checkRow();
}

void PlanTest::decidesOnAudio_data()
{
    planColumns();
    const auto row = [](const char *name, const MediaInfo &info, const QString &expected,
                        const PlanWishes &wishes = {}, const QString &preset = u"web-1080p"_s) {
        QTest::newRow(name) << info << preset << wishes << QStringList{expected};
    };
    row("AAC stereo is copied", audioFile([](StreamInfo &) {}), u"1 copy copy codec=aac"_s);
    row("surround is mixed down", audioFile([](StreamInfo &a) {
            a.channels = 6;
            a.channelLayout = u"5.1"_s;
        }),
        u"1 convert copy-if.channels channels=2 channel_layout=stereo bitrate=160000 encoder=aac"_s);
    row("Opus becomes AAC", audioFile([](StreamInfo &a) { a.codec = u"opus"_s; }),
        u"1 convert copy-if.codec codec=aac sample_rate=48000"_s);
    row("mono gets half the bits", audioFile([](StreamInfo &a) {
            a.codec = u"mp3"_s;
            a.channels = 1;
            a.sampleRate = 44100;
        }),
        u"1 convert copy-if.codec channels=1 bitrate=80000 sample_rate=44100"_s);
    row("telephone sound keeps its rate, within what AAC can use", audioFile([](StreamInfo &a) {
            a.codec = u"amr_nb"_s;
            a.channels = 1;
            a.sampleRate = 8000;
        }),
        u"1 convert container sample_rate=8000 bitrate=48000"_s);
    row("96 kHz is brought to 48", audioFile([](StreamInfo &a) { a.sampleRate = 96000; }),
        u"1 convert copy-if.sample-rate sample_rate=48000"_s);
    row("a rate that AAC does not know is raised to the next", audioFile([](StreamInfo &a) {
            a.codec = u"pcm_u8"_s;
            a.sampleRate = 11024;
        }),
        u"1 convert container sample_rate=11025"_s);
    row("a high bit rate", audioFile([](StreamInfo &a) { a.bitrate = 510'000; }),
        u"1 convert copy-if.bitrate"_s);
    row("an unknown bit rate is small enough", audioFile([](StreamInfo &a) { a.bitrate = 0; }),
        u"1 copy copy"_s);
    row("xHE-AAC does not play everywhere, nor can it be decoded",
        audioFile([](StreamInfo &a) { a.canDecode = false; }), u"1 drop no-decoder"_s);
    row("a trim", audioFile([](StreamInfo &) {}), u"1 convert trim"_s, trimmed(0, 5'000'000));
    row("a track without sound", audioFile([](StreamInfo &a) {
            a.channels = 0;
            a.sampleRate = 0;
        }),
        u"1 drop no-sound"_s);
    row("remux keeps Dolby Digital", audioFile([](StreamInfo &a) { a.codec = u"ac3"_s; }),
        u"1 copy copy"_s, {}, u"remux-mp4"_s);
    row("remux converts what MP4 can't hold, with its channels", audioFile([](StreamInfo &a) {
            a.codec = u"dts"_s;
            a.channels = 6;
            a.channelLayout = u"5.1(side)"_s;
        }),
        u"1 convert container channels=6 channel_layout=5.1 bitrate=768000"_s, {}, u"remux-mp4"_s);
    row("an unknown codec", audioFile([](StreamInfo &a) {
            a.codec = u"none"_s;
            a.codecTitle = u"ac-4"_s;
            a.canDecode = false;
        }),
        u"1 drop no-decoder"_s);
}

void PlanTest::decidesOnAudio()
{
    checkRow();
}

void PlanTest::decidesOnTheRest_data()
{
    planColumns();
    const auto row = [](const char *name, QList<StreamInfo> streams, const QStringList &expected,
                        const QString &preset = u"web-1080p"_s) {
        QTest::newRow(name) << fileOf(std::move(streams)) << preset << PlanWishes{} << expected;
    };
    const StreamInfo cover = changed(h264Video(), [](StreamInfo &v) {
        v.kind = StreamKind::CoverArt;
        v.codec = u"mjpeg"_s;
    });
    const StreamInfo second = changed(aacAudio(), [](StreamInfo &a) { a.isDefault = false; });
    row("cover art beside sound", {aacAudio(), cover},
        {u"0 copy copy"_s, u"1 drop cover-art"_s, u"plan extension=m4a container=mp4"_s});
    row("only a picture", {h264Video()}, {u"0 copy copy"_s, u"plan extension=mp4"_s});
    row("one sound track of two", {h264Video(), aacAudio(), second},
        {u"1 copy copy"_s, u"2 drop not-selected"_s});
    row("all sound tracks in a remux", {h264Video(), aacAudio(), second},
        {u"1 copy copy"_s, u"2 copy copy"_s}, u"remux-mp4"_s);
    row("a smaller second picture",
        {changed(h264Video(), [](StreamInfo &v) { v.width = 640; }), h264Video()},
        {u"0 drop not-selected"_s, u"1 copy copy"_s});
    row("data and fonts",
        {h264Video(), extraStream(StreamKind::Data, u"bin_data"_s),
         extraStream(StreamKind::Attachment, u"ttf"_s)},
        {u"1 drop data"_s, u"2 drop attachment"_s}, u"remux-mp4"_s);
    row("subtitles that can't be read for the web", {h264Video(), extraStream(StreamKind::Subtitle, u"subrip"_s)},
        {u"1 drop subtitle-format"_s});
    row("subtitles that are text for the web",
        {h264Video(), textSubtitle(u"subrip"_s)},
        {u"1 convert subtitle-format codec=mov_text encoder=mov_text"_s});
    row("subtitles where the preset has none",
        {h264Video(), textSubtitle(u"subrip"_s)}, {u"1 drop subtitles"_s}, u"youtube-1080p"_s);
    row("MP4's own subtitles in a remux",
        {h264Video(), extraStream(StreamKind::Subtitle, u"mov_text"_s)}, {u"1 copy copy"_s},
        u"remux-mp4"_s);
    row("other text subtitles in a remux", {h264Video(), textSubtitle(u"ass"_s)},
        {u"1 convert subtitle-format codec=mov_text"_s}, u"remux-mp4"_s);
    row("subtitles that are pictures",
        {h264Video(), extraStream(StreamKind::Subtitle, u"hdmv_pgs_subtitle"_s)},
        {u"1 drop subtitle-images"_s}, u"remux-mp4"_s);
    row("the file as it is", {h264Video(), extraStream(StreamKind::Data, u"bin_data"_s)},
        {u"0 copy copy-bytes"_s, u"1 copy copy-bytes"_s,
         u"plan copy_bytes=true container= min_bytes=8000000 max_bytes=8000000"_s},
        u"original"_s);
    row("an encrypted file as it is",
        {changed(h264Video(), [](StreamInfo &v) { v.isEncrypted = true; })},
        {u"0 copy copy-bytes"_s}, u"original"_s);
    row("a remux keeps what the web does not want",
        {changed(h264Video(),
                 [](StreamInfo &v) {
                     v.codec = u"hevc"_s;
                     v.isHdr = true;
                     v.rotation = 90;
                     v.isInterlaced = true;
                     v.bitrate = 90'000'000;
                 })},
        {u"0 copy copy codec=hevc"_s}, u"remux-mp4"_s);
}

void PlanTest::decidesOnTheRest()
{
    checkRow();
}

void PlanTest::fitsPictures_data()
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

void PlanTest::fitsPictures()
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

void PlanTest::tagsColours_data()
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

void PlanTest::tagsColours()
{
    checkRow();
}

void PlanTest::resolvesTheLayout_data()
{
    planColumns();
    const auto row = [](const char *name, const QString &preset, Layout layout, SendOrder order,
                        const QString &expected, const QString &codec = u"vp9"_s) {
        PlanWishes wishes;
        wishes.layout = layout;
        wishes.sendsMeanwhile = order;
        QTest::newRow(name) << videoFile([&](StreamInfo &stream) { stream.codec = codec; })
                            << preset << wishes << QStringList{u"plan layout="_s + expected};
    };
    const QString web = u"web-1080p"_s;
    const SendOrder notYet = SendOrder::NotYet;
    row("auto, exported first", web, Layout::Auto, notYet, u"progressive head_last="_s);
    row("auto, sent in order meanwhile", web, Layout::Auto, SendOrder::InOrder, u"fragmented"_s);
    row("auto, sent in parts meanwhile", web, Layout::Auto, SendOrder::AnyOrder,
        u"progressive head_last=true"_s);
    row("progressive although sent in order", web, Layout::Progressive, SendOrder::InOrder,
        u"progressive head_last="_s);
    row("progressive, sent in parts", web, Layout::Progressive, SendOrder::AnyOrder,
        u"progressive head_last=true"_s);
    row("fragmented asked for", web, Layout::Fragmented, notYet, u"fragmented"_s);
    row("fragmented asked for, sent in parts", web, Layout::Fragmented, SendOrder::AnyOrder,
        u"fragmented"_s);
    row("WebM, sent in parts", u"web-vp9"_s, Layout::Auto, SendOrder::AnyOrder,
        u"progressive head_last=true"_s, u"h264"_s);
    row("WebM, sent in order", u"web-vp9"_s, Layout::Auto, SendOrder::InOrder,
        u"progressive head_last="_s, u"h264"_s);
    row("WebM, only copied", u"web-vp9"_s, Layout::Auto, SendOrder::AnyOrder, u"progressive head_last="_s);
    row("only copied", u"remux-mp4"_s, Layout::Auto, SendOrder::AnyOrder, u"progressive head_last="_s);
    row("the file as it is", u"original"_s, Layout::Auto, SendOrder::InOrder, u"progressive head_last="_s);
    row("the file as it is, fragmented asked for", u"original"_s, Layout::Fragmented,
        SendOrder::InOrder, u"progressive head_last="_s);
}

void PlanTest::resolvesTheLayout()
{
    checkRow();
}

void PlanTest::refusesWhatCannotBeDone_data()
{
    QTest::addColumn<MediaInfo>("info");
    QTest::addColumn<QString>("preset");
    QTest::addColumn<PlanWishes>("wishes");
    QTest::addColumn<QStringList>("missingEncoders");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *name, const MediaInfo &info, const QString &preset,
                        const PlanWishes &wishes, const QString &kind, const QString &sentence,
                        const QStringList &missing = {}) {
        QTest::newRow(name) << info << preset << wishes << missing << kind << sentence;
    };
    const QString web = u"web-1080p"_s;
    const QString remux = u"remux-mp4"_s;
    const MediaInfo good = videoFile([](StreamInfo &) {});
    const MediaInfo vp8 = videoFile([](StreamInfo &v) {
        v.codec = u"vp8"_s;
        v.codecTitle = u"VP8"_s;
    });
    const QString usage = u"bad-usage"_s;
    row("encrypted video", videoFile([](StreamInfo &v) { v.isEncrypted = true; }), web, {},
        u"source-protected"_s, u"copy-protected"_s);
    row("encrypted sound", audioFile([](StreamInfo &a) { a.isEncrypted = true; }), remux, {},
        u"source-protected"_s, u"copy-protected"_s);
    row("a picture that MP4 can't hold", vp8, remux, {}, u"source-no-streams"_s,
        u"MP4 can't hold VP8, and “MP4 without loss” does not convert pictures"_s);
    row("no encoder at all", vp8, web, {}, u"no-encoder"_s, u"no encoder for H.264"_s,
        {u"libx264"_s, u"libopenh264"_s});
    row("nothing that can be decoded",
        fileOf({changed(h264Video(),
                        [](StreamInfo &v) {
                            v.codec = u"vvc"_s;
                            v.codecTitle = u"H.266"_s;
                            v.canDecode = false;
                        })}),
        web, {}, u"no-decoder"_s, u"cannot decode H.266"_s);
    row("only subtitles", fileOf({extraStream(StreamKind::Subtitle, u"subrip"_s)}), web, {},
        u"source-no-streams"_s, u"nothing that “Web 1080p” keeps"_s);
    row("a trim before the start", good, web, trimmed(-1, std::nullopt), usage, u"before"_s);
    row("a trim without length", good, web, trimmed(3'000'000, 3'000'000), usage, u"after"_s);
    row("a trim that begins behind the end", good, web, trimmed(10'000'000, std::nullopt), usage,
        u"begins at 10 s, but the video ends at 10 s"_s);
    row("a trim that ends behind the end", good, web, trimmed(0, 60'000'000), usage,
        u"ends at 60 s, but the video ends at 10 s"_s);
    row("a trim of the file as it is", good, u"original"_s, trimmed(0, 5'000'000), usage,
        u"can't be trimmed"_s);
    row("a trim of what is only copied", good, remux, trimmed(0, 5'000'000), usage,
        u"can't be trimmed"_s);
    PlanWishes always;
    always.encodeAlways = true;
    row("encoding the file as it is", good, u"original"_s, always, usage,
        u"can't be encoded anew"_s);
}

void PlanTest::refusesWhatCannotBeDone()
{
    QFETCH(MediaInfo, info);
    QFETCH(QString, preset);
    QFETCH(PlanWishes, wishes);
    QFETCH(QStringList, missingEncoders);
    QFETCH(QString, kind);
    QFETCH(QString, sentence);
    const auto plan = makePlan(info, builtIn(preset), wishes, codecsWithout(missingEncoders));
    QVERIFY(!plan);
    QCOMPARE(kindName(plan.error().kind), kind);
    const QString said = describe(plan.error()).what;
    QVERIFY2(said.contains(sentence), qPrintable(said));
}

void PlanTest::readsBackWhatItWrites_data()
{
    QTest::addColumn<MediaInfo>("info");
    QTest::addColumn<QString>("preset");
    QTest::addColumn<PlanWishes>("wishes");
    QTest::newRow("copies") << videoFile([](StreamInfo &) {}) << u"web-1080p"_s << PlanWishes{};
    QTest::newRow("converts with a trim, HDR, turned") << videoFile([](StreamInfo &v) {
        v.isHdr = true;
        v.colour = {9, 18, 9, 1, 1};
        v.rotation = 270;
        v.frameRate = {30000, 1001};
    }) << u"web-720p"_s << trimmed(1'234'567, 7'654'321);
    QTest::newRow("as it is") << audioFile([](StreamInfo &) {}) << u"original"_s << PlanWishes{};
    MediaInfo endless = videoFile([](StreamInfo &v) { v.codec = u"vp8"_s; });
    endless.durationUs.reset();
    QTest::newRow("unknown length") << endless << u"web-1080p"_s << trimmed(5'000'000, {});
}

void PlanTest::readsBackWhatItWrites()
{
    QFETCH(MediaInfo, info);
    QFETCH(QString, preset);
    QFETCH(PlanWishes, wishes);
    const auto plan = makePlan(info, builtIn(preset), wishes, codecsWithout({}));
    QVERIFY(plan.has_value());
    const QByteArray stored = QJsonDocument(toJson(*plan)).toJson();
    const auto read = planFromJson(QJsonDocument::fromJson(stored).object());
    QVERIFY(read.has_value());
    QCOMPARE(read->fingerprint(), plan->fingerprint());
    QCOMPARE(toJson(*read), toJson(*plan));
    QCOMPARE(read->hasTrim, wishes.trim.has_value());
    QVERIFY(read->trim == plan->trim);
    QVERIFY(read->durationUs == plan->durationUs);
}

void PlanTest::refusesToReadWhatItDidNotWrite()
{
    const auto plan =
        makePlan(videoFile([](StreamInfo &) {}), builtIn(u"web-1080p"_s), {}, codecsWithout({}));
    QVERIFY(plan.has_value());
    const QJsonObject good = toJson(*plan);
    const auto isRefused = [&](const QString &key, const QJsonValue &value) {
        QJsonObject json = good;
        json[key] = value;
        const auto read = planFromJson(json);
        return !read && read.error().kind == ErrorKind::StoreCorrupt;
    };
    QVERIFY(!planFromJson({}));
    QVERIFY(isRefused(u"version"_s, 2));
    QVERIFY(isRefused(u"layout"_s, u"auto"_s));
    QVERIFY(isRefused(u"resume"_s, u"never"_s));
    QVERIFY(isRefused(u"streams"_s, QJsonArray{QJsonObject{{u"kind"_s, u"smell"_s}}}));
    QVERIFY(planFromJson(good).has_value());
}

void PlanTest::takesTheNextEncoderWhereOneIsMissing()
{
    const MediaInfo info = videoFile([](StreamInfo &v) { v.codec = u"vp9"_s; });
    const auto plan = makePlan(info, builtIn(u"web-1080p"_s), {}, codecsWithout({u"libx264"_s}));
    QVERIFY(plan.has_value());
    QCOMPARE(plan->streams[0].encoder, u"libopenh264"_s);
    QCOMPARE(plan->streams[0].codec, u"h264"_s);
    QVERIFY(!plan->streams[0].options.contains(u"crf"_s));
}

void PlanTest::tellsWhatIsLost()
{
    const auto plan =
        makePlan(fileOf({h264Video(), extraStream(StreamKind::Subtitle, u"dvd_subtitle"_s),
                         extraStream(StreamKind::Data, u"bin_data"_s)}),
                 builtIn(u"web-1080p"_s), {}, codecsWithout({}));
    QVERIFY(plan.has_value());
    QCOMPARE(plan->warnings,
             QStringList{u"A subtitle track is dropped, because these subtitles are pictures, "
                         "which MP4 can't hold."_s});
    PlanWishes wishes;
    wishes.layout = Layout::Fragmented;
    const auto original =
        makePlan(videoFile([](StreamInfo &) {}), builtIn(u"original"_s), wishes, codecsWithout({}));
    QVERIFY(original.has_value());
    QCOMPARE(original->warnings.size(), 1);
    QVERIFY(original->warnings.first().contains(u"as it is"));
}

void PlanTest::givesTheSamePlanForTheSameInput()
{
    const MediaInfo info = videoFile([](StreamInfo &v) { v.codec = u"vp9"_s; });
    const Preset preset = builtIn(u"web-1080p"_s);
    const auto first = makePlan(info, preset, {}, codecsWithout({}));
    const auto second = makePlan(info, preset, {}, codecsWithout({}));
    QVERIFY(first && second);
    QCOMPARE(toJson(*first), toJson(*second));
    QVERIFY(first->encodesVideo());
    QVERIFY(!first->copiesAll());
}

void PlanTest::saysWhatAStopWouldMean_data()
{
    QTest::addColumn<QString>("encoder"); // empty: everything is copied
    QTest::addColumn<QString>("option");
    QTest::addColumn<ResumeVerdict>("verdict");
    QTest::addColumn<QString>("reason");
    QTest::newRow("copies") << QString() << QString() << ResumeVerdict::Exact << u"disk"_s;
    QTest::newRow("x264 by quality")
        << u"libx264"_s << u"\"crf\": 21"_s << ResumeVerdict::Exact << u"the same"_s;
    QTest::newRow("x264 by average rate")
        << u"libx264"_s << u"\"b\": 4000000"_s << ResumeVerdict::Exact << u"the same"_s;
    QTest::newRow("x264 with a cap")
        << u"libx264"_s << u"\"crf\": 21, \"maxrate\": 4000000, \"bufsize\": 8000000"_s
        << ResumeVerdict::Valid << u"maximum rate"_s;
    QTest::newRow("SVT-AV1 by quality")
        << u"libsvtav1"_s << u"\"crf\": 35"_s << ResumeVerdict::Exact << u"the same"_s;
    QTest::newRow("x265") << u"libx265"_s << u"\"crf\": 24"_s << ResumeVerdict::Valid
                          << u"not known"_s;
}

void PlanTest::saysWhatAStopWouldMean()
{
    QFETCH(const QString, encoder);
    QFETCH(const QString, option);
    QFETCH(const ResumeVerdict, verdict);
    QFETCH(const QString, reason);
    Preset preset = builtIn(u"web-1080p"_s);
    PlanWishes wishes;
    if (!encoder.isEmpty()) {
        QJsonObject json = preset.source;
        QJsonObject video = json[u"video"].toObject();
        QJsonObject encode = video[u"encode"].toObject();
        const QJsonObject options =
            QJsonDocument::fromJson(u"{%1}"_s.arg(option).toUtf8()).object();
        encode[u"encoders"] = QJsonArray{
            QJsonObject{{u"name"_s, encoder}, {u"options"_s, options}}};
        video[u"encode"] = encode;
        json[u"video"] = video;
        const auto parsed = Preset::parse(QJsonDocument(json).toJson(), u"test"_s);
        QVERIFY(parsed.has_value());
        preset = *parsed;
        wishes.encodeAlways = true;
    }
    const auto plan = makePlan(videoFile([](StreamInfo &) {}), preset, wishes, codecsWithout({}));
    QVERIFY(plan.has_value());
    QVERIFY(plan->resume == verdict);
    QVERIFY2(plan->resumeReason.contains(reason), qPrintable(plan->resumeReason));
}

void PlanTest::forecastsSizes()
{
    const Preset web = builtIn(u"web-1080p"_s);
    const auto copied = makePlan(videoFile([](StreamInfo &) {}), web, {}, codecsWithout({}));
    QVERIFY(copied && copied->copiesAll());
    QVERIFY(copied->minBytes > 3'000'000 && copied->minBytes < 7'910'000);
    QVERIFY(copied->maxBytes >= 7'910'000 && copied->maxBytes <= 8'200'000);
    const MediaInfo vp9 = videoFile([](StreamInfo &v) { v.codec = u"vp9"_s; });
    const auto whole = makePlan(vp9, web, {}, codecsWithout({}));
    const auto half = makePlan(vp9, web, trimmed(0, 5'000'000), codecsWithout({}));
    QVERIFY(whole && half);
    QVERIFY(0 < whole->minBytes && whole->minBytes < whole->maxBytes);
    QVERIFY(half->maxBytes < whole->maxBytes);
    QCOMPARE(half->durationUs, std::optional<qint64>(5'000'000));
    MediaInfo endless = vp9;
    endless.durationUs.reset();
    const auto unknown = makePlan(endless, web, {}, codecsWithout({}));
    QVERIFY(unknown && !unknown->durationUs);
    QCOMPARE(unknown->minBytes, 0);
}

void PlanTest::changesItsFingerprintWithWhatDecidesBytes()
{
    const MediaInfo info = videoFile([](StreamInfo &v) { v.codec = u"vp9"_s; });
    const auto plan = makePlan(info, builtIn(u"web-1080p"_s), {}, codecsWithout({}));
    QVERIFY(plan.has_value());
    const QByteArray fingerprint = plan->fingerprint();
    QCOMPARE(fingerprint.size(), 64);
    const auto differs = [&](auto change) {
        ExportPlan other = *plan;
        change(other);
        return other.fingerprint() != fingerprint;
    };
    QVERIFY(differs([](ExportPlan &p) { p.layout = Layout::Fragmented; }));
    QVERIFY(differs([](ExportPlan &p) { p.stripLocation = false; }));
    QVERIFY(differs([](ExportPlan &p) { p.streams[0].options[u"crf"_s] = u"22"_s; }));
    QVERIFY(differs([](ExportPlan &p) { p.streams[0].width = 640; }));
    QVERIFY(differs([](ExportPlan &p) { p.streams[1].action = StreamAction::Drop; }));
    QVERIFY(differs([](ExportPlan &p) {
        p.hasTrim = true;
        p.trim.startUs = 1;
    }));
    QVERIFY(!differs([](ExportPlan &p) { p.streams[0].reason = u"another"_s; }));
    QVERIFY(!differs([](ExportPlan &p) { p.warnings.append(u"another"_s); }));
    QVERIFY(!differs([](ExportPlan &p) { p.maxBytes += 1; }));
}

QTEST_GUILESS_MAIN(PlanTest)
#include "tst_plan.moc"

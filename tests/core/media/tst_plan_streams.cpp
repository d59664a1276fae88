// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a plan does with each kind of stream, and because of which rule.
#include "tests/support/plan_rows.h"

using namespace sendoff;
using namespace sendoff::test;

class PlanStreamsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void decidesOnVideo_data();
    void decidesOnVideo();
    void decidesOnAudio_data();
    void decidesOnAudio();
    void decidesOnTheRest_data();
    void decidesOnTheRest();
};

void PlanStreamsTest::decidesOnVideo_data()
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

void PlanStreamsTest::decidesOnVideo()
{
    checkPlanRow();
}

void PlanStreamsTest::decidesOnAudio_data()
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

void PlanStreamsTest::decidesOnAudio()
{
    checkPlanRow();
}

void PlanStreamsTest::decidesOnTheRest_data()
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

void PlanStreamsTest::decidesOnTheRest()
{
    checkPlanRow();
}

QTEST_GUILESS_MAIN(PlanStreamsTest)
#include "tst_plan_streams.moc"

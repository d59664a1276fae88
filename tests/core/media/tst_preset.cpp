// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error_text.h"
#include "core/media/plan.h"
#include "core/media/preset.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;

namespace {

// A whole preset with `video` in the place of its video rules.
QByteArray presetWithVideo(const QByteArray &video)
{
    return "{\n  \"id\": \"mine\",\n  \"title\": \"Mine\",\n  \"container\": \"mp4\",\n"
           "  \"video\": "
        + video + "\n}\n";
}

QByteArray presetWithOption(const QByteArray &encoder, const QByteArray &option)
{
    return presetWithVideo("{ \"encode\": { \"encoders\": [\n    { \"name\": \"" + encoder
                           + "\",\n      \"options\": { " + option + " } } ] } }");
}

void write(const FilePath &path, const QByteArray &content)
{
    std::ofstream(path, std::ios::binary).write(content.constData(), content.size());
}

} // namespace

class PresetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hasTheBuiltInOnes();
    void canRunEachBuiltInOne_data();
    void canRunEachBuiltInOne();
    void readsEveryKey();
    void refusesWithLineAndReason_data();
    void refusesWithLineAndReason();
    void takesOptionsOfTheAllowList_data();
    void takesOptionsOfTheAllowList();
    void loadsTheUsersOwnAndNamesBrokenOnes();
    void findsByIdAndByFile();
    void namesLayouts();
};

void PresetTest::hasTheBuiltInOnes()
{
    const PresetList list = loadPresets({});
    for (const Error &problem : list.problems)
        qWarning("%s", qPrintable(describe(problem).what));
    QVERIFY(list.problems.isEmpty());
    const QDir folder(qEnvironmentVariable("SENDOFF_SOURCE_DIR", u"."_s) + u"/resources/presets"_s);
    const QStringList files = folder.entryList({u"*.json"_s}, QDir::Files, QDir::Name);
    if (!files.isEmpty())
        QCOMPARE(list.presets.size(), files.size()); // none was left out of the resource
    QStringList ids;
    for (const Preset &preset : list.presets) {
        QVERIFY(!preset.title.isEmpty());
        QVERIFY(!preset.description.isEmpty());
        QVERIFY(!preset.group.isEmpty());
        ids.append(preset.id);
    }
    for (const QString &id : {u"web-1080p"_s, u"web-720p"_s, u"web-vp9"_s, u"web-av1"_s,
                              u"archive-hevc"_s, u"audio-only"_s, u"youtube-1080p"_s,
                              u"original"_s, u"remux-mp4"_s})
        QVERIFY2(ids.contains(id), qPrintable(id));
    QCOMPARE(ids.removeDuplicates(), 0);
}

void PresetTest::canRunEachBuiltInOne_data()
{
    QTest::addColumn<QString>("id");
    for (const Preset &preset : loadPresets({}).presets)
        QTest::newRow(qPrintable(preset.id)) << preset.id;
}

void PresetTest::canRunEachBuiltInOne()
{
    QFETCH(QString, id);
    const auto preset = findPreset(id, {});
    QVERIFY(preset.has_value());
    const Codecs codecs = Codecs::ofThisBuild();
    if (preset->videoEncode)
        QVERIFY(std::any_of(preset->videoEncode->encoders.cbegin(),
                            preset->videoEncode->encoders.cend(),
                            [&](const auto &encoder) { return codecs.hasEncoder(encoder.name); }));
    if (preset->audioEncode)
        QVERIFY(std::any_of(preset->audioEncode->encoders.cbegin(),
                            preset->audioEncode->encoders.cend(), codecs.hasEncoder));
    QVERIFY(!codecs.hasEncoder(u"no-such-encoder"_s));
}

void PresetTest::readsEveryKey()
{
    const QByteArray json = R"({
        "id": "every-key", "title": "Every key", "description": "All of them", "group": "Tests",
        "container": "mp4", "extension": "m4v", "layout": "fragmented", "copy_bytes": false,
        "edit_lists": false,
        "video": {
            "copy_if": { "codec": ["h264", "hevc"], "profile": ["High"], "pix_fmt": ["yuv420p"],
                         "max_width": 1280, "max_height": 720, "max_fps": 29.97,
                         "max_bitrate": 5000000, "allow": ["rotation", "hdr"] },
            "encode": { "encoders": [ { "name": "libx264", "options": { "crf": 20.5, "tune": "film" } },
                                      { "name": "libx265" } ],
                        "fit": { "width": 1280, "height": 720 }, "max_fps": 30,
                        "pix_fmt": "yuv420p", "keyframe_seconds": 2.5 } },
        "audio": { "copy_if": { "codec": ["aac"], "max_channels": 6, "max_sample_rate": 48000,
                                "max_bitrate": 320000 },
                   "encode": { "encoders": ["libfdk_aac", "aac"], "bitrate": 192000,
                               "max_channels": 6, "sample_rate": 44100 },
                   "tracks": "all" },
        "subtitles": "keep", "chapters": "keep", "metadata": { "strip_location": false } })";
    const auto preset = Preset::parse(json, u"every.json"_s);
    if (!preset)
        QFAIL(qPrintable(describe(preset.error()).what));
    QCOMPARE(preset->id, u"every-key"_s);
    QCOMPARE(preset->extension, u"m4v"_s);
    QVERIFY(preset->layout == Layout::Fragmented);
    const VideoCopyRule &copy = *preset->videoCopy;
    QCOMPARE(copy.codecs, QStringList({u"h264"_s, u"hevc"_s}));
    QCOMPARE(copy.maxFrameRate, 29.97);
    QCOMPARE(copy.maxBitrate, 5'000'000);
    QVERIFY(copy.allowRotation && copy.allowHdr);
    QVERIFY(!copy.allowInterlaced && !copy.allowNonSquarePixels);
    const VideoEncode &encode = *preset->videoEncode;
    QCOMPARE(encode.encoders.size(), 2);
    QCOMPARE(encode.encoders[0].options[u"crf"_s], u"20.5"_s);
    QCOMPARE(encode.encoders[0].options[u"tune"_s], u"film"_s);
    QCOMPARE(encode.encoders[1].name, u"libx265"_s);
    QCOMPARE(encode.fitWidth, 1280);
    QCOMPARE(encode.keyframeSeconds, 2.5);
    QCOMPARE(preset->audioCopy->maxChannels, 6);
    QCOMPARE(preset->audioEncode->encoders, QStringList({u"libfdk_aac"_s, u"aac"_s}));
    QCOMPARE(preset->audioEncode->sampleRate, 44100);
    QVERIFY(preset->allAudioTracks && preset->keepSubtitles && preset->keepChapters);
    QVERIFY(!preset->stripLocation && !preset->editLists);
    QCOMPARE(preset->source[u"title"].toString(), u"Every key"_s);
}

void PresetTest::refusesWithLineAndReason_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *name, const QByteArray &json, const QString &reason) {
        QTest::newRow(name) << json << reason;
    };
    const QByteArray good = presetWithVideo("{ \"copy_if\": {} }");
    row("no JSON", "{\n \"id\": \"a\",\n oops }", u"line 3: "_s);
    row("not an object", "[]", u"line 1: it must be one object"_s);
    row("empty", "", u"line 1: "_s);
    row("no id", R"({"title": "x", "container": "mp4", "video": {"copy_if": {}}})",
        u"line 1: “id” is missing"_s);
    row("an id with capitals", QByteArray(good).replace("\"mine\"", "\"Mine\""),
        u"line 2: “id” may hold only"_s);
    row("an id with a path", QByteArray(good).replace("\"mine\"", "\"../mine\""),
        u"line 2: “id” may hold only"_s);
    row("an unknown key", presetWithVideo("{\n    \"filters\": \"movie=/etc/passwd\"\n  }"),
        u"line 6: unknown key “filters”"_s);
    row("an unknown key deep within",
        presetWithVideo("{\n    \"copy_if\": {\n      \"codec\": [\"h264\"],\n"
                        "      \"max_wdith\": 5 } }"),
        u"line 8: unknown key “max_wdith”"_s);
    row("a key given twice", QByteArray(good).replace("\"title\"", "\"id\": \"b\",\n\"title\""),
        u"line 3: the key “id” is given twice"_s);
    row("a text for a number", presetWithVideo("{ \"copy_if\": {\n \"max_width\": \"1920\" } }"),
        u"line 6: “max_width” must be a number"_s);
    row("a number out of bounds", presetWithVideo("{ \"copy_if\": {\n \"max_width\": 0 } }"),
        u"line 6: “max_width” must be 1 to 16384"_s);
    row("half a pixel", presetWithVideo("{ \"copy_if\": {\n \"max_width\": 10.5 } }"),
        u"line 6: “max_width” must be a whole number"_s);
    row("a container that does not exist", QByteArray(good).replace("\"mp4\"", "\"hls\""),
        u"line 4: “container” must be one of: mp4, mov, matroska, webm"_s);
    row("an encoder that is not allowed", presetWithOption("rawvideo", ""),
        u"line 6: “rawvideo” is not a video encoder that presets may use"_s);
    row("an encoder of sound for the picture", presetWithOption("aac", ""),
        u"line 6: “aac” is not a video encoder"_s);
    row("an encoder that the container can't hold", presetWithOption("ffv1", ""),
        u"line 6: mp4 can't hold what ffv1 makes"_s);
    row("a parameter string that writes files",
        presetWithOption("libx264", "\"x264-params\": \"dump-yuv=/tmp/x\""),
        u"line 7: presets may not set the option “x264-params” of libx264"_s);
    row("another parameter string that writes files",
        presetWithOption("libx265", "\"x265-params\": \"csv=/tmp/x\""),
        u"line 7: presets may not set the option “x265-params”"_s);
    row("statistics in a file", presetWithOption("libx264", "\"stats\": \"/tmp/x\""),
        u"line 7: presets may not set the option “stats”"_s);
    row("a quality that does not exist", presetWithOption("libx264", "\"crf\": 52"),
        u"line 7: “crf” must be 0 to 51"_s);
    row("a word that does not exist", presetWithOption("libx264", "\"preset\": \"warp\""),
        u"line 7: “preset” must be one of: ultrafast"_s);
    row("an option that is a list", presetWithOption("libx264", "\"crf\": [20]"),
        u"line 7: “crf” must be a text or a number"_s);
    row("no encoder", presetWithVideo("{ \"encode\": { \"encoders\": [] } }"),
        u"line 5: “encoders” names no encoder"_s);
    row("half a box",
        presetWithVideo("{ \"encode\": { \"encoders\": [ { \"name\": \"libx264\" } ],\n"
                        "\"fit\": { \"width\": 100 } } }"),
        u"line 6: “height” is missing"_s);
    row("nothing to do", R"({"id": "a", "title": "b", "container": "mp4"})",
        u"line 1: neither “video” nor “audio”"_s);
    row("bytes and rules",
        R"({"id": "a", "title": "b", "copy_bytes": true, "video": {"copy_if": {}}})",
        u"line 1: “copy_bytes” leaves nothing"_s);
    row("a control character in a key, which may reach a terminal",
        presetWithVideo("{ \"copy_if\": {\n \"\\u001b[2J\": 1 } }"),
        u"line 6: unknown key “\\x1b[2J”"_s);
}

void PresetTest::refusesWithLineAndReason()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, reason);
    const auto preset = Preset::parse(json, u"mine.json"_s);
    QVERIFY(!preset);
    QVERIFY(preset.error().kind == ErrorKind::PresetInvalid);
    QCOMPARE(preset.error()[argument::name], u"mine.json"_s);
    const QString said = preset.error()[argument::reason];
    QVERIFY2(said.startsWith(reason), qPrintable(said));
}

void PresetTest::takesOptionsOfTheAllowList_data()
{
    QTest::addColumn<QByteArray>("encoder");
    QTest::addColumn<QByteArray>("option");
    const auto row = [](const char *encoder, const char *option) {
        QTest::addRow("%s %s", encoder, option) << QByteArray(encoder) << QByteArray(option);
    };
    row("libx264", "\"preset\": \"slow\", \"crf\": 18, \"maxrate\": 8000000");
    row("libx264", "\"bufsize\": 16000000, \"profile\": \"high\", \"level\": \"4.2\"");
    row("libx264", "\"tune\": \"grain\", \"bf\": 2, \"refs\": 3");
    row("libx265", "\"preset\": \"medium\", \"crf\": 22, \"profile\": \"main10\"");
    row("libsvtav1", "\"preset\": 6, \"crf\": 30");
    row("libvpx-vp9", "\"deadline\": \"good\", \"cpu-used\": 4, \"crf\": 31, \"b\": 0");
}

void PresetTest::takesOptionsOfTheAllowList()
{
    QFETCH(QByteArray, encoder);
    QFETCH(QByteArray, option);
    const auto preset = Preset::parse(presetWithOption(encoder, option), u"mine.json"_s);
    if (!preset)
        QFAIL(qPrintable(describe(preset.error()).what));
    QCOMPARE(preset->videoEncode->encoders.first().name, QString::fromLatin1(encoder));
    QCOMPARE(preset->videoEncode->encoders.first().options.size(), option.count(':'));
}

void PresetTest::loadsTheUsersOwnAndNamesBrokenOnes()
{
    const QTemporaryDir folder;
    const FilePath root = folder.path().toStdString();
    const QByteArray good = presetWithVideo("{ \"copy_if\": {} }");
    write(root / "good.json", good);
    write(root / "broken.json", "{");
    write(root / "clash.json", QByteArray(good).replace("\"mine\"", "\"web-1080p\""));
    write(root / "not-a-preset.txt", "{");
    std::filesystem::create_directory(root / "folder.json");
    const qsizetype builtIn = loadPresets({}).presets.size();
    const PresetList list = loadPresets(root);
    QCOMPARE(list.presets.size(), builtIn + 1);
    QCOMPARE(list.presets.last().id, u"mine"_s);
    QStringList names;
    for (const Error &problem : list.problems)
        names.append(problem[argument::name]);
    QCOMPARE(names, QStringList({u"broken.json"_s, u"clash.json"_s, u"folder.json"_s}));
    QCOMPARE(loadPresets(root / "missing").presets.size(), builtIn);
}

void PresetTest::findsByIdAndByFile()
{
    const QTemporaryDir folder;
    const FilePath root = folder.path().toStdString();
    const FilePath file = root / "my preset.json";
    write(file, presetWithVideo("{ \"copy_if\": {} }"));
    QCOMPARE(findPreset(u"web-1080p"_s, {})->id, u"web-1080p"_s);
    QCOMPARE(findPreset(u"mine"_s, root)->id, u"mine"_s);
    QCOMPARE(findPreset(QString::fromStdString(file.string()), {})->id, u"mine"_s);
    const auto unknown = findPreset(u"no-such"_s, root);
    QVERIFY(!unknown && unknown.error().kind == ErrorKind::PresetUnknown);
    QCOMPARE(unknown.error()[argument::name], u"no-such"_s);
    const auto isFolder = findPreset(folder.path(), {});
    QVERIFY(!isFolder && isFolder.error().kind == ErrorKind::PresetInvalid);
    write(root / "huge.json", QByteArray(300 * 1024, ' '));
    const auto isHuge = findPreset(QString::fromStdString((root / "huge.json").string()), {});
    QVERIFY(!isHuge && isHuge.error()[argument::reason].contains(u"larger"));
}

void PresetTest::namesLayouts()
{
    for (const Layout layout : {Layout::Auto, Layout::Progressive, Layout::Fragmented})
        QVERIFY(layoutFromName(layoutName(layout)) == layout);
    QVERIFY(!layoutFromName(u"sideways"));
}

QTEST_GUILESS_MAIN(PresetTest)
#include "tst_preset.moc"

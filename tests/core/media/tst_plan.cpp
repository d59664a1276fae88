// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A plan as a whole: layout, refusals, what is written down of it, resume, size, fingerprint.
#include "tests/support/plan_rows.h"

using namespace sendoff;
using namespace sendoff::test;

class PlanTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
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
};

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
    checkPlanRow();
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

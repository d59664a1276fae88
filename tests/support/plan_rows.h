// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Sources as probe() would describe them, and rows of what a plan makes of them.

#include "core/base/error_text.h"
#include "core/media/plan.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

Q_DECLARE_METATYPE(sendoff::media::MediaInfo)
Q_DECLARE_METATYPE(sendoff::media::PlanWishes)

namespace sendoff::test {

using namespace Qt::StringLiterals;
using namespace sendoff::media;

inline StreamInfo h264Video()
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

inline StreamInfo aacAudio()
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

inline MediaInfo fileOf(QList<StreamInfo> streams)
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

inline StreamInfo extraStream(StreamKind kind, const QString &codec)
{
    StreamInfo stream;
    stream.kind = kind;
    stream.codec = codec;
    stream.codecTitle = codec;
    return stream;
}

inline StreamInfo textSubtitle(const QString &codec)
{
    StreamInfo stream = extraStream(StreamKind::Subtitle, codec);
    stream.canDecode = true;
    return stream;
}

inline Codecs codecsWithout(const QStringList &missing)
{
    return {[missing](const QString &encoder) { return !missing.contains(encoder); }};
}

inline Preset builtIn(const QString &id)
{
    Result<Preset> preset = findPreset(id, {});
    return preset ? *std::move(preset) : Preset{};
}

inline PlanWishes trimmed(qint64 startUs, std::optional<qint64> endUs)
{
    PlanWishes wishes;
    wishes.trim = Trim{startUs, endUs};
    return wishes;
}

// "0 convert copy-if.size width=1920": index, action, rule and values of the stream's JSON.
inline QString disagreement(const QJsonObject &plan, const QString &expected)
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

// The columns of a table whose rows are checked by checkPlanRow().
inline void planColumns()
{
    QTest::addColumn<MediaInfo>("info");
    QTest::addColumn<QString>("preset");
    QTest::addColumn<PlanWishes>("wishes");
    QTest::addColumn<QStringList>("expected");
}

// Plans with the row's preset and wishes, and compares with what is expected of the plan and its
// streams.
inline void checkPlanRow()
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

} // namespace sendoff::test

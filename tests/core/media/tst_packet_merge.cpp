// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// When a fragment is in the file: as soon as it is known where the next one begins, and always with
// the same bytes.
#include "core/media/packet_merge.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cstring>

using namespace sendoff;
using namespace sendoff::media;
using namespace Qt::StringLiterals;

namespace {

constexpr int pictures = 60; // of a segment
constexpr AVRational pictureTime{1, 30};
constexpr AVRational soundTime{1024, 48'000};

PacketPtr packetAt(qint64 time, int bytes, bool isKey)
{
    PacketPtr packet(av_packet_alloc());
    if (av_new_packet(packet.get(), bytes) < 0)
        qFatal("no memory");
    std::memset(packet->data, int(time & 0x7f), std::size_t(bytes));
    packet->dts = packet->pts = time;
    packet->duration = 1;
    packet->flags = isKey ? AV_PKT_FLAG_KEY : 0;
    return packet;
}

TrackFormat formatOf(AVMediaType type)
{
    TrackFormat format;
    format.parameters.reset(avcodec_parameters_alloc());
    AVCodecParameters &codec = *format.parameters;
    codec.codec_type = type;
    if (type == AVMEDIA_TYPE_VIDEO) {
        codec.codec_id = AV_CODEC_ID_MPEG4;
        codec.width = 320;
        codec.height = 240;
        format.timeBase = pictureTime;
        return format;
    }
    codec.codec_id = AV_CODEC_ID_AAC;
    codec.sample_rate = 48'000;
    codec.frame_size = 1024;
    codec.ch_layout = AV_CHANNEL_LAYOUT_STEREO;
    codec.extradata = static_cast<quint8 *>(av_mallocz(2 + AV_INPUT_BUFFER_PADDING_SIZE));
    codec.extradata_size = 2;
    codec.extradata[0] = 0x11; // AAC-LC, 48 kHz, stereo
    codec.extradata[1] = 0x90;
    format.timeBase = soundTime;
    return format;
}

class MergeTest : public QObject {
    Q_OBJECT

private:
    // Two segments of pictures with their sound; `announces` says after the first where the second
    // begins. The sizes that were sealed before the second one came, and the whole file.
    void merge(const QString &name, bool announces, QList<qint64> *early, QByteArray *bytes)
    {
        const QString path = m_folder.filePath(name);
        auto file = OutputFile::create(path.toStdString(), OutputFile::Order::InOrder, {});
        QVERIFY(file.has_value());
        MuxSettings settings;
        settings.container = u"mp4"_s;
        settings.layout = Layout::Fragmented;
        auto mux = MuxOutput::create(**file, settings);
        QVERIFY(mux.has_value());
        QList<qint64> sealed;
        PacketMerge merge(**mux, [&](qint64 size) { sealed.append(size); });
        const int video = merge.addTrack(PacketMerge::Kind::Video);
        const int sound = merge.addTrack(PacketMerge::Kind::Audio);
        merge.setFormat(video, formatOf(AVMEDIA_TYPE_VIDEO));
        merge.setFormat(sound, formatOf(AVMEDIA_TYPE_AUDIO));
        for (int i = 0; i < 200; ++i) // past the end of both segments
            QVERIFY(merge.put(sound, packetAt(i, 40, true)).has_value());
        for (int segment = 0; segment < 2; ++segment) {
            for (int i = 0; i < pictures; ++i)
                QVERIFY(merge.put(video, packetAt(segment * pictures + i, 500, i == 0)).has_value());
            if (announces && segment == 0)
                QVERIFY(merge.expectKeyFrame(video, pictures).has_value());
            if (segment == 0)
                *early = sealed;
        }
        QVERIFY(merge.end(video).has_value());
        QVERIFY(merge.end(sound).has_value());
        QVERIFY(merge.finish().has_value());
        QVERIFY((*mux)->finish().has_value());
        QFile written(path);
        QVERIFY(written.open(QIODevice::ReadOnly));
        *bytes = written.readAll();
    }

    QTemporaryDir m_folder;

private Q_SLOTS:
    void aFragmentIsCutAsSoonAsItsEndIsKnown()
    {
        QList<qint64> waiting;
        QList<qint64> early;
        QByteArray late;
        QByteArray soon;
        merge(u"late.mp4"_s, false, &waiting, &late);
        merge(u"soon.mp4"_s, true, &early, &soon);
        QCOMPARE(waiting.size(), 0);
        QCOMPARE(early.size(), 1);
        QVERIFY(early.first() > pictures * 500); // all of the segment
        QVERIFY(soon == late);
    }
};

} // namespace

QTEST_GUILESS_MAIN(MergeTest)
#include "tst_packet_merge.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// EncoderThread: the same packets as without a thread, segments in their order, errors, and an end
// in the middle.
#include "core/media/journal/encoder_thread.h"

#include <QTest>

using namespace sendoff;
using namespace sendoff::media;

namespace {

constexpr int width = 320;
constexpr int height = 180;

FramePtr pictureAt(qint64 pts)
{
    FramePtr frame(av_frame_alloc());
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = width;
    frame->height = height;
    frame->pts = pts;
    if (av_frame_get_buffer(frame.get(), 0) < 0)
        qFatal("no memory for a picture");
    for (int plane = 0; plane < 3; ++plane) {
        const int lines = plane == 0 ? height : height / 2;
        for (int line = 0; line < lines; ++line) {
            for (int x = 0; x < (plane == 0 ? width : width / 2); ++x)
                frame->data[plane][line * frame->linesize[plane] + x] =
                    uint8_t(x * (plane + 1) + line * 3 + pts * 7);
        }
    }
    return frame;
}

QByteArray bytesOf(const std::vector<PacketPtr> &packets)
{
    QByteArray bytes;
    for (const PacketPtr &packet : packets)
        bytes += QByteArray::number(packet->pts) + ':'
            + QByteArray(reinterpret_cast<const char *>(packet->data), packet->size);
    return bytes;
}

} // namespace

class EncoderThreadTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void makesWhatAnEncoderMakesAlone_data();
    void makesWhatAnEncoderMakesAlone();
    void handsSegmentsOverInOrder();
    void anEncoderThatDoesNotOpenIsReported();
    void aFrameThatIsRefusedIsReported();
    void mayEndInTheMiddle();

private:
    StreamEncoder open() const;
    QByteArray encodedAlone(qint64 from, qint64 to) const;

    StreamPlan m_plan;
    EncoderSettings m_settings;
};

void EncoderThreadTest::init()
{
    m_plan = StreamPlan();
    m_plan.encoder = QStringLiteral("libx264");
    m_plan.pixelFormat = QStringLiteral("yuv420p");
    m_plan.width = width;
    m_plan.height = height;
    m_plan.options = {{QStringLiteral("preset"), QStringLiteral("veryfast")}};
    m_settings.plan = &m_plan;
    m_settings.timeBase = {1, 25};
    m_settings.frameRate = {25, 1};
    m_settings.threads = 2;
    m_settings.globalHeader = true;
}

StreamEncoder EncoderThreadTest::open() const
{
    auto encoder = StreamEncoder::openVideo(m_settings);
    if (!encoder)
        qFatal("%s", qPrintable(encoder.error().detail));
    return *std::move(encoder);
}

QByteArray EncoderThreadTest::encodedAlone(qint64 from, qint64 to) const
{
    StreamEncoder encoder = open();
    std::vector<PacketPtr> packets;
    const auto take = [&](PacketPtr packet) -> Result<void> {
        packets.push_back(std::move(packet));
        return {};
    };
    for (qint64 pts = from; pts < to; ++pts) {
        if (!encoder.encode(pictureAt(pts).get(), take))
            qFatal("a frame was refused");
    }
    if (!encoder.encode(nullptr, take))
        qFatal("the encoder did not end");
    return bytesOf(packets);
}

void EncoderThreadTest::makesWhatAnEncoderMakesAlone_data()
{
    QTest::addColumn<int>("ahead");
    QTest::newRow("each frame awaited") << 0;
    QTest::newRow("two frames ahead") << 2;
}

void EncoderThreadTest::makesWhatAnEncoderMakesAlone()
{
    QFETCH(int, ahead);
    EncoderThread thread(m_settings, open(), ahead);
    for (qint64 pts = 0; pts < 60; ++pts)
        QVERIFY(thread.encode(pictureAt(pts).get()));
    QVERIFY(!thread.takeSegment(EncoderThread::Wait::No)->has_value()); // none was ended
    thread.endSegment();
    const auto segment = thread.takeSegment(EncoderThread::Wait::Yes);
    QVERIFY(segment && *segment);
    QCOMPARE((*segment)->packets.size(), std::size_t(60));
    QCOMPARE(bytesOf((*segment)->packets), encodedAlone(0, 60));
    QCOMPARE((*segment)->header, open().header());
}

void EncoderThreadTest::handsSegmentsOverInOrder()
{
    EncoderThread thread(m_settings, open(), 2);
    for (qint64 segment = 0; segment < 3; ++segment) {
        for (qint64 pts = segment * 20; pts < segment * 20 + 20; ++pts)
            QVERIFY(thread.encode(pictureAt(pts).get()));
        thread.endSegment();
    }
    for (qint64 segment = 0; segment < 3; ++segment) {
        const auto encoded = thread.takeSegment(EncoderThread::Wait::Yes);
        QVERIFY(encoded && *encoded);
        QCOMPARE(bytesOf((*encoded)->packets), encodedAlone(segment * 20, segment * 20 + 20));
    }
}

void EncoderThreadTest::anEncoderThatDoesNotOpenIsReported()
{
    EncoderThread thread(m_settings, open(), 0);
    QVERIFY(thread.encode(pictureAt(0).get()));
    thread.endSegment();
    QVERIFY(thread.takeSegment(EncoderThread::Wait::Yes));
    m_plan.encoder = QStringLiteral("no such encoder"); // the thread waits: nobody reads it
    const Result<void> encoded = thread.encode(pictureAt(1).get());
    QVERIFY(!encoded);
    QCOMPARE(encoded.error().kind, ErrorKind::NoEncoder);
    QVERIFY(!thread.encode(pictureAt(2).get())); // and it stays so
    QVERIFY(!thread.takeSegment(EncoderThread::Wait::Yes));
}

void EncoderThreadTest::aFrameThatIsRefusedIsReported()
{
    m_plan.encoder = QStringLiteral("mpeg4"); // which takes no picture twice
    m_plan.options = {{QStringLiteral("sc_threshold"), QStringLiteral("1000000000")}};
    EncoderThread thread(m_settings, open(), 2);
    QVERIFY(thread.encode(pictureAt(5).get()));
    (void)thread.encode(pictureAt(5).get()); // its own error may be told only later
    thread.endSegment();
    const auto segment = thread.takeSegment(EncoderThread::Wait::Yes);
    QVERIFY(!segment);
    QCOMPARE(segment.error().kind, ErrorKind::EncoderFailed);
}

void EncoderThreadTest::mayEndInTheMiddle()
{
    for (int round = 0; round < 20; ++round) {
        EncoderThread thread(m_settings, open(), 2);
        for (qint64 pts = 0; pts < round; ++pts)
            QVERIFY(thread.encode(pictureAt(pts).get()));
        if (round % 2 == 1)
            thread.endSegment();
    }
}

QTEST_GUILESS_MAIN(EncoderThreadTest)
#include "tst_encoder_thread.moc"

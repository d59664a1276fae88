// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Equal pictures become equal bytes in a heap that is full of what others left behind.
#include "core/media/encoder_heap.h"
#include "core/media/stream_encoder.h"

#include <QCryptographicHash>
#include <QSet>
#include <QSize>
#include <QTest>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <malloc.h>
#include <random>
#include <vector>

extern "C" {
#include <libavutil/frame.h>
}

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;

namespace {

// Blocks of all sizes up to 128 KiB, written and given back in no order.
void useHeap(std::mt19937 &random)
{
    std::vector<void *> blocks;
    for (int i = 0; i < 1500; ++i) {
        const std::size_t least = std::size_t(16) << (random() % 13);
        const std::size_t size = least + random() % least;
        if (void *block = std::malloc(size)) {
            std::memset(block, int(random() & 0xff), size);
            blocks.push_back(block);
        }
    }
    std::shuffle(blocks.begin(), blocks.end(), random);
    for (void *block : blocks)
        std::free(block);
}

FramePtr makePicture(int width, int height, qint64 pts)
{
    FramePtr frame(av_frame_alloc());
    frame->width = width;
    frame->height = height;
    frame->format = AV_PIX_FMT_YUV420P;
    if (av_frame_get_buffer(frame.get(), 0) < 0)
        qFatal("no memory");
    for (int plane = 0; plane < 3; ++plane) {
        const int shift = plane > 0 ? 1 : 0;
        for (int y = 0; y < (height + shift) >> shift; ++y) {
            uint8_t *const row = frame->data[plane] + y * frame->linesize[plane];
            for (int x = 0; x < (width + shift) >> shift; ++x)
                row[x] = uint8_t(3 * x + 5 * y + 7 * pts + ((x / 8 + y / 8 + pts / 12) % 5) * 30);
        }
    }
    frame->pts = pts;
    return frame;
}

} // namespace

class EncoderHeapTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void zeroesWhatIsAligned();
    void repeatsItself_data();
    void repeatsItself();
};

void EncoderHeapTest::zeroesWhatIsAligned()
{
    if (!isEncoderMemoryZeroed())
        QSKIP("not with this C library");
    std::mt19937 random(3);
    for (const std::size_t size : {64U, 1000U, 4096U, 65'535U, 65'536U, 300'001U, 4'000'000U}) {
        useHeap(random);
        for (int round = 0; round < 3; ++round) { // each gets what the last one wrote
            char *const block = static_cast<char *>(::memalign(64, size));
            QVERIFY(block);
            QCOMPARE(reinterpret_cast<std::uintptr_t>(block) % 64, std::uintptr_t(0));
            QCOMPARE(std::count(block, block + size, '\0'), std::ptrdiff_t(size));
            std::memset(block, 0xab, size);
            std::free(block);
        }
    }
}

void EncoderHeapTest::repeatsItself_data()
{
    QTest::addColumn<QString>("preset");
    QTest::addColumn<int>("threads");
    QTest::addColumn<QSize>("size");
    for (const QSize size : {QSize(96, 54), QSize(160, 90), QSize(320, 180)}) {
        for (const auto &[preset, threads] : {std::pair("veryfast", 2), std::pair("medium", 1)})
            QTest::addRow("%s, %d threads, %d lines", preset, threads, size.height())
                << QString::fromLatin1(preset) << threads << size;
    }
}

void EncoderHeapTest::repeatsItself()
{
    QFETCH(QString, preset);
    QFETCH(int, threads);
    QFETCH(QSize, size);
    StreamPlan plan;
    plan.encoder = u"libx264"_s;
    plan.pixelFormat = u"yuv420p"_s;
    plan.width = size.width();
    plan.height = size.height();
    plan.options = {{u"preset"_s, preset}};
    EncoderSettings settings;
    settings.plan = &plan;
    settings.timeBase = {1, 25};
    settings.frameRate = {25, 1};
    settings.threads = threads;
    std::mt19937 random(11);
    QSet<QByteArray> results;
    for (int round = 0; round < 4; ++round) {
        useHeap(random);
        auto encoder = StreamEncoder::openVideo(settings);
        QVERIFY(encoder);
        QCryptographicHash hash(QCryptographicHash::Sha256);
        const auto take = [&hash](const PacketPtr &packet) -> Result<void> {
            hash.addData(QByteArrayView(packet->data, packet->size));
            return {};
        };
        for (qint64 pts = 0; pts < 40; ++pts) {
            QVERIFY(encoder->encode(makePicture(size.width(), size.height(), pts).get(), take));
            if (pts % 4 == 0)
                useHeap(random);
        }
        QVERIFY(encoder->encode(nullptr, take));
        results.insert(hash.result());
    }
    QCOMPARE(results.size(), 1);
}

QTEST_GUILESS_MAIN(EncoderHeapTest)

#include "tst_encoder_heap.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/journal/segment.h"

#include <QDataStream>
#include <QIODevice>

#include <xxhash.h>

#include <cstring>

namespace sendoff::media {

namespace {

constexpr quint64 segmentMagic = 0x5345'4e44'4f46'4653; // "SENDOFFS"
constexpr qint32 segmentVersion = 2;
constexpr qsizetype checksumBytes = sizeof(quint64);
constexpr qint32 maxSideData = 64;

quint64 checksum(const char *bytes, qsizetype size)
{
    return XXH3_64bits(bytes, std::size_t(size));
}

void write(QDataStream &stream, const FrameMark &mark)
{
    stream << mark.pts << mark.low << mark.high;
}

void read(QDataStream &stream, FrameMark &mark)
{
    stream >> mark.pts >> mark.low >> mark.high;
}

void write(QDataStream &stream, const PathReport &report)
{
    stream << report.packetsIn << report.damaged << report.notIncreasing
           << qint32(report.shapeChanges) << report.isInterlaced << report.longestGapUs
           << report.sourceEndUs;
}

void read(QDataStream &stream, PathReport &report)
{
    qint32 shapeChanges = 0;
    stream >> report.packetsIn >> report.damaged >> report.notIncreasing >> shapeChanges
        >> report.isInterlaced >> report.longestGapUs >> report.sourceEndUs;
    report.shapeChanges = shapeChanges;
}

QByteArray view(const uint8_t *data, std::size_t size)
{
    return QByteArray::fromRawData(reinterpret_cast<const char *>(data), qsizetype(size));
}

void write(QDataStream &stream, const AVPacket &packet)
{
    stream << qint64(packet.pts) << qint64(packet.dts) << qint64(packet.duration)
           << qint32(packet.flags) << qint32(packet.side_data_elems);
    for (int i = 0; i < packet.side_data_elems; ++i) {
        const AVPacketSideData &side = packet.side_data[i];
        stream << qint32(side.type) << view(side.data, side.size);
    }
    stream << view(packet.data, std::size_t(packet.size));
}

// Null where it cannot be read or there is no memory.
PacketPtr readPacket(QDataStream &stream)
{
    qint64 pts = 0;
    qint64 dts = 0;
    qint64 duration = 0;
    qint32 flags = 0;
    qint32 sides = 0;
    stream >> pts >> dts >> duration >> flags >> sides;
    PacketPtr packet(av_packet_alloc());
    if (!packet || sides < 0 || sides > maxSideData)
        return nullptr;
    for (qint32 i = 0; i < sides; ++i) {
        qint32 type = 0;
        QByteArray data;
        stream >> type >> data;
        uint8_t *place = av_packet_new_side_data(
            packet.get(), static_cast<AVPacketSideDataType>(type), std::size_t(data.size()));
        if (!place)
            return nullptr;
        std::memcpy(place, data.constData(), std::size_t(data.size()));
    }
    QByteArray data;
    stream >> data;
    // av_new_packet() would reset what was read before.
    if (stream.status() != QDataStream::Ok || av_grow_packet(packet.get(), int(data.size())) < 0)
        return nullptr;
    std::memcpy(packet->data, data.constData(), std::size_t(data.size()));
    packet->pts = pts;
    packet->dts = dts;
    packet->duration = duration;
    packet->flags = flags;
    return packet;
}

} // namespace

QByteArray toBytes(const Segment &segment)
{
    QByteArray bytes;
    QDataStream stream(&bytes, QIODevice::WriteOnly);
    stream.setVersion(QDataStream::Qt_6_0);
    stream << segmentMagic << segmentVersion << qint32(segment.index) << segment.encoderHeader
           << qint32(segment.reorderDelay) << segment.firstPts << segment.next.has_value();
    write(stream, segment.next.value_or(FrameMark{}));
    stream << quint32(segment.tail.size());
    for (const FrameMark &mark : segment.tail)
        write(stream, mark);
    stream << quint32(segment.lastPts.size());
    for (const qint64 pts : segment.lastPts)
        stream << pts;
    write(stream, segment.report);
    stream << quint32(segment.packets.size());
    for (const PacketPtr &packet : segment.packets)
        write(stream, *packet);
    stream << checksum(bytes.constData(), bytes.size());
    return bytes;
}

std::optional<Segment> segmentFromBytes(const QByteArray &bytes)
{
    QDataStream stream(bytes);
    stream.setVersion(QDataStream::Qt_6_0);
    if (bytes.size() < checksumBytes)
        return std::nullopt;
    const qsizetype content = bytes.size() - checksumBytes;
    QDataStream end(bytes.last(checksumBytes));
    quint64 expected = 0;
    end >> expected;
    if (checksum(bytes.constData(), content) != expected)
        return std::nullopt;

    quint64 magic = 0;
    qint32 version = 0;
    qint32 index = 0;
    qint32 delay = 0;
    bool hasNext = false;
    Segment segment;
    FrameMark next;
    stream >> magic >> version;
    if (magic != segmentMagic || version != segmentVersion)
        return std::nullopt;
    stream >> index >> segment.encoderHeader >> delay >> segment.firstPts >> hasNext;
    read(stream, next);
    segment.index = index;
    segment.reorderDelay = delay;
    if (hasNext)
        segment.next = next;
    quint32 count = 0;
    stream >> count;
    for (quint32 i = 0; i < count && stream.status() == QDataStream::Ok; ++i) {
        FrameMark mark;
        read(stream, mark);
        segment.tail.push_back(mark);
    }
    stream >> count;
    for (quint32 i = 0; i < count && stream.status() == QDataStream::Ok; ++i) {
        qint64 pts = 0;
        stream >> pts;
        segment.lastPts.push_back(pts);
    }
    read(stream, segment.report);
    stream >> count;
    for (quint32 i = 0; i < count; ++i) {
        PacketPtr packet = readPacket(stream);
        if (!packet)
            return std::nullopt;
        segment.packets.push_back(std::move(packet));
    }
    const bool isWhole = stream.status() == QDataStream::Ok && stream.device()->pos() == content;
    return isWhole ? std::optional(std::move(segment)) : std::nullopt;
}

} // namespace sendoff::media

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/source_checks.h"

#include <QtEndian>

#include <algorithm>
#include <array>
#include <bit>

namespace sendoff::media {

namespace {

QString endsEarly(qint64 missing)
{
    return QStringLiteral("The file announces %1 more bytes than it has.").arg(missing);
}

// ISO/IEC 14496-12 4.2. Only the outermost boxes.
std::optional<qint64> missingOfIsoMedia(const SourceFile &file)
{
    const qint64 size = file.identity().size;
    for (qint64 at = 0; at + 8 <= size;) {
        std::array<char, 16> head{};
        if (!file.readExactly(head.data(), std::min<qint64>(16, size - at), at))
            return std::nullopt;
        qint64 length = qFromBigEndian<quint32>(head.data());
        if (length == 1)
            length = qFromBigEndian<qint64>(head.data() + 8);
        if (length < 8)
            return std::nullopt; // 0: to the end of the file
        if (at + length > size)
            return at + length - size;
        at += length;
    }
    return std::nullopt;
}

// "RIFF", size of what follows, little-endian. Recorders that were cut off leave 0 or 0xffffffff.
std::optional<qint64> missingOfRiff(const SourceFile &file)
{
    std::array<char, 8> head{};
    if (!file.readExactly(head.data(), qint64(head.size()), 0))
        return std::nullopt;
    const qint64 length = qFromLittleEndian<quint32>(head.data() + 4);
    const qint64 missing = length + 8 - file.identity().size;
    return missing > 1 && length != 0xffffffffLL ? std::optional(missing) : std::nullopt;
}

// RFC 3533 6: the last page of a logical stream has header type flag 0x04.
bool isOggCutOff(const SourceFile &file)
{
    constexpr qint64 longestPage = 65'307;
    const qint64 size = std::min(file.identity().size, longestPage);
    QByteArray tail(size, '\0');
    if (!file.readExactly(tail.data(), size, file.identity().size - size))
        return false;
    const qsizetype page = tail.lastIndexOf("OggS");
    return page >= 0 && page + 5 < size && (tail[page + 5] & 0x04) == 0;
}

// FLV 10.1 annex E: each tag is followed by its size, which must lead to a tag of that size.
bool isFlvCutOff(const SourceFile &file)
{
    const qint64 size = file.identity().size;
    std::array<char, 4> tail{};
    if (size < 13 || !file.readExactly(tail.data(), 4, size - 4))
        return false;
    const qint64 tag = qFromBigEndian<quint32>(tail.data());
    std::array<char, 4> head{};
    const qint64 at = size - 4 - tag;
    if (tag < 11 || at < 13 || !file.readExactly(head.data(), 4, at))
        return true;
    return (qFromBigEndian<quint32>(head.data()) & 0xffffff) != quint32(tag - 11);
}

// RFC 8794 4: a number whose length is the position of the first bit that is set. Names of
// elements keep that bit; without it, all ones are an unknown size (-1).
enum class Marker { Kept, Removed };

std::optional<qint64> readEbmlNumber(const SourceFile &file, qint64 &at, Marker marker)
{
    std::array<char, 8> bytes{};
    const qint64 there = std::min<qint64>(8, file.identity().size - at);
    if (there <= 0 || !file.readExactly(bytes.data(), there, at))
        return std::nullopt;
    const int length = std::countl_zero(static_cast<quint8>(bytes[0])) + 1;
    if (length > there)
        return std::nullopt;
    const quint64 padded = qFromBigEndian<quint64>(bytes.data());
    const quint64 number = padded >> (64 - 8 * length);
    const quint64 mask = (quint64(1) << (7 * length)) - 1;
    at += length;
    if (marker == Marker::Kept)
        return qint64(number);
    return (number & mask) == mask ? -1 : qint64(number & mask);
}

// Where a Matroska or WebM file's one Segment ends, and how many headers stand before it.
struct MatroskaFrame {
    int headers = 0;
    std::optional<qint64> missing;
};

MatroskaFrame matroskaFrame(const SourceFile &file)
{
    constexpr qint64 headerName = 0x1a45dfa3;
    constexpr qint64 segmentName = 0x18538067;
    MatroskaFrame frame;
    for (qint64 at = 0; at < file.identity().size;) {
        const std::optional<qint64> name = readEbmlNumber(file, at, Marker::Kept);
        const std::optional<qint64> length = readEbmlNumber(file, at, Marker::Removed);
        if (!name || !length || *length < 0)
            break; // damaged, or recorded live
        frame.headers += *name == headerName ? 1 : 0;
        const qint64 missing = *length - (file.identity().size - at);
        if (*name == segmentName) {
            if (missing > 0)
                frame.missing = missing;
            break;
        }
        at += *length;
    }
    return frame;
}

// IEC 61834-2: every frame has 120,000 bytes (525 lines) or 144,000 (625 lines), or a multiple.
bool isDvCutOff(const SourceFile &file)
{
    const qint64 size = file.identity().size;
    return size % 120'000 != 0 && size % 144'000 != 0;
}

QString endsInTheMiddle()
{
    return QStringLiteral("The file ends in the middle: its last part is missing.");
}

} // namespace

std::optional<QString> incompleteness(const SourceFile &file, QStringView demuxer)
{
    std::optional<qint64> missing;
    if (demuxer.startsWith(u"mov"))
        missing = missingOfIsoMedia(file);
    else if (demuxer == u"avi" || demuxer == u"wav")
        missing = missingOfRiff(file);
    else if (demuxer.startsWith(u"matroska"))
        missing = matroskaFrame(file).missing;
    if (missing)
        return endsEarly(*missing);
    if ((demuxer == u"ogg" && isOggCutOff(file)) || (demuxer == u"flv" && isFlvCutOff(file))
        || (demuxer == u"dv" && isDvCutOff(file)))
        return endsInTheMiddle();
    return std::nullopt;
}

std::optional<QString> oddity(const SourceFile &file, QStringView demuxer)
{
    if (demuxer.startsWith(u"matroska") && matroskaFrame(file).headers > 1)
        return QStringLiteral("The file has several headers; the last one was taken for true.");
    return std::nullopt;
}

UnitCheck::UnitCheck(const AVCodecParameters *parameters)
{
    const quint8 *data = parameters->extradata;
    if (!data || parameters->extradata_size < 7 || data[0] != 1)
        return; // no extradata, or a byte stream with start codes
    if (parameters->codec_id == AV_CODEC_ID_H264)
        m_lengthSize = (data[4] & 3) + 1;
    else if (parameters->codec_id == AV_CODEC_ID_HEVC && parameters->extradata_size > 22)
        m_lengthSize = (data[21] & 3) + 1;
}

bool UnitCheck::accepts(const AVPacket *packet) const
{
    if (m_lengthSize == 0)
        return true;
    for (int at = 0; at < packet->size;) {
        if (packet->size - at <= m_lengthSize)
            return false;
        quint32 length = 0;
        for (int i = 0; i < m_lengthSize; ++i)
            length = length << 8 | packet->data[at + i];
        at += m_lengthSize;
        const bool hasForbiddenBit = (packet->data[at] & 0x80) != 0;
        if (length == 0 || length > quint32(packet->size - at) || hasForbiddenBit)
            return false;
        at += int(length);
    }
    return true;
}

} // namespace sendoff::media

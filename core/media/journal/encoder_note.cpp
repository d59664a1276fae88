// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/journal/encoder_note.h"

#include <QByteArrayView>

namespace sendoff::media {

namespace {

// An SEI unit (type 6) with user data (payload type 5), whose size takes more than one byte.
constexpr char seiHeader[] = "\x06\x05\xff";
constexpr char ofX264[] = "\xdc\x45\xe9\xbd\xe6\xd9\x48\xb7\x96\x2c\xd8\x20\xd9\x23\xee\xef";
constexpr char startCode[] = {0, 0, 1};
constexpr qsizetype longestSize = 16; // bytes of a size

} // namespace

void dropEncoderNote(AVPacket *packet)
{
    const QByteArrayView bytes(reinterpret_cast<const char *>(packet->data), packet->size);
    const QByteArrayView code(startCode, sizeof startCode);
    const qsizetype first = bytes.indexOf(code);
    if (first < 0 || first > 1)
        return;
    const QByteArrayView unit = bytes.sliced(first + code.size());
    const qsizetype uuid = unit.indexOf(ofX264);
    if (!unit.startsWith(seiHeader) || uuid < 0 || uuid > longestSize)
        return;
    qsizetype next = bytes.indexOf(code, first + code.size());
    if (next < 0)
        return;
    if (bytes[next - 1] == '\0')
        --next; // the next unit's start code has four bytes
    packet->data += next;
    packet->size -= int(next);
}

} // namespace sendoff::media

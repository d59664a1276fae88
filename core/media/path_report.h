// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// PathReport: what one stream's way through an export brought. Private to core/media.

#include <QtGlobal>

namespace sendoff::media {

struct PathReport {
    qint64 packetsIn = 0;
    qint64 framesEncoded = 0; // by this run; what an earlier one encoded is not encoded again
    qint64 packetsCopied = 0;
    qint64 damaged = 0; // packets or frames
    qint64 notIncreasing = 0; // frames dropped because their time did not increase
    qint64 hiddenPackets = 0; // copied, but before the first shown frame
    int shapeChanges = 0; // of the pictures' size or the sound's form
    qint64 silenceUs = 0; // put into gaps
    qint64 longestGapUs = 0;
    bool isInterlaced = false; // any picture so far was
    qint64 sourceEndUs = 0; // how far the source's content reached
};

} // namespace sendoff::media

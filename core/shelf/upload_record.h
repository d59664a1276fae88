// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the Shelf knows of one upload, as a value, and its JSON form on disk.

#include "core/base/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <optional>

namespace sendoff::shelf {

struct UploadRecord {
    enum class State {
        Receiving,
        Publishing, // complete; being renamed to `fileName`, or already renamed
        Finished,
    };

    QByteArray id; // 32 lower-case hexadecimal digits: the end of the upload's URL
    QByteArray linkId; // likewise, of the finished video's link
    QByteArray metadata; // Upload-Metadata as it was sent
    QString fileName; // under which the video is or will be published
    std::optional<qint64> length; // nothing: deferred
    // Bytes from here on belong to a request whose checksum was not checked yet.
    std::optional<qint64> unverifiedFrom;
    State state = State::Receiving;
    // Of the published file, to recognise it: its inode, known when Publishing, and its time of
    // modification, known when Finished.
    quint64 inode = 0;
    qint64 modifiedNs = 0;
    qint64 finishedAt = 0; // seconds since the epoch

    bool operator==(const UploadRecord &) const = default;
    QJsonObject toJson() const;
    // Nothing for what toJson() never writes.
    static std::optional<UploadRecord> fromJson(const QJsonObject &json);
};

// A new random id of 128 bits.
QByteArray newUploadId();
// 32 lower-case hexadecimal digits? Nothing else ever becomes part of a path.
bool isUploadId(QByteArrayView text);

} // namespace sendoff::shelf

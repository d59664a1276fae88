// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The XML of S3 as values, both ways. Pure; reading is strict and takes nothing from outside the
// document. Not for: what it means (s3_bucket.h).

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

#include <map>
#include <optional>

namespace sendoff::transfer::s3 {

// <Error>, which may also be the body of a 200. Empty code: the document is none.
struct ErrorReply {
    QByteArray code;
    QString message;
    QByteArray region; // the right one, where the wrong one was the error
};
ErrorReply parseError(const QByteArray &xml);

struct Part {
    qint64 size = 0;
    QByteArray etag; // without quotes
    bool operator==(const Part &) const = default;
};
using Parts = std::map<int, Part>; // by number, from 1

// Nothing below for what is not the document that the name says.
std::optional<QByteArray> parseUploadId(const QByteArray &xml);

struct PartsPage {
    Parts parts;
    std::optional<int> nextMarker; // there are more
};
std::optional<PartsPage> parseParts(const QByteArray &xml);

struct UnfinishedUpload {
    QString key;
    QByteArray uploadId;
    QDateTime since;
};
struct UploadsPage {
    QList<UnfinishedUpload> uploads;
    bool isTruncated = false;
    QByteArray nextKey;
    QByteArray nextUploadId;
};
std::optional<UploadsPage> parseUploads(const QByteArray &xml);

// The ETag of the object; empty where the server leaves it out. Nothing for an <Error>.
std::optional<QByteArray> parseCompletion(const QByteArray &xml);

// The body of CompleteMultipartUpload.
QByteArray completionBody(const Parts &parts);

// Without the quotes that an ETag stands in.
QByteArray unquoted(QByteArray etag);
// The MD5 of a part, as far as an ETag is one (it is not where the server encrypts).
bool isMd5(const QByteArray &etag);
// The ETag of an object made of parts: the MD5 of their MD5s, and how many. Empty where one of the
// parts' is no MD5.
QByteArray etagOf(const Parts &parts);

} // namespace sendoff::transfer::s3

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The wire format of tus 1.0.0 (https://tus.io/protocols/resumable-upload) as pure functions:
// names of headers and what may stand in them. Shared by the Shelf and the tus destinations. Not
// for: sending, receiving, or deciding what to do. Any thread.

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QUrl>

#include <optional>

namespace sendoff::tus {

// The version of the protocol that we speak: the value of Tus-Resumable.
inline constexpr char protocolVersion[] = "1.0.0";
// The media type of a PATCH body, and of a POST body with creation-with-upload.
inline constexpr char bodyMediaType[] = "application/offset+octet-stream";
// “Checksum Mismatch” of the checksum extension; no registered status code.
inline constexpr int checksumMismatchStatus = 460;

// Names of headers.
namespace header {
inline constexpr char tusResumable[] = "Tus-Resumable";
inline constexpr char tusVersion[] = "Tus-Version"; // list, the server's preference first
inline constexpr char tusExtension[] = "Tus-Extension"; // list
inline constexpr char tusMaxSize[] = "Tus-Max-Size"; // bytes
inline constexpr char tusChecksumAlgorithm[] = "Tus-Checksum-Algorithm"; // list
inline constexpr char uploadOffset[] = "Upload-Offset"; // bytes
inline constexpr char uploadLength[] = "Upload-Length"; // bytes
inline constexpr char uploadDeferLength[] = "Upload-Defer-Length"; // always 1
inline constexpr char uploadMetadata[] = "Upload-Metadata";
inline constexpr char uploadExpires[] = "Upload-Expires"; // HTTP-date (http_date.h)
inline constexpr char uploadChecksum[] = "Upload-Checksum";
inline constexpr char uploadConcat[] = "Upload-Concat";
inline constexpr char methodOverride[] = "X-HTTP-Method-Override";
// Sendoff's own: the Shelf's reply to the request that completed an upload, and to each HEAD of a
// complete one, carries the finished video's link: http://127.0.0.1:PORT/v/<id>/<name>, with a
// random id of 128 bits and the name percent-encoded.
inline constexpr char sendoffLink[] = "Sendoff-Link";
} // namespace header

// Names in Tus-Extension.
namespace extension {
inline constexpr char creation[] = "creation";
inline constexpr char creationWithUpload[] = "creation-with-upload";
inline constexpr char creationDeferLength[] = "creation-defer-length";
inline constexpr char expiration[] = "expiration";
inline constexpr char checksum[] = "checksum";
inline constexpr char checksumTrailer[] = "checksum-trailer";
inline constexpr char termination[] = "termination";
inline constexpr char concatenation[] = "concatenation";
} // namespace extension

// Upload-Offset, Upload-Length, Tus-Max-Size (§ Headers: “a non-negative integer”): decimal digits
// only. Nothing for signs, spaces, an empty value, or more than an int64 holds.
std::optional<qint64> parseByteCount(QByteArrayView value);
// The same of all headers of one name in a message: nothing unless there is exactly one.
std::optional<qint64> parseByteCount(const QList<QByteArray> &values);

// Upload-Defer-Length (§ Creation): the value must be 1.
bool isDeferLength(QByteArrayView value);

// Comma-separated lists: Tus-Version, Tus-Extension (§ Headers), Tus-Checksum-Algorithm
// (§ Checksum). Space around items and empty items are dropped (RFC 9110 §5.6.1.2).
QList<QByteArray> parseList(QByteArrayView value);
QByteArray formatList(const QList<QByteArray> &items);
// Is `item` in the list, in this spelling?
bool listHas(QByteArrayView list, QByteArrayView item);

// Upload-Metadata (§ Creation): keys in ASCII, unique, not empty, without space and comma; values
// any bytes. Parsing is strict: nothing for anything that the section forbids, including base64
// without its padding. An empty header is an empty map.
using Metadata = QMap<QByteArray, QByteArray>;
std::optional<Metadata> parseMetadata(QByteArrayView value);
// Nothing where a key is not allowed.
std::optional<QByteArray> formatMetadata(const Metadata &metadata);

// Upload-Checksum (§ Checksum): “algorithm base64”. Algorithms in lower case.
struct Checksum {
    QByteArray algorithm;
    QByteArray digest; // raw bytes
    bool operator==(const Checksum &) const = default;
};
// Nothing where malformed; the algorithm need not be one we know.
std::optional<Checksum> parseChecksum(QByteArrayView value);
QByteArray formatChecksum(const Checksum &checksum);

// Upload-Concat (§ Concatenation): “partial”, or “final;” and the partial uploads' URLs, which may
// be relative.
struct Concatenation {
    enum class Kind { Partial, Final };
    Kind kind = Kind::Partial;
    QList<QByteArray> parts; // of Final, in order, at least one
    bool operator==(const Concatenation &) const = default;
};
std::optional<Concatenation> parseConcatenation(QByteArrayView value);
QByteArray formatConcatenation(const Concatenation &concatenation);

// The upload's URL from the Location of a creation (§ Creation; may be relative, RFC 9110 §10.2.2,
// RFC 3986 §5). Nothing for what no upload can have: not http or https, no host, user info,
// spaces or control characters, the creation URL itself. The fragment is dropped, as is the
// creation URL's user info. Whether another origin is acceptable is the caller's decision.
std::optional<QUrl> resolveLocation(const QUrl &creationUrl, QByteArrayView location);

} // namespace sendoff::tus

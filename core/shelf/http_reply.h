// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// HttpReply: a reply as a value: status, headers, and bytes in memory or a stretch of a file. Not
// for: sending it (http_connection.h).

#include "core/base/error.h"
#include "core/base/source_file.h"
#include "core/shelf/http_request_parser.h"

#include <chrono>
#include <memory>

namespace sendoff::shelf {

// Bytes of an open file, read while they are sent.
struct FileSlice {
    std::shared_ptr<const FileDescriptor> file;
    qint64 offset = 0;
    qint64 length = 0;
};

struct HttpReply {
    int status = 200;
    QList<HttpHeader> headers;
    QByteArray body;
    std::optional<FileSlice> file; // instead of `body`

    // A value that cannot stand in a header (a line break) is a defect of the caller.
    HttpReply &with(QByteArray name, QByteArray value) &;
    HttpReply &&with(QByteArray name, QByteArray value) &&;
    qint64 contentLength() const { return file ? file->length : body.size(); }
};

// A sentence for whoever reads it, in UTF-8.
HttpReply textReply(int status, const QString &sentence);
// 507 where the disk is full, 413 where its file system takes no such file, else 500.
HttpReply errorReply(const Error &error);

// Status line and headers up to the empty line. `keepsAlive`: does the connection stay open?
QByteArray serializedHead(const HttpReply &reply, bool keepsAlive, std::chrono::sys_seconds now);

} // namespace sendoff::shelf

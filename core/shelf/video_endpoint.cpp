// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/video_endpoint.h"

#include "core/shelf/media_type.h"
#include "core/shelf/range_header.h"
#include "core/tus/http_date.h"

#include <sys/stat.h>

namespace sendoff::shelf {

namespace {

using namespace Qt::StringLiterals;

constexpr QByteArrayView linkPathPrefix = "/v/";

std::chrono::sys_seconds lastModified(const struct stat &status)
{
    return std::chrono::sys_seconds(std::chrono::seconds(status.st_mtim.tv_sec));
}

// Strong: changes with every write to the file.
QByteArray entityTag(const struct stat &status)
{
    return '"' + QByteArray::number(quint64(status.st_ino), 16) + '-'
        + QByteArray::number(qint64(status.st_size), 16) + '-'
        + QByteArray::number(qint64(status.st_mtim.tv_sec), 16) + '-'
        + QByteArray::number(qint64(status.st_mtim.tv_nsec), 16) + '"';
}

// RFC 6266 with RFC 8187: the name for everyone, and an ASCII one for old programs.
QByteArray contentDisposition(const QString &fileName)
{
    QByteArray plain;
    for (const QChar character : fileName) {
        const bool isPlain = character >= u' ' && character < QChar(0x7f) && character != u'"'
            && character != u'\\' && character != u'%';
        plain += isPlain ? character.toLatin1() : '_';
    }
    // toPercentEncoding leaves unreserved characters, all of which are attr-char of RFC 8187.
    return "inline; filename=\"" + plain + "\"; filename*=UTF-8''"
        + fileName.toUtf8().toPercentEncoding();
}

// RFC 9110 §13.1.2: weak comparison.
bool matchesAny(QByteArrayView list, const QByteArray &tag)
{
    for (const QByteArray &entry : list.toByteArray().split(',')) {
        const QByteArray candidate = entry.trimmed();
        if (candidate == "*" || candidate == tag || candidate == "W/" + tag)
            return true;
    }
    return false;
}

bool isUnchanged(const RequestHead &head, const struct stat &status)
{
    const QByteArray tags = head.headerValues("If-None-Match").join(',');
    if (!tags.isEmpty())
        return matchesAny(tags, entityTag(status));
    const auto since = tus::parseHttpDate(head.header("If-Modified-Since"), lastModified(status));
    return since && lastModified(status) <= *since;
}

// RFC 9110 §13.1.5: a strong tag, or exactly the date that was given out.
bool isRangeWanted(const RequestHead &head, const struct stat &status)
{
    if (head.method != "GET" || head.headerValues("Range").size() != 1)
        return false;
    const QByteArray condition = head.header("If-Range");
    return condition.isEmpty() || condition == entityTag(status)
        || tus::parseHttpDate(condition, lastModified(status)) == lastModified(status);
}

void serveRange(const RequestHead &head, const struct stat &status, FileSlice slice,
                HttpReply &reply)
{
    RangeAnswer answer;
    if (isRangeWanted(head, status))
        answer = answerRange(head.header("Range"), slice.length);
    const QByteArray size = QByteArray::number(slice.length);
    switch (answer.kind) {
    case RangeAnswer::Kind::Whole:
        break;
    case RangeAnswer::Kind::Part:
        reply.status = 206;
        reply.with("Content-Range",
                   "bytes " + QByteArray::number(answer.range.begin) + '-'
                       + QByteArray::number(answer.range.end - 1) + '/' + size);
        slice.offset = answer.range.begin;
        slice.length = answer.range.size();
        break;
    case RangeAnswer::Kind::Unsatisfiable:
        reply.status = 416;
        reply.with("Content-Range", "bytes */" + size);
        return;
    }
    reply.file = std::move(slice);
}

} // namespace

bool VideoEndpoint::owns(QByteArrayView path)
{
    return path.startsWith(linkPathPrefix);
}

QByteArray VideoEndpoint::pathOf(const Upload &upload)
{
    return linkPathPrefix.toByteArray() + upload.record.linkId + '/'
        + upload.record.fileName.toUtf8().toPercentEncoding();
}

HttpReply VideoEndpoint::reply(const RequestHead &head) const
{
    if (head.method != "GET" && head.method != "HEAD")
        return textReply(405, u"A link can only be read."_s).with("Allow", "GET, HEAD");
    const QByteArrayView rest = QByteArrayView(head.path).sliced(linkPathPrefix.size());
    const qsizetype slash = rest.indexOf('/');
    const std::shared_ptr<Upload> upload = m_catalog.findLink(slash < 0 ? rest : rest.first(slash));
    const auto type = upload ? mediaTypeOf(upload->record.fileName) : std::nullopt;
    if (!type || !upload->isFinished())
        return textReply(404, u"There is no video behind this link."_s);
    auto file = std::make_shared<const FileDescriptor>(m_catalog.openVideo(*upload));
    struct stat status {};
    if (!*file || ::fstat(file->get(), &status) != 0)
        return textReply(404, u"The video behind this link is no longer there."_s);
    HttpReply reply;
    reply.with("ETag", entityTag(status))
        .with("Last-Modified", tus::formatHttpDate(lastModified(status)))
        .with("Cache-Control", "private, no-cache");
    if (isUnchanged(head, status)) {
        reply.status = 304;
        return reply;
    }
    // The sandbox: whatever a browser makes of the bytes, it has no scripts and no origin.
    reply.with("Content-Type", *type)
        .with("Content-Disposition", contentDisposition(upload->record.fileName))
        .with("Content-Security-Policy", "sandbox")
        .with("Referrer-Policy", "no-referrer")
        .with("Accept-Ranges", "bytes");
    serveRange(head, status, FileSlice{std::move(file), 0, status.st_size}, reply);
    return reply;
}

} // namespace sendoff::shelf

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_tus_model.h"

#include <QCryptographicHash>

#include <algorithm>

namespace sendoff::test {

FakeServer::Upload *FakeServer::Model::find(const QByteArray &path)
{
    const auto found = std::find_if(uploads.begin(), uploads.end(), [&](const Upload &upload) {
        return upload.path == path && !upload.isRemoved;
    });
    return found == uploads.end() ? nullptr : &*found;
}

std::optional<Fault> FakeServer::Model::faultFor(const QByteArray &method)
{
    const int number = seen[method]++;
    for (Fault &fault : faults) {
        if (fault.method == method && number >= fault.after && fault.times > 0) {
            --fault.times;
            return fault;
        }
    }
    return std::nullopt;
}

bool FakeServer::Model::isAllowed(const Request &request) const
{
    return token.isEmpty() || request.method == "OPTIONS"
        || request.headers.value("authorization") == "Bearer " + token;
}

bool FakeServer::Model::canStore(const Request &request, qint64 size)
{
    const Upload *upload = find(request.path);
    return request.method == "PATCH" && upload && isAllowed(request)
        && !(options.wantsOverride && !request.isOverridden)
        && request.headers.value("upload-offset").toLongLong() == upload->bytes.size()
        && request.headers.value("content-type") == "application/offset+octet-stream"
        && (!upload->length || upload->bytes.size() + size <= *upload->length);
}

FakeServer::Model::Answer FakeServer::Model::serve(const Request &request, const QByteArray &kept,
                                                   bool mayStore)
{
    if (!isAllowed(request))
        return {401, {}};
    const bool isForbidden = request.method == "PATCH" || request.method == "DELETE";
    if (options.wantsOverride && isForbidden && !request.isOverridden)
        return {405, {}};
    if (request.method == "OPTIONS")
        return offer();
    if (request.headers.value("tus-resumable") != "1.0.0")
        return {412, {{"Tus-Version", "1.0.0"}}};
    if (request.method == "POST")
        return create(request);
    Upload *upload = find(request.path);
    if (!upload)
        return {404, {}};
    if (request.method == "DELETE") {
        upload->isRemoved = true;
        return {204, {}};
    }
    if (request.method == "HEAD")
        return status(*upload);
    if (request.method != "PATCH")
        return {405, {}};
    return patch(request, *upload, kept, mayStore);
}

FakeServer::Model::Answer FakeServer::Model::offer() const
{
    if (!options.answersOptions)
        return {405, {}};
    Headers headers{{"Tus-Version", "1.0.0"}, {"Tus-Extension", "creation,termination"}};
    if (options.canDeferLength)
        headers["Tus-Extension"] += ",creation-defer-length";
    if (options.canConcatenate)
        headers["Tus-Extension"] += ",concatenation";
    if (!options.checksums.isEmpty()) {
        headers["Tus-Extension"] += ",checksum";
        headers["Tus-Checksum-Algorithm"] = options.checksums;
    }
    if (options.maximumSize > 0)
        headers["Tus-Max-Size"] = QByteArray::number(options.maximumSize);
    return {204, headers};
}

FakeServer::Model::Answer FakeServer::Model::create(const Request &request)
{
    Upload upload;
    upload.concat = request.headers.value("upload-concat");
    if (!upload.concat.isEmpty() && !options.canConcatenate)
        return {501, {}};
    if (upload.concat.startsWith("final;"))
        return concatenate(request, std::move(upload));
    const bool isDeferred = request.headers.value("upload-defer-length") == "1";
    if (!isDeferred && !request.headers.contains("upload-length"))
        return {400, {}};
    if (isDeferred && !options.canDeferLength)
        return {400, {}};
    if (!isDeferred)
        upload.length = request.headers.value("upload-length").toLongLong();
    if (options.maximumSize > 0 && upload.length.value_or(0) > options.maximumSize)
        return {413, {}};
    return made(request, std::move(upload));
}

// tus: Concatenation. The partial uploads stay, as tusd keeps them.
FakeServer::Model::Answer FakeServer::Model::concatenate(const Request &request, Upload upload)
{
    if (request.headers.contains("upload-length"))
        return {400, {}};
    for (const QByteArray &part : upload.concat.mid(6).split(' ')) {
        const Upload *partial = find(QUrl::fromEncoded(part).path(QUrl::FullyEncoded).toLatin1());
        if (!partial || partial->concat != "partial" || partial->bytes.size() != partial->length)
            return {400, {}};
        upload.bytes += partial->bytes;
    }
    upload.length = upload.bytes.size();
    upload.asksUntilConcatenated = options.asksUntilConcatenated;
    return made(request, std::move(upload));
}

FakeServer::Model::Answer FakeServer::Model::made(const Request &request, Upload upload)
{
    upload.path = "/files/" + QByteArray::number(uploads.size() + 1);
    upload.metadata = request.headers.value("upload-metadata");
    uploads.append(upload);
    return {201, {{"Location", options.location.isEmpty() ? upload.path : options.location}}};
}

FakeServer::Model::Answer FakeServer::Model::status(Upload &upload)
{
    Headers headers{{"Upload-Offset", QByteArray::number(upload.bytes.size())},
                    {"Cache-Control", "no-store"}};
    if (!upload.concat.isEmpty())
        headers["Upload-Concat"] = upload.concat;
    if (upload.asksUntilConcatenated > 0) {
        --upload.asksUntilConcatenated;
        headers.remove("Upload-Offset");
    }
    if (upload.length)
        headers["Upload-Length"] = QByteArray::number(*upload.length);
    else
        headers["Upload-Defer-Length"] = "1";
    return {200, headers};
}

FakeServer::Model::Answer FakeServer::Model::patch(const Request &request, Upload &upload,
                                                   const QByteArray &kept, bool mayStore)
{
    if (upload.concat.startsWith("final;"))
        return {403, {}};
    const qint64 offset = request.headers.value("upload-offset").toLongLong();
    if (!mayStore || offset + kept.size() != upload.bytes.size())
        return {409, {}};
    if (const int fault = checksumFault(request, kept)) {
        upload.bytes.truncate(offset); // tus: Checksum: the chunk is discarded
        upload.received.removeLast();
        return {fault, {}};
    }
    if (request.headers.contains("upload-length") && !upload.length)
        upload.length = request.headers.value("upload-length").toLongLong();
    return {204, {{"Upload-Offset", QByteArray::number(upload.bytes.size())}}};
}

// tus: Checksum.
int FakeServer::Model::checksumFault(const Request &request, const QByteArray &body) const
{
    const QList<QByteArray> words = request.headers.value("upload-checksum").split(' ');
    const QByteArray algorithm = words.value(0);
    if (algorithm.isEmpty())
        return 0;
    if (!options.checksums.split(',').contains(algorithm))
        return 400;
    const auto kind = algorithm == "sha256" ? QCryptographicHash::Sha256
        : algorithm == "sha1"               ? QCryptographicHash::Sha1
                                            : QCryptographicHash::Md5;
    const bool isRight = QCryptographicHash::hash(body, kind).toBase64() == words.value(1);
    return isRight ? 0 : 460;
}

} // namespace sendoff::test

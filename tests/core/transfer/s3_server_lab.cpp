// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/transfer/s3_server_lab.h"

#include "core/base/error_text.h"

#include <QCoroTask>

namespace sendoff::test {

using namespace sendoff::transfer;

void S3ServerLab::startServer()
{
    if (!m_server.start())
        qFatal("%s", qPrintable(m_server.why()));
}

void S3ServerLab::makeBucket()
{
    m_fixture = std::make_unique<TransferFixture>();
    m_bucket = {};
    m_bucket.net = &m_fixture->network();
    m_bucket.io = m_fixture->context().io;
    m_bucket.name = QStringLiteral("Bucket");
    m_bucket.endpoint = m_server.endpoint();
    m_bucket.bucket = QStringLiteral("rows-%1").arg(++m_buckets);
    m_bucket.isPathStyle = true;
    m_bucket.keys = {SwiftServerProcess::accessKey, SwiftServerProcess::secretKey, {}};
    m_bucket.learned = std::make_shared<S3Bucket::Learned>();
    m_bucket.learned->region = SwiftServerProcess::region;
    m_server.makeBucket(m_bucket.bucket);
}

QByteArray S3ServerLab::codeOf(const net::HttpReply &reply)
{
    return s3::parseError(reply.body).code;
}

net::HttpReply S3ServerLab::ask(S3Request request)
{
    auto reply = QCoro::waitFor(s3Exchange(m_bucket, std::move(request), {}));
    if (!reply)
        qFatal("%s", qPrintable(describe(reply.error()).sentence()));
    return *std::move(reply);
}

QByteArray S3ServerLab::begin()
{
    S3Request request("POST", QStringLiteral("clip.mp4"));
    request.query = {{"uploads", ""}};
    return s3::parseUploadId(ask(std::move(request)).body).value_or(QByteArray());
}

QByteArray S3ServerLab::putPart(const QByteArray &upload, int number, const QByteArray &bytes)
{
    S3Request request("PUT", QStringLiteral("clip.mp4"));
    request.query = {{"uploadId", upload}, {"partNumber", QByteArray::number(number)}};
    request.body = net::RequestBody(bytes);
    return s3::unquoted(ask(std::move(request)).header("ETag"));
}

net::HttpReply S3ServerLab::complete(const QByteArray &upload, const s3::Parts &parts)
{
    S3Request request("POST", QStringLiteral("clip.mp4"));
    request.query = {{"uploadId", upload}};
    request.body = net::RequestBody(s3::completionBody(parts));
    return ask(std::move(request));
}

DestinationConfig S3ServerLab::config() const
{
    DestinationConfig config;
    config.name = QStringLiteral("Bucket");
    config.type = QStringLiteral("s3");
    config.options = {{QStringLiteral("bucket"), m_bucket.bucket},
                      {QStringLiteral("endpoint"), m_server.endpoint().toString()},
                      {QStringLiteral("path_style"), QStringLiteral("1")}};
    config.secrets = {{QStringLiteral("access_key"), SwiftServerProcess::accessKey},
                      {QStringLiteral("secret_key"), SwiftServerProcess::secretKey}};
    return config;
}

} // namespace sendoff::test

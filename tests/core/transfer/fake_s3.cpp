// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/transfer/fake_s3.h"

#include <QCryptographicHash>
#include <QUrlQuery>

namespace sendoff::test {

namespace {

QString queryItem(const ReceivedRequest &request, const char16_t *name)
{
    const QUrl url = QUrl::fromEncoded(request.target);
    return QUrlQuery(url).queryItemValue(QString::fromUtf16(name));
}

bool hasQueryItem(const ReceivedRequest &request, const char16_t *name)
{
    const QUrl url = QUrl::fromEncoded(request.target);
    return QUrlQuery(url).hasQueryItem(QString::fromUtf16(name));
}

} // namespace

FakeS3::FakeS3(Misbehave misbehave)
    : m_model(std::make_shared<Model>())
{
    m_server.setResponder([model = m_model, misbehave](const ReceivedRequest &request) {
        const Ask ask = askOf(request);
        int before = 0;
        {
            const std::lock_guard lock(model->mutex);
            before = model->counts[ask]++;
        }
        if (misbehave) {
            if (auto script = misbehave(ask, request, before))
                return *std::move(script);
        }
        const std::lock_guard lock(model->mutex);
        return model->serve(ask, request);
    });
}

FakeS3::Ask FakeS3::askOf(const ReceivedRequest &request)
{
    const bool isOfUpload = hasQueryItem(request, u"uploadId");
    if (request.method == "HEAD")
        return Ask::Look;
    if (request.method == "POST")
        return isOfUpload ? Ask::Complete : Ask::Create;
    if (request.method == "PUT")
        return isOfUpload ? Ask::Part : Ask::Put;
    if (request.method == "DELETE")
        return Ask::Abort;
    return isOfUpload ? Ask::List : Ask::Other;
}

Script FakeS3::Model::serve(Ask ask, const ReceivedRequest &request)
{
    Script script;
    script.readBody();
    const bool needsUpload =
        ask == Ask::Part || ask == Ask::List || ask == Ask::Complete || ask == Ask::Abort;
    if (needsUpload && !isOpen)
        return script.reply(404, errorXml("NoSuchUpload"));
    switch (ask) {
    case Ask::Look:
        if (!isCompleted)
            return script.send("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
        return script.send("HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(size())
                           + "\r\nETag: \"" + etag()
                           + "\"\r\nLast-Modified: Thu, 26 Nov 2026 10:00:00 GMT\r\n\r\n");
    case Ask::Create:
        isOpen = true;
        return script.reply(200,
                            "<InitiateMultipartUploadResult><UploadId>fake</UploadId>"
                            "</InitiateMultipartUploadResult>");
    case Ask::Part: {
        const QByteArray md5 = QByteArray::fromBase64(request.header("Content-MD5")).toHex();
        parts[queryItem(request, u"partNumber").toInt()] = {md5, request.contentLength()};
        if (holdsParts && counts[Ask::Part] > 1)
            script.hold();
        return script.reply(200, {}, {{"ETag", '"' + md5 + '"'}});
    }
    case Ask::List: {
        QByteArray xml = "<ListPartsResult><IsTruncated>false</IsTruncated>";
        for (const auto &[number, part] : parts)
            xml += "<Part><PartNumber>" + QByteArray::number(number) + "</PartNumber><ETag>"
                + part.etag + "</ETag><Size>" + QByteArray::number(part.size) + "</Size></Part>";
        return script.reply(200, xml + "</ListPartsResult>");
    }
    case Ask::Complete:
        isOpen = false;
        isCompleted = true;
        return script.reply(200,
                            "<CompleteMultipartUploadResult><ETag>\"" + etag()
                                + "\"</ETag></CompleteMultipartUploadResult>");
    case Ask::Abort:
        isOpen = false;
        parts.clear();
        return script.reply(204);
    case Ask::Put:
    case Ask::Other:
        break;
    }
    return script.reply(501, errorXml("NotImplemented"));
}

QByteArray FakeS3::Model::etag() const
{
    QCryptographicHash hash(QCryptographicHash::Md5);
    for (const auto &[number, part] : parts)
        hash.addData(QByteArray::fromHex(part.etag));
    return hash.result().toHex() + '-' + QByteArray::number(qsizetype(parts.size()));
}

qint64 FakeS3::Model::size() const
{
    qint64 sum = 0;
    for (const auto &[number, part] : parts)
        sum += part.size;
    return sum;
}

transfer::DestinationConfig FakeS3::config() const
{
    transfer::DestinationConfig config;
    config.name = QStringLiteral("Bucket");
    config.type = QStringLiteral("s3");
    config.options = {{QStringLiteral("bucket"), QStringLiteral("bucket")},
                      {QStringLiteral("endpoint"), m_server.url(QString()).toString()},
                      {QStringLiteral("path_style"), QStringLiteral("1")}};
    config.secrets = {{QStringLiteral("access_key"), "key"},
                      {QStringLiteral("secret_key"), "canary-secret-key"}};
    return config;
}

int FakeS3::count(Ask ask) const
{
    const std::lock_guard lock(m_model->mutex);
    const auto found = m_model->counts.find(ask);
    return found == m_model->counts.end() ? 0 : found->second;
}

QMap<int, QByteArray> FakeS3::parts() const
{
    const std::lock_guard lock(m_model->mutex);
    QMap<int, QByteArray> etags;
    for (const auto &[number, part] : m_model->parts)
        etags.insert(number, part.etag);
    return etags;
}

bool FakeS3::isCompleted() const
{
    const std::lock_guard lock(m_model->mutex);
    return m_model->isCompleted;
}

QByteArray FakeS3::etag() const
{
    const std::lock_guard lock(m_model->mutex);
    return m_model->etag();
}

void FakeS3::holdParts()
{
    const std::lock_guard lock(m_model->mutex);
    m_model->holdsParts = true;
}

void FakeS3::completeSilently()
{
    const std::lock_guard lock(m_model->mutex);
    m_model->isOpen = false;
    m_model->isCompleted = true;
}

void FakeS3::damagePart(int number)
{
    const std::lock_guard lock(m_model->mutex);
    m_model->parts[number].etag = QByteArray(32, '0');
}

QByteArray FakeS3::errorXml(const QByteArray &code)
{
    return "<Error><Code>" + code + "</Code></Error>";
}

Script FakeS3::error(int status, const QByteArray &code)
{
    Script script;
    return script.readBody().reply(status, errorXml(code));
}

} // namespace sendoff::test

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/transfer/fake_put.h"

namespace sendoff::test {

FakePut::FakePut(Misbehave misbehave)
{
    m_server.keepBodies(1 << 20);
    m_server.setResponder([this, misbehave](const ReceivedRequest &request) {
        std::optional<Script> wrong = misbehave ? misbehave(request) : std::nullopt;
        return wrong ? *std::move(wrong) : serve(request);
    });
}

transfer::DestinationConfig FakePut::config() const
{
    transfer::DestinationConfig config;
    config.name = QStringLiteral("Web server");
    config.type = QStringLiteral("put");
    config.options = {{QStringLiteral("url"), m_server.url(QStringLiteral("/dav/")).toString()},
                      {QStringLiteral("user"), QStringLiteral("user")}};
    config.secrets = {{QStringLiteral("password"), "canary-7f3a"}};
    return config;
}

// What the last whole PUT left, unless it was deleted since.
std::optional<QByteArray> FakePut::file() const
{
    std::optional<QByteArray> content;
    for (const ReceivedRequest &request : m_server.requests()) {
        if (request.method == "PUT" && request.bodyBytes == request.contentLength())
            content = request.body;
        if (request.method == "DELETE")
            content.reset();
    }
    return content;
}

Script FakePut::serve(const ReceivedRequest &request) const
{
    Script script;
    script.readBody();
    if (request.method == "PUT")
        return script.reply(201);
    if (request.method == "DELETE")
        return script.reply(204);
    const auto content = file();
    if (request.method == "HEAD" && !content)
        return script.send("HTTP/1.1 404 No\r\nContent-Length: 9\r\n\r\n");
    if (!content)
        return script.reply(404);
    if (request.method == "HEAD")
        return script.send("HTTP/1.1 200 OK\r\nContent-Length: "
                           + QByteArray::number(content->size()) + "\r\n\r\n");
    return script.reply(200, *content); // RFC 9110 §14.2: a server may ignore Range
}

} // namespace sendoff::test

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/transfer/fake_put.h"

#include <utility>

namespace sendoff::test {

namespace {

constexpr qint64 everything = 64 << 20;

QByteArray nameOf(const ReceivedRequest &request)
{
    return request.target.mid(request.target.lastIndexOf('/') + 1);
}

} // namespace

FakePut::FakePut()
    : FakePut(Options{})
{
}

FakePut::FakePut(Options options)
    : FakePut(options, {})
{
}

FakePut::FakePut(Misbehave misbehave)
    : FakePut(Options{}, std::move(misbehave))
{
}

FakePut::FakePut(Options options, Misbehave misbehave)
    : m_options(options)
{
    m_server.keepBodies(everything);
    m_server.setResponder([this, misbehave](const ReceivedRequest &request) {
        if (misbehave) {
            if (auto script = misbehave(request))
                return *std::move(script);
        }
        const std::lock_guard lock(m_mutex);
        return serve(request);
    });
}

transfer::DestinationConfig FakePut::config() const
{
    transfer::DestinationConfig config;
    config.name = QStringLiteral("Test server");
    config.type = QStringLiteral("put");
    config.options = {{QStringLiteral("url"), m_server.url(QStringLiteral("/videos/")).toString()},
                      {QStringLiteral("user"), QStringLiteral("user")}};
    config.secrets = {{QStringLiteral("password"), "canary-7f3a"}};
    return config;
}

void FakePut::script(Rule rule, int times)
{
    const std::lock_guard lock(m_mutex);
    for (int i = 0; i < times; ++i)
        m_rules.append(rule);
}

void FakePut::put(const QByteArray &name, const QByteArray &bytes)
{
    const std::lock_guard lock(m_mutex);
    m_files[name] = {bytes, 0, 0};
}

QMap<QByteArray, QByteArray> FakePut::files() const
{
    const std::lock_guard lock(m_mutex);
    QMap<QByteArray, QByteArray> found;
    for (const auto &[name, stored] : m_files) {
        if (const auto bytes = contentOf(name))
            found.insert(name, *bytes);
    }
    return found;
}

QList<QByteArray> FakePut::methods() const
{
    QList<QByteArray> methods;
    for (const ReceivedRequest &request : m_server.requests())
        methods.append(request.method);
    return methods;
}

std::optional<QByteArray> FakePut::contentOf(const QByteArray &name) const
{
    const auto file = m_files.find(name);
    if (file == m_files.end())
        return std::nullopt;
    if (file->second.bytes)
        return file->second.bytes;
    int number = 0;
    for (const ReceivedRequest &request : m_server.requests()) {
        if (request.method == "PUT" && number++ == file->second.upload)
            return file->second.kept < 0 ? request.body : request.body.left(file->second.kept);
    }
    return std::nullopt;
}

Script FakePut::sized(int status, qint64 size, const Script::Headers &headers)
{
    QByteArray text = "HTTP/1.1 " + QByteArray::number(status) + " Scripted\r\nContent-Length: "
        + QByteArray::number(size) + "\r\n";
    for (const auto &[name, value] : headers)
        text += name + ": " + value + "\r\n";
    return Script().send(text + "\r\n");
}

Script FakePut::serve(const ReceivedRequest &request)
{
    const QByteArray name = nameOf(request);
    if (request.method == "PUT")
        return take(request, name);
    const auto content = contentOf(name);
    if (request.method == "DELETE") {
        m_files.erase(name);
        return Script().reply(content ? 204 : 404);
    }
    const bool isAllowed = request.method == "HEAD" ? m_options.answersHead : m_options.answersGet;
    if (!isAllowed || !content)
        return sized(isAllowed ? 404 : 405, 0, {});
    if (request.method == "HEAD" && m_options.headTellsSize)
        return sized(200, content->size(), {});
    if (request.method == "HEAD")
        return Script().send("HTTP/1.1 200 Scripted\r\n\r\n");
    // RFC 9110 §14.1.2, of the one form that is asked for: bytes=0-LAST.
    const QByteArray range = request.header("Range");
    const qint64 last = range.mid(range.indexOf('-') + 1).toLongLong();
    if (range.isEmpty())
        return Script().reply(200, *content);
    if (content->isEmpty())
        return sized(416, 0, {{"Content-Range", "bytes */0"}});
    const QByteArray part = content->left(last + 1);
    return Script().reply(206, part,
                          {{"Content-Range",
                            "bytes 0-" + QByteArray::number(part.size() - 1) + '/'
                                + QByteArray::number(content->size())}});
}

Script FakePut::take(const ReceivedRequest &request, const QByteArray &name)
{
    const int number = m_uploads++;
    if (request.header("If-None-Match") == "*" && contentOf(name))
        return Script().reply(412).close();
    Script script; // RFC 9110 §10.1.1
    if (request.header("Expect") == "100-continue")
        script.send("HTTP/1.1 100 Continue\r\n\r\n");
    if (m_rules.isEmpty()) {
        m_files[name] = {std::nullopt, number, -1};
        return script.readBody().reply(201);
    }
    const Rule rule = m_rules.takeFirst();
    if ((rule.bytes > 0 && !rule.leavesNothing) || rule.what == Rule::Do::LoseReply)
        m_files[name] = {std::nullopt, number, rule.bytes > 0 ? rule.bytes : -1};
    switch (rule.what) {
    case Rule::Do::Refuse:
        return Script().reply(rule.status, {}, rule.headers).close();
    case Rule::Do::AnswerEarly:
        return Script().reply(201).close();
    case Rule::Do::Keep:
        return script.readBody().reply(201);
    case Rule::Do::Cut:
        return script.readBodyBytes(rule.bytes).reset();
    case Rule::Do::LoseReply:
        return script.readBody().reset();
    case Rule::Do::Stall:
        break;
    }
    return script.readBodyBytes(rule.bytes).stall();
}

} // namespace sendoff::test

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Exchange: one request from its head to its reply, as the connection drives it and the endpoints
// implement it.

#include "core/shelf/http_reply.h"
#include "core/shelf/http_request_parser.h"

#include <memory>

namespace sendoff::shelf {

// How an exchange reaches its connection. Outlives the exchange.
class ConnectionControl {
public:
    virtual ~ConnectionControl() = default;
    // Ends the exchange (abandon()) and the connection, at once.
    virtual void close() = 0;
};

// Called in this order: begin, receive for each piece, then finish or abandon. A reply from begin
// or receive ends the exchange; what follows of the body is dropped.
class Exchange {
public:
    virtual ~Exchange() = default;
    // The head is complete, nothing of the body was looked at.
    virtual std::optional<HttpReply> begin() = 0;
    virtual std::optional<HttpReply> receive(QByteArrayView piece) = 0;
    // The body is complete.
    virtual HttpReply finish() = 0;
    // The connection broke inside of the body. Whatever happened before stays as it is.
    virtual void abandon() = 0;
};

// An exchange whose reply needs no body.
class FixedExchange final : public Exchange {
public:
    explicit FixedExchange(HttpReply reply)
        : m_reply(std::move(reply))
    {
    }
    std::optional<HttpReply> begin() override { return std::move(m_reply); }
    std::optional<HttpReply> receive(QByteArrayView) override { return std::nullopt; }
    HttpReply finish() override { return std::move(m_reply); }
    void abandon() override {}

private:
    HttpReply m_reply;
};

// What a server does with requests.
class Application {
public:
    virtual ~Application() = default;
    virtual std::unique_ptr<Exchange> accept(const RequestHead &head,
                                             ConnectionControl &connection) = 0;
};

} // namespace sendoff::shelf

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/exchange.h"

#include "core/transfer/net/net.h"

#include <optional>
#include <utility>

namespace sendoff::transfer {

namespace {

constexpr int mostRedirects = 5;

// RFC 9110 §15.4. Where a question is asked again; nothing where that may not be, or there is no
// such answer. What was signed for one address is not good for another.
std::optional<QUrl> askedAgainAt(const net::HttpRequest &request, const net::HttpReply &reply)
{
    const bool isQuestion =
        (request.method == "GET" || request.method == "HEAD") && !request.lateHeaders;
    const bool isElsewhere = reply.status == 301 || reply.status == 302 || reply.status == 303
        || reply.status == 307 || reply.status == 308;
    if (!isQuestion || !isElsewhere || reply.headerCount("Location") != 1)
        return std::nullopt;
    const QUrl url =
        request.url.resolved(QUrl::fromEncoded(reply.header("Location"), QUrl::StrictMode));
    const bool isAllowed = url.isValid() && net::isSameOrigin(url, request.url);
    return isAllowed ? std::optional(url) : std::nullopt;
}

} // namespace

QCoro::Task<Result<net::HttpReply>> exchange(net::Net *net, QString destination,
                                             net::HttpRequest request, std::stop_token stop)
{
    for (int redirects = 0;; ++redirects) {
        net::HttpRequest copy = request;
        auto sending = net->send(std::move(copy), stop);
        auto reply = co_await std::move(sending);
        if (!reply)
            co_return failure(std::move(reply).error().with(argument::destination, destination));
        const auto next = askedAgainAt(request, *reply);
        if (!next || redirects == mostRedirects)
            co_return std::move(reply);
        request.url = *next;
    }
}

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/exchange.h"

#include "core/transfer/net/net.h"

#include <utility>

namespace sendoff::transfer {

QCoro::Task<Result<net::HttpReply>> exchange(net::Net *net, QString destination,
                                             net::HttpRequest request, std::stop_token stop)
{
    auto sending = net->send(std::move(request), std::move(stop));
    auto reply = co_await std::move(sending);
    if (!reply)
        co_return failure(std::move(reply).error().with(argument::destination, destination));
    co_return std::move(reply);
}

} // namespace sendoff::transfer

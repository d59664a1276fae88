// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// exchange(): one request to a destination and its reply. A redirect is followed only for GET and
// HEAD, and only within the same origin, so that nothing goes to an address it was not meant for.

#include "core/transfer/net/http.h"

#include <QCoroTask>

#include <stop_token>

namespace sendoff::net {
class Net;
}

namespace sendoff::transfer {

// On the thread of `net`, which outlives it. A reply of any status is a success here; where there
// is none, the error names `destination`.
QCoro::Task<Result<net::HttpReply>> exchange(net::Net *net, QString destination,
                                             net::HttpRequest request, std::stop_token stop);

} // namespace sendoff::transfer

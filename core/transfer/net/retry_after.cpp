// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/http.h"

#include <curl/curl.h>

#include <algorithm>

namespace sendoff::net {

namespace {

constexpr std::chrono::seconds longestRetryAfter{3600};

bool isWholeNumber(const QByteArray &text)
{
    return !text.isEmpty()
        && std::all_of(text.cbegin(), text.cend(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

std::optional<std::chrono::seconds> retryAfter(const HttpReply &reply,
                                               std::chrono::system_clock::time_point now)
{
    const QByteArray value = reply.header("Retry-After").trimmed();
    std::chrono::seconds wait{0};
    if (isWholeNumber(value)) {
        bool fits = false;
        const qint64 seconds = value.toLongLong(&fits);
        wait =
            fits ? std::min(std::chrono::seconds(seconds), longestRetryAfter) : longestRetryAfter;
    } else if (value.contains(':')) { // each of the three HTTP-date forms has a time of day
        const time_t moment = curl_getdate(value.constData(), nullptr);
        if (moment == -1)
            return std::nullopt;
        wait = std::chrono::ceil<std::chrono::seconds>(
            std::chrono::system_clock::from_time_t(moment) - now);
    }
    // Nothing to wait for is no advice: the caller's own pacing is the better one.
    if (wait.count() <= 0)
        return std::nullopt;
    return std::min(wait, longestRetryAfter);
}

} // namespace sendoff::net

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// EasyOptions: sets options of a curl easy handle and remembers the first that curl refuses.

#include "core/base/result.h"

#include <curl/curl.h>

namespace sendoff::net {

class EasyOptions {
public:
    explicit EasyOptions(CURL *easy)
        : m_easy(easy)
    {
    }

    // The C call is variadic: Value must be exactly long, curl_off_t or a pointer.
    template <typename Value> EasyOptions &set(CURLoption option, Value value)
    {
        static_assert(
            std::is_same_v<
                Value,
                long> || std::is_pointer_v<Value> || std::is_same_v<Value, curl_off_t> || std::is_null_pointer_v<Value>);
        const CURLcode code = curl_easy_setopt(m_easy, option, value);
        if (code != CURLE_OK && m_refusal == CURLE_OK) {
            m_refusal = code;
            m_refused = option;
        }
        return *this;
    }
    Result<void> result() const
    {
        if (m_refusal == CURLE_OK)
            return {};
        return failure(Error(ErrorKind::Internal,
                             QStringLiteral("curl option %1: %2")
                                 .arg(int(m_refused))
                                 .arg(QString::fromUtf8(curl_easy_strerror(m_refusal))))
                           .with(argument::reason,
                                 QStringLiteral("this libcurl lacks something Sendoff needs")));
    }

private:
    CURL *m_easy;
    CURLcode m_refusal = CURLE_OK;
    CURLoption m_refused = CURLOPT_LASTENTRY;
};

} // namespace sendoff::net

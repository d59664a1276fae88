// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What a failure of curl means: the kind of error, a clause for a person, and whether trying again
// makes sense. Pure. Not for: failures of ours (a cap, the body's file).

#include "core/base/error.h"

#include <QByteArray>
#include <QUrl>

#include <curl/curl.h>

namespace sendoff::net {

struct CurlFailure {
    CURLcode code = CURLE_OK;
    QByteArray message; // curl's own words
    long systemError = 0; // errno of a failed connect
    long verifyResult = 0; // OpenSSL's X509_V_ERR_…
    long proxyStatus = 0; // of a CONNECT
    bool isConnected = false; // the request was sent or began to be
};

struct FailureMeaning {
    ErrorKind kind;
    QString reason; // may be empty
    RetryAdvice retry;
};

FailureMeaning meaningOf(const CurlFailure &failure, const QUrl &url);

// "host" or "host:port" as the URL says it.
QString hostAndPort(const QUrl &url);

} // namespace sendoff::net

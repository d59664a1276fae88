// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/s3/sigv4.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>

#include <algorithm>
#include <array>
#include <ctime>

namespace sendoff::transfer::sigv4 {

namespace {

constexpr char algorithm[] = "AWS4-HMAC-SHA256";

QByteArray sha256Hex(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QByteArray hmac(const QByteArray &key, const QByteArray &message)
{
    return QMessageAuthenticationCode::hash(message, key, QCryptographicHash::Sha256);
}

// Names in lower case, values trimmed and inner spaces as one, in order; several of one name in
// one line.
Pairs canonicalHeaders(const Pairs &headers)
{
    Pairs canonical;
    for (const auto &[name, value] : headers)
        canonical.append({name.toLower(), value.simplified()});
    std::stable_sort(canonical.begin(), canonical.end(),
                     [](const auto &a, const auto &b) { return a.first < b.first; });
    Pairs merged;
    for (auto &header : canonical) {
        if (!merged.isEmpty() && merged.last().first == header.first)
            merged.last().second += ',' + header.second;
        else
            merged.append(std::move(header));
    }
    return merged;
}

QByteArray signedHeaders(const Pairs &headers)
{
    QByteArray names;
    for (const auto &[name, value] : canonicalHeaders(headers))
        names += (names.isEmpty() ? "" : ";") + name;
    return names;
}

QByteArray scopeText(const Scope &scope)
{
    return amzDate(scope.time).left(8) + '/' + scope.region + '/' + scope.service + "/aws4_request";
}

} // namespace

QByteArray encode(QByteArrayView text)
{
    return text.toByteArray().toPercentEncoding();
}

QByteArray encodePath(QByteArrayView path)
{
    return path.toByteArray().toPercentEncoding("/");
}

QByteArray encodeQuery(const Pairs &query)
{
    Pairs encoded;
    for (const auto &[name, value] : query)
        encoded.append({encode(name), encode(value)});
    std::sort(encoded.begin(), encoded.end());
    QByteArray text;
    for (const auto &[name, value] : std::as_const(encoded))
        text += (text.isEmpty() ? "" : "&") + name + '=' + value;
    return text;
}

QByteArray amzDate(std::chrono::sys_seconds time)
{
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 17> buffer{};
    (void)std::strftime(buffer.data(), buffer.size(), "%Y%m%dT%H%M%SZ", &parts);
    return buffer.data();
}

QByteArray canonicalRequest(const Request &request)
{
    QByteArray text = request.method + '\n' + request.path + '\n' + encodeQuery(request.query) + '\n';
    for (const auto &[name, value] : canonicalHeaders(request.headers))
        text += name + ':' + value + '\n';
    return text + '\n' + signedHeaders(request.headers) + '\n' + request.payloadHash;
}

QByteArray signature(const Request &request, const Scope &scope, const Keys &keys)
{
    const QByteArray text = QByteArray(algorithm) + '\n' + amzDate(scope.time) + '\n'
        + scopeText(scope) + '\n' + sha256Hex(canonicalRequest(request));
    QByteArray key = hmac("AWS4" + keys.secretKey, amzDate(scope.time).left(8));
    for (const QByteArray &step : {scope.region, scope.service, QByteArray("aws4_request"), text})
        key = hmac(key, step);
    return key.toHex();
}

QByteArray authorization(const Request &request, const Scope &scope, const Keys &keys)
{
    return QByteArray(algorithm) + " Credential=" + keys.accessKey + '/' + scopeText(scope)
        + ", SignedHeaders=" + signedHeaders(request.headers)
        + ", Signature=" + signature(request, scope, keys);
}

QByteArray presignedQuery(Request request, const Scope &scope, const Keys &keys,
                          std::chrono::seconds validFor)
{
    request.query.append({"X-Amz-Algorithm", QByteArray(algorithm)});
    request.query.append({"X-Amz-Credential", keys.accessKey + '/' + scopeText(scope)});
    request.query.append({"X-Amz-Date", amzDate(scope.time)});
    request.query.append({"X-Amz-Expires", QByteArray::number(qint64(validFor.count()))});
    request.query.append({"X-Amz-SignedHeaders", signedHeaders(request.headers)});
    if (!keys.sessionToken.isEmpty())
        request.query.append({"X-Amz-Security-Token", keys.sessionToken});
    request.payloadHash = unsignedPayload;
    return encodeQuery(request.query) + "&X-Amz-Signature=" + signature(request, scope, keys);
}

} // namespace sendoff::transfer::sigv4

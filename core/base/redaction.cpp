// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/redaction.h"

#include <QCryptographicHash>
#include <QRegularExpression>

namespace sendoff {

QString redacted(const QString &text)
{
    static const QRegularExpression header(
        QStringLiteral(
            R"((authorization|proxy-authorization|cookie|set-cookie)(["']?\s*[:=]\s*)[^\r\n]+)"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression bearer(
        QStringLiteral(R"(\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+)"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression query(
        QStringLiteral(
            R"(\b([A-Za-z0-9_-]*(?:token|secret|password|passwd|signature|credential|api_?key|upload_id|uploadid|code))=[^&\s"']+)"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression jsonField(
        QStringLiteral(
            R"re(("[A-Za-z0-9_-]*(?:token|secret|password|passwd|signature|credential|api_?key|upload_?id)"\s*:\s*")(?:[^"\\]|\\.)*)re"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression userInfo(QStringLiteral(R"(\b([a-z][a-z0-9+.-]*://)[^/\s@]+@)"),
                                             QRegularExpression::CaseInsensitiveOption);
    QString result = text;
    result.replace(header, QStringLiteral("\\1\\2***"));
    result.replace(bearer, QStringLiteral("\\1 ***"));
    result.replace(jsonField, QStringLiteral("\\1***"));
    result.replace(query, QStringLiteral("\\1=***"));
    result.replace(userInfo, QStringLiteral("\\1***@"));
    return result;
}

QString redactedUrl(const QUrl &url)
{
    QUrl origin;
    origin.setScheme(url.scheme());
    origin.setHost(url.host());
    origin.setPort(url.port());
    const QByteArray rest = url.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority);
    const QByteArray hash = QCryptographicHash::hash(rest, QCryptographicHash::Sha256).toHex();
    return origin.toString() + QStringLiteral("/…") + QString::fromLatin1(hash.left(8));
}

} // namespace sendoff

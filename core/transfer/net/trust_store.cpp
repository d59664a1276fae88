// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/trust_store.h"

#include "core/base/file_path.h"

#include <QFile>

#include <curl/curl.h>

namespace sendoff::net {

namespace {

constexpr qint64 largestCaFile = 4 << 20;

QByteArray systemCertificates()
{
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    return info->cainfo ? QByteArray(info->cainfo) : QByteArray();
}

Error caFileError(const QByteArray &path, const QString &reason)
{
    const QString name = displayName(FilePath(path.toStdString()));
    return Error(ErrorKind::DestinationInvalid, QString::fromUtf8(path))
        .with(argument::reason, QStringLiteral("its certificate file “%1” %2").arg(name, reason));
}

} // namespace

Result<QByteArray> TrustStore::certificatesFor(const TrustPolicy &policy)
{
    if (policy.caFile.isEmpty())
        return systemCertificates();
    QFile file(QFile::decodeName(policy.caFile));
    if (!file.open(QIODevice::ReadOnly))
        return failure(caFileError(policy.caFile, QStringLiteral("can't be read")));
    const QByteArray content = file.read(largestCaFile);
    if (!content.contains("-----BEGIN CERTIFICATE-----")
        && !content.contains("-----BEGIN TRUSTED CERTIFICATE-----")) {
        return failure(caFileError(policy.caFile, QStringLiteral("holds no certificate (PEM)")));
    }
    return joined(content);
}

Result<QByteArray> TrustStore::joined(const QByteArray &additional)
{
    auto &file = m_joined[additional];
    if (!file) {
        auto fresh = std::make_unique<QTemporaryFile>();
        QFile system(QFile::decodeName(systemCertificates()));
        const QByteArray known = system.open(QIODevice::ReadOnly) ? system.readAll() : QByteArray();
        const QByteArray all = known + '\n' + additional + '\n';
        if (!fresh->open() || fresh->write(all) != all.size() || !fresh->flush()) {
            return failure(Error(ErrorKind::DestinationInvalid, fresh->errorString())
                               .with(argument::reason,
                                     QStringLiteral("there is no room for its certificates")));
        }
        file = std::move(fresh);
    }
    return QFile::encodeName(file->fileName());
}

} // namespace sendoff::net

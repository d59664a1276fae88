// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/transfer/http_places.h"

#include "tests/core/transfer/fake_put.h"
#include "tests/core/transfer/fake_s3.h"
#include "tests/support/fake_server.h"

#include <QCryptographicHash>

namespace sendoff::test {

namespace {

class TusPlace final : public HttpPlace {
public:
    explicit TusPlace(const CertificateWorkshop::Identity &identity)
        : m_server({.token = "canary-19c4e7",
                    .certificate = identity.certificate,
                    .key = identity.key})
    {
    }
    transfer::DestinationConfig config() override
    {
        transfer::DestinationConfig config;
        config.name = QStringLiteral("tus server");
        config.type = QStringLiteral("tus");
        config.options.insert(QStringLiteral("url"), m_server.url().toString());
        config.secrets.insert(QStringLiteral("token"), "canary-19c4e7");
        return config;
    }
    int requestCount() override { return int(m_server.requests().size()); }
    bool holds(const QByteArray &bytes) override
    {
        const auto uploads = m_server.uploads();
        return uploads.size() == 1 && !uploads[0].isRemoved && uploads[0].bytes == bytes;
    }

private:
    FakeServer m_server;
};

class PutPlace final : public HttpPlace {
public:
    explicit PutPlace(const CertificateWorkshop::Identity &identity)
    {
        m_put.server().useTls(identity.certificate, identity.key);
    }
    transfer::DestinationConfig config() override { return m_put.config(); }
    int requestCount() override { return int(m_put.server().requests().size()); }
    bool holds(const QByteArray &bytes) override { return m_put.files().values() == QList{bytes}; }

private:
    FakePut m_put;
};

class S3Place final : public HttpPlace {
public:
    explicit S3Place(const CertificateWorkshop::Identity &identity)
    {
        m_s3.server().useTls(identity.certificate, identity.key);
    }
    transfer::DestinationConfig config() override { return m_s3.config(); }
    int requestCount() override { return int(m_s3.server().requests().size()); }
    bool holds(const QByteArray &bytes) override
    {
        const QByteArray md5 = QCryptographicHash::hash(bytes, QCryptographicHash::Md5).toHex();
        return m_s3.isCompleted() && m_s3.parts() == QMap<int, QByteArray>{{1, md5}};
    }

private:
    FakeS3 m_s3;
};

} // namespace

std::unique_ptr<HttpPlace> httpPlaceFor(const QString &type,
                                        const CertificateWorkshop::Identity &identity)
{
    if (type == u"tus")
        return std::make_unique<TusPlace>(identity);
    if (type == u"put")
        return std::make_unique<PutPlace>(identity);
    if (type == u"s3")
        return std::make_unique<S3Place>(identity);
    return nullptr;
}

} // namespace sendoff::test

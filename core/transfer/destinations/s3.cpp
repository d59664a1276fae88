// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A bucket of Amazon S3, or of anything that speaks its protocol: Cloudflare R2, Backblaze B2,
// MinIO, Ceph, OpenStack Swift.

#include "core/transfer/destination.h"
#include "core/transfer/s3/s3_leftovers.h"
#include "core/transfer/s3/s3_plan.h"
#include "core/transfer/s3/s3_upload.h"
#include "core/transfer/server_options.h"

#include <utility>

namespace sendoff::transfer {

DestinationType s3Destination();

namespace {

constexpr int usualPartsAtOnce = 4;

Capabilities s3Capabilities(int partsAtOnce)
{
    Capabilities capabilities;
    capabilities.takesAnyOrder = true;
    capabilities.minimumPart = s3SmallestPart;
    capabilities.partsAtOnce = partsAtOnce;
    capabilities.canListLeftovers = true;
    capabilities.maximumSize = s3MostParts * s3LargestPart; // 48.8 TiB
    capabilities.checksum = QStringLiteral("md5");
    capabilities.linkMeaning = QStringLiteral(
        "A signed address; whoever has it can open the file for seven days.");
    return capabilities;
}

QList<DestinationOption> s3PlaceOptions()
{
    using Kind = DestinationOption::Kind;
    DestinationOption bucket{.id = QStringLiteral("bucket"), .title = QStringLiteral("Bucket")};
    bucket.help = QStringLiteral("The bucket's name. It must exist.");
    bucket.isRequired = true;
    DestinationOption prefix{.id = QStringLiteral("prefix"), .title = QStringLiteral("Folder")};
    prefix.help = QStringLiteral("What the names of the files begin with, for example videos/.");
    DestinationOption endpoint{.id = QStringLiteral("endpoint"), .title = QStringLiteral("Address")};
    endpoint.help = QStringLiteral("Of a service other than Amazon's, for example "
                                   "https://ACCOUNT.r2.cloudflarestorage.com.");
    endpoint.kind = Kind::Url;
    DestinationOption region{.id = QStringLiteral("region"), .title = QStringLiteral("Region")};
    region.help = QStringLiteral("The bucket's region; “auto” for Cloudflare.");
    region.defaultValue = QStringLiteral("us-east-1");
    DestinationOption publicUrl{.id = QStringLiteral("public_url"),
                                .title = QStringLiteral("Public address")};
    publicUrl.help = QStringLiteral("Where anybody can read the bucket: links then have no "
                                    "signature and no end.");
    publicUrl.kind = Kind::Url;
    return {bucket, prefix, endpoint, region, publicUrl};
}

QList<DestinationOption> s3Options()
{
    using Kind = DestinationOption::Kind;
    DestinationOption pathStyle{.id = QStringLiteral("path_style"),
                                .title = QStringLiteral("Bucket in the path")};
    pathStyle.help = QStringLiteral("1 for servers that have no host name for each bucket.");
    pathStyle.kind = Kind::Boolean;
    pathStyle.defaultValue = QStringLiteral("0");
    DestinationOption equalParts{.id = QStringLiteral("equal_parts"),
                                 .title = QStringLiteral("Parts of one size")};
    equalParts.help = QStringLiteral("1 for services that want it so (Cloudflare R2).");
    equalParts.kind = Kind::Boolean;
    equalParts.defaultValue = QStringLiteral("0");
    const auto parallel = parallelOption(
        usualPartsAtOnce,
        QStringLiteral("How many parts of a file are on their way at the same time, up to 8, where "
                       "the line is fast enough for them. It may be changed while files are sent."));
    DestinationOption accessKey{.id = QStringLiteral("access_key"),
                                .title = QStringLiteral("Access key ID")};
    accessKey.help = QStringLiteral("The name of the key.");
    accessKey.isRequired = true;
    accessKey.isSecret = true;
    accessKey.environment = "AWS_ACCESS_KEY_ID";
    DestinationOption session{.id = QStringLiteral("session_token"),
                              .title = QStringLiteral("Session token")};
    session.help = QStringLiteral("Of a temporary key; else empty.");
    session.isSecret = true;
    session.environment = "AWS_SESSION_TOKEN";
    DestinationOption secretKey{.id = QStringLiteral("secret_key"),
                                .title = QStringLiteral("Secret access key")};
    secretKey.help = QStringLiteral("It never leaves this computer: requests are signed with it.");
    secretKey.isRequired = true;
    secretKey.isSecret = true;
    secretKey.environment = "AWS_SECRET_ACCESS_KEY";
    return s3PlaceOptions()
        + QList<DestinationOption>{pathStyle, equalParts, parallel} + trustOptions() + limitOptions()
        + QList<DestinationOption>{accessKey, session, secretKey};
}

// s3://bucket/prefix
Result<QMap<QString, QString>> s3OptionsFromUrl(const QUrl &url)
{
    if (url.host().isEmpty() || !url.userInfo().isEmpty() || url.port() != -1) {
        const QString reason =
            QStringLiteral("a bucket is written as s3://bucket/folder?endpoint=…&region=…");
        return failure(Error(ErrorKind::DestinationInvalid, reason).with(argument::reason, reason));
    }
    QMap<QString, QString> options{{QStringLiteral("bucket"), url.host()}};
    if (const QString prefix = url.path(QUrl::FullyDecoded).mid(1); !prefix.isEmpty())
        options.insert(QStringLiteral("prefix"), prefix);
    return options;
}

class S3Destination final : public Destination {
public:
    S3Destination(DestinationConfig config, S3Bucket bucket, S3Settings settings)
        : m_config(std::move(config))
        , m_bucket(std::move(bucket))
        , m_settings(std::move(settings))
    {
    }

    const DestinationConfig &config() const override { return m_config; }
    QUrl server() const override { return s3Address(m_bucket, QString()); }
    QCoro::Task<Result<Capabilities>> capabilities(std::stop_token) override
    {
        co_return s3Capabilities(m_settings.partsAtOnce);
    }
    QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    open(UploadTarget target, QJsonObject resumeState, std::stop_token stop) override
    {
        if (resumeState.isEmpty())
            return S3Upload::create(m_bucket, m_settings, std::move(target), std::move(stop));
        return S3Upload::restore(m_bucket, m_settings, std::move(target), std::move(resumeState),
                                 std::move(stop));
    }
    QCoro::Task<Result<bool>> isStillDelivered(QJsonObject resumeState, qint64 size,
                                               std::stop_token stop) override
    {
        return S3Upload::isComplete(m_bucket, std::move(resumeState), size, std::move(stop));
    }
    QCoro::Task<Result<QList<Leftover>>> leftovers(std::stop_token stop) override
    {
        return s3Leftovers(m_bucket, m_settings.prefix, std::move(stop));
    }

private:
    DestinationConfig m_config;
    S3Bucket m_bucket;
    S3Settings m_settings;
};

Result<std::unique_ptr<Destination>> createS3(DestinationConfig config, DestinationContext context)
{
    const auto option = [&config](const char16_t *id) {
        return config.options.value(QString::fromUtf16(id));
    };
    S3Bucket bucket;
    bucket.net = context.net;
    bucket.io = context.io;
    bucket.name = config.name;
    bucket.stallTimeout = context.stallTimeout;
    bucket.endpoint = QUrl(option(u"endpoint"), QUrl::StrictMode);
    bucket.bucket = option(u"bucket");
    bucket.isPathStyle = option(u"path_style") == u"1";
    bucket.keys.accessKey = config.secrets.value(QStringLiteral("access_key"));
    bucket.keys.secretKey = config.secrets.value(QStringLiteral("secret_key"));
    bucket.keys.sessionToken = config.secrets.value(QStringLiteral("session_token"));
    bucket.trust = trustOf(config);
    bucket.limitGroup = config.name.toUtf8();
    bucket.learned = std::make_shared<S3Bucket::Learned>();
    bucket.learned->region = option(u"region").toUtf8();
    bucket.memory = std::move(context.memory);
    bucket.recall();
    if (bucket.keys.accessKey.isEmpty() || bucket.keys.secretKey.isEmpty())
        return failure(Error(ErrorKind::SignInNeeded, QStringLiteral("no access key"),
                             {RetryAdvice::When::AfterSignIn, {}})
                           .with(argument::destination, config.name));
    S3Settings settings;
    settings.prefix = option(u"prefix");
    settings.wantsEqualParts = option(u"equal_parts") == u"1";
    settings.partsAtOnce = partsAtOnceOf(config).value_or(usualPartsAtOnce);
    settings.publicUrl = QUrl(option(u"public_url"), QUrl::StrictMode);
    return std::make_unique<S3Destination>(std::move(config), std::move(bucket),
                                           std::move(settings));
}

} // namespace

DestinationType s3Destination()
{
    DestinationType type;
    type.id = QStringLiteral("s3");
    type.title = QStringLiteral("S3 bucket");
    type.help = QStringLiteral("Amazon S3, Cloudflare R2, Backblaze B2, MinIO and all that speak "
                               "the same protocol.");
    type.schemes = {QStringLiteral("s3")};
    type.options = s3Options();
    type.capabilities = s3Capabilities(usualPartsAtOnce);
    type.optionsFromUrl = s3OptionsFromUrl;
    type.create = createS3;
    return type;
}

} // namespace sendoff::transfer

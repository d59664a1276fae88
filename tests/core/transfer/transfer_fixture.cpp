// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/transfer/transfer_fixture.h"

#include "core/base/error_text.h"
#include "tests/support/canary.h"

#include <QCryptographicHash>
#include <QFile>

#include <random>

namespace sendoff::test {

namespace {

QCoro::Task<bool> passAtOnce(std::stop_token stop)
{
    co_return !stop.stop_requested();
}

QCoro::Task<Result<void>> keepState(TransferFixture *fixture, QJsonObject state)
{
    fixture->states.append(std::move(state));
    co_return Result<void>();
}

} // namespace

QByteArray noise(qint64 size, quint32 seed)
{
    std::mt19937_64 random(seed);
    QByteArray bytes((size + 7) / 8 * 8, Qt::Uninitialized);
    for (qint64 i = 0; i < bytes.size(); i += 8) {
        const quint64 word = random();
        memcpy(bytes.data() + i, &word, sizeof word);
    }
    bytes.truncate(size);
    return bytes;
}

QByteArray sha256Of(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QString outcomeOf(const Result<transfer::UploadResult> &result)
{
    return result ? QStringLiteral("done")
                  : describe(result.error()).sentence() + result.error().detail;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be read)");
}

TransferFixture::TransferFixture()
    : m_io(QStringLiteral("io"), 4, 0)
{
    m_context.net = &m_net;
    m_context.io = &m_io;
}

TransferFixture::~TransferFixture()
{
    lookForCanaries(m_folder.path().toStdString());
    // QTemporaryDir cannot remove names that are not UTF-8.
    std::error_code code;
    std::filesystem::remove_all(m_folder.path().toStdString(), code);
}

FilePath TransferFixture::write(const QString &name, const QByteArray &bytes)
{
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(name));
    return path(name).toStdString();
}

std::shared_ptr<transfer::ByteSource> TransferFixture::sourceOf(const FilePath &file)
{
    auto opened = SourceFile::open(file);
    if (!opened)
        qFatal("cannot open %s", file.c_str());
    return std::make_shared<transfer::ByteSource>(*opened);
}

std::unique_ptr<transfer::Destination> TransferFixture::create(transfer::DestinationConfig config)
{
    auto created = transfer::createDestination(std::move(config), m_context);
    if (!created)
        qFatal("%s", qPrintable(describe(created.error()).sentence()));
    return *std::move(created);
}

std::unique_ptr<transfer::Destination> TransferFixture::tus(const QUrl &url,
                                                            const QByteArray &token)
{
    transfer::DestinationConfig config;
    config.name = QStringLiteral("Test server");
    config.type = QStringLiteral("tus");
    config.options.insert(QStringLiteral("url"), url.toString());
    if (!token.isEmpty())
        config.secrets.insert(QStringLiteral("token"), token);
    return create(std::move(config));
}

transfer::UploadRequest TransferFixture::request(std::shared_ptr<transfer::ByteSource> source)
{
    transfer::UploadRequest request;
    request.target.fileName = QStringLiteral("clip.mp4");
    request.target.mediaType = "video/mp4";
    request.target.source = std::move(source);
    request.progress = std::make_shared<transfer::UploadProgress>();
    request.saveState = [this](QJsonObject state) { return keepState(this, std::move(state)); };
    request.waiting = [this](std::optional<Error> error, std::chrono::milliseconds) {
        if (error)
            waits.append(*error);
    };
    request.io = &m_io;
    return request;
}

transfer::UploadPolicy TransferFixture::policy()
{
    transfer::UploadPolicy policy = basePolicy;
    policy.delay = [this](std::chrono::milliseconds delay, std::stop_token stop) {
        delays.append(delay);
        return passAtOnce(std::move(stop));
    };
    return policy;
}

Result<transfer::UploadResult> TransferFixture::upload(transfer::Destination &destination,
                                                       transfer::UploadRequest request,
                                                       std::stop_token stop)
{
    request.memory = m_context.memory;
    return QCoro::waitFor(
        transfer::upload(&destination, std::move(request), policy(), std::move(stop)));
}

} // namespace sendoff::test

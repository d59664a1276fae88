// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/range_digest.h"

#include "core/base/run_on.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <unistd.h>
#include <vector>

namespace sendoff::transfer {

namespace {

constexpr qint64 digestBuffer = 256 << 10; // fits the cache of a core

struct DigestDeleter {
    void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};

const EVP_MD *algorithmOf(DigestKind kind)
{
    switch (kind) {
    case DigestKind::Md5:
        return EVP_md5();
    case DigestKind::Sha1:
        return EVP_sha1();
    case DigestKind::Sha256:
        break;
    }
    return EVP_sha256();
}

// Blocking.
Result<QByteArray> digestNow(int descriptor, ByteRange range, DigestKind kind, const QString &name,
                             const std::stop_token &stop)
{
    const std::unique_ptr<EVP_MD_CTX, DigestDeleter> context(EVP_MD_CTX_new());
    if (!context || EVP_DigestInit_ex(context.get(), algorithmOf(kind), nullptr) != 1)
        return failure(Error(ErrorKind::Internal, QStringLiteral("no such digest in OpenSSL"))
                           .with(argument::reason,
                                 QStringLiteral("this OpenSSL lacks a digest that is needed")));
    std::vector<char> buffer(std::size_t(std::min(digestBuffer, std::max<qint64>(1, range.size()))));
    for (qint64 at = range.begin; at < range.end;) {
        if (stop.stop_requested())
            return failure(Error::cancelled());
        const auto want = std::min<qint64>(qint64(buffer.size()), range.end - at);
        const ssize_t got = ::pread(descriptor, buffer.data(), std::size_t(want), at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failure(Error::fromErrno(errno, Error::FileRole::Source,
                                            QStringLiteral("read for a digest"), name));
        if (got == 0)
            return failure(
                Error(ErrorKind::SourceChanged, QStringLiteral("short read for a digest"))
                    .with(argument::file, name));
        EVP_DigestUpdate(context.get(), buffer.data(), std::size_t(got));
        at += got;
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    EVP_DigestFinal_ex(context.get(), digest.data(), &length);
    return QByteArray(reinterpret_cast<const char *>(digest.data()), qsizetype(length)).toHex();
}

} // namespace

QCoro::Task<Result<QByteArray>> digestOfRange(WorkerPool &io, ByteSource::Handle source,
                                              ByteRange range, DigestKind kind, QString name,
                                              std::stop_token stop)
{
    auto work = [source, range, kind, name, stop] {
        return digestNow(source.descriptor, range, kind, name, stop);
    };
    return runOn(io, std::move(work), stop);
}

} // namespace sendoff::transfer

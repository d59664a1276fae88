// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sha256.h"

#include "core/base/crypto_library.h"

#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <unistd.h>
#include <vector>

namespace sendoff {

struct Sha256::Context {
    Context()
    {
        initializeCryptoLibrary();
        evp = EVP_MD_CTX_new();
        EVP_DigestInit_ex(evp, EVP_sha256(), nullptr);
    }
    ~Context() { EVP_MD_CTX_free(evp); }
    EVP_MD_CTX *evp = nullptr;
};

Sha256::Sha256() : m_context(std::make_unique<Context>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256 &&) noexcept = default;
Sha256 &Sha256::operator=(Sha256 &&) noexcept = default;

void Sha256::add(const void *data, qint64 size)
{
    EVP_DigestUpdate(m_context->evp, data, static_cast<std::size_t>(size));
}

QByteArray Sha256::hex()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    EVP_DigestFinal_ex(m_context->evp, digest.data(), &length);
    return QByteArray(reinterpret_cast<const char *>(digest.data()), qsizetype(length)).toHex();
}

Result<QByteArray> sha256OfFile(int descriptor, qint64 size, const QString &name,
                                std::stop_token stop)
{
    Sha256 hash;
    std::vector<char> buffer(1 << 20);
    for (qint64 offset = 0; offset < size;) {
        if (stop.stop_requested())
            return failure(Error::cancelled());
        const auto want = std::min<qint64>(qint64(buffer.size()), size - offset);
        const ssize_t got = ::pread(descriptor, buffer.data(), std::size_t(want), offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failure(Error::fromErrno(errno, Error::FileRole::Source,
                                            QStringLiteral("read for hashing"), name));
        if (got == 0)
            return failure(Error(ErrorKind::SourceChanged, QStringLiteral("short read while hashing"))
                               .with(argument::file, name));
        hash.add(buffer.data(), got);
        offset += got;
    }
    return hash.hex();
}

} // namespace sendoff

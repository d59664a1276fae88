// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/body_digest.h"

#include "core/base/crypto_library.h"

#include <openssl/evp.h>

namespace sendoff::shelf {

struct BodyDigest::Context {
    explicit Context(const EVP_MD *algorithm)
    {
        initializeCryptoLibrary();
        evp = EVP_MD_CTX_new();
        EVP_DigestInit_ex(evp, algorithm, nullptr);
    }
    ~Context() { EVP_MD_CTX_free(evp); }
    Context(const Context &) = delete;
    Context &operator=(const Context &) = delete;

    EVP_MD_CTX *evp = nullptr;
};

BodyDigest::BodyDigest(std::unique_ptr<Context> context)
    : m_context(std::move(context))
{
}
BodyDigest::~BodyDigest() = default;
BodyDigest::BodyDigest(BodyDigest &&) noexcept = default;
BodyDigest &BodyDigest::operator=(BodyDigest &&) noexcept = default;

std::optional<BodyDigest> BodyDigest::create(QByteArrayView algorithm)
{
    if (algorithm == "sha1")
        return BodyDigest(std::make_unique<Context>(EVP_sha1()));
    if (algorithm == "sha256")
        return BodyDigest(std::make_unique<Context>(EVP_sha256()));
    return std::nullopt;
}

void BodyDigest::add(QByteArrayView bytes)
{
    EVP_DigestUpdate(m_context->evp, bytes.data(), std::size_t(bytes.size()));
}

QByteArray BodyDigest::result()
{
    QByteArray digest(EVP_MAX_MD_SIZE, Qt::Uninitialized);
    unsigned int length = 0;
    EVP_DigestFinal_ex(m_context->evp, reinterpret_cast<unsigned char *>(digest.data()), &length);
    digest.truncate(qsizetype(length));
    return digest;
}

} // namespace sendoff::shelf

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SHA-256 by OpenSSL's EVP (eleven times as fast as QCryptographicHash).

#include "core/base/result.h"

#include <QByteArray>

#include <memory>
#include <stop_token>

namespace sendoff {

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256 &&) noexcept;
    Sha256 &operator=(Sha256 &&) noexcept;

    void add(const void *data, qint64 size);
    QByteArray hex(); // ends the computation: lower-case, 64 characters

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

// Of bytes [0, size) of an open file. Blocking; Cancelled when stopped, SourceChanged on a short
// read, SourceUnreadable on an error. `name` is for the sentence.
Result<QByteArray> sha256OfFile(int descriptor, qint64 size, const QString &name,
                                std::stop_token stop);

} // namespace sendoff

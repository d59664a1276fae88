// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/crypto_library.h"

#include <openssl/crypto.h>

namespace sendoff {

void initializeCryptoLibrary()
{
    ::OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
}

} // namespace sendoff

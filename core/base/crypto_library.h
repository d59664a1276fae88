// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// How OpenSSL, which hashes and encrypts for all of Sendoff, begins and ends.

namespace sendoff {

// Before anything else calls OpenSSL, also by way of another library; any thread, any number of
// times. Keeps OpenSSL from tidying up at exit(): Qt's threads are detached, and QThread::wait()
// returns before what OpenSSL keeps for the thread is released, so both could run at once.
// OPENSSL_init_crypto(3), OPENSSL_INIT_NO_ATEXIT.
void initializeCryptoLibrary();

} // namespace sendoff

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The secrets that tests sign in with, and whether one of them lies where it must not. Found ones are
// noted for the test “canary”, which comes last (tests/check_canary.sh).

#include "core/base/file_path.h"

#include <string>

namespace sendoff::test {

// What tests use as tokens, passwords and keys, where they can choose them.
inline constexpr const char *canarySecrets[] = {"canary-19c4e7", "canary-7f3a", "canary-token",
                                                "canary-secret-key"};

// Is one of them in it, as it is or in base64?
bool holdsCanary(const std::string &bytes);
// Looks through all files below `root` but the one that the user agreed to (secrets.json).
void lookForCanaries(const FilePath &root);
// What stands in a list of processes.
void lookForCanary(const std::string &argument);

} // namespace sendoff::test

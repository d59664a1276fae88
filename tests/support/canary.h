// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The secrets that tests sign in with, and whether one of them lies where it must not. Found ones are
// noted for the test “canary”, which comes last (tests/check_canary.sh), in SENDOFF_CANARY_FOLDER.

#include "core/base/file_path.h"

#include <string>

namespace sendoff::test {

// What tests use as tokens, passwords and keys, where they can choose them. tests/check_canary.sh
// reads them here.
inline constexpr const char *canarySecrets[] = {"canary-19c4e7", "canary-7f3a", "canary-token",
                                                "canary-secret-key"};

// Is one of them in it, as it is or in base64, be it alone or behind something (“user:password”)?
bool holdsCanary(const std::string &bytes);
// Looks through all files below `root` but the one that the user agreed to (secrets.json): the whole
// of a core, the first 8 MiB of anything else, since what is larger are videos.
void lookForCanaries(const FilePath &root);
// An argument that a test gives to the program.
void lookForCanary(const std::string &argument);
// Looks at what the list of processes shows of every running `program` (a path).
void lookAtProcesses(const FilePath &program);

} // namespace sendoff::test

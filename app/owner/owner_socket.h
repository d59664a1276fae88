// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The socket file of a profile: made, reached and checked with the system's calls, because Qt's need
// a short path and ask nobody who is at the other end. Not for: what is said over it.

#include "core/base/file_path.h"
#include "core/base/result.h"

#include <optional>
#include <utility>

namespace sendoff::app {

// A descriptor that listens at `path`, for the caller to close; what lay there is replaced, so the
// caller holds the profile's lock. Nobody but the user can reach it (0600). However deep the folder
// lies. OutputNotWritable, DiskFull, …
Result<int> listenAt(const FilePath &path);
// Which file it is, to remove no other: a new owner may already have put its own there.
using SocketIdentity = std::pair<quint64, quint64>; // device, inode
SocketIdentity socketIdentity(const FilePath &path);
void removeSocket(const FilePath &path, const SocketIdentity &identity);
// A connected descriptor; nothing where nobody listens or nobody takes calls at this moment.
std::optional<int> connectTo(const FilePath &path);
// The process at the other end runs as the same user as this one.
bool isSameUser(int descriptor);

} // namespace sendoff::app

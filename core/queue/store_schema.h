// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The tables of the job database, how a new file gets them, and how an older one is moved on. Store
// thread; blocking.

#include "core/queue/store_connection.h"

namespace sendoff::queue {

// Makes the tables in an empty database, or moves those of an older version on. Before that a copy
// of the file is made beside it: <name>.version-<n>. StoreCorrupt where it is another program's
// database; every other error leaves it as it was.
Result<void> prepareSchema(const StoreConnection &connection, const FilePath &file);

// The copy that is made before version `version` is moved on.
FilePath backupOf(const FilePath &file, int version);

} // namespace sendoff::queue

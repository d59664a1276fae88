// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// salvage(): the jobs that can still be read from a damaged job database. Store thread; blocking.
// The file is only read.

#include "core/base/file_path.h"
#include "core/queue/job.h"
#include "core/queue/leftover.h"

namespace sendoff::queue {

struct Salvaged {
    QList<Job> jobs; // in queue order
    QList<Leftover> leftovers;
    int lost = 0; // jobs of which the id is known and no more
};

// Goes through every table and index from both ends for ids, then reads each row by its id, so
// that one damaged page costs only what lies in it.
Salvaged salvage(const FilePath &damaged);

} // namespace sendoff::queue

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SpaceForecast: whether the rest of an export has room on the disk, while it runs. Its journal and
// its result grow side by side, often on one disk. Private to core/media; what is asked before the
// start is checkSpace() of export.h.

#include "core/base/file_path.h"
#include "core/base/result.h"

namespace sendoff::media {

class SpaceForecast {
public:
    // `journal` may be empty: nothing is kept.
    SpaceForecast(const FilePath &output, FilePath journal);

    // `done`: which part (0…1) of the result stands in `outputBytes` and in the journal. DiskFull
    // where the rest does not fit even if it takes half as much as what came so far.
    Result<void> check(double done, qint64 outputBytes) const;

private:
    FilePath m_outputFolder;
    FilePath m_journal;
};

} // namespace sendoff::media

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Profile: where everything of one user's Sendoff lies: database, configuration, working files,
// the Shelf's folder.

#include "core/base/file_path.h"
#include "core/base/process_lock.h"
#include "core/base/result.h"

#include <memory>

namespace sendoff {

class Profile {
public:
    // `folder` empty: the platform's place for application data, with the Shelf's videos in
    // ~/Videos/Sendoff. Else everything lies in `folder`. Makes the folders (0700).
    // OutputNotWritable, DiskFull.
    static Result<Profile> open(const FilePath &folder);

    FilePath database() const { return m_root / "sendoff.db"; }
    FilePath workFolder() const { return m_root / "work"; }
    FilePath workFolder(const QString &jobId) const;
    FilePath destinationList() const { return m_root / "destinations.json"; }
    FilePath uploadLimit() const { return m_root / "upload-limit"; } // a line of text
    FilePath secretFile() const { return m_root / "secrets.json"; } // only by consent
    FilePath presetFolder() const { return m_root / "presets"; }
    FilePath shelfFolder() const { return m_shelf; }
    FilePath shelfState() const { return m_root / "shelf"; }
    const FilePath &root() const { return m_root; }

    // Until the returned lock dies this process owns the profile. Errors as ProcessLock::take().
    Result<std::unique_ptr<ProcessLock>> lock() const;
    // Where the owner listens for other processes.
    FilePath ownerSocket() const { return m_root / "owner.sock"; }

private:
    FilePath m_root;
    FilePath m_shelf;
};

} // namespace sendoff

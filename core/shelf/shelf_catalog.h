// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ShelfCatalog: the Shelf's uploads and finished videos as they lie on disk. An upload is a record
// and a part file in the state folder; a finished video is an ordinary file in the Shelf's folder
// and a record that knows its link. Not for: HTTP or tus. Blocking; one thread.

#include "core/base/durable_file.h"
#include "core/base/file_path.h"
#include "core/base/source_file.h"
#include "core/shelf/upload_record.h"

#include <QHash>

#include <memory>

namespace sendoff::shelf {

struct Upload {
    UploadRecord record;
    qint64 offset = 0; // bytes that the part file holds; the length once finished
    bool isKept = false; // its record is on disk

    bool isComplete() const { return record.length == offset; }
    bool isFinished() const { return record.state == UploadRecord::State::Finished; }
};

// Of the disk that the videos lie on, in bytes; what only root may use is not counted.
struct DiskSpace {
    qint64 available = 0;
    qint64 capacity = 0;
};

class ShelfCatalog {
public:
    // Makes the folders, reads the records and repairs what a crash left: bytes that were not
    // verified are cut off, a rename that was not recorded is recorded, orphans are removed.
    // OutputNotWritable, DiskFull.
    static Result<std::unique_ptr<ShelfCatalog>> open(FilePath folder, FilePath stateFolder);

    // Null where unknown.
    std::shared_ptr<Upload> findUpload(QByteArrayView id) const;
    std::shared_ptr<Upload> findLink(QByteArrayView linkId) const;
    QList<std::shared_ptr<Upload>> uploads() const { return m_uploads.values(); }

    // A new upload with an empty part file. Forgotten with the process until keep().
    struct NewUpload {
        QString fileName; // safe
        QByteArray metadata;
        std::optional<qint64> length;
    };
    Result<std::shared_ptr<Upload>> create(NewUpload upload);
    // Writes the record.
    Result<void> keep(Upload &upload, Durability durability);
    // For reading and writing; OutputFolderMissing where it is gone.
    Result<FileDescriptor> openPart(const Upload &upload) const;
    // Makes a complete upload a finished video: synced, renamed without replacing anything (a name
    // that exists gets " (2)"), recorded. After a failure it is still a complete upload, unless
    // only the proof that the rename is durable is missing.
    Result<void> publish(Upload &upload);
    // Removes part and record, and a finished video unless somebody has changed or replaced it.
    void remove(const Upload &upload);

    // For reading; closed where the video is gone or is no regular file.
    FileDescriptor openVideo(const Upload &upload) const;
    DiskSpace space() const;
    const FilePath &folder() const { return m_folder; }

private:
    ShelfCatalog(FilePath folder, FilePath stateFolder);
    Result<void> choosePartFolder();
    Result<void> load();
    void removeOrphans(const FilePath &folder) const;
    Result<bool> restore(Upload &upload);
    Result<void> restorePart(Upload &upload, const FileDescriptor &part);
    bool isPublished(const UploadRecord &record) const;
    Result<void> renameToFreeName(Upload &upload);
    FilePath recordPath(const UploadRecord &record) const;
    FilePath partPath(const UploadRecord &record) const;
    FilePath videoPath(const UploadRecord &record) const;

    const FilePath m_folder;
    const FilePath m_recordFolder;
    const FilePath m_besideFolder; // for parts, where the state folder is on another disk
    FilePath m_partFolder;
    QHash<QByteArray, std::shared_ptr<Upload>> m_uploads;
    QHash<QByteArray, std::shared_ptr<Upload>> m_links;
};

} // namespace sendoff::shelf

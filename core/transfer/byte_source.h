// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ByteSource: the bytes of one upload, by way of an OutputFeed: a finished file, or one that an
// export is still writing. Reading itself is Net's (pread on the descriptor).

#include "core/base/output_feed.h"
#include "core/base/result.h"
#include "core/base/source_file.h"

#include <QCoroTask>

#include <memory>
#include <optional>
#include <stop_token>

namespace sendoff::transfer {

// Lives on the network thread; the feed is shared with the writer.
class ByteSource {
public:
    // A user's file, sent as it is. Watched for change by verifyUnchanged().
    explicit ByteSource(std::shared_ptr<const SourceFile> file);
    // What an export writes or has written.
    explicit ByteSource(std::shared_ptr<OutputFeed> feed);

    OutputFeed::State state() const { return m_feed->state(); }
    // An owner of the open descriptor of the current generation. Opens on first use:
    // SourceMissing, SourceUnreadable.
    struct Handle {
        std::shared_ptr<const void> owner;
        int descriptor = -1;
    };
    Result<Handle> handle();
    // What the source is called in sentences.
    QString displayedName() const;
    QCoro::Task<Result<void>> waitForMore(quint64 seen, std::stop_token stop);
    // SourceChanged where a user's file is not what it was, or a finished export not what was hashed.
    // Fine as long as an export is still writing.
    Result<void> verifyUnchanged();
    // SHA-256 of the whole in hex: what the export wrote beside the file, or what was computed for
    // this generation (source_hash.h). Empty as long as neither is known.
    QByteArray sha256() const;
    void rememberSha256(quint64 generation, QByteArray sha256);

private:
    std::shared_ptr<const SourceFile> m_file;
    std::shared_ptr<OutputFeed> m_feed;
    Handle m_handle;
    quint64 m_handleGeneration = 0;
    QByteArray m_sha256;
    quint64 m_sha256Generation = 0;
};

} // namespace sendoff::transfer

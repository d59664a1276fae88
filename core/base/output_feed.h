// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// OutputFeed: where the two halves meet. The writer of a file says which of its bytes will never
// change again; the uploader reads that and waits for more. Thread-safe. A finished file is a
// feed that is sealed whole.

#include "core/base/byte_ranges.h"
#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/base/source_file.h"

#include <QCoroTask>

#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

namespace sendoff {

class Resumption;

class OutputFeed {
public:
    struct State {
        quint64 revision = 0; // grows with every change
        quint64 generation = 0; // a start-over is a new generation: the remote part is discarded
        FilePath path; // where the bytes lie; empty until the writer has opened it
        ByteRanges sealed; // will never change again
        qint64 headReserve = 0; // bytes at the start that are sealed last
        std::optional<qint64> total; // known once complete
        QByteArray sha256; // hex; may be empty even when complete
        std::optional<FileIdentity> hashed; // the file that sha256 is of, where it was looked at
        std::optional<Error> failed;

        bool isComplete() const { return total.has_value(); }
    };

    // `lastGeneration` is that of an earlier run of the program; begin() makes the next one.
    explicit OutputFeed(quint64 lastGeneration = 0);
    // A feed of a file that is already whole.
    static std::shared_ptr<OutputFeed> ofFinishedFile(const FilePath &path, qint64 size,
                                                      QByteArray sha256 = {},
                                                      quint64 generation = 1,
                                                      std::optional<FileIdentity> hashed = {});

    // Any thread.
    State state() const;

    // Writer, any thread.
    void begin(const FilePath &path, qint64 headReserve); // a new generation, nothing sealed
    void seal(ByteRange range);
    // Seals all of it. `hashed` is how the file was when `sha256` was taken of it: who reads it later
    // can tell that it still is.
    void complete(qint64 size, QByteArray sha256, std::optional<FileIdentity> hashed = {});
    void fail(Error error);

    // Reader: resolves once the revision is above `seen`; Cancelled when stopped. Resumes on the
    // calling thread.
    QCoro::Task<Result<void>> waitForMore(quint64 seen, std::stop_token stop);

private:
    void change(const std::function<void(State &)> &apply);
    bool enlist(quint64 seen, std::shared_ptr<Resumption> waiter);

    mutable std::mutex m_mutex;
    State m_state;
    std::vector<std::shared_ptr<Resumption>> m_waiters;
};

} // namespace sendoff

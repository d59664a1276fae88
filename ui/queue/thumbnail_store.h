// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ThumbnailStore: a picture of each video that is in view, made when it is first asked for and kept
// while there is room. Pictures come from our own decoder (core/media/thumbnails.h): a user's file
// is never opened by Qt's image readers.

#include "core/base/result.h"
#include "core/base/source_file.h"
#include "core/base/task_scope.h"
#include "core/media/thumbnails.h"

#include <QCache>
#include <QCoroTask>
#include <QList>
#include <QObject>
#include <QPixmap>
#include <QSize>

#include <functional>
#include <stop_token>

namespace sendoff {
class WorkerPool;
}

namespace sendoff::ui {

// Makes one picture that fits into `size` pixels. Not on the main thread.
using ThumbnailLoader = std::function<QCoro::Task<Result<media::Thumbnail>>(
    FilePath file, QSize size, std::stop_token stop)>;
// By our decoder, on `io`, which outlives it.
ThumbnailLoader decodingLoader(WorkerPool *io);

// Main thread. close() is awaited before it dies.
class ThumbnailStore : public QObject {
    Q_OBJECT

public:
    static constexpr int kept = 400; // pictures
    static constexpr int atOnce = 2; // the I/O pool has other work
    static constexpr int waitingMost = 32; // what was asked for before is out of view by now

    explicit ThumbnailStore(ThumbnailLoader loader, QObject *parent = nullptr);

    // Null while there is none: then it is made, the latest first, and arrived() tells. `size` in
    // device pixels. A file that has no picture is not asked again while it is the same.
    QPixmap find(const FilePath &file, const FileIdentity &identity, const QSize &size);
    QCoro::Task<void> close();

Q_SIGNALS:
    void arrived();

private:
    struct Request {
        QString key;
        FilePath file;
        QSize size;
    };

    static QString keyOf(const FileIdentity &identity, const QSize &size);
    void startNext();
    QCoro::Task<void> load(Request request, std::stop_token stop);

    ThumbnailLoader m_loader;
    QCache<QString, QPixmap> m_pictures; // null ones for files without
    QList<Request> m_waiting; // the latest last
    QStringList m_loading;
    TaskScope m_tasks;
};

} // namespace sendoff::ui

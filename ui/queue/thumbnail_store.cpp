// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/thumbnail_store.h"

#include "core/base/run_on.h"

#include <QImage>

#include <algorithm>

namespace sendoff::ui {

namespace {

Result<media::Thumbnail> decodeOne(const FilePath &file, const QSize &size, std::stop_token stop)
{
    SO_TRY(auto source, SourceFile::open(file));
    media::ThumbnailWishes wishes;
    wishes.maxWidth = size.width();
    wishes.maxHeight = size.height();
    SO_TRY(QList<media::Thumbnail> pictures,
           media::makeThumbnails(std::move(source), wishes, std::move(stop)));
    if (pictures.isEmpty())
        return failure(Error(ErrorKind::SourceNoStreams));
    return std::move(pictures.first());
}

QCoro::Task<Result<media::Thumbnail>> decodeOn(WorkerPool *io, FilePath file, QSize size,
                                               std::stop_token stop)
{
    auto decoding = runOn(
        *io, [file, size, stop] { return decodeOne(file, size, stop); }, stop);
    co_return co_await std::move(decoding);
}

// A copy: the bytes belong to the thumbnail.
QPixmap pixmapOf(const media::Thumbnail &picture, const QSize &size)
{
    const qsizetype expected = qsizetype(picture.width) * picture.height * 3;
    if (picture.width <= 0 || picture.height <= 0 || picture.rgb24.size() != expected)
        return {};
    const QImage image(reinterpret_cast<const uchar *>(picture.rgb24.constData()), picture.width,
                       picture.height, qsizetype(picture.width) * 3, QImage::Format_RGB888);
    return QPixmap::fromImage(image.scaled(size, Qt::KeepAspectRatio, Qt::SmoothTransformation));
}

} // namespace

ThumbnailLoader decodingLoader(WorkerPool *io)
{
    return [io](FilePath file, QSize size, std::stop_token stop) {
        return decodeOn(io, std::move(file), size, std::move(stop));
    };
}

ThumbnailStore::ThumbnailStore(ThumbnailLoader loader, QObject *parent)
    : QObject(parent)
    , m_loader(std::move(loader))
    , m_pictures(kept)
{
}

QString ThumbnailStore::keyOf(const FileIdentity &identity, const QSize &size)
{
    return QStringLiteral("%1/%2/%3/%4/%5x%6")
        .arg(identity.device)
        .arg(identity.inode)
        .arg(identity.size)
        .arg(identity.modifiedNs)
        .arg(size.width())
        .arg(size.height());
}

QPixmap ThumbnailStore::find(const FilePath &file, const FileIdentity &identity, const QSize &size)
{
    if ((identity.inode == 0 && identity.size == 0) || size.isEmpty())
        return {}; // not looked at yet
    const QString key = keyOf(identity, size);
    if (const QPixmap *picture = m_pictures.object(key))
        return *picture;
    if (m_loading.contains(key) || m_tasks.token().stop_requested())
        return {};
    const auto same = [&key](const Request &request) { return request.key == key; };
    m_waiting.removeIf(same);
    m_waiting.append({key, file, size});
    if (m_waiting.size() > waitingMost)
        m_waiting.removeFirst();
    startNext();
    return {};
}

void ThumbnailStore::startNext()
{
    while (m_loading.size() < atOnce && !m_waiting.isEmpty()) {
        const Request request = m_waiting.takeLast();
        m_loading.append(request.key);
        m_tasks.spawn([this, request](std::stop_token stop) { return load(request, stop); });
    }
}

QCoro::Task<void> ThumbnailStore::load(Request request, std::stop_token stop)
{
    auto loading = m_loader(request.file, request.size, stop);
    const auto picture = co_await std::move(loading);
    m_loading.removeOne(request.key);
    if (stop.stop_requested())
        co_return;
    const bool hasPicture = picture.has_value();
    // A failure is kept too: it is the same the next time. The row tells of what is wrong.
    auto *pixels = new QPixmap(hasPicture ? pixmapOf(*picture, request.size) : QPixmap());
    m_pictures.insert(request.key, pixels); // takes ownership
    startNext();
    if (hasPicture)
        Q_EMIT arrived();
}

QCoro::Task<void> ThumbnailStore::close()
{
    m_waiting.clear();
    m_tasks.cancel();
    co_await m_tasks.join();
}

} // namespace sendoff::ui

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// thumbs: pictures of a video as PNG files.

#include "app/cli/run_verb.h"
#include "core/base/run_on.h"
#include "core/base/worker_pool.h"
#include "core/media/export.h"
#include "core/media/thumbnails.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace sendoff::app {

namespace {

constexpr int usualCount = 10;
constexpr int countAtMost = 1000;
constexpr int widthAtMost = 320;
constexpr int heightAtMost = 320;

struct WrittenThumbnail {
    FilePath file;
    media::Thumbnail thumbnail;
};

Result<int> countFrom(const CommandLine &line)
{
    const QString text = line.value(u"-n", QString::number(usualCount));
    bool isNumber = false;
    const int count = text.toInt(&isNumber);
    if (isNumber && count >= 1 && count <= countAtMost)
        return count;
    return failure(Error(ErrorKind::BadUsage)
                       .with(argument::reason,
                             QStringLiteral("-n must be a number from 1 to %1").arg(countAtMost)));
}

// A new file only: a link planted in its place is not followed.
Result<void> writeNew(const FilePath &path, const QByteArray &bytes)
{
    const auto outputError = [&path](const QString &step) {
        return failure(Error::fromErrno(errno, Error::FileRole::Output, step,
                                        displayPath(path.parent_path())));
    };
    const FileDescriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file)
        return outputError(QStringLiteral("create"));
    for (qsizetype at = 0; at < bytes.size();) {
        const ssize_t written =
            ::write(file.get(), bytes.constData() + at, std::size_t(bytes.size() - at));
        if (written < 0 && errno != EINTR)
            return outputError(QStringLiteral("write"));
        at += std::max<ssize_t>(0, written);
    }
    return {};
}

Result<FilePath> writePicture(const FilePath &target, const QByteArray &png,
                              const SourceFile &source)
{
    const FilePath partial =
        partialPath(target, QString::number(QCoreApplication::applicationPid()));
    SO_TRY_VOID(writeNew(partial, png));
    Result<FilePath> name =
        media::publishOutput(partial, target, media::IfExists::AddNumber, source);
    if (!name) {
        std::error_code ignored;
        std::filesystem::remove(partial, ignored);
    }
    return name;
}

Result<std::vector<WrittenThumbnail>> writeThumbnails(const CommandLine &line, std::stop_token stop)
{
    const FilePath &video = line.operands.front();
    SO_TRY(const int count, countFrom(line));
    SO_TRY(const auto source, SourceFile::open(video));
    media::ThumbnailWishes wishes;
    wishes.count = count;
    wishes.maxWidth = widthAtMost;
    wishes.maxHeight = heightAtMost;
    SO_TRY(const QList<media::Thumbnail> thumbnails,
           media::makeThumbnails(source, wishes, std::move(stop)));
    std::vector<WrittenThumbnail> written;
    for (const media::Thumbnail &thumbnail : thumbnails) {
        SO_TRY(const QByteArray png, media::toPng(thumbnail));
        const QString number =
            QStringLiteral("-%1.png").arg(written.size() + 1, 2, 10, QChar(u'0'));
        const FilePath target =
            line.path(u"--out") / (video.stem().string() + number.toStdString());
        SO_TRY(FilePath file, writePicture(target, png, *source));
        written.push_back({std::move(file), thumbnail});
    }
    return written;
}

} // namespace

QCoro::Task<int> runThumbsVerb(CommandLine line, Reporter *reporter, std::stop_token stop)
{
    WorkerPool pool(QStringLiteral("io"), 1, 0);
    auto making = runOn(
        pool, [&line, stop] { return writeThumbnails(line, stop); }, stop);
    const auto written = co_await std::move(making);
    if (!written)
        co_return reportError(reporter, written.error());
    QJsonArray list;
    QString text;
    for (const WrittenThumbnail &item : *written) {
        const double seconds = double(item.thumbnail.timeUs) / 1e6;
        list.append(QJsonObject{{QStringLiteral("file"), displayPath(item.file)},
                                {QStringLiteral("time"), seconds},
                                {QStringLiteral("width"), item.thumbnail.width},
                                {QStringLiteral("height"), item.thumbnail.height}});
        text += QStringLiteral("%1  at %2 s\n").arg(displayPath(item.file)).arg(seconds, 0, 'f', 2);
    }
    const QJsonObject json{{QStringLiteral("thumbnails"), list}};
    reporter->answer(json, text);
    co_return int(ExitCode::Done);
}

} // namespace sendoff::app

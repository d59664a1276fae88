// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/drop_content.h"

#include <QCoreApplication>
#include <QMimeData>
#include <QUrl>

#include <algorithm>
#include <array>
#include <string_view>

namespace sendoff::ui {

namespace {

struct DropWords {
    Q_DECLARE_TR_FUNCTIONS(DropWords)
};

// Only for the words under the mouse: queue::Intake looks into the files themselves.
constexpr std::array<std::string_view, 48> mediaExtensions{
    "3g2",  "3gp",  "aac", "ac3", "aiff", "amr", "asf", "avi",  "divx", "dv",   "f4v",  "flac",
    "flv",  "h264", "hevc", "m1v", "m2t",  "m2ts", "m2v", "m4a", "m4v",  "mka", "mkv",  "mod",
    "mov",  "mp2",  "mp3", "mp4", "mpeg", "mpg", "mpv", "mts",  "mxf",  "oga",  "ogg",  "ogm",
    "ogv",  "opus", "qt",  "rm",  "rmvb", "tod", "ts",  "vob",  "wav",  "webm", "wma",  "wmv"};

std::string lowerExtension(const FilePath &path)
{
    std::string extension = path.extension().string();
    if (!extension.empty())
        extension.erase(0, 1);
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char letter) { return char(std::tolower(letter)); });
    return extension;
}

} // namespace

bool looksLikeVideo(const FilePath &path)
{
    const std::string extension = lowerExtension(path);
    return std::find(mediaExtensions.begin(), mediaExtensions.end(), extension)
        != mediaExtensions.end();
}

QString mediaNamePatterns()
{
    QStringList patterns;
    for (const std::string_view extension : mediaExtensions) {
        const QString lower = QLatin1String(extension.data(), qsizetype(extension.size()));
        patterns.append(QStringLiteral("*.%1 *.%2").arg(lower, lower.toUpper()));
    }
    return patterns.join(u' ');
}

FilePath localPath(const QUrl &url)
{
    const QByteArray encoded = url.path(QUrl::FullyEncoded).toLatin1();
    const QByteArray bytes = QByteArray::fromPercentEncoding(encoded);
    const FilePath path(std::string(bytes.constData(), std::size_t(bytes.size())));
    return path.has_filename() ? path : path.parent_path(); // a folder, written with a slash
}

DropContent dropContentOf(const QMimeData &data)
{
    DropContent content;
    for (const QUrl &url : data.urls()) {
        if (!url.isLocalFile()) {
            ++content.links;
            continue;
        }
        FilePath path = localPath(url);
        if (looksLikeVideo(path))
            ++content.likelyVideos;
        else if (!path.has_extension())
            ++content.likelyFolders;
        content.paths.push_back(std::move(path));
    }
    content.isText = content.paths.empty() && content.links == 0 && data.hasText();
    if (content.isText) {
        const QString text = data.text().trimmed();
        content.links = text.startsWith(u"http://") || text.startsWith(u"https://") ? 1 : 0;
    }
    return content;
}

QString releaseText(const DropContent &content)
{
    const int others = int(content.paths.size()) - content.likelyVideos - content.likelyFolders;
    const int wanted = content.likelyVideos + content.likelyFolders;
    if (wanted == 0)
        return DropWords::tr("Release to look for videos in %n file(s)", nullptr, others);
    const QString add = content.likelyVideos == 0
        ? DropWords::tr("Release to add the videos of %n folder(s)", nullptr,
                        content.likelyFolders)
        : content.likelyFolders == 0
        ? DropWords::tr("Release to add %n video(s)", nullptr, content.likelyVideos)
        //: %1 is "3 videos", %2 "1 folder"
        : DropWords::tr("Release to add %1 and %2")
              .arg(DropWords::tr("%n video(s)", nullptr, content.likelyVideos),
                   DropWords::tr("the videos of %n folder(s)", nullptr, content.likelyFolders));
    if (others == 0)
        return add;
    //: %1 is "Release to add 4 videos"
    return DropWords::tr("%1 (%n is/are not a video)", nullptr, others).arg(add);
}

QString refusalText(const DropContent &content)
{
    if (content.links > 0)
        return DropWords::tr("Links can't be added. Save the video first.");
    if (content.isText)
        return DropWords::tr("Text can't be added. Drop or paste video files.");
    return DropWords::tr("There is nothing here that can be added. Drop or paste video files.");
}

} // namespace sendoff::ui

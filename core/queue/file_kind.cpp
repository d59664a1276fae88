// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/file_kind.h"

#include <QByteArray>
#include <QSet>

namespace sendoff::queue {

namespace {

const QSet<QByteArray> &mediaExtensions()
{
    static const QSet<QByteArray> extensions{
        ".3g2", ".3gp",  ".aac",  ".aif", ".aiff", ".asf", ".avi", ".flac", ".flv", ".m2ts",
        ".m2v", ".m4a",  ".m4v",  ".mka", ".mkv",  ".mov", ".mp3", ".mp4",  ".mpe", ".mpeg",
        ".mpg", ".mts",  ".mxf",  ".oga", ".ogg",  ".ogm", ".ogv", ".opus", ".qt",  ".ts",
        ".vob", ".wav",  ".webm", ".wma", ".wmv",  ".wv",
    };
    return extensions;
}

const QSet<QByteArray> &otherExtensions()
{
    static const QSet<QByteArray> extensions{
        ".7z",  ".ass",  ".bmp", ".bz2",  ".csv",  ".doc",  ".docx", ".db",  ".exe", ".gif",
        ".gz",  ".heic", ".htm", ".html", ".ico",  ".ini",  ".iso",  ".jpeg", ".jpg", ".json",
        ".lrv", ".md",   ".nfo", ".odt",  ".part", ".pdf",  ".png",  ".raw", ".rar", ".rtf",
        ".srt", ".ssa",  ".sub", ".svg",  ".tar",  ".thm",  ".tif",  ".tiff", ".txt", ".url",
        ".vtt", ".webp", ".xml", ".xz",   ".yaml", ".zip",  ".zst",
    };
    return extensions;
}

} // namespace

FileKind kindOfName(const FilePath &path)
{
    const QByteArray extension = QByteArray::fromStdString(path.extension().string()).toLower();
    if (mediaExtensions().contains(extension))
        return FileKind::Media;
    return otherExtensions().contains(extension) ? FileKind::NotMedia : FileKind::Unknown;
}

} // namespace sendoff::queue

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// DropContent: what a drop or the clipboard brings, told by names alone, so that the window can say
// what will happen while the mouse is still down. Not for: what the files are (queue::Intake).

#include "core/base/file_path.h"

#include <QString>

#include <vector>

class QMimeData;
class QUrl;

namespace sendoff::ui {

struct DropContent {
    std::vector<FilePath> paths; // local files and folders, in the order given
    int likelyVideos = 0; // of them, by extension; sound counts
    int likelyFolders = 0; // of them, by the lack of one
    int links = 0; // http(s) addresses and other remote ones
    bool isText = false; // text that is no address of a file

    bool canBeAdded() const { return !paths.empty(); }
};

// Touches no file: a drag over the window must not wait for a disk.
DropContent dropContentOf(const QMimeData &data);

// Of a file: URL, as bytes: a file's name need not be valid UTF-8.
FilePath localPath(const QUrl &url);

// By its extension: may this be a video or sound?
bool looksLikeVideo(const FilePath &path);
// For a file dialog: "*.mp4 *.mov …", in both cases.
QString mediaNamePatterns();

// "Release to add 4 videos (1 is not a video)".
QString releaseText(const DropContent &content);
// Why nothing of it can be added: "Links can't be added. Save the video first."
QString refusalText(const DropContent &content);

} // namespace sendoff::ui

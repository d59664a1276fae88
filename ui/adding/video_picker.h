// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// VideoPicker: the file dialogs of the window: videos, a folder of videos, a folder for results.
// Each begins where the last one ended. Opened, never exec()uted.

#include "core/base/file_path.h"

#include <QObject>

#include <functional>
#include <vector>

class QFileDialog;
class QWidget;

namespace sendoff::ui {

class VideoPicker : public QObject {
    Q_OBJECT

public:
    VideoPicker(QWidget *window, FilePath lastFolder);

    FilePath lastFolder() const { return m_lastFolder; }
    // `folder` empty: where the last one ended.
    void pickVideos(const FilePath &folder = {});
    void pickFolderOfVideos();
    void pickFolderForResults();

Q_SIGNALS:
    void videosPicked(const std::vector<sendoff::FilePath> &paths);
    void folderForResultsPicked(const sendoff::FilePath &folder);

private:
    void open(const QString &title, bool wantsFolder, const FilePath &start,
              std::function<void(std::vector<FilePath>)> use);

    QWidget *m_window;
    FilePath m_lastFolder;
};

} // namespace sendoff::ui

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/video_picker.h"

#include "ui/adding/drop_content.h"

#include <QFile>
#include <QFileDialog>
#include <QStandardPaths>

namespace sendoff::ui {

VideoPicker::VideoPicker(QWidget *window, FilePath lastFolder)
    : QObject(window), m_window(window), m_lastFolder(std::move(lastFolder))
{
    if (m_lastFolder.empty())
        m_lastFolder =
            QStandardPaths::writableLocation(QStandardPaths::MoviesLocation).toStdString();
}

void VideoPicker::pickVideos(const FilePath &folder)
{
    open(tr("Add videos"), false, folder,
         [this](std::vector<FilePath> paths) { Q_EMIT videosPicked(paths); });
}

void VideoPicker::pickFolderOfVideos()
{
    open(tr("Add a folder of videos"), true, {},
         [this](std::vector<FilePath> paths) { Q_EMIT videosPicked(paths); });
}

void VideoPicker::pickFolderForResults()
{
    open(tr("Where should finished videos go?"), true, {},
         [this](std::vector<FilePath> paths) { Q_EMIT folderForResultsPicked(paths.front()); });
}

void VideoPicker::open(const QString &title, bool wantsFolder, const FilePath &start,
                       std::function<void(std::vector<FilePath>)> use)
{
    auto *dialog = new QFileDialog(m_window, title);
    dialog->setObjectName(QStringLiteral("fileDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(wantsFolder ? QFileDialog::Directory : QFileDialog::ExistingFiles);
    dialog->setOption(QFileDialog::ShowDirsOnly, wantsFolder);
    const FilePath &folder = start.empty() ? m_lastFolder : start;
    dialog->setDirectory(QFile::decodeName(QByteArray::fromStdString(folder.string())));
    if (!wantsFolder)
        dialog->setNameFilters({tr("Videos and sound (%1)").arg(mediaNamePatterns()),
                                tr("All files (*)")});
    connect(dialog, &QFileDialog::accepted, this, [this, dialog, use] {
        std::vector<FilePath> paths;
        for (const QUrl &url : dialog->selectedUrls())
            paths.push_back(localPath(url));
        if (paths.empty())
            return;
        m_lastFolder = paths.front().parent_path();
        use(std::move(paths));
    });
    dialog->open();
}

} // namespace sendoff::ui

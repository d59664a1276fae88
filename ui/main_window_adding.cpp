// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How videos get into the window and results out of it.

#include "core/base/error_text.h"
#include "core/queue/job.h"
#include "core/queue/queue_commands.h"
#include "ui/adding/adding.h"
#include "ui/adding/drop_frame.h"
#include "ui/adding/drop_target.h"
#include "ui/adding/empty_page.h"
#include "ui/adding/video_picker.h"
#include "ui/bars/address_dialog.h"
#include "ui/bars/notice_bar.h"
#include "ui/bars/recipe_bar.h"
#include "ui/bars/recipe_dialog.h"
#include "ui/bars/undo_bar.h"
#include "ui/main_window.h"
#include "ui/queue/queue_actions.h"
#include "ui/queue/queue_view.h"
#include "ui/reveal.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>

#include <algorithm>

namespace sendoff::ui {

void MainWindow::connectAdding()
{
    AddingParts parts;
    parts.queue = m_services.queue;
    parts.commands = m_services.commands;
    parts.intake = m_services.intake;
    parts.notices = m_noticeBar;
    parts.undoBar = m_undoBar;
    parts.undoStack = &m_undoStack;
    parts.recipe = [this] { return m_recipeBar->recipe(); };
    m_adding = std::make_unique<Adding>(std::move(parts));
    m_dropTarget =
        std::make_unique<DropTarget>(this, m_adding.get(), m_emptyPage, m_dropOverlay);
    connect(m_picker, &VideoPicker::videosPicked, this,
            [this](const std::vector<FilePath> &paths) { m_adding->add(paths); });
    connect(m_picker, &VideoPicker::folderForResultsPicked, this, [this](const FilePath &folder) {
        Place place;
        place.kind = Place::Kind::Folder;
        place.folder = folder;
        m_recipeBar->choosePlace(place);
    });
    connect(m_adding.get(), &Adding::chooseWanted, m_picker, &VideoPicker::pickVideos);
    connect(m_adding.get(), &Adding::changeRecipeWanted, this, &MainWindow::askForRecipe);
    connect(m_queueActions, &QueueActions::recipeRequested, this, &MainWindow::askForRecipe);
    connect(m_adding.get(), &Adding::alreadyQueued, this, [this](const QStringList &ids) {
        m_view->showJob(ids.first());
        m_view->select(ids);
    });
}

void MainWindow::pasteVideos()
{
    if (const QMimeData *copied = QGuiApplication::clipboard()->mimeData())
        m_adding->addFrom(*copied);
}

void MainWindow::askForServer()
{
    auto *dialog = new AddressDialog(this);
    connect(dialog, &AddressDialog::chosen, m_recipeBar, &RecipeBar::choosePlace);
    dialog->open();
}

void MainWindow::askForRecipe(const QStringList &ids)
{
    const auto begun = std::count_if(ids.begin(), ids.end(), [this](const QString &id) {
        return m_services.commands->whyNot(queue::QueueVerb::ChangeRecipe, id).has_value();
    });
    auto *dialog = new RecipeDialog(*m_recipeBar, int(ids.size()), int(begun), this);
    connect(dialog, &RecipeDialog::chosen, this, [this, ids](const queue::Recipe &recipe) {
        m_queueActions->setRecipe(ids, recipe);
    });
    dialog->open();
}

void MainWindow::trySample()
{
    if (!m_isMakingSample)
        m_tasks.spawn([this](std::stop_token stop) { return addSample(std::move(stop)); });
}

QCoro::Task<void> MainWindow::addSample(std::stop_token stop)
{
    m_isMakingSample = true;
    Notice working;
    working.key = QStringLiteral("sample");
    working.text = tr("Making three short clips …");
    working.canBeClosed = false;
    m_noticeBar->post(std::move(working));
    std::vector<FilePath> clips;
    for (const SampleMaker &make : m_services.samples) {
        auto making = make(stop);
        const auto clip = co_await std::move(making);
        if (!clip) {
            tell(clip.error());
            break;
        }
        clips.push_back(*clip);
    }
    m_noticeBar->withdraw(QStringLiteral("sample"));
    m_isMakingSample = false;
    queue::Recipe recipe = m_recipeBar->recipe();
    recipe.outputFolder.clear();
    recipe.destinations = QStringList{QStringLiteral("shelf:")};
    m_adding->add(std::move(clips), std::move(recipe));
}

void MainWindow::tell(const Error &error)
{
    if (error.kind == ErrorKind::Cancelled)
        return;
    Notice notice;
    notice.key = kindName(error.kind);
    notice.tone = Tone::Attention;
    notice.text = describe(error).sentence();
    m_noticeBar->post(std::move(notice));
}

// The file where there is one, else the link.
void MainWindow::openResult(const queue::Job &job)
{
    const FilePath output = outputOf(job);
    const QUrl url = output.empty() ? QUrl(linkOf(job)) : fileUrl(output);
    if (url.isEmpty() || openOnDesktop(url))
        return;
    Notice notice;
    notice.key = QStringLiteral("cannot-open");
    //: %1 is a file's name
    notice.text = tr("There is no program here that opens “%1”.").arg(displayName(job.source));
    m_noticeBar->post(std::move(notice));
}

} // namespace sendoff::ui

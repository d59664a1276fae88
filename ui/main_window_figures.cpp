// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the window tells of the whole queue, and what it asks before it ends.

#include "core/activity/trace_export.h"
#include "core/base/run_on.h"
#include "core/queue/queue_commands.h"
#include "core/queue/scheduler.h"
#include "ui/bars/status_bar.h"
#include "ui/main_window.h"
#include "ui/queue/filter_list.h"
#include "ui/queue/queue_model.h"
#include "ui/queue/thumbnail_store.h"
#include "ui/queue_words.h"
#include "ui/window_actions.h"

#include <QAction>
#include <QCloseEvent>
#include <QMessageBox>
#include <QPushButton>
#include <QTimer>

#include <chrono>

namespace sendoff::ui {

namespace {

constexpr std::chrono::seconds freeSpaceInterval{5};

} // namespace

void MainWindow::showFigures()
{
    using queue::RowWord;
    QueueFigures figures;
    const int both = m_model->rows().count(RowWord::ExportingAndUploading);
    figures.exporting = m_model->rows().count(RowWord::Exporting) + both;
    figures.exportSlots = m_services.scheduler->exportsAtOnce();
    figures.uploading = m_model->rows().count(RowWord::Uploading) + both;
    figures.uploadSlots = m_services.scheduler->uploadsAtOnce();
    figures.waiting = m_model->rows().count(RowWord::Waiting) + m_model->rows().count(RowWord::Checking)
        + m_model->rows().count(RowWord::Retrying) + m_model->rows().count(RowWord::Verifying);
    figures.paused = m_model->rows().count(RowWord::Paused);
    figures.attention = m_model->rows().count(RowWord::NeedsAttention);
    figures.done = m_model->rows().count(RowWord::Done) + m_model->rows().count(RowWord::Cancelled);
    figures.all = m_model->rowCount();
    figures.isPausedAll = m_services.commands->isPausedAll();
    if (const auto left = m_model->left()) {
        figures.shortestLeft = left->shortest;
        figures.longestLeft = left->longest;
    }
    for (int place = 0; place < m_actions->filters.size(); ++place) {
        const auto kind = m_filterList->kindAt(place);
        m_actions->filters[place]->setVisible(kind.has_value());
        if (kind)
            m_actions->filters[place]->setText(filterText(*kind));
    }
    showActivityOnce(figures.exporting + figures.uploading);
    setWindowTitle(ui::windowTitle(figures));
    m_statusBar->setSentence(statusSentence(figures));
}

// Every few seconds while somebody can see it.
void MainWindow::watchFreeSpace()
{
    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, [this] {
        if (isVisible() && !isMinimized())
            m_tasks.spawn([this](std::stop_token stop) { return measureFreeSpace(stop); });
    });
    timer->start(freeSpaceInterval);
}

QCoro::Task<void> MainWindow::measureFreeSpace(std::stop_token stop)
{
    auto measuring = runOn(
        *m_services.io,
        [folder = m_services.workFolder]() -> Result<qint64> {
            std::error_code code;
            const std::filesystem::space_info space = std::filesystem::space(folder, code);
            return code ? qint64(-1) : qint64(space.available);
        },
        stop);
    const auto bytes = co_await std::move(measuring);
    if (bytes)
        m_statusBar->setFreeSpace(*bytes);
}

QCoro::Task<void> MainWindow::saveTrace(FilePath file, std::stop_token stop)
{
    auto writing = runOn(
        *m_services.io,
        [recorder = m_services.recorder, file]() -> Result<void> {
            const activity::Recorder::Snapshot snapshot = recorder->snapshot();
            return file.extension() == ".csv" ? activity::writeCsv(snapshot, file)
                                              : activity::writeChromeTrace(snapshot, file);
        },
        stop);
    const auto written = co_await std::move(writing);
    if (!written)
        tell(written.error());
}

QString MainWindow::quitQuestion() const
{
    QuitCost cost;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const queue::RowWord word = m_model->rows().stateAt(row).word;
        const bool isBoth = word == queue::RowWord::ExportingAndUploading;
        cost.uploads += isBoth || word == queue::RowWord::Uploading ? 1 : 0;
        if (!isBoth && word != queue::RowWord::Exporting)
            continue;
        ++cost.exports;
        cost.exportSeconds += m_services.scheduler->restartCostSeconds(m_model->rows().idAt(row));
    }
    return ui::quitQuestion(cost);
}

QCoro::Task<void> MainWindow::leave()
{
    m_tasks.cancel();
    co_await m_tasks.join();
    co_await m_thumbnails->close();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    event->ignore(); // the session closes it when all is at rest
    const QString question = quitQuestion();
    if (question.isEmpty()) {
        Q_EMIT quitWanted();
        return;
    }
    auto *box = new QMessageBox(QMessageBox::Question, tr("Quit Sendoff?"), question,
                                QMessageBox::NoButton, this);
    box->setObjectName(QStringLiteral("quitQuestion"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    const QPushButton *quit = box->addButton(tr("&Quit"), QMessageBox::AcceptRole);
    QPushButton *stay = box->addButton(tr("&Keep working"), QMessageBox::RejectRole);
    box->setDefaultButton(stay);
    connect(quit, &QPushButton::clicked, this, &MainWindow::quitWanted);
    box->open();
}

} // namespace sendoff::ui

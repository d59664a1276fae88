// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/lessons_page.h"

#include "core/base/error_text.h"
#include "ui/lessons/lesson_words.h"
#include "ui/activity/timeline_still.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QTemporaryDir>
#include <QVBoxLayout>

#include <algorithm>

namespace sendoff::ui {

using lessons::Experiment;
using lessons::Outcome;

LessonsPage::LessonsPage(QWidget *parent)
    : QWidget(parent),
      m_list(new QListWidget),
      m_text(new QLabel),
      m_try(new QPushButton(tr("&Try it"))),
      m_progress(new QProgressBar),
      m_before(makeHalf(QStringLiteral("lessonBefore"))),
      m_after(makeHalf(QStringLiteral("lessonAfter"))),
      m_conclusion(new QLabel)
{
    setObjectName(QStringLiteral("lessonsPage"));
    build();
    for (int lesson = 0; lesson < lessonCount(); ++lesson)
        m_list->addItem(lessonWords(lesson).title);
    connect(m_list, &QListWidget::currentRowChanged, this, &LessonsPage::showLesson);
    connect(m_try, &QPushButton::clicked, this, &LessonsPage::tryIt);
    m_list->setCurrentRow(0);
}

LessonsPage::~LessonsPage()
{
    m_thread.request_stop();
    if (m_thread.joinable())
        m_thread.join();
}

void LessonsPage::build()
{
    m_list->setAccessibleName(tr("Lessons"));
    m_list->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    m_list->setFixedWidth(26 * fontMetrics().averageCharWidth());
    m_list->setWordWrap(true);
    m_list->setSpacing(3);
    m_progress->setRange(0, 100);
    m_progress->setAccessibleName(tr("Progress of the lesson"));
    m_progress->setVisible(false);
    m_conclusion->setObjectName(QStringLiteral("lessonConclusion"));
    for (QLabel *label : {m_text, m_conclusion}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    QFont bold = font();
    bold.setBold(true);
    m_conclusion->setFont(bold);

    auto *const content = new QWidget;
    auto *const column = new QVBoxLayout(content);
    column->addWidget(m_text);
    auto *const row = new QHBoxLayout;
    row->addWidget(m_try);
    row->addWidget(m_progress, 1);
    row->addStretch();
    column->addLayout(row);
    for (const Half &half : {m_before, m_after}) {
        column->addWidget(half.caption);
        column->addWidget(half.picture);
    }
    column->addWidget(m_conclusion);
    column->addStretch(1);
    auto *const scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    auto *const layout = new QHBoxLayout(this);
    layout->addWidget(m_list);
    layout->addWidget(scroll, 1);
}

LessonsPage::Half LessonsPage::makeHalf(const QString &name)
{
    Half half{new QLabel, new TimelineStill};
    half.caption->setWordWrap(true);
    half.caption->setTextFormat(Qt::PlainText);
    half.picture->setObjectName(name);
    half.caption->hide();
    half.picture->hide();
    return half;
}

int LessonsPage::lessonCount()
{
    return lessonWordsCount();
}

void LessonsPage::choose(int lesson)
{
    m_list->setCurrentRow(lesson);
}

QString LessonsPage::conclusion() const
{
    return m_conclusion->text();
}

void LessonsPage::showLesson()
{
    const int lesson = std::max(0, m_list->currentRow());
    m_text->setText(lessonWords(lesson).story);
    m_conclusion->clear();
    for (const Half &half : {m_before, m_after}) {
        half.caption->hide();
        half.picture->hide();
    }
}

// Both ways, one after the other, on a thread of their own: the queue goes on meanwhile.
void LessonsPage::tryIt()
{
    if (m_isTrying)
        return;
    m_isTrying = true;
    if (!m_scratch)
        m_scratch = std::make_unique<QTemporaryDir>();
    const int lesson = std::max(0, m_list->currentRow());
    const auto [first, second] = lessonExperiments(lesson);
    const FilePath folder = m_scratch->path().toStdString();
    m_try->setEnabled(false);
    m_list->setEnabled(false);
    m_progress->setValue(0);
    m_progress->setVisible(true);
    showLesson();
    const auto tell = [this](double done) {
        QMetaObject::invokeMethod(m_progress, [bar = m_progress, done] {
            bar->setValue(std::clamp(int(done * 100), 0, 100));
        });
    };
    m_thread = std::jthread([this, lesson, first = first, second = second, folder,
                             tell](const std::stop_token &stop) {
        auto before = lessons::run(first, folder, [&](double done) { tell(done / 2); }, stop);
        auto after = lessons::run(second, folder, [&](double done) { tell(0.5 + done / 2); }, stop);
        QMetaObject::invokeMethod(
            this, [this, lesson, before = std::move(before), after = std::move(after)]() mutable {
                take(lesson, std::move(before), std::move(after));
            });
    });
}

void LessonsPage::take(int lesson, Result<Outcome> before, Result<Outcome> after)
{
    m_isTrying = false;
    m_try->setEnabled(true);
    m_list->setEnabled(true);
    m_progress->setVisible(false);
    if (!before || !after) {
        m_conclusion->setText(describe(before ? after.error() : before.error()).sentence());
        Q_EMIT tried(lesson, false);
        return;
    }
    // At the same scale: the longer one fills the pane.
    const auto lengthNs = qint64(std::max(before->seconds, after->seconds) * 1e9);
    const LessonCaptions captions = lessonCaptions(lesson, *before, *after);
    showHalf(m_before, captions.before, *before, lengthNs);
    showHalf(m_after, captions.after, *after, lengthNs);
    m_conclusion->setText(captions.conclusion);
    Q_EMIT tried(lesson, true);
}

void LessonsPage::showHalf(const Half &half, const QString &caption, const Outcome &outcome,
                       qint64 lengthNs)
{
    half.caption->setText(caption);
    half.picture->setAccessibleName(caption);
    half.picture->show(outcome.timeline,
                       {outcome.beginNs, lengthNs, outcome.tellingNs, outcome.cores});
    half.caption->show();
    half.picture->setVisible(true);
}

} // namespace sendoff::ui

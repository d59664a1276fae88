// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/live_controls.h"

#include "ui/theme/elided_label.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>
#include <array>
#include <cmath>

namespace sendoff::ui {

namespace {

constexpr int mostUploads = 8;
constexpr std::array<double, 6> offeredMegabits{1, 2, 5, 10, 20, 50};

qint64 bytesOf(double megabits)
{
    return qint64(std::llround(megabits * 1e6 / 8));
}

QString limitWords(qint64 bytesPerSecond)
{
    if (bytesPerSecond <= 0)
        return LiveControls::tr("no limit");
    return LiveControls::tr("%1 Mbit/s").arg(QLocale().toString(double(bytesPerSecond) * 8 / 1e6, 'g', 4));
}

// The number at the beginning of what was typed; 0 where there is none.
double typedMegabits(const QString &text)
{
    static const QRegularExpression number(QStringLiteral("[0-9]+([.,][0-9]+)?"));
    QString typed = number.match(text).captured();
    return typed.replace(u',', u'.').toDouble();
}

} // namespace

LiveControls::LiveControls(int cores, QWidget *parent)
    : QWidget(parent),
      m_cores(std::max(1, cores)),
      m_exports(new QSpinBox),
      m_threads(new QSpinBox),
      m_uploads(new QSpinBox),
      m_limit(new QComboBox),
      m_limitNow(new QLabel),
      m_meaning(new ElidedLabel)
{
    auto *const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    setUp();
    for (QWidget *control : std::initializer_list<QWidget *>{m_exports, m_threads, m_uploads, m_limit}) {
        m_labels.append(new QLabel);
        m_labels.back()->setBuddy(control);
        layout->addWidget(m_labels.back());
        layout->addWidget(control);
    }
    setCompact(false);
    layout->addWidget(m_limitNow);
    m_meaning->setTextFormat(Qt::PlainText);
    m_meaning->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    layout->addWidget(m_meaning, 1);

    connect(m_exports, &QSpinBox::valueChanged, this, [this](int number) {
        showMeaning();
        Q_EMIT exportsAtOnceChanged(number);
    });
    connect(m_threads, &QSpinBox::valueChanged, this, &LiveControls::threadsPerExportChanged);
    connect(m_uploads, &QSpinBox::valueChanged, this, &LiveControls::uploadsAtOnceChanged);
    connect(m_limit, &QComboBox::activated, this, &LiveControls::tellLimit);
    connect(m_limit->lineEdit(), &QLineEdit::editingFinished, this, &LiveControls::tellLimit);
    setUploadLimit(0);
}

void LiveControls::setUp()
{
    m_exports->setRange(1, std::max(4, m_cores * 2));
    m_exports->setAccessibleName(tr("Exports at once"));
    m_threads->setRange(0, std::max(4, m_cores * 2));
    m_threads->setSpecialValueText(tr("auto"));
    m_threads->setAccessibleName(tr("Threads of each export"));
    m_threads->setToolTip(tr("How many threads the codecs of each export use. It counts for exports "
                             "that have not begun: one that has keeps its own."));
    m_uploads->setRange(1, mostUploads);
    m_uploads->setAccessibleName(tr("Uploads at once"));
    m_limit->setEditable(true);
    m_limit->setInsertPolicy(QComboBox::NoInsert);
    m_limit->setAccessibleName(tr("Speed limit of all uploads"));
    m_limit->addItem(limitWords(0), qint64(0));
    for (const double megabits : offeredMegabits)
        m_limit->addItem(limitWords(bytesOf(megabits)), bytesOf(megabits));
    m_limit->setToolTip(tr("Choose one, type a number of Mbit/s, or a timetable as "
                           "08:00-18:00=1M, rest=off (bytes a second)"));
    m_limitNow->setTextFormat(Qt::PlainText);
    m_limitNow->hide();
}

void LiveControls::setCompact(bool isCompact)
{
    const QStringList words = isCompact
        ? QStringList{tr("E&xports:"), tr("&threads:"), tr("&Uploads:"), tr("&Limit:")}
        : QStringList{tr("E&xports at once:"), tr("&threads each:"), tr("&Uploads at once:"),
                      tr("Speed &limit:")};
    for (qsizetype index = 0; index < m_labels.size(); ++index)
        m_labels[index]->setText(words[index]);
}

void LiveControls::setExportsAtOnce(int number)
{
    const QSignalBlocker quiet(m_exports);
    m_exports->setValue(number);
    showMeaning();
}

void LiveControls::setUploadsAtOnce(int number)
{
    const QSignalBlocker quiet(m_uploads);
    m_uploads->setValue(number);
}

void LiveControls::setThreadsPerExport(int number)
{
    const QSignalBlocker quiet(m_threads);
    m_threads->setValue(number);
}

void LiveControls::setUploadLimit(qint64 bytesPerSecond)
{
    const QSignalBlocker quiet(m_limit);
    m_limit->setCurrentIndex(m_limit->findData(bytesPerSecond));
    m_limit->setEditText(limitWords(bytesPerSecond));
    m_limit->setProperty("bytesPerSecond", bytesPerSecond);
    m_limit->setProperty("timetable", QString());
    m_limitNow->hide();
}

void LiveControls::setUploadTimetable(const QString &timetable, qint64 bytesPerSecond,
                                      const QString &until)
{
    const QSignalBlocker quiet(m_limit);
    m_limit->setCurrentIndex(-1);
    if (!m_limit->lineEdit()->isModified() || !m_limit->lineEdit()->hasFocus())
        m_limit->setEditText(timetable);
    m_limit->setProperty("bytesPerSecond", bytesPerSecond);
    m_limit->setProperty("timetable", timetable);
    m_limitNow->setText(until.isEmpty()
                            ? tr("now %1").arg(limitWords(bytesPerSecond))
                            : tr("now %1, until %2").arg(limitWords(bytesPerSecond), until));
    m_limitNow->show();
}

int LiveControls::exportsAtOnce() const
{
    return m_exports->value();
}

int LiveControls::uploadsAtOnce() const
{
    return m_uploads->value();
}

int LiveControls::threadsPerExport() const
{
    return m_threads->value();
}

qint64 LiveControls::uploadLimit() const
{
    return m_limit->property("bytesPerSecond").toLongLong();
}

// What is typed and has no number in it means no limit.
void LiveControls::tellLimit()
{
    const QString typed = m_limit->currentText().trimmed();
    const QString shown = m_limit->property("timetable").toString();
    if (!shown.isEmpty() && typed == shown)
        return;
    if (typed.contains(u'=')) {
        Q_EMIT uploadTimetableTyped(typed);
        return;
    }
    const qint64 limit = bytesOf(typedMegabits(typed));
    if (limit == uploadLimit() && shown.isEmpty()) {
        setUploadLimit(limit);
        return;
    }
    setUploadLimit(limit);
    Q_EMIT uploadLimitChanged(limit);
}

void LiveControls::showMeaning()
{
    const int number = m_exports->value();
    const QString cores = m_cores == 1 ? tr("1 core") : tr("%1 cores").arg(m_cores);
    m_meaning->setText(number > m_cores ? tr("%1 exports share %2: more at once, not faster")
                                              .arg(number)
                                              .arg(cores)
                                        : QString());
}

} // namespace sendoff::ui

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activity_footer.h"

#include "ui/activity/activity_words.h"
#include "ui/theme/elided_label.h"

#include <QHBoxLayout>
#include <QLocale>

namespace sendoff::ui {

namespace {

// "3:30"
QString minutes(double seconds)
{
    const auto whole = qint64(seconds);
    return QStringLiteral("%1:%2").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
}

} // namespace

ActivityFooter::ActivityFooter(const ActivityFeed *feed, QWidget *parent)
    : QWidget(parent),
      m_feed(feed),
      m_sentence(new ElidedLabel),
      m_bottleneck(new ElidedLabel),
      m_totals(new ElidedLabel)
{
    auto *const layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 0, 8, 0);
    for (QLabel *label : {m_sentence, m_bottleneck, m_totals}) {
        label->setTextFormat(Qt::PlainText);
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }
    m_totals->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_sentence->setAccessibleName(tr("At the cursor"));
    m_bottleneck->setAccessibleName(tr("What sets the pace"));
    m_totals->setAccessibleName(tr("So far"));
    layout->addWidget(m_sentence, 5);
    layout->addWidget(m_bottleneck, 4);
    layout->addWidget(m_totals, 4);
}

void ActivityFooter::setSentence(const QString &sentence)
{
    m_sentence->setText(sentence);
}

void ActivityFooter::tell()
{
    const double exportCpuShare = m_feed->exportCpuShare();
    const activity::Timeline &timeline = m_feed->timeline();
    m_bottleneck->setText(bottleneckSentence(bottleneckNow(timeline, {}, exportCpuShare), {}));
    m_bottleneck->setToolTip(bottlenecksByVideo(timeline, exportCpuShare));
    m_totals->setText(totalsText());
    m_totals->setToolTip(totalsTip());
}

QString ActivityFooter::totalsText() const
{
    const QString overlapped = minutes(m_feed->overlap().overlapSeconds());
    const double used = m_feed->coresUsedSoFar();
    if (used < 0)
        return tr("Overlapped so far %1").arg(overlapped);
    return tr("Overlapped so far %1 · cores used %2")
        .arg(overlapped, QLocale().toString(used, 'f', 2));
}

QString ActivityFooter::totalsTip() const
{
    return tr("Overlapped: how long an export and an upload went on at the same time (the length of "
              "the intersection of the unions of export and upload spans).\n"
              "Exports ran for %1, uploads for %2, both together for %3.\n"
              "Cores used: processor seconds of exports ÷ seconds in which any export ran.")
        .arg(minutes(m_feed->overlap().exportSeconds()), minutes(m_feed->overlap().uploadSeconds()),
             minutes(m_feed->overlap().overlapSeconds()));
}

} // namespace sendoff::ui

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/row_text.h"

#include "core/base/error_text.h"
#include "core/queue/quantity_text.h"
#include "core/queue/recipe_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace sendoff::queue {

namespace {

// The sentences of one row.
class RowSentence {
    Q_DECLARE_TR_FUNCTIONS(RowText)

public:
    RowSentence(const Job &job, const RowState &state, const RowFacts &facts, const QLocale &locale)
        : m_job(job)
        , m_state(state)
        , m_facts(facts)
        , m_locale(locale)
    {
    }

    QString text() const
    {
        switch (m_state.word) {
        case RowWord::Checking:
        case RowWord::Cancelled:
            return rowWordText(m_state.word);
        case RowWord::NeedsAttention:
            return attention();
        case RowWord::Paused:
            return paused();
        case RowWord::ExportingAndUploading:
            return exportingAndUploading();
        case RowWord::Exporting:
            return exporting();
        case RowWord::Uploading:
            return uploading();
        case RowWord::Verifying:
            return verifying();
        case RowWord::Retrying:
            return retrying();
        case RowWord::Waiting:
            return waiting();
        case RowWord::Done:
            return done();
        }
        Q_UNREACHABLE();
    }

private:
    const Leg &leg() const { return m_job.legs[m_state.leg]; }
    LegProgress progress() const { return m_facts.leg(m_state.leg); }
    bool isUpload() const { return leg().kind == LegKind::Upload; }
    QString percent(int leg) const { return percentText(m_facts.leg(leg).fraction, m_locale); }
    bool hasPercent(int leg) const { return m_facts.leg(leg).fraction >= 0; }
    QString bytes(qint64 value) const { return bytesText(value, m_locale); }

    QString place() const
    {
        return isolated(placeText(m_job.recipe.destinations.value(leg().ordinal)));
    }

    QString attention() const
    {
        if (!leg().error)
            return rowWordText(RowWord::NeedsAttention);
        //: %1 is a sentence that says what happened: “The disk of “Videos” is full.”
        return tr("Needs attention: %1").arg(describe(*leg().error).what);
    }

    QString paused() const
    {
        if (m_state.isPausedByAll && hasPercent(m_state.leg)) {
            //: By the command “Pause all”; %1 is a percentage.
            return tr("Paused with all others at %1").arg(percent(m_state.leg));
        }
        if (m_state.isPausedByAll)
            return tr("Paused with all others");
        if (hasPercent(m_state.leg)) {
            //: %1 is a percentage.
            return tr("Paused by you at %1").arg(percent(m_state.leg));
        }
        return tr("Paused by you");
    }

    QString exporting() const
    {
        const QString rate = frameRateText(m_facts.framesPerSecond, m_locale);
        if (!hasPercent(m_state.leg) && progress().bytes > 0) {
            //: %1 is an amount such as “12 MB”: how long the video is, is not known.
            return tr("Exporting · %1 so far").arg(bytes(progress().bytes));
        }
        if (!hasPercent(m_state.leg))
            return rowWordText(RowWord::Exporting);
        if (rate.isEmpty()) {
            //: %1 is a percentage.
            return tr("Exporting %1").arg(percent(m_state.leg));
        }
        //: %1 is a percentage, %2 a speed such as “41 fps”.
        return tr("Exporting %1 · %2").arg(percent(m_state.leg), rate);
    }

    QString exportingAndUploading() const
    {
        const int upload = uploadingLeg();
        const QString rate = rateText(m_facts.bytesPerSecond, m_locale);
        const QString sent = bytes(m_facts.leg(upload).bytes);
        if (!hasPercent(0)) {
            //: %1 is an amount such as “12 MB”.
            return tr("Exporting and uploading · %1 sent").arg(sent);
        }
        if (rate.isEmpty()) {
            //: %1 is a percentage, %2 an amount such as “12 MB”.
            return tr("Exporting %1 and uploading · %2 sent").arg(percent(0), sent);
        }
        //: %1 is a percentage, %2 an amount such as “12 MB”, %3 a speed such as “2.1 MB/s”.
        return tr("Exporting %1 and uploading · %2 sent · %3").arg(percent(0), sent, rate);
    }

    QString uploading() const
    {
        const LegProgress now = progress();
        const QString rate = rateText(m_facts.bytesPerSecond, m_locale);
        if (now.fraction < 0 || now.totalBytes < 0) {
            if (now.bytes <= 0)
                return rowWordText(RowWord::Uploading);
            //: %1 is an amount such as “12 MB”.
            return tr("Uploading · %1 sent").arg(bytes(now.bytes));
        }
        const QString part = percent(m_state.leg);
        const QString sent = bytes(now.bytes);
        const QString total = bytes(now.totalBytes);
        if (rate.isEmpty()) {
            //: %1 is a percentage, %2 and %3 amounts such as “310 MB” and “660 MB”.
            return tr("Uploading %1 · %2 of %3").arg(part, sent, total);
        }
        //: %1 is a percentage, %2 and %3 amounts, %4 a speed such as “2.1 MB/s”.
        return tr("Uploading %1 · %2 of %3 · %4").arg(part, sent, total, rate);
    }

    QString verifying() const
    {
        if (!isUpload())
            return tr("Verifying the exported file");
        //: %1 is a destination's name.
        return tr("Verifying the copy on %1").arg(place());
    }

    QString retrying() const
    {
        const LegProgress now = progress();
        const bool isWaiting = m_facts.nowMs > 0 && now.nextTryMs > m_facts.nowMs;
        const qint64 delay = isWaiting ? now.nextTryMs - m_facts.nowMs : 0; // ms
        const std::chrono::seconds seconds(delay / 1000 + (delay % 1000 > 0 ? 1 : 0));
        const QString when = spanText(seconds, m_locale);
        const bool hasSizes = isUpload() && now.bytes > 0 && now.totalBytes > 0;
        if (isWaiting && hasSizes) {
            //: %1 is a duration, %2 and %3 amounts, %4 a destination's name.
            return tr("Retrying in %1 · %2 of %3 are safe on %4")
                .arg(when, bytes(now.bytes), bytes(now.totalBytes), place());
        }
        if (isWaiting) {
            //: %1 is a duration such as “14 s”.
            return tr("Retrying in %1").arg(when);
        }
        if (hasSizes) {
            //: %1 and %2 are amounts, %3 a destination's name.
            return tr("Retrying · %1 of %2 are safe on %3")
                .arg(bytes(now.bytes), bytes(now.totalBytes), place());
        }
        return rowWordText(RowWord::Retrying);
    }

    QString waiting() const
    {
        switch (m_state.waitFor) {
        case WaitFor::Export:
            return waitingToUpload();
        case WaitFor::Destination:
            //: %1 is a destination's name.
            return tr("Waiting for %1").arg(place());
        case WaitFor::Space:
            return waitingForSpace();
        case WaitFor::Schedule:
            return tr("Waiting for the scheduled time");
        case WaitFor::SignIn:
            //: %1 is a destination's name.
            return tr("Waiting for sign-in to %1").arg(place());
        case WaitFor::Nothing:
        case WaitFor::Slot:
            break;
        }
        if (isUpload() && m_job.exportLeg().state == LegState::Done)
            return waitingToUpload();
        if (m_facts.position < 1)
            return rowWordText(RowWord::Waiting);
        //: %1 is a place in a line of waiting videos; 1 is the next.
        return tr("Waiting · position %1").arg(m_locale.toString(m_facts.position));
    }

    QString waitingToUpload() const { return tr("Waiting to upload"); }

    QString waitingForSpace() const
    {
        const Error error = leg().error.value_or(Error(ErrorKind::DiskFull));
        bool hasNeeded = false;
        bool hasAvailable = false;
        const qint64 needed = error[argument::needed].toLongLong(&hasNeeded);
        const qint64 available = error[argument::available].toLongLong(&hasAvailable);
        if (!hasNeeded || !hasAvailable)
            return tr("Waiting for disk space");
        //: %1 and %2 are amounts such as “3.1 GB” and “1.2 GB”.
        return tr("Waiting for disk space · %1 needed, %2 free")
            .arg(bytes(needed), bytes(available));
    }

    QString done() const
    {
        qint64 size = -1;
        int links = 0;
        for (const Leg &each : m_job.legs) {
            if (each.state == LegState::Done)
                size = each.result[u"bytes"].toInteger(size);
            links += each.result[u"url"].toString().isEmpty() ? 0 : 1;
        }
        if (size < 0)
            return rowWordText(RowWord::Done);
        if (links == 0) {
            //: %1 is the size of the result.
            return tr("Done · %1").arg(bytes(size));
        }
        if (links == 1) {
            //: %1 is the size of the result.
            return tr("Done · %1 · link ready").arg(bytes(size));
        }
        //: %1 is the size of the result, %n the number of links that can be copied.
        return tr("Done · %1 · %n links ready", nullptr, links).arg(bytes(size));
    }

    int uploadingLeg() const
    {
        for (int index = 1; index < m_job.legs.size(); ++index) {
            if (m_job.legs[index].state == LegState::Running)
                return index;
        }
        return m_state.leg;
    }

    const Job &m_job;
    const RowState &m_state;
    const RowFacts &m_facts;
    const QLocale &m_locale;
};

QString leftText(const RowState &state, const RowFacts &facts, const QLocale &locale)
{
    const bool isAtWork = state.word == RowWord::Exporting || state.word == RowWord::Uploading
        || state.word == RowWord::ExportingAndUploading;
    const bool isHeld = state.word == RowWord::Paused || state.word == RowWord::Retrying;
    if (facts.left && (isAtWork || isHeld)) {
        //: The time until a video is finished; %1 is a duration such as “1 min 10 s”.
        return RowSentence::tr("%1 left").arg(spanText(*facts.left, locale));
    }
    //: In the place of the time left, while it is not known yet.
    return isAtWork ? RowSentence::tr("estimating…") : QString();
}

} // namespace

RowText rowText(const Job &job, const RowState &state, const RowFacts &facts, const QLocale &locale)
{
    RowText text;
    text.word = rowWordText(state.word);
    text.sentence = RowSentence(job, state, facts, locale).text();
    text.left = leftText(state, facts, locale);
    return text;
}

QString rowWordText(RowWord word)
{
    switch (word) {
    case RowWord::Checking:
        return RowSentence::tr("Checking");
    case RowWord::NeedsAttention:
        return RowSentence::tr("Needs attention");
    case RowWord::Cancelled:
        return RowSentence::tr("Cancelled");
    case RowWord::Paused:
        return RowSentence::tr("Paused");
    case RowWord::ExportingAndUploading:
        return RowSentence::tr("Exporting and uploading");
    case RowWord::Exporting:
        return RowSentence::tr("Exporting");
    case RowWord::Uploading:
        return RowSentence::tr("Uploading");
    case RowWord::Verifying:
        return RowSentence::tr("Verifying");
    case RowWord::Retrying:
        return RowSentence::tr("Retrying");
    case RowWord::Waiting:
        return RowSentence::tr("Waiting");
    case RowWord::Done:
        return RowSentence::tr("Done");
    }
    Q_UNREACHABLE();
}

} // namespace sendoff::queue

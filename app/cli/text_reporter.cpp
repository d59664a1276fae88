// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/text_reporter.h"

#include "app/cli/json_reporter.h"
#include "core/base/activity_hook.h"
#include "core/base/error_text.h"

#include <cmath>

namespace sendoff::app {

namespace {

constexpr qint64 drawIntervalNs = 100'000'000;

// Cut in the middle: the end of a name tells takes apart.
QString elided(const QString &text, int columns)
{
    if (text.size() <= columns)
        return text;
    const int left = (columns - 1) / 2;
    return text.left(left) + u'…' + text.right(columns - 1 - left);
}

QString verbOf(const LegRef &leg)
{
    return leg.kind == queue::LegKind::Export ? QStringLiteral("Exporting")
                                              : QStringLiteral("Uploading");
}

// "Exporting", "Waiting", … (UX.md, States), for the leg alone.
QString stateWord(const LegRef &leg, const queue::Leg &value)
{
    switch (value.state) {
    case queue::LegState::Waiting:
        return value.waitFor == queue::WaitFor::Export ? QStringLiteral("waits for the export")
                                                       : QStringLiteral("waits");
    case queue::LegState::Running:
        return verbOf(leg);
    case queue::LegState::Verifying:
        return QStringLiteral("Verifying");
    case queue::LegState::Retrying:
        return QStringLiteral("Retrying");
    case queue::LegState::Paused:
        return QStringLiteral("Paused");
    case queue::LegState::NeedsAttention:
        return QStringLiteral("Needs attention");
    case queue::LegState::Done:
        return leg.kind == queue::LegKind::Export ? QStringLiteral("Exported")
                                                  : QStringLiteral("Uploaded");
    case queue::LegState::Cancelled:
        return QStringLiteral("Cancelled");
    case queue::LegState::NotNeeded:
        break;
    }
    return {};
}

} // namespace

std::unique_ptr<Reporter> makeReporter(bool isJson, Output *output)
{
    if (isJson)
        return std::make_unique<JsonReporter>(output);
    return std::make_unique<TextReporter>(output);
}

TextReporter::TextReporter(Output *output)
    : m_output(output), m_isTerminal(output->terminal().has_value())
{
}

TextReporter::Row &TextReporter::rowOf(const LegRef &leg)
{
    if (!m_rows.contains(leg.job)) {
        m_order.append(leg.job);
        m_rows[leg.job].name = leg.file;
    }
    return m_rows[leg.job];
}

void TextReporter::setPhrase(const LegRef &leg, const QString &phrase)
{
    rowOf(leg).phrases[leg.leg] = phrase;
    if (m_isTerminal && monotonicNs() - m_drawnNs > drawIntervalNs)
        draw();
}

void TextReporter::state(const LegRef &leg, const queue::Leg &value)
{
    const QString word = stateWord(leg, value);
    if (word.isEmpty())
        return;
    setPhrase(leg, word);
    if (!m_isTerminal && value.state == queue::LegState::Running)
        say(QStringLiteral("%1: %2").arg(leg.file, word));
}

QString TextReporter::rateText(Row &row, const LegRef &leg, qint64 bytes)
{
    const qint64 now = monotonicNs();
    const qint64 before = row.lastNs.value(leg.leg);
    if (before != 0 && now > before) {
        const double seconds = double(now - before) / 1e9;
        const double current = double(bytes - row.lastBytes.value(leg.leg)) / seconds;
        const double weight = 1.0 - std::exp(-seconds / 3.0); // remembers about three seconds
        row.rate[leg.leg] += weight * (std::max(0.0, current) - row.rate[leg.leg]);
    }
    row.lastNs[leg.leg] = now;
    row.lastBytes[leg.leg] = bytes;
    if (leg.kind == queue::LegKind::Export || row.rate[leg.leg] < 1)
        return {};
    return QStringLiteral(", %1/s").arg(sizeText(qint64(row.rate[leg.leg])));
}

void TextReporter::progress(const LegRef &leg, const queue::LegProgress &progress,
                            std::optional<double> secondsLeft)
{
    Row &row = rowOf(leg);
    if (progress.isVerifying) {
        setPhrase(leg, QStringLiteral("Verifying"));
        return;
    }
    QString phrase = verbOf(leg);
    if (progress.waitsForExport)
        phrase += QStringLiteral(" (waits for the export)");
    if (progress.fraction >= 0)
        phrase += QStringLiteral(" %1 %").arg(int(progress.fraction * 100));
    else
        phrase += u' ' + sizeText(progress.bytes);
    phrase += rateText(row, leg, progress.bytes);
    if (secondsLeft)
        phrase += QStringLiteral(", %1 left").arg(durationText(qint64(std::ceil(*secondsLeft))));
    setPhrase(leg, phrase);
    const int tenths = progress.fraction >= 0 ? int(progress.fraction * 10) : 0;
    if (!m_isTerminal && tenths > row.printedTenths.value(leg.leg)) {
        row.printedTenths[leg.leg] = tenths;
        say(QStringLiteral("%1: %2").arg(leg.file, phrase));
    }
}

void TextReporter::warning(const LegRef &leg, const QString &, const QString &text)
{
    say(QStringLiteral("%1: %2").arg(leg.file, text));
}

void TextReporter::retrying(const LegRef &leg, const Error &error, qint64 delayMs)
{
    const qint64 seconds = (delayMs + 999) / 1000;
    setPhrase(leg, QStringLiteral("tries again in %1").arg(durationText(seconds)));
    say(QStringLiteral("%1: %2 Trying again in %3.")
            .arg(leg.file, describe(error).what, durationText(seconds)));
}

void TextReporter::error(const std::optional<LegRef> &leg, const QString &, const Error &error)
{
    if (leg)
        setPhrase(*leg, QStringLiteral("Needs attention"));
    eraseRows();
    flush();
    m_output->write(Output::Stream::Error, describe(error).sentence().toUtf8() + '\n');
    draw();
}

void TextReporter::done(const LegRef &leg, const QJsonObject &result, bool wasDoneBefore)
{
    const bool isExport = leg.kind == queue::LegKind::Export;
    setPhrase(leg, isExport ? QStringLiteral("Exported") : QStringLiteral("Uploaded"));
    const QString before = wasDoneBefore ? QStringLiteral(" (done before)") : QString();
    const QString size = sizeText(result[u"bytes"].toInteger());
    say(QStringLiteral("%1: %2, %3%4")
            .arg(leg.file, isExport ? QStringLiteral("Exported") : QStringLiteral("Uploaded"), size,
                 before));
    // What is exported only to be uploaded has no place of its own.
    const QString where = isExport ? displayPath(fromStored(result[u"output"].toString()))
                                   : result[u"url"].toString();
    if (!isExport || !leg.isForUploadOnly)
        say(QStringLiteral("    %1").arg(where));
    const QJsonArray warnings = result[u"warnings"].toArray();
    for (const QJsonValue &warning : warnings)
        say(QStringLiteral("    %1").arg(warning[u"text"].toString()));
}

void TextReporter::summary(const Summary &summary)
{
    eraseRows();
    m_rows.clear();
    m_order.clear();
    QString text = QStringLiteral("%1 of %2 done in %3 s.")
                       .arg(summary.done)
                       .arg(summary.total)
                       .arg(summary.wallSeconds, 0, 'f', 1);
    if (summary.coresUsed > 0)
        text += QStringLiteral(" Exports used %1 cores.").arg(summary.coresUsed, 0, 'f', 1);
    if (summary.overlapSeconds >= 0.05)
        text += QStringLiteral(" Exporting and uploading overlapped for %1 s.")
                    .arg(summary.overlapSeconds, 0, 'f', 1);
    write(text + u'\n');
    flush();
}

void TextReporter::answer(const QJsonObject &, const QString &text)
{
    if (text.isEmpty())
        return;
    write(text);
    if (!text.endsWith(u'\n'))
        write(QStringLiteral("\n"));
    flush();
}

void TextReporter::say(const QString &line)
{
    eraseRows();
    write(line + u'\n');
    draw();
}

void TextReporter::eraseRows()
{
    if (m_drawn > 0)
        write(QStringLiteral("\x1b[%1A\x1b[J").arg(m_drawn)); // up, and clear to the end
    m_drawn = 0;
}

void TextReporter::draw()
{
    m_drawnNs = monotonicNs();
    const auto size = m_output->terminal();
    if (!size) {
        flush();
        return;
    }
    eraseRows();
    const int nameWidth = std::max(10, size->columns / 3);
    for (const QString &job : m_order) {
        if (m_drawn >= size->rows - 2)
            break;
        const Row &row = m_rows[job];
        const QString line = elided(row.name, nameWidth).leftJustified(nameWidth) + QStringLiteral("  ")
            + QStringList(row.phrases.values()).join(QStringLiteral(" · "));
        write(line.left(size->columns - 1) + u'\n');
        ++m_drawn;
    }
    flush();
}

void TextReporter::write(const QString &text)
{
    m_unwritten += text.toUtf8();
}

// In one piece, so that a terminal never shows half of it.
void TextReporter::flush()
{
    if (!m_unwritten.isEmpty())
        m_output->write(Output::Stream::Out, std::exchange(m_unwritten, {}));
}

} // namespace sendoff::app

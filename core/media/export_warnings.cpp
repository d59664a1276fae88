// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/export_warnings.h"

#include "core/media/source_checks.h"

#include <algorithm>
#include <cstdlib>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace sendoff::media {

namespace {

// What rounding, a last frame without duration and encoder padding may hide.
constexpr qint64 shortfallUs = 500'000;
constexpr double shortfallPart = 0.02;
// Encoders pad the last frame of sound, and recorders stop one track after the other.
constexpr qint64 endsApartUs = 1'000'000;
constexpr qint64 noteworthyGapUs = 5'000'000;

QString secondsText(qint64 us)
{
    return QString::number(double(us) / 1e6, 'f', 1);
}

QString whatOf(const StreamPlan &plan)
{
    switch (plan.kind) {
    case StreamKind::Video:
        return QStringLiteral("picture");
    case StreamKind::Audio:
        return QStringLiteral("sound");
    default:
        return QStringLiteral("subtitles");
    }
}

} // namespace

WarningList::WarningList(const Input &input, const Timeline &timeline)
    : m_input(input)
    , m_timeline(timeline)
{
}

void WarningList::addMissing(const StreamPlan &plan)
{
    add(QStringLiteral("stream-missing"),
        QStringLiteral("Nothing of the %1 (%2) could be read; the result is without it.")
            .arg(whatOf(plan), plan.sourceCodec));
}

// Nothing where the source only guesses from its size, or its clock does not run through.
std::optional<qint64> WarningList::onTimeline(qint64 endUs) const
{
    const AVFormatContext *source = m_input.context();
    if (source->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE
        || m_timeline.jumpsClosed() > 0 || !m_timeline.startUs())
        return std::nullopt;
    endUs -= *m_timeline.startUs();
    return m_timeline.endUs() ? std::min(endUs, *m_timeline.endUs()) : endUs;
}

// Where the source says that this stream ends, on the export's timeline.
std::optional<qint64> WarningList::announcedEndUs(const AVStream *stream) const
{
    if (stream->duration <= 0 || stream->duration == AV_NOPTS_VALUE)
        return std::nullopt;
    const qint64 start = stream->start_time != AV_NOPTS_VALUE ? stream->start_time : 0;
    return onTimeline(av_rescale_q(start + stream->duration, stream->time_base, AV_TIME_BASE_Q));
}

void WarningList::addShortfall(qint64 announcedUs, qint64 reachedUs, const QString &what)
{
    const qint64 missing = announcedUs - reachedUs;
    if (missing > std::max(shortfallUs, qint64(double(announcedUs) * shortfallPart)))
        add(QStringLiteral("shortfall"),
            QStringLiteral("The file announces %1 s%2, but only %3 s are there.")
                .arg(secondsText(announcedUs), what, secondsText(reachedUs)));
}

// What concerns how far all tracks together reach.
void WarningList::addEnds()
{
    const AVFormatContext *source = m_input.context();
    // Matroska says only how long the longest of its tracks is.
    if (!m_isLengthOfTracksKnown && source->duration > 0) {
        const qint64 beginUs = source->start_time != AV_NOPTS_VALUE ? source->start_time : 0;
        if (const std::optional<qint64> announced = onTimeline(beginUs + source->duration))
            addShortfall(*announced, m_reachedUs, {});
    }
    if (!m_pictureEndUs || !m_soundEndUs)
        return;
    const qint64 apartUs = std::abs(*m_pictureEndUs - *m_soundEndUs);
    const qint64 longerUs = std::max(*m_pictureEndUs, *m_soundEndUs);
    if (apartUs <= std::max(endsApartUs, qint64(double(longerUs) * shortfallPart)))
        return;
    const bool isPictureShort = *m_pictureEndUs < *m_soundEndUs;
    add(QStringLiteral("ends-apart"),
        QStringLiteral("%1 ends %2 s before %3, as in the source.")
            .arg(isPictureShort ? QStringLiteral("The picture") : QStringLiteral("The sound"),
                 secondsText(apartUs),
                 isPictureShort ? QStringLiteral("the sound") : QStringLiteral("the picture")));
}

void WarningList::addReport(const StreamPath &path)
{
    const PathReport report = path.report();
    const QString what = whatOf(path.plan());
    m_damaged += report.damaged;
    noteOther(report.sourceEndUs);
    const AVStream *stream = m_input.context()->streams[path.plan().sourceIndex];
    if (const std::optional<qint64> announced = announcedEndUs(stream)) {
        m_isLengthOfTracksKnown = true;
        if (path.plan().kind != StreamKind::Subtitle)
            addShortfall(*announced, report.sourceEndUs, QStringLiteral(" of ") + what);
    }
    if (path.plan().kind == StreamKind::Video)
        m_pictureEndUs = report.sourceEndUs;
    else if (path.plan().kind == StreamKind::Audio && !m_soundEndUs)
        m_soundEndUs = report.sourceEndUs;
    if (report.shapeChanges > 0) {
        const bool isSound = path.plan().kind == StreamKind::Audio;
        const QString text = isSound
            ? QStringLiteral("The sound changes its form %1 times; all of it was brought into one.")
            : QStringLiteral(
                "The picture changes its size %1 times; all of it was fitted into one.");
        add(isSound ? QStringLiteral("sound-change") : QStringLiteral("size-change"),
            text.arg(report.shapeChanges));
    }
    if (report.longestGapUs >= noteworthyGapUs)
        add(QStringLiteral("gap"),
            QStringLiteral("%1 pauses for up to %2 s.")
                .arg(QStringLiteral("The ") + what, secondsText(report.longestGapUs)));
    if (report.notIncreasing > 0)
        add(QStringLiteral("dropped-frames"),
            QStringLiteral("%1 frames whose time did not increase were left out.")
                .arg(report.notIncreasing));
}

QList<ExportWarning> WarningList::take()
{
    addEnds();
    const QString demuxer = QString::fromLatin1(m_input.context()->iformat->name);
    if (const std::optional<QString> text = incompleteness(m_input.source(), demuxer))
        add(QStringLiteral("incomplete"), *text);
    if (const std::optional<QString> text = oddity(m_input.source(), demuxer))
        add(QStringLiteral("structure"), *text);
    const qint64 damaged = std::max(m_damaged, m_input.damagedPackets());
    if (damaged > 0)
        add(QStringLiteral("decode-errors"),
            QStringLiteral("The source is damaged in %1 places; look at the result there.")
                .arg(damaged));
    else if (m_input.complaints() > 0)
        add(QStringLiteral("structure"),
            QStringLiteral("The source is not built as it should be (errors found: %1); see whether "
                           "anything is missing in the result.")
                .arg(m_input.complaints()));
    if (m_timeline.jumpsClosed() > 0)
        add(QStringLiteral("clock-jumps"),
            QStringLiteral("The clock of the source jumps %1 times; the jumps were closed.")
                .arg(m_timeline.jumpsClosed()));
    return std::move(m_warnings);
}

} // namespace sendoff::media

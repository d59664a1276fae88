// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/job_meters.h"

#include <algorithm>
#include <cmath>

namespace sendoff::ui {

using queue::Job;
using queue::Leg;
using queue::LegKind;
using queue::LegProgress;
using queue::LegState;

namespace {

// An upload that runs beside its export does not know its total: it has what was sent of what the
// export has made so far.
double overlappingFraction(const LegProgress &upload, const LegProgress &exporting)
{
    if (exporting.fraction <= 0 || exporting.bytes <= 0)
        return -1;
    const double share = double(upload.bytes) / double(exporting.bytes);
    return exporting.fraction * std::clamp(share, 0.0, 1.0);
}

// How large the result of a running export will be: by what it has made so far, or by the middle of
// what its plan forecasts. -1 where nothing tells.
qint64 expectedBytes(const Job &job, const LegProgress &exporting)
{
    constexpr double enough = 0.05;
    if (exporting.fraction >= enough && exporting.bytes > 0)
        return qint64(double(exporting.bytes) / exporting.fraction);
    const double least = std::max(1.0, job.plan[u"min_bytes"].toDouble());
    const double most = job.plan[u"max_bytes"].toDouble();
    return most > 0 ? qint64(std::sqrt(least * most)) : -1;
}

bool looksTheSame(const LegProgress &a, const LegProgress &b)
{
    return int(a.fraction * 1'000) == int(b.fraction * 1'000) && a.bytes == b.bytes
        && a.totalBytes == b.totalBytes && a.isVerifying == b.isVerifying
        && a.waitsForExport == b.waitsForExport && a.nextTryMs == b.nextTryMs;
}

// Nothing of what the leg did would be used if it went on. A job that starts over has no identity.
bool isNothingKept(const Job &job, const Leg &leg)
{
    const bool startsOver = job.identity.inode == 0 && job.identity.size == 0;
    return startsOver
        || (leg.state == LegState::Waiting && leg.resume.isEmpty() && leg.doneBytes == 0);
}

} // namespace

std::chrono::milliseconds steadyNow()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
}

JobMeters::JobMeters(ProgressSource source)
    : m_source(std::move(source))
{
}

bool JobMeters::sample(const Job &job, std::chrono::milliseconds now)
{
    bool isChanged = false;
    for (int leg = 0; leg < job.legs.size(); ++leg) {
        if (isActive(job.legs[leg].state))
            isChanged = sampleLeg(job, leg, now) || isChanged;
    }
    return isChanged;
}

bool JobMeters::sampleLeg(const Job &job, int leg, std::chrono::milliseconds now)
{
    LegMeters &meters = m_meters[job.id];
    meters.resize(std::size_t(job.legs.size()));
    LegMeter &meter = meters[std::size_t(leg)];
    LegProgress progress = m_source(job.id, leg);
    if (leg > 0 && progress.fraction < 0)
        progress.fraction = overlappingFraction(progress, meters.front().shown);
    if (job.legs[leg].state == LegState::Running) {
        if (progress.fraction >= 0)
            meter.work.add(now, progress.fraction, 1);
        meter.bytes.add(now, double(progress.bytes), double(progress.totalBytes));
        meter.frames.add(now, double(progress.frames), -1);
    }
    progress.fraction = std::max(progress.fraction, meter.shown.fraction);
    const bool isChanged = !looksTheSame(progress, meter.shown);
    meter.shown = progress;
    // A countdown goes on by itself.
    return isChanged || progress.nextTryMs > 0;
}

void JobMeters::settle(const Job &job)
{
    const auto found = m_meters.find(job.id);
    if (found == m_meters.end())
        return;
    found->resize(std::size_t(job.legs.size()));
    for (int leg = 0; leg < job.legs.size(); ++leg) {
        LegMeter &meter = (*found)[std::size_t(leg)];
        if (job.legs[leg].state == LegState::Running)
            continue;
        meter.work.freeze();
        meter.bytes.freeze();
        meter.frames.freeze();
        meter.shown.isVerifying = false;
        if (job.legs[leg].state != LegState::Retrying)
            meter.shown.nextTryMs = 0;
        if (isNothingKept(job, job.legs[leg]))
            meter = LegMeter();
    }
}

void JobMeters::forget(const QString &jobId)
{
    m_meters.remove(jobId);
}

queue::RowFacts JobMeters::facts(const Job &job) const
{
    queue::RowFacts facts;
    const auto found = m_meters.constFind(job.id);
    for (int leg = 0; leg < job.legs.size(); ++leg) {
        LegProgress shown;
        if (found != m_meters.constEnd() && std::size_t(leg) < found->size())
            shown = (*found)[std::size_t(leg)].shown;
        if (shown.fraction < 0 && job.legs[leg].totalBytes > 0) { // known from before a restart
            shown.bytes = job.legs[leg].doneBytes;
            shown.totalBytes = job.legs[leg].totalBytes;
            shown.fraction = std::clamp(double(shown.bytes) / double(shown.totalBytes), 0.0, 1.0);
        }
        facts.legs.append(shown);
    }
    if (found == m_meters.constEnd())
        return facts;
    for (int leg = 0; leg < job.legs.size() && std::size_t(leg) < found->size(); ++leg) {
        const LegState state = job.legs[leg].state;
        const bool counts =
            state == LegState::Running || state == LegState::Paused || state == LegState::Retrying;
        const LegMeter &meter = (*found)[std::size_t(leg)];
        if (!counts)
            continue;
        if (meter.work.left())
            facts.left = std::max(facts.left.value_or(std::chrono::seconds(0)), *meter.work.left());
        if (job.legs[leg].kind == LegKind::Upload && state == LegState::Running)
            facts.bytesPerSecond += meter.bytes.rate();
        if (job.legs[leg].kind == LegKind::Export && state == LegState::Running)
            facts.framesPerSecond = meter.frames.rate();
    }
    return facts;
}

queue::JobWork JobMeters::work(const Job &job) const
{
    static const LegMeter notBegun;
    queue::JobWork work;
    work.sourceBytes = job.identity.size;
    const auto found = m_meters.constFind(job.id);
    for (int leg = 0; leg < job.legs.size(); ++leg) {
        const Leg &each = job.legs[leg];
        if (each.state != LegState::Running && each.state != LegState::Waiting
            && each.state != LegState::Retrying)
            continue;
        const LegMeter &meter = found != m_meters.constEnd() && std::size_t(leg) < found->size()
            ? (*found)[std::size_t(leg)]
            : notBegun;
        const bool runs = each.state == LegState::Running;
        if (each.kind == LegKind::Export) {
            work.exportLeft = 1 - std::max(0.0, meter.shown.fraction);
            work.exportRate = runs && meter.work.left() ? meter.work.rate() : 0;
            continue;
        }
        work.uploads = true;
        work.uploadRate += runs ? meter.bytes.rate() : 0;
        qint64 total = std::max(meter.shown.totalBytes, each.totalBytes);
        if (total < 0 && found != m_meters.constEnd())
            total = expectedBytes(job, found->front().shown);
        if (total < 0)
            continue;
        const qint64 done = std::max(meter.shown.bytes, each.doneBytes);
        work.uploadTotal = std::max<qint64>(work.uploadTotal, 0) + total;
        work.uploadLeft = std::max<qint64>(work.uploadLeft, 0) + std::max<qint64>(0, total - done);
    }
    return work;
}

} // namespace sendoff::ui

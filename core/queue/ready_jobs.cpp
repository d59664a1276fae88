// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/ready_jobs.h"

#include <algorithm>

namespace sendoff::queue {

namespace {

bool goesOn(LegState state)
{
    return state == LegState::Waiting || isActive(state);
}

bool legGoesOn(const Job &job, const Leg &leg)
{
    if (!goesOn(leg.state) || leg.waitFor == WaitFor::SignIn)
        return false;
    const LegState exported = job.exportLeg().state;
    return leg.kind == LegKind::Export || exported == LegState::NotNeeded
        || exported == LegState::Done || goesOn(exported);
}

} // namespace

bool canGoOn(const Job &job)
{
    return job.isChecked && std::any_of(job.legs.begin(), job.legs.end(), [&job](const Leg &leg) {
               return legGoesOn(job, leg);
           });
}

bool needsExport(const Job &job)
{
    return goesOn(job.exportLeg().state);
}

std::optional<int> legHeldForSpace(const Job &job)
{
    for (int leg = 0; leg < job.legs.size(); ++leg) {
        if (job.legs[leg].state == LegState::Waiting && job.legs[leg].waitFor == WaitFor::Space)
            return leg;
    }
    return std::nullopt;
}

QStringList nextPlaces(const Job &job)
{
    QStringList places;
    if (needsExport(job))
        return places;
    for (const Leg &leg : job.legs) {
        if (leg.kind == LegKind::Upload && legGoesOn(job, leg))
            places.append(job.recipe.destinations.value(leg.ordinal));
    }
    return places;
}

void ReadyJobs::update(const Job &job)
{
    remove(job.id);
    if (!canGoOn(job))
        return;
    const Entry entry{job.position, needsExport(job), nextPlaces(job)};
    const std::pair<qint64, QString> key(job.position, job.id);
    if (entry.needsExport)
        m_exports.insert(key);
    for (const QString &place : entry.places)
        m_uploads[place].insert(key);
    m_entries.insert(job.id, entry);
}

void ReadyJobs::remove(const QString &id)
{
    const auto found = m_entries.constFind(id);
    if (found == m_entries.constEnd())
        return;
    const std::pair<qint64, QString> key(found->position, id);
    m_exports.erase(key);
    for (const QString &place : found->places) {
        const auto jobs = m_uploads.find(place);
        if (jobs == m_uploads.end())
            continue; // named twice
        jobs->second.erase(key);
        if (jobs->second.empty())
            m_uploads.erase(jobs);
    }
    m_entries.erase(found);
}

void ReadyJobs::clear()
{
    m_entries.clear();
    m_exports.clear();
    m_uploads.clear();
}

std::optional<QString> ReadyJobs::firstUpload(const QString &place) const
{
    const auto found = m_uploads.find(place);
    return found == m_uploads.end() ? std::nullopt : firstOf(found->second);
}

QStringList ReadyJobs::places() const
{
    QStringList places;
    for (const auto &[place, jobs] : m_uploads)
        places.append(place);
    return places;
}

std::optional<QString> ReadyJobs::firstOf(const InOrder &jobs)
{
    if (jobs.empty())
        return std::nullopt;
    return jobs.begin()->second;
}

} // namespace sendoff::queue

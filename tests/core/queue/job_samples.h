// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Job samples: jobs with something in every field, for tests of records.

#include "core/queue/job.h"

#include <QJsonArray>

namespace sendoff::queue::test {

inline Recipe sampleRecipe()
{
    Recipe recipe;
    recipe.preset = QStringLiteral("web-1080p");
    recipe.presetDigest = "0123abcd";
    recipe.trim = media::Trim{1'500'000, 9'250'001};
    recipe.encodeAlways = true;
    recipe.layout = media::Layout::Fragmented;
    recipe.outputFolder = "/videos/out\xff";
    recipe.subFolder = "Holiday/Beach";
    recipe.overwrite = true;
    recipe.destinations = {QStringLiteral("shelf:"), QStringLiteral("Familie Müller “1”")};
    return recipe;
}

inline Leg sampleExportLeg()
{
    Leg leg;
    leg.kind = LegKind::Export;
    leg.state = LegState::Done;
    leg.waitFor = WaitFor::Nothing;
    leg.doneBytes = 6'000'000'000;
    leg.totalBytes = 6'000'000'000;
    leg.generation = 3;
    leg.result = {{QStringLiteral("sha256"), QStringLiteral("abc")},
                  {QStringLiteral("bytes"), qint64(6'000'000'000)}};
    return leg;
}

inline Leg sampleUploadLeg(int ordinal)
{
    const std::chrono::system_clock::time_point later(
        std::chrono::microseconds(1'900'000'000'123'456));
    Leg leg;
    leg.kind = LegKind::Upload;
    leg.ordinal = ordinal;
    leg.state = ordinal == 0 ? LegState::NeedsAttention : LegState::Paused;
    leg.waitFor = WaitFor::Destination;
    leg.error = Error(ErrorKind::DestinationBusy, QStringLiteral("PATCH: status 503"),
                      RetryAdvice::atTime(later))
                    .with(argument::destination, QStringLiteral("a “server”\n"));
    leg.doneBytes = 1'234;
    leg.generation = 3;
    leg.before = LegBefore{LegState::NeedsAttention, WaitFor::Space, leg.error};
    leg.resume = {{QStringLiteral("url"), QStringLiteral("https://host/files/s3cr3t")},
                  {QStringLiteral("parts"), QJsonArray{QJsonArray{0, 1'234}}}};
    return leg;
}

// Two destinations, nothing running, every optional field filled.
inline Job sampleJob(qint64 position = 0)
{
    Job job;
    job.id = newJobId();
    job.source = FilePath("/videos/a\nb\xff\xfe.mp4");
    job.identity.device = 0xffff'ffff'ffff'ffffULL;
    job.identity.inode = (1ULL << 53) + 1;
    job.identity.size = 7'000'000'000;
    job.identity.modifiedNs = 1'790'000'000'123'456'789;
    job.identity.edgeHash = "00112233445566778899aabbccddeeff";
    job.recipe = sampleRecipe();
    job.plan = {{QStringLiteral("preset"), QStringLiteral("web-1080p")},
                {QStringLiteral("threads"), 4}};
    job.legs = {sampleExportLeg(), sampleUploadLeg(0), sampleUploadLeg(1)};
    job.isChecked = false;
    job.cancelledMs = 1'790'000'000'000;
    job.position = position;
    job.createdUs = 1'790'000'000'123'456 + position;
    job.sameness = samenessOf(job.identity, job.recipe);
    return job;
}

inline bool isEqual(const FileIdentity &a, const FileIdentity &b)
{
    return a.toJson() == b.toJson();
}

inline bool isEqual(const Job &a, const Job &b)
{
    return a.id == b.id && a.source.string() == b.source.string() && isEqual(a.identity, b.identity)
        && a.recipe == b.recipe && a.plan == b.plan && a.legs == b.legs && a.position == b.position
        && a.isChecked == b.isChecked && a.cancelledMs == b.cancelledMs
        && a.createdUs == b.createdUs && a.sameness == b.sameness;
}

} // namespace sendoff::queue::test

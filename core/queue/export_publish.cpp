// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The end of an export leg: a whole and checked file gets its final name, exactly once, whenever
// the program ends in between.

#include "core/queue/job_runner.h"

#include "core/base/crash_point.h"
#include "core/base/run_on.h"
#include "core/base/sha256.h"
#include "core/queue/export_places.h"

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

namespace sendoff::queue {

namespace {

constexpr int namesTried = 100;

// The first names that publishing may have given.
std::vector<FilePath> namesOf(const FilePath &target)
{
    std::vector<FilePath> names{target};
    const std::string stem = target.stem().string();
    const std::string extension = target.extension().string();
    for (int number = 2; number <= namesTried; ++number)
        names.push_back(target.parent_path()
                        / (stem + " (" + std::to_string(number) + ")" + extension));
    return names;
}

// Where the file now stands that was made as `partial`: a rename keeps its inode.
FilePath findMade(const ExportPlaces &places, const FileIdentity &made)
{
    std::vector<FilePath> candidates{places.partial};
    if (!places.target.empty()) {
        const std::vector<FilePath> names = namesOf(places.target);
        candidates.insert(candidates.end(), names.begin(), names.end());
    }
    for (const FilePath &path : candidates) {
        const auto identity = identityAt(path);
        if (identity && identity->isSameFile(made) && identity->size == made.size)
            return path;
    }
    return {};
}

} // namespace

// What is renamed next, so that it is found again under whatever name it has then.
QCoro::Task<Result<void>> JobRunner::rememberMade(QString id, ExportPlaces places,
                                                  QJsonObject result, std::stop_token stop)
{
    auto looking = runOn(
        *m_services.io,
        [path = places.partial]() -> Result<FileIdentity> {
            if (const auto identity = identityAt(path))
                return *identity;
            return failure(Error(ErrorKind::OutputDamaged, QStringLiteral("gone after its check"))
                               .with(argument::file, displayName(path)));
        },
        stop);
    SO_CO_TRY(const FileIdentity identity, co_await std::move(looking));
    m_queue->editLeg(id, exportLegIndex, [&](Leg &leg) {
        leg.resume = {{QStringLiteral("partial"), toStored(places.partial)},
                      {QStringLiteral("target"), toStored(places.target)},
                      {QStringLiteral("made"), identity.toJson()},
                      {QStringLiteral("result"), result}};
    });
    crashPoint("queue-export-made");
    SO_CO_TRY_VOID(co_await m_queue->saved(id));
    crashPoint("queue-export-made-saved");
    co_return Result<void>();
}

QCoro::Task<Result<FilePath>> JobRunner::publish(QString id,
                                                 std::shared_ptr<const SourceFile> source,
                                                 ExportPlaces places, std::stop_token stop)
{
    if (!isActive(m_queue->find(id)->exportLeg().state))
        co_return failure(Error::cancelled()); // paused, cancelled or started over meanwhile
    if (places.target.empty())
        co_return places.partial;
    const auto ifExists = m_queue->find(id)->recipe.overwrite ? media::IfExists::Overwrite
                                                              : media::IfExists::AddNumber;
    auto publishing = runOn(
        *m_services.io,
        [places, ifExists, source] {
            return media::publishOutput(places.partial, places.target, ifExists, *source);
        },
        stop);
    co_return co_await std::move(publishing);
}

// The leg is Done, with what was remembered as its result.
QCoro::Task<Result<void>> JobRunner::conclude(QString id, FilePath output)
{
    if (!m_queue->apply(id, exportLegIndex, LegEvent::Completed))
        co_return failure(Error::cancelled()); // it starts over
    m_queue->editLeg(id, exportLegIndex, [&output](Leg &leg) {
        leg.result = leg.resume[u"result"].toObject();
        leg.result.insert(QStringLiteral("output"), toStored(output));
        leg.resume = {};
    });
    m_queue->apply(id, exportLegIndex, LegEvent::Verified);
    crashPoint("queue-export-done");
    SO_CO_TRY_VOID(co_await m_queue->saved(id));
    crashPoint("queue-export-done-saved");
    co_return Result<void>();
}

// An earlier run had made and checked the file when it ended: what is left is its name and the
// word. False where there is no such file.
QCoro::Task<Result<bool>> JobRunner::finishMade(QString id, JobRunPtr run, std::stop_token stop)
{
    const QJsonObject resume = m_queue->find(id)->exportLeg().resume;
    const auto made = FileIdentity::fromJson(resume[u"made"].toObject());
    if (!made)
        co_return false;
    ExportPlaces places;
    places.partial = fromStored(resume[u"partial"].toString());
    places.target = fromStored(resume[u"target"].toString());
    auto looking = runOn(
        *m_services.io,
        [places, made = *made]() -> Result<FilePath> { return findMade(places, made); }, stop);
    SO_CO_TRY(FilePath found, co_await std::move(looking));
    if (found.empty())
        co_return false;
    QJsonObject result = resume[u"result"].toObject();
    result.insert(QStringLiteral("output"), toStored(found));
    SO_CO_TRY(const bool isIntact, co_await adoptFile(id, run, result, stop));
    if (!isIntact || !m_queue->apply(id, exportLegIndex, LegEvent::Start))
        co_return false;
    if (found == places.partial && !places.target.empty()) {
        SO_CO_TRY(found, co_await publish(id, run->source, places, stop));
        const OutputFeed::State adopted = run->feed->state();
        run->feed = OutputFeed::ofFinishedFile(found, made->size, adopted.sha256,
                                               adopted.generation, adopted.hashed);
        run->deliverable = found;
    }
    SO_CO_TRY_VOID(co_await conclude(id, found));
    co_return true;
}

// Is the file of an export that was done in an earlier run still what it was?
QCoro::Task<Result<bool>> JobRunner::adoptFinishedExport(QString id, JobRunPtr run,
                                                         std::stop_token stop)
{
    const QJsonObject result = m_queue->find(id)->exportLeg().result;
    co_return co_await adoptFile(id, run, result, stop);
}

QCoro::Task<Result<bool>> JobRunner::adoptFile(QString id, JobRunPtr run, QJsonObject result,
                                               std::stop_token stop)
{
    const quint64 generation = std::max<quint64>(1, m_queue->find(id)->exportLeg().generation);
    const FilePath path = fromStored(result[u"output"].toString());
    const qint64 size = result[u"bytes"].toInteger(-1);
    const QByteArray expected = result[u"sha256"].toString().toLatin1();
    auto checking = runOn(
        *m_services.io,
        [path, size, expected, stop]() -> Result<std::optional<FileIdentity>> {
            const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
            const auto identity = identityOfOpen(file.get());
            if (!identity || identity->size != size)
                return std::nullopt;
            SO_TRY(const QByteArray hash,
                   sha256OfFile(file.get(), size, displayName(path), stop));
            return hash == expected ? identity : std::nullopt;
        },
        stop);
    SO_CO_TRY(const std::optional<FileIdentity> intact, co_await std::move(checking));
    if (intact) {
        run->feed = OutputFeed::ofFinishedFile(path, size, expected, generation, intact);
        run->deliverable = path;
    }
    co_return intact.has_value();
}

} // namespace sendoff::queue

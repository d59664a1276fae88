// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// demo: three clips, exported in parallel and uploaded concurrently to the Shelf over a simulated
// uplink; every link is fetched and compared with what was exported.

#include "app/application.h"
#include "app/cli/job_session.h"
#include "app/cli/run_verb.h"
#include "app/sample_videos.h"
#include "core/activity/trace_export.h"
#include "core/base/error_text.h"
#include "core/base/run_on.h"
#include "core/base/sha256.h"

#include <QTemporaryDir>

namespace sendoff::app {

namespace {

// Bits per second; nothing where the option is no number.
std::optional<qint64> uplinkOf(const CommandLine &line)
{
    bool ok = false;
    const double megabits = line.value(u"--uplink", QStringLiteral("20")).toDouble(&ok);
    if (!ok || megabits < 0 || megabits > 1e6)
        return std::nullopt;
    return qint64(megabits * 1e6);
}

QCoro::Task<Result<std::vector<FilePath>>> makeClips(Application *application, FilePath folder,
                                                     std::stop_token stop)
{
    std::vector<FilePath> clips;
    for (const SampleVideo &video : sampleVideos()) {
        auto making = makeSampleVideo(&application->io(), video, folder, stop);
        SO_CO_TRY(FilePath clip, co_await std::move(making));
        clips.push_back(std::move(clip));
    }
    co_return clips;
}

// A plain GET of the link; the SHA-256 of what it gives.
QCoro::Task<Result<QByteArray>> hashOfLink(Application *application, QUrl link, qint64 size,
                                           std::stop_token stop)
{
    net::HttpRequest request("GET", link);
    request.maxReplyBody = size + 1;
    request.totalTimeout = std::chrono::minutes(5);
    auto getting = application->network().fetch(std::move(request), stop);
    SO_CO_TRY(const auto reply, co_await std::move(getting));
    if (reply.status != 200)
        co_return failure(net::errorForStatus(reply, QStringLiteral("the Shelf")));
    auto hashing = runOn(
        application->io(),
        [body = reply.body]() -> Result<QByteArray> {
            Sha256 hash;
            hash.add(body.constData(), body.size());
            return hash.hex();
        },
        stop);
    co_return co_await std::move(hashing);
}

// True where every link gives exactly what was exported.
QCoro::Task<bool> compareLinks(Application *application, Reporter *reporter, QStringList jobs,
                               std::stop_token stop)
{
    bool allEqual = true;
    for (const QString &id : jobs) {
        const queue::Job *job = application->queue().find(id);
        if (!job->isDone())
            continue;
        const QJsonObject exported = job->exportLeg().result;
        const QJsonObject uploaded = job->legs.last().result;
        const QString name = displayName(job->source);
        const QUrl link(uploaded[u"url"].toString());
        auto fetching = hashOfLink(application, link, exported[u"bytes"].toInteger(), stop);
        const auto hash = co_await std::move(fetching);
        const bool isEqual =
            hash && QString::fromLatin1(*hash) == exported[u"sha256"].toString();
        const QString said = isEqual ? QStringLiteral("the link gives what was exported")
            : hash ? QStringLiteral("the link gives OTHER bytes than were exported")
                   : describe(hash.error()).sentence();
        reporter->answer({{QStringLiteral("event"), QStringLiteral("checked")},
                          {QStringLiteral("job"), id},
                          {QStringLiteral("file"), name},
                          {QStringLiteral("url"), link.toString()},
                          {QStringLiteral("sha256"), exported[u"sha256"]},
                          {QStringLiteral("equal"), isEqual}},
                         QStringLiteral("%1: %2 (SHA-256 %3…)")
                             .arg(name, said, exported[u"sha256"].toString().left(12)));
        allEqual = allEqual && isEqual;
    }
    co_return allEqual;
}

QCoro::Task<Result<int>> runDemo(CommandLine line, Application *application, FilePath folder,
                                 Reporter *reporter, std::stop_token stop)
{
    const QString shelf = QStringLiteral("shelf:");
    SO_CO_TRY_VOID(application->prepareDestination(shelf));
    SO_CO_TRY(const queue::Recipe base, recipeFrom(line, application->profile().presetFolder()));
    SO_CO_TRY(const auto clips, co_await makeClips(application, folder, stop));
    application->network().setUploadLimit(*uplinkOf(line) / 8);

    application->scheduler().start(queue::Scheduler::Scope::NamedJobs);
    JobSession session(*application, *reporter);
    for (std::size_t index = 0; index < clips.size(); ++index) {
        queue::Recipe recipe = base;
        recipe.layout = sampleVideos()[index].layout;
        recipe.destinations = QStringList{shelf};
        co_await session.add(clips[index], recipe, JobSession::Again::StartOver, stop);
    }
    co_await session.run(stop);
    Summary summary = session.summary(); // of the work, without the comparison
    application->network().setUploadLimit(0); // the way back is not what the uplink limits
    const bool allEqual = co_await compareLinks(application, reporter, session.jobIds(), stop);
    co_await application->close();
    if (line.has(u"--trace"))
        SO_CO_TRY_VOID(activity::writeChromeTrace(application->recorder().snapshot(),
                                                  line.path(u"--trace")));
    reporter->summary(summary);
    if (stop.stop_requested())
        co_return int(ExitCode::Stopped);
    co_return allEqual ? session.exitCode() : int(ExitCode::NeedsAttention);
}

} // namespace

QCoro::Task<int> runDemoVerb(CommandLine line, Reporter *reporter, std::stop_token stop)
{
    if (!uplinkOf(line)) {
        const Error error = Error(ErrorKind::BadUsage)
                                .with(argument::reason,
                                      QStringLiteral("--uplink is a number of Mbit/s, not “%1”")
                                          .arg(line.value(u"--uplink")));
        co_return reportError(reporter, error);
    }
    // Without --profile the demo leaves nothing behind.
    const QTemporaryDir scratch;
    const FilePath folder = scratch.path().toStdString();
    const FilePath profile = line.profile.empty() ? folder / "profile" : line.profile;
    auto application = co_await Application::start(profile);
    if (!application)
        co_return reportError(reporter, application.error());
    reporter->answer({{QStringLiteral("event"), QStringLiteral("demo")}},
                     QStringLiteral("Making three clips, then exporting them in parallel and "
                                    "uploading them concurrently …"));
    auto running = runDemo(line, application->get(), folder, reporter, stop);
    const auto code = co_await std::move(running);
    if (!code) {
        co_await (*application)->close();
        co_return reportError(reporter, code.error());
    }
    co_return *code;
}

} // namespace sendoff::app

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// check: a video decoded from its beginning to its end, and compared with what it was made from.

#include "app/cli/run_verb.h"
#include "core/base/run_on.h"
#include "core/base/worker_pool.h"
#include "core/media/deep_check.h"

namespace sendoff::app {

namespace {

Result<media::DeepCheck> checkFile(const CommandLine &line, std::stop_token stop)
{
    SO_TRY(auto video, SourceFile::open(line.operands.front()));
    std::shared_ptr<const SourceFile> original;
    if (line.has(u"--against")) {
        SO_TRY(original, SourceFile::open(line.path(u"--against")));
    }
    return media::deepCheck(std::move(video), std::move(original), std::move(stop));
}

QJsonObject toJson(const media::DeepCheck &check)
{
    QJsonObject json{{QStringLiteral("pictures"), check.pictures},
                     {QStringLiteral("sound_s"), double(check.soundUs) / 1e6},
                     {QStringLiteral("damaged"), check.damaged}};
    if (check.likeness) {
        json.insert(u"ssim", check.likeness->mean);
        json.insert(u"least_ssim", check.likeness->least);
        json.insert(u"least_ssim_at_s", double(check.likeness->leastAtUs) / 1e6);
        json.insert(u"compared", check.likeness->pictures);
    }
    return json;
}

QString toText(const media::DeepCheck &check)
{
    QString text = QStringLiteral("%1 pictures and %2 s of sound decoded, %3.\n")
                       .arg(check.pictures)
                       .arg(double(check.soundUs) / 1e6, 0, 'f', 2)
                       .arg(check.damaged == 0
                                ? QStringLiteral("no damage")
                                : QStringLiteral("damage found %1 times").arg(check.damaged));
    if (check.likeness)
        text += QStringLiteral("Likeness to the original (SSIM, %1 pictures): %2, least %3 at %4 s.\n")
                    .arg(check.likeness->pictures)
                    .arg(check.likeness->mean, 0, 'f', 4)
                    .arg(check.likeness->least, 0, 'f', 4)
                    .arg(double(check.likeness->leastAtUs) / 1e6, 0, 'f', 2);
    return text;
}

} // namespace

QCoro::Task<int> runCheckVerb(CommandLine line, Reporter *reporter, std::stop_token stop)
{
    WorkerPool pool(QStringLiteral("io"), 1, 0);
    auto checking = runOn(pool, [&line, stop] { return checkFile(line, stop); }, stop);
    const auto check = co_await std::move(checking);
    if (!check)
        co_return reportError(reporter, check.error());
    reporter->answer(toJson(*check), toText(*check));
    co_return int(check->damaged == 0 ? ExitCode::Done : ExitCode::NeedsAttention);
}

} // namespace sendoff::app

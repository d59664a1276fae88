// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job_record.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace sendoff::queue {

namespace {

struct AdviceName {
    RetryAdvice::When when;
    QStringView name;
};

constexpr std::array adviceNames{
    AdviceName{RetryAdvice::When::Never, u"never"},
    AdviceName{RetryAdvice::When::Backoff, u"backoff"},
    AdviceName{RetryAdvice::When::At, u"at"},
    AdviceName{RetryAdvice::When::WhenSpace, u"when-space"},
    AdviceName{RetryAdvice::When::WhenDestination, u"when-destination"},
    AdviceName{RetryAdvice::When::AfterSignIn, u"after-sign-in"},
};

QJsonObject adviceToJson(const RetryAdvice &advice)
{
    const auto found =
        std::find_if(adviceNames.begin(), adviceNames.end(),
                     [&](const AdviceName &entry) { return entry.when == advice.when; });
    Q_ASSERT(found != adviceNames.end());
    QJsonObject json{{QStringLiteral("when"), found->name.toString()}};
    if (advice.when == RetryAdvice::When::At) {
        using std::chrono::microseconds;
        const auto sinceEpoch =
            std::chrono::duration_cast<microseconds>(advice.at.time_since_epoch());
        json.insert(QStringLiteral("at_us"), qint64(sinceEpoch.count()));
    }
    return json;
}

std::optional<RetryAdvice> adviceFromJson(const QJsonObject &json)
{
    const QString name = json[u"when"].toString();
    const auto found = std::find_if(adviceNames.begin(), adviceNames.end(),
                                    [&](const AdviceName &entry) { return entry.name == name; });
    if (found == adviceNames.end())
        return std::nullopt;
    RetryAdvice advice{found->when, {}};
    if (advice.when == RetryAdvice::When::At) {
        if (!json[u"at_us"].isDouble())
            return std::nullopt;
        const std::chrono::microseconds sinceEpoch(json[u"at_us"].toInteger());
        advice.at = std::chrono::system_clock::time_point(sinceEpoch);
    }
    return advice;
}

} // namespace

QJsonObject errorToJson(const Error &error)
{
    QJsonObject arguments;
    for (auto it = error.arguments.cbegin(); it != error.arguments.cend(); ++it)
        arguments.insert(it.key(), it.value());
    return {{QStringLiteral("kind"), kindName(error.kind)},
            {QStringLiteral("arguments"), arguments},
            {QStringLiteral("detail"), error.detail},
            {QStringLiteral("retry"), adviceToJson(error.retry)}};
}

std::optional<Error> errorFromJson(const QJsonObject &json)
{
    const auto kind = kindFromName(json[u"kind"].toString());
    const auto advice = adviceFromJson(json[u"retry"].toObject());
    if (!kind || !advice)
        return std::nullopt;
    Error error(*kind, json[u"detail"].toString(), *advice);
    const QJsonObject arguments = json[u"arguments"].toObject();
    for (auto it = arguments.begin(); it != arguments.end(); ++it)
        error.arguments.insert(it.key(), it.value().toString());
    return error;
}

QJsonObject legBeforeToJson(const LegBefore &before)
{
    QJsonObject json{{QStringLiteral("state"), stateName(before.state)},
                     {QStringLiteral("wait_for"), waitName(before.waitFor)}};
    if (before.error)
        json.insert(QStringLiteral("error"), errorToJson(*before.error));
    return json;
}

std::optional<LegBefore> legBeforeFromJson(const QJsonObject &json)
{
    const auto state = stateFromName(json[u"state"].toString());
    const auto waitFor = waitFromName(json[u"wait_for"].toString());
    if (!state || !waitFor)
        return std::nullopt;
    LegBefore before{*state, *waitFor, std::nullopt};
    if (json.contains(u"error")) {
        before.error = errorFromJson(json[u"error"].toObject());
        if (!before.error)
            return std::nullopt;
    }
    return before;
}

bool hasExpectedLegs(const Job &job)
{
    if (job.legs.size() != 1 + job.recipe.destinations.size())
        return false;
    for (qsizetype index = 0; index < job.legs.size(); ++index) {
        const Leg &leg = job.legs[index];
        const LegKind expected = index == 0 ? LegKind::Export : LegKind::Upload;
        if (leg.kind != expected || leg.ordinal != (index == 0 ? 0 : index - 1))
            return false;
    }
    return true;
}

void interrupt(Job &job)
{
    const LegState exported = job.exportLeg().state;
    const bool waitsForExport = exported != LegState::NotNeeded && exported != LegState::Done;
    for (Leg &leg : job.legs) {
        const auto state = next(leg.state, LegEvent::Interrupted);
        if (!state)
            continue;
        leg.state = *state;
        leg.waitFor =
            leg.kind == LegKind::Upload && waitsForExport ? WaitFor::Export : WaitFor::Slot;
        leg.error.reset();
    }
}

} // namespace sendoff::queue

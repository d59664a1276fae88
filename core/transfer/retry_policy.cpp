// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/retry_policy.h"

#include <QRandomGenerator>

#include <algorithm>

namespace sendoff::transfer {

namespace {

constexpr double spreadOfAppointments = 0.1; // of the longest delay

double systemRandom()
{
    return QRandomGenerator::global()->generateDouble();
}

bool isUnanswered(const Error &error)
{
    return error.kind == ErrorKind::DestinationUnreachable
        || error.kind == ErrorKind::FolderUnreachable
        || error.kind == ErrorKind::DestinationBusy
        || error.kind == ErrorKind::DestinationTrouble;
}

} // namespace

RetryBudget::RetryBudget(const UploadPolicy &policy, std::function<double()> random)
    : m_attempts(policy.attemptsWithoutProgress)
    , m_attemptsUnanswered(policy.attemptsUnanswered < 0 ? policy.attemptsWithoutProgress
                                                         : policy.attemptsUnanswered)
    , m_first(policy.firstDelay)
    , m_longest(policy.longestDelay)
    , m_random(random ? std::move(random) : systemRandom)
{
}

std::chrono::milliseconds RetryBudget::backoff() const
{
    // Beyond 2^20 the longest delay rules in any case.
    const std::chrono::milliseconds grown = m_first * (qint64(1) << std::min(m_used, 20));
    const double limit = double(std::min(grown, m_longest).count());
    return std::chrono::milliseconds(qint64(limit * m_random()));
}

std::optional<std::chrono::milliseconds>
RetryBudget::nextDelay(const Error &error, std::chrono::system_clock::time_point now)
{
    using std::chrono::milliseconds;
    if (m_used >= (isUnanswered(error) ? m_attemptsUnanswered : m_attempts))
        return std::nullopt;
    std::optional<milliseconds> delay;
    switch (error.retry.when) {
    case RetryAdvice::When::Backoff:
    case RetryAdvice::When::WhenDestination:
        delay = backoff();
        break;
    case RetryAdvice::When::At: {
        const auto left = std::chrono::ceil<milliseconds>(error.retry.at - now);
        const double spread = double(m_longest.count()) * spreadOfAppointments * m_random();
        delay = left.count() > 0 ? left + milliseconds(qint64(spread)) : backoff();
        break;
    }
    case RetryAdvice::When::Never:
    case RetryAdvice::When::WhenSpace:
    case RetryAdvice::When::AfterSignIn:
        return std::nullopt;
    }
    ++m_used;
    return delay;
}

} // namespace sendoff::transfer

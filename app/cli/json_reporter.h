// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// JsonReporter: one JSON object per line.

#include "app/cli/reporter.h"

namespace sendoff::app {

class JsonReporter : public Reporter {
public:
    explicit JsonReporter(Output *output) : m_output(output) {}

    void state(const LegRef &leg, const queue::Leg &value) override;
    void progress(const LegRef &leg, const queue::LegProgress &progress,
                  std::optional<double> secondsLeft) override;
    void warning(const LegRef &leg, const QString &kind, const QString &text) override;
    void retrying(const LegRef &leg, const Error &error, qint64 delayMs) override;
    void error(const std::optional<LegRef> &leg, const QString &file, const Error &error) override;
    void done(const LegRef &leg, const QJsonObject &result, bool wasDoneBefore) override;
    void summary(const Summary &summary) override;
    void answer(const QJsonObject &json, const QString &text) override;

private:
    void print(const QJsonObject &event);

    Output *m_output;
};

} // namespace sendoff::app

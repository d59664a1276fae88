// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TextReporter: sentences, and on a terminal one progress line per job that is redrawn in place.

#include "app/cli/reporter.h"

#include <QMap>
#include <QStringList>

namespace sendoff::app {

class TextReporter : public Reporter {
public:
    explicit TextReporter(Output *output);

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
    // The line of one job: its name and a phrase per leg.
    struct Row {
        QString name;
        QMap<int, QString> phrases; // by leg
        QMap<int, int> printedTenths; // where there is no terminal
        QMap<int, qint64> lastBytes;
        QMap<int, qint64> lastNs;
        QMap<int, double> rate; // bytes per second, smoothed
    };

    Row &rowOf(const LegRef &leg);
    void setPhrase(const LegRef &leg, const QString &phrase);
    QString rateText(Row &row, const LegRef &leg, qint64 bytes);
    void say(const QString &line); // above the progress lines
    void draw();
    void eraseRows();
    void write(const QString &text); // shown by flush()
    void flush();

    Output *m_output;
    bool m_isTerminal;
    QByteArray m_unwritten;
    QMap<QString, Row> m_rows; // by job
    QStringList m_order;
    int m_drawn = 0; // lines on the screen
    qint64 m_drawnNs = 0;
};

} // namespace sendoff::app

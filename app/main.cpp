// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Sendoff: the window, or a verb of the command line.

#include "app/cli/run_verb.h"
#include "app/stop_signals.h"
#include "app/translations.h"
#include "app/window_session.h"
#include "core/activity/loop_event.h"
#include "core/base/error_text.h"
#include "core/transfer/net/net.h"

#include <QCoreApplication>
#include <QCoroTask>
#include <QLocale>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#ifdef __GLIBC__
#include <sys/resource.h>
#endif

namespace {

using namespace sendoff;
using namespace sendoff::app;

void prepareProcess()
{
#ifdef __GLIBC__
    // One connection and one file each for many uploads: the soft limit of 1024 is too few.
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
    // SVT-AV1 writes past libav's log: only errors, unless something else is asked for.
    ::setenv("SVT_LOG", "1", 0);
    // A core file would hold tokens.
    const rlimit noCore{0, 0};
    ::setrlimit(RLIMIT_CORE, &noCore);
#endif
    net::Net::initialize();
}

void print(std::FILE *stream, const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    std::fwrite(bytes.constData(), 1, std::size_t(bytes.size()), stream);
}

bool wantsWindow(const Result<CommandLine> &line)
{
    return line && !line->verb && !line->wantsHelp && !line->wantsVersion;
}

int runCommandLine(const std::vector<std::string> &arguments, const Result<CommandLine> &line)
{
    StandardOutput output;
    if (!line) {
        // --json must be honoured even where the rest is not understood.
        const bool isJson = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
        return reportError(makeReporter(isJson, &output).get(), line.error());
    }
    if (line->wantsVersion) {
        print(stdout, QStringLiteral("sendoff " SENDOFF_VERSION "\n"));
        return int(ExitCode::Done);
    }
    if (line->wantsHelp) {
        print(stdout, line->verb ? helpText(*line->verb) : helpText());
        return int(ExitCode::Done);
    }
    if (!line->verb) {
        print(stderr, QStringLiteral("There is no display for the window here; “sendoff demo” shows "
                                     "Sendoff at work in the terminal.\n\n"));
        print(stderr, helpText());
        return int(ExitCode::BadUsage);
    }
    const auto reporter = makeReporter(line->isJson, &output);
    std::stop_source stop;
    const StopSignals signalHandler([&stop] { stop.request_stop(); });
    return QCoro::waitFor(runVerb(*line, &output, reporter.get(), stop.get_token()));
}

} // namespace

int main(int argc, char **argv)
{
    prepareProcess();
    QCoreApplication::setApplicationName(QStringLiteral("sendoff"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SENDOFF_VERSION));
    try {
        // Not QCoreApplication::arguments(): file names are bytes.
        const std::vector<std::string> arguments(argv + 1, argv + argc);
        const auto line = parseCommandLine(arguments);
        if (wantsWindow(line) && hasDisplay())
            return runWindow(argc, argv, *line);
        activity::ObservedApplication<QCoreApplication> application(argc, argv);
        installTranslations(&application, QLocale());
        return runCommandLine(arguments, line);
    } catch (const std::exception &exception) {
        std::fprintf(stderr, "sendoff: unexpected: %s\n", exception.what());
        return int(ExitCode::NeedsAttention);
    }
}

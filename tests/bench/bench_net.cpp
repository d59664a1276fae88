// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Net against `curl -T`: one PUT of 1 GiB from a file to a sink that throws it away, in turns.
// Prints the medians and their ratios. Usage: bench_net [rounds]
#include "core/transfer/net/net.h"
#include "tests/support/discard_sink.h"

#include <QCoreApplication>
#include <QCoroTask>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryFile>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>

using namespace sendoff;
using namespace sendoff::net;
using namespace sendoff::test;

namespace {

constexpr qint64 benchSize = 1LL << 30;

struct Measurement {
    double wallSeconds = 0;
    double cpuSeconds = 0; // of the client
};

double cpuOf(const timeval &time)
{
    return double(time.tv_sec) + double(time.tv_usec) * 1e-6;
}

double childrenCpu()
{
    rusage usage{};
    ::getrusage(RUSAGE_CHILDREN, &usage);
    return cpuOf(usage.ru_utime) + cpuOf(usage.ru_stime);
}

double threadCpu()
{
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    return cpuOf(usage.ru_utime) + cpuOf(usage.ru_stime);
}

// A file of 1 GiB that lies in the page cache.
void fill(QTemporaryFile &file)
{
    const QByteArray piece(4 << 20, 'v');
    if (!file.open())
        qFatal("no temporary file");
    for (qint64 written = 0; written < benchSize; written += piece.size()) {
        if (file.write(piece) != piece.size())
            qFatal("cannot write: %s", qPrintable(file.errorString()));
    }
    file.flush();
}

Measurement measureNet(Net &net, const QUrl &url, int descriptor)
{
    HttpRequest request("PUT", url);
    request.body = RequestBody(nullptr, descriptor, 0, benchSize);
    request.uploadBuffer = 512 << 10;
    request.totalTimeout = std::chrono::milliseconds(0);
    const double cpuBefore = threadCpu();
    QElapsedTimer timer;
    timer.start();
    auto task = net.send(std::move(request), {});
    const auto reply = QCoro::waitFor(std::move(task));
    Measurement result;
    result.wallSeconds = double(timer.nsecsElapsed()) * 1e-9;
    result.cpuSeconds = threadCpu() - cpuBefore;
    if (!reply || reply->status != 200 || reply->bodyBytesSent != benchSize)
        qFatal("the upload did not succeed");
    return result;
}

Measurement measureCurl(const QUrl &url, const QString &file)
{
    const double cpuBefore = childrenCpu();
    QElapsedTimer timer;
    timer.start();
    const int code =
        QProcess::execute(QStringLiteral("curl"),
                          {QStringLiteral("-s"), QStringLiteral("--noproxy"), QStringLiteral("*"),
                           QStringLiteral("-H"), QStringLiteral("Expect:"), QStringLiteral("-T"),
                           file, url.toString()});
    if (code != 0)
        qFatal("curl ended with %d", code);
    Measurement result;
    result.wallSeconds = double(timer.nsecsElapsed()) * 1e-9;
    result.cpuSeconds = childrenCpu() - cpuBefore;
    return result;
}

template <typename Member> double median(std::vector<Measurement> all, Member member)
{
    std::sort(all.begin(), all.end(), [member](const Measurement &a, const Measurement &b) {
        return a.*member < b.*member;
    });
    return all[all.size() / 2].*member;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const int rounds = argc > 1 ? std::max(1, atoi(argv[1])) : 7;
    QTemporaryFile file;
    fill(file);
    const DiscardSink sink;
    Net net;
    std::vector<Measurement> ours;
    std::vector<Measurement> theirs;
    for (int round = 0; round < rounds; ++round) {
        ours.push_back(measureNet(net, sink.url(), file.handle()));
        theirs.push_back(measureCurl(sink.url(), file.fileName()));
        std::printf("round %d: Net %.3f s, %.3f s CPU; curl -T %.3f s, %.3f s CPU\n", round + 1,
                    ours.back().wallSeconds, ours.back().cpuSeconds, theirs.back().wallSeconds,
                    theirs.back().cpuSeconds);
    }
    const double ourWall = median(ours, &Measurement::wallSeconds);
    const double theirWall = median(theirs, &Measurement::wallSeconds);
    const double ourCpu = median(ours, &Measurement::cpuSeconds);
    const double theirCpu = median(theirs, &Measurement::cpuSeconds);
    std::printf("median: Net %.0f MiB/s, %.3f CPU s/GiB; curl -T %.0f MiB/s, %.3f CPU s/GiB\n",
                1024 / ourWall, ourCpu, 1024 / theirWall, theirCpu);
    std::printf("speed %.2f x curl -T, processor time %.2f x\n", theirWall / ourWall,
                ourCpu / theirCpu);
    return 0;
}

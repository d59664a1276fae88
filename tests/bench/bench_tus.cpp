// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Uploads a file to the reference tus server in turn with our uploader and with tus-js-client (one
// PATCH each), on loopback, and compares wall time and the client's CPU time. Rounds are
// interleaved, so that whatever else the machine does meets all of them; medians are compared.
//
//   bench_tus [MiB = 1024] [rounds = 5]
//
// Prints CSV, then the ratios. Exit code 1 where wall > 1.05 or CPU > 0.5 of tus-js-client's.
#include "core/base/error_text.h"
#include "core/base/worker_pool.h"
#include "core/transfer/net/net.h"
#include "core/transfer/uploader.h"
#include "tests/support/tus_server_process.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTextStream>

#include <algorithm>
#include <random>
#include <sys/resource.h>

using namespace sendoff;
using namespace sendoff::test;

namespace {

struct Sample {
    double wallSeconds = 0;
    double cpuSeconds = 0;
};

double cpuOfThisProcess()
{
    struct rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) {
        return double(time.tv_sec) + double(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double median(QList<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void writeNoise(const QString &path, qint64 mebibytes)
{
    QFile file(path);
    std::mt19937_64 random(1);
    QByteArray block(1 << 20, Qt::Uninitialized);
    if (!file.open(QIODevice::WriteOnly))
        qFatal("cannot write %s", qPrintable(path));
    for (qint64 i = 0; i < mebibytes; ++i) {
        for (qsizetype at = 0; at < block.size(); at += 8) {
            const quint64 word = random();
            memcpy(block.data() + at, &word, sizeof word);
        }
        if (file.write(block) != block.size())
            qFatal("cannot write %s", qPrintable(path));
    }
}

class Comparison {
public:
    Comparison(QString file, QUrl server)
        : m_file(std::move(file))
        , m_server(std::move(server))
        , m_io(QStringLiteral("io"), 4, 0)
    {
        m_context.net = &m_net;
        m_context.io = &m_io;
    }

    enum class Hash { With, Without };
    Sample own(Hash hash)
    {
        transfer::DestinationConfig config;
        config.name = QStringLiteral("server");
        config.type = QStringLiteral("tus");
        config.options.insert(QStringLiteral("url"), m_server.toString());
        auto destination = transfer::createDestination(config, m_context);
        const auto source = SourceFile::open(m_file.toStdString());
        if (!destination || !source)
            qFatal("cannot begin");
        transfer::UploadRequest request;
        request.target.fileName = QStringLiteral("clip.mp4");
        request.target.mediaType = "video/mp4";
        request.target.source = std::make_shared<transfer::ByteSource>(*source);
        request.progress = std::make_shared<transfer::UploadProgress>();
        request.hashSource = hash == Hash::With;
        request.io = &m_io;
        const double cpuBefore = cpuOfThisProcess();
        QElapsedTimer watch;
        watch.start();
        const auto result = QCoro::waitFor(
            transfer::upload(destination->get(), std::move(request), transfer::UploadPolicy{}, {}));
        const Sample sample{double(watch.nsecsElapsed()) / 1e9, cpuOfThisProcess() - cpuBefore};
        if (!result)
            qFatal("%s", qPrintable(describe(result.error()).sentence()));
        return sample;
    }

    Sample tusJs() const
    {
        QString why;
        QProcess client;
        client.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        client.start(
            nodeProgram(),
            {serversFolder(&why) + QStringLiteral("/tus-upload.mjs"), m_file, m_server.toString()});
        client.waitForFinished(-1);
        const QJsonObject said = QJsonDocument::fromJson(client.readAllStandardOutput()).object();
        if (!said.contains(u"wall_s"))
            qFatal("tus-js-client did not finish %s", qPrintable(why));
        return {said[u"wall_s"].toDouble(), said[u"cpu_s"].toDouble()};
    }

private:
    QString m_file;
    QUrl m_server;
    WorkerPool m_io;
    net::Net m_net;
    transfer::DestinationContext m_context;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    const qint64 mebibytes = arguments.value(1, QStringLiteral("1024")).toLongLong();
    const int rounds = arguments.value(2, QStringLiteral("5")).toInt();
    QTextStream out(stdout);
    QTemporaryDir folder;
    const QString data = folder.filePath(QStringLiteral("data"));
    const QString file = folder.filePath(QStringLiteral("clip.mp4"));
    writeNoise(file, mebibytes);
    QDir().mkpath(data);
    TusServerProcess server(data);
    if (!server.start())
        qFatal("%s", qPrintable(server.why()));
    Comparison comparison(file, server.url());

    const QStringList names{QStringLiteral("sendoff"), QStringLiteral("sendoff+sha256"),
                            QStringLiteral("tus-js-client")};
    QList<QList<double>> wall(3);
    QList<QList<double>> cpu(3);
    out << "round,client,wall_s,cpu_s,mib_per_s\n";
    for (int round = 0; round < rounds; ++round) {
        for (int turn = 0; turn < 3; ++turn) {
            const int client = (turn + round) % 3; // nobody is always first
            const Sample sample = client == 2 ? comparison.tusJs()
                : client == 1                 ? comparison.own(Comparison::Hash::With)
                                              : comparison.own(Comparison::Hash::Without);
            wall[client].append(sample.wallSeconds);
            cpu[client].append(sample.cpuSeconds);
            out << round << ',' << names[client] << ',' << sample.wallSeconds << ','
                << sample.cpuSeconds << ',' << double(mebibytes) / sample.wallSeconds << Qt::endl;
            for (const QFileInfo &stored : QDir(data).entryInfoList(QDir::Files))
                QFile::remove(stored.filePath());
        }
    }
    const double wallRatio = median(wall[0]) / median(wall[2]);
    const double cpuRatio = median(cpu[0]) / median(cpu[2]);
    out << "wall_ratio," << wallRatio << "\ncpu_ratio," << cpuRatio << "\nwall_ratio_sha256,"
        << median(wall[1]) / median(wall[2]) << "\ncpu_ratio_sha256,"
        << median(cpu[1]) / median(cpu[2]) << Qt::endl;
    return wallRatio <= 1.05 && cpuRatio <= 0.5 ? 0 : 1;
}

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Uploads against those of other programs, each in a process of its own, in turns on the same work:
//
//   sink      one file to a server that keeps nothing, and curl -T; with and without hashing
//   tus       one file to @tus/server, and tus-js-client in one request and in parts of 8 MiB
//   s3        one file to OpenStack Swift, and rclone with 8 MiB × 4
//   small     200 files of 64 KiB to @tus/server, and tus-js-client one after the other
//   line      100 ms there and back, and cut at random moments: of what the line carries
//
//   bench_upload [WHAT...] [--mib N] [--rounds N]      prints CSV: figure,value,bound; exit code 1
//                                                      where a figure is outside its bound
//   bench_upload --send TYPE HASH AT_ONCE KEY=VALUE... -- FILE...     what is measured of ours
#include "core/base/error_text.h"
#include "core/base/task_scope.h"
#include "core/base/worker_pool.h"
#include "core/transfer/net/net.h"
#include "core/transfer/server_memory.h"
#include "core/transfer/uploader.h"
#include "tests/bench/bench_process.h"
#include "tests/support/swift_server_process.h"
#include "tests/support/tus_server_process.h"

#include <QCoreApplication>
#include <QCoroTask>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>

#include <random>

using namespace sendoff;
using namespace sendoff::bench;
using namespace sendoff::test;

namespace {

int failures = 0;

// Bounds are of the smaller or the larger kind.
void tell(const QString &figure, double value, const char *bound, bool isWithin)
{
    failures += isWithin ? 0 : 1;
    std::printf("%s,%.3f,%s%s\n", qPrintable(figure), value, bound, isWithin ? "" : " (outside)");
    std::fflush(stdout);
}

void writeNoise(const QString &path, qint64 bytes)
{
    QFile file(path);
    std::mt19937_64 random{quint64(bytes)};
    QByteArray block(64 << 10, Qt::Uninitialized);
    if (!file.open(QIODevice::WriteOnly))
        qFatal("cannot write %s", qPrintable(path));
    for (qint64 at = 0; at < bytes; at += block.size()) {
        for (qsizetype word = 0; word < block.size(); word += 8) {
            const quint64 value = random();
            memcpy(block.data() + word, &value, sizeof value);
        }
        block.truncate(std::min<qint64>(block.size(), bytes - at));
        file.write(block);
    }
}

// What is measured of ours: uploads files, some at once, and ends.
struct Sending {
    transfer::DestinationConfig config;
    bool hashes = true;
    int atOnce = 1;
    QStringList files;
};

QCoro::Task<void> sendEach(Sending *work, transfer::DestinationContext context,
                           std::stop_token stop)
{
    while (!work->files.isEmpty()) {
        const QString file = work->files.takeFirst();
        auto destination = valueOf(transfer::createDestination(work->config, context));
        transfer::UploadRequest request;
        request.target.fileName = QFileInfo(file).fileName();
        request.target.mediaType = "video/mp4";
        request.target.source = std::make_shared<transfer::ByteSource>(
            valueOf(SourceFile::open(QFile::encodeName(file).toStdString())));
        request.progress = std::make_shared<transfer::UploadProgress>();
        request.hashSource = work->hashes;
        request.io = context.io;
        request.memory = context.memory;
        transfer::UploadPolicy policy;
        policy.attemptsWithoutProgress = 50;
        auto sending = transfer::upload(destination.get(), std::move(request), policy, stop);
        const auto result = co_await std::move(sending);
        if (!result)
            giveUp(result.error());
    }
}

QCoro::Task<void> sendAll(Sending *work, transfer::DestinationContext context)
{
    TaskScope tasks;
    for (int i = 0; i < work->atOnce; ++i)
        tasks.spawn([work, context](std::stop_token stop) { return sendEach(work, context, stop); },
                    {}, 0);
    co_await tasks.join();
}

int runSend(const QStringList &arguments)
{
    Sending work;
    work.config.name = QStringLiteral("server");
    work.config.type = arguments.value(0);
    work.hashes = arguments.value(1) == u"1";
    work.atOnce = arguments.value(2).toInt();
    const qsizetype end = arguments.indexOf(QStringLiteral("--"));
    for (const QString &option : arguments.mid(3, end - 3)) {
        const QString key = option.section(u'=', 0, 0);
        const bool isSecret = key == u"access_key" || key == u"secret_key";
        if (isSecret)
            work.config.secrets.insert(key, option.section(u'=', 1).toUtf8());
        else
            work.config.options.insert(key, option.section(u'=', 1));
    }
    work.files = arguments.mid(end + 1);
    WorkerPool io(QStringLiteral("io"), 4, 0);
    net::Net net;
    transfer::DestinationContext context;
    context.net = &net;
    context.io = &io;
    context.memory = std::make_shared<transfer::ServerMemory>(); // as the program has it
    auto sending = sendAll(&work, context);
    QCoro::waitFor(std::move(sending));
    return 0;
}

// A script of Node that says its address or port first.
class NodeScript {
public:
    NodeScript(const QString &script, const QStringList &arguments)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(nodeProgram(), QStringList{script} + arguments);
        while (!m_process.canReadLine() && m_process.waitForReadyRead(20'000)) { }
        m_said = QString::fromUtf8(m_process.readLine()).trimmed();
    }
    ~NodeScript()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    QString said() const { return m_said; }
    int linesMore()
    {
        m_process.waitForReadyRead(10);
        return int(m_process.readAll().count('\n'));
    }

private:
    QProcess m_process;
    QString m_said;
};

class Bench {
public:
    Bench(QString program, qint64 bytes, int rounds)
        : m_program(std::move(program)), m_rounds(rounds), m_bytes(bytes)
    {
        m_file = m_folder.filePath(QStringLiteral("clip.mp4"));
        writeNoise(m_file, bytes);
        QString why;
        m_servers = serversFolder(&why);
        if (m_servers.isEmpty())
            qFatal("%s", qPrintable(why));
    }

    void sink();
    void tus();
    void s3();
    void small();
    void line();

private:
    QString quoted(const QString &word) const { return u'\'' + word + u'\''; }
    std::function<void()> shell(const QString &command) const
    {
        return [bytes = command.toUtf8()] { runShell(bytes); };
    }
    QString ours(const QString &rest) const { return quoted(m_program) + u" --send "_qs + rest; }
    QString tusJs(const QString &url) const
    {
        return quoted(nodeProgram()) + u' ' + quoted(m_servers + u"/tus-upload.mjs"_qs) + u' '
            + quoted(m_file) + u' ' + url + u" >/dev/null"_qs;
    }
    QString benchFile(const QString &name) const { return m_servers + u"/../bench/"_qs + name; }

    QTemporaryDir m_folder;
    QString m_program;
    QString m_file;
    QString m_servers;
    int m_rounds;
    qint64 m_bytes;
};

void Bench::sink()
{
    NodeScript sink(benchFile(QStringLiteral("discard-tus.mjs")), {});
    const QString curl =
        QStringLiteral("at=$(curl -s --noproxy '*' -D - -o /dev/null -X POST -H 'Tus-Resumable: 1.0.0' "
                       "-H 'Upload-Length: %1' %2 | tr -d '\\r' | sed -n 's/^[Ll]ocation: //p'); "
                       "curl -s --noproxy '*' -o /dev/null -X PATCH -H Expect: -H 'Tus-Resumable: "
                       "1.0.0' -H 'Upload-Offset: 0' -H 'Content-Type: "
                       "application/offset+octet-stream' -T %3 %4$at")
            .arg(m_bytes)
            .arg(sink.said(), quoted(m_file), sink.said().section(QStringLiteral("/files"), 0, 0));
    const QString to = QStringLiteral(" 1 url=%1 -- %2").arg(sink.said(), quoted(m_file));
    const Medians plain =
        compare("sink", m_rounds, shell(ours(u"tus 0"_qs + to)), shell(curl));
    tell(u"sink: speed before curl -T, without hashing"_qs, 1 / plain.wallRatio, ">= 1.0",
         plain.wallRatio <= 1.0);
    const Medians hashed =
        compare("sink+sha256", m_rounds, shell(ours(u"tus 1"_qs + to)), shell(curl));
    tell(u"sink: speed before curl -T, with SHA-256"_qs, 1 / hashed.wallRatio, ">= 0.8",
         hashed.wallRatio <= 1.25);
    // The same work: a hash cannot be faster than one core makes it.
    const QString hashing =
        QStringLiteral("openssl dgst -sha256 %1 >/dev/null & %2; wait").arg(quoted(m_file), curl);
    const Medians both =
        compare("sink+sha256, both", m_rounds, shell(ours(u"tus 1"_qs + to)), shell(hashing));
    tell(u"sink: speed before curl -T with openssl dgst beside it"_qs, 1 / both.wallRatio, ">= 1.0",
         both.wallRatio <= 1.0);
}

void Bench::tus()
{
    const QString data = m_folder.filePath(QStringLiteral("tus"));
    QDir().mkpath(data);
    TusServerProcess server(data);
    if (!server.start())
        qFatal("%s", qPrintable(server.why()));
    const QString url = server.url().toString();
    const QString clean = QStringLiteral(" && rm -f %1/*").arg(quoted(data));
    const QString own =
        ours(QStringLiteral("tus 0 1 url=%1 -- %2").arg(url, quoted(m_file))) + clean;
    const Medians whole = compare("tus", m_rounds, shell(own), shell(tusJs(url) + clean));
    tell(u"@tus/server: wall, of tus-js-client in one request"_qs, whole.wallRatio, "<= 1.05",
         whole.wallRatio <= 1.05);
    tell(u"@tus/server: CPU, of tus-js-client in one request"_qs, whole.cpuRatio, "",  true);
    const Medians parts = compare("tus 8 MiB", m_rounds, shell(own),
                                  shell(u"CHUNK_SIZE=8388608 "_qs + tusJs(url) + clean));
    tell(u"@tus/server: wall, of tus-js-client in parts of 8 MiB"_qs, parts.wallRatio, "<= 0.8",
         parts.wallRatio <= 0.8);
}

void Bench::s3()
{
    SwiftServerProcess server;
    if (!server.start())
        qFatal("%s", qPrintable(server.why()));
    server.makeBucket(QStringLiteral("bench"));
    const QString endpoint = server.endpoint().toString();
    const QString own = ours(QStringLiteral("s3 0 1 bucket=bench endpoint=%1 path_style=1 access_key=%2 "
                                            "secret_key=%3 -- %4")
                                 .arg(endpoint, QLatin1StringView(SwiftServerProcess::accessKey),
                                      QLatin1StringView(SwiftServerProcess::secretKey),
                                      quoted(m_file)));
    const QString rclone =
        QStringLiteral("env -u AWS_CA_BUNDLE RCLONE_CONFIG=/dev/null AWS_ACCESS_KEY_ID=%1 "
                       "AWS_SECRET_ACCESS_KEY=%2 rclone -q "
                       "copyto --s3-provider Other --s3-env-auth --s3-endpoint %3 --s3-region %4 "
                       "--s3-force-path-style --s3-chunk-size 8M --s3-upload-concurrency 4 "
                       "--s3-upload-cutoff 8M --s3-no-check-bucket --ignore-times %5 "
                       ":s3:bench/rclone.mp4")
            .arg(QLatin1StringView(SwiftServerProcess::accessKey),
                 QLatin1StringView(SwiftServerProcess::secretKey), endpoint,
                 QLatin1StringView(SwiftServerProcess::region), quoted(m_file));
    const Medians medians = compare("s3", m_rounds, shell(own), shell(rclone));
    tell(u"Swift: speed before rclone 8 MiB x 4"_qs, 1 / medians.wallRatio, ">= 1.0",
         medians.wallRatio <= 1.0);
    tell(u"Swift: CPU, of rclone's"_qs, medians.cpuRatio, "<= 0.5", medians.cpuRatio <= 0.5);
}

void Bench::small()
{
    constexpr int count = 200;
    const QString files = m_folder.filePath(QStringLiteral("small"));
    const QString data = m_folder.filePath(QStringLiteral("small-data"));
    QDir().mkpath(files);
    QDir().mkpath(data);
    for (int i = 0; i < count; ++i)
        writeNoise(QStringLiteral("%1/%2.mp4").arg(files).arg(i), 64 << 10);
    TusServerProcess server(data);
    if (!server.start())
        qFatal("%s", qPrintable(server.why()));
    const QString url = server.url().toString();
    const QString clean = QStringLiteral(" && rm -f %1/*").arg(quoted(data));
    const QString own = ours(QStringLiteral("tus 1 8 url=%1 with_creation=1 -- %2/*").arg(url, files));
    const QString js = QStringLiteral("%1 %2 %3/* %4 >/dev/null")
                           .arg(quoted(nodeProgram()), quoted(m_servers + u"/tus-upload.mjs"_qs), files,
                                url);
    const Medians medians = compare("small", m_rounds, shell(own + clean), shell(js + clean));
    tell(u"200 files of 64 KiB: speed before tus-js-client, one by one"_qs, 1 / medians.wallRatio,
         ">= 3", medians.wallRatio <= 1.0 / 3);
}

// Of the rate that the line has, over all of the time, the waits after cuts included.
void Bench::line()
{
    constexpr qint64 rate = 4'000'000;
    constexpr qint64 bytes = 45 * rate;
    const QString data = m_folder.filePath(QStringLiteral("line"));
    const QString file = m_folder.filePath(QStringLiteral("line.mp4"));
    QDir().mkpath(data);
    writeNoise(file, bytes);
    TusServerProcess server(data);
    if (!server.start())
        qFatal("%s", qPrintable(server.why()));
    for (const int every : {0, 20}) {
        NodeScript proxy(benchFile(QStringLiteral("flaky-proxy.mjs")),
                         {QString::number(server.url().port()), QString::number(rate),
                          QStringLiteral("50"), QString::number(every), QStringLiteral("7")});
        QUrl url = server.url();
        url.setPort(proxy.said().toInt());
        const Cost cost = measure(shell(
            ours(QStringLiteral("tus 1 1 url=%1 -- %2").arg(url.toString(), quoted(file)))));
        const double share = double(bytes) / cost.wall / double(rate);
        const QString what = every == 0
            ? QStringLiteral("100 ms, no cut: of the line")
            : QStringLiteral("100 ms, cut at random (%1 times): of the line").arg(proxy.linesMore());
        tell(what, share, ">= 0.9", share >= 0.9);
    }
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    QStringList arguments = QCoreApplication::arguments().mid(1);
    if (arguments.value(0) == u"--send")
        return runSend(arguments.mid(1));
    const auto number = [&arguments](const QString &option, int otherwise) {
        const qsizetype at = arguments.indexOf(option);
        if (at < 0)
            return otherwise;
        const int value = arguments.value(at + 1).toInt();
        arguments.remove(at, 2);
        return value;
    };
    const qint64 mebibytes = number(QStringLiteral("--mib"), 1024);
    const int rounds = number(QStringLiteral("--rounds"), 5);
    Bench bench(QCoreApplication::applicationFilePath(), mebibytes << 20, rounds);
    std::printf("work,round,their wall s,their CPU s,their MiB,our wall s,our CPU s,our MiB\n");
    const auto wants = [&arguments](const QString &what) {
        return arguments.isEmpty() || arguments.contains(what);
    };
    if (wants(QStringLiteral("sink")))
        bench.sink();
    if (wants(QStringLiteral("tus")))
        bench.tus();
    if (wants(QStringLiteral("s3")))
        bench.s3();
    if (wants(QStringLiteral("small")))
        bench.small();
    if (wants(QStringLiteral("line")))
        bench.line();
    return failures == 0 ? 0 : 1;
}

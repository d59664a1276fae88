// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/media_tools.h"

#include <QJsonDocument>
#include <QProcess>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace sendoff::test {

namespace {

const QStringList quietly{QStringLiteral("-v"), QStringLiteral("error"),
                          QStringLiteral("-nostdin")};

QString inputUrl(const FilePath &file)
{
    return QStringLiteral("file:") + fromPath(file); // whatever is in the name
}

QStringList ffmpegArguments(const FilePath &file, const QStringList &rest)
{
    return quietly + QStringList{QStringLiteral("-i"), inputUrl(file)} + rest;
}

} // namespace

ToolOutput runTool(const QString &program, const QStringList &arguments, int timeoutMs)
{
    QProcess process;
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(program, arguments);
    ToolOutput output;
    const bool hasEnded = process.waitForStarted() && process.waitForFinished(timeoutMs);
    if (!hasEnded) {
        process.kill();
        process.waitForFinished();
    }
    output.out = process.readAllStandardOutput();
    output.err = process.readAllStandardError();
    if (hasEnded && process.exitStatus() == QProcess::NormalExit)
        output.exitCode = process.exitCode();
    return output;
}

bool ffmpeg(const QStringList &arguments)
{
    const ToolOutput output =
        runTool(QStringLiteral("ffmpeg"), quietly + QStringList{QStringLiteral("-y")} + arguments);
    if (output.exitCode != 0)
        qWarning("ffmpeg: %s", output.err.constData());
    return output.exitCode == 0;
}

Probed::Probed(const FilePath &file)
{
    const ToolOutput output =
        runTool(QStringLiteral("ffprobe"),
                {QStringLiteral("-v"), QStringLiteral("error"), QStringLiteral("-show_format"),
                 QStringLiteral("-show_streams"), QStringLiteral("-of"), QStringLiteral("json"),
                 inputUrl(file)});
    if (output.exitCode == 0)
        m_root = QJsonDocument::fromJson(output.out).object();
}

QJsonObject Probed::first(const QString &type) const
{
    for (const QJsonValue &stream : streams()) {
        if (stream[u"codec_type"].toString() == type)
            return stream.toObject();
    }
    return {};
}

QList<double> frameTimes(const FilePath &file, const QString &stream)
{
    const ToolOutput output = runTool(
        QStringLiteral("ffprobe"),
        {QStringLiteral("-v"), QStringLiteral("error"), QStringLiteral("-select_streams"), stream,
         QStringLiteral("-show_entries"), QStringLiteral("frame=best_effort_timestamp_time"),
         QStringLiteral("-of"), QStringLiteral("csv=p=0"), inputUrl(file)});
    QList<double> times;
    for (const QByteArray &line : output.out.split('\n')) {
        const QByteArray first = line.split(',').first().trimmed();
        if (!first.isEmpty())
            times.append(first.toDouble());
    }
    return times;
}

QStringList packetHashes(const FilePath &file, const QString &stream)
{
    const ToolOutput output = runTool(
        QStringLiteral("ffmpeg"),
        ffmpegArguments(file,
                        {QStringLiteral("-map"), QStringLiteral("0:") + stream,
                         QStringLiteral("-c"), QStringLiteral("copy"), QStringLiteral("-copyinkf"),
                         QStringLiteral("-f"), QStringLiteral("framemd5"), QStringLiteral("-")}));
    QStringList hashes;
    for (const QByteArray &line : output.out.split('\n')) {
        if (!line.isEmpty() && !line.startsWith('#'))
            hashes.append(QString::fromLatin1(line.split(',').value(5).trimmed()));
    }
    return hashes;
}

QList<qint64> packetDts(const FilePath &file, const QString &stream)
{
    const ToolOutput output =
        runTool(QStringLiteral("ffprobe"),
                {QStringLiteral("-v"), QStringLiteral("error"), QStringLiteral("-select_streams"),
                 stream, QStringLiteral("-show_entries"), QStringLiteral("packet=dts"),
                 QStringLiteral("-of"), QStringLiteral("csv=p=0"), inputUrl(file)});
    QList<qint64> list;
    for (const QByteArray &line : output.out.split('\n')) {
        const QByteArray first = line.split(',').first().trimmed();
        if (!first.isEmpty())
            list.append(first.toLongLong());
    }
    return list;
}

QByteArray decodedHash(const FilePath &file, const QString &stream)
{
    const ToolOutput output = runTool(
        QStringLiteral("ffmpeg"),
        ffmpegArguments(file,
                        {QStringLiteral("-map"), QStringLiteral("0:") + stream,
                         QStringLiteral("-vsync"), QStringLiteral("passthrough"),
                         QStringLiteral("-f"), QStringLiteral("md5"), QStringLiteral("-")}));
    return output.exitCode == 0 && output.err.isEmpty() ? output.out.trimmed() : QByteArray();
}

QStringList decodeErrors(const FilePath &file)
{
    const ToolOutput output = runTool(
        QStringLiteral("ffmpeg"),
        ffmpegArguments(file,
                        {QStringLiteral("-vsync"), QStringLiteral("passthrough"),
                         QStringLiteral("-enc_time_base"), QStringLiteral("-1"),
                         QStringLiteral("-f"), QStringLiteral("null"), QStringLiteral("-")}));
    QStringList lines = QString::fromUtf8(output.err).split(u'\n', Qt::SkipEmptyParts);
    if (output.exitCode != 0)
        lines.append(QStringLiteral("exit code %1").arg(output.exitCode));
    return lines;
}

double audioPeak(const FilePath &file)
{
    const ToolOutput output = runTool(
        QStringLiteral("ffmpeg"),
        ffmpegArguments(file,
                        {QStringLiteral("-map"), QStringLiteral("0:a:0"), QStringLiteral("-f"),
                         QStringLiteral("f32le"), QStringLiteral("-c:a"),
                         QStringLiteral("pcm_f32le"), QStringLiteral("-")}));
    double peak = 0;
    for (qsizetype i = 0; i + 4 <= output.out.size(); i += 4) {
        float sample = 0;
        std::memcpy(&sample, output.out.constData() + i, sizeof sample);
        peak = std::max(peak, double(std::fabs(sample)));
    }
    return peak;
}

QByteArray firstFrameRgb(const FilePath &file, double atSeconds)
{
    const QStringList seek{QStringLiteral("-ss"), QString::number(atSeconds)};
    return runTool(
               QStringLiteral("ffmpeg"),
               ffmpegArguments(file,
                               seek
                                   + QStringList{QStringLiteral("-frames:v"), QStringLiteral("1"),
                                                 QStringLiteral("-f"), QStringLiteral("rawvideo"),
                                                 QStringLiteral("-pix_fmt"),
                                                 QStringLiteral("rgb24"), QStringLiteral("-")}))
        .out;
}

} // namespace sendoff::test

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What FFmpeg's own programs say of a file: tests judge results by them, not by our own word.

#include "core/base/file_path.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

namespace sendoff::test {

struct ToolOutput {
    int exitCode = -1; // -1 = did not start or did not end in time
    QByteArray out;
    QByteArray err;
};

ToolOutput runTool(const QString &program, const QStringList &arguments, int timeoutMs = 120'000);

// Runs ffmpeg to make a test's source; true when it succeeded.
bool ffmpeg(const QStringList &arguments);

// ffprobe -show_format -show_streams.
class Probed {
public:
    explicit Probed(const FilePath &file);
    bool isReadable() const { return !m_root.isEmpty(); }
    QJsonArray streams() const { return m_root[u"streams"].toArray(); }
    // The first stream of a type ("video", "audio"), empty where there is none.
    QJsonObject first(const QString &type) const;
    QJsonObject format() const { return m_root[u"format"].toObject(); }
    double duration() const { return format()[u"duration"].toString().toDouble(); }

private:
    QJsonObject m_root;
};

// Presentation times of the shown frames of a stream ("v:0", "a:0"), in seconds, as decoded.
QList<double> frameTimes(const FilePath &file, const QString &stream);
// MD5 of each packet of a stream as it lies in the file, in file order.
QStringList packetHashes(const FilePath &file, const QString &stream);
// Decoding times of the packets, in ticks.
QList<qint64> packetDts(const FilePath &file, const QString &stream);
// MD5 over all decoded frames of a stream; empty where ffmpeg reports any error.
QByteArray decodedHash(const FilePath &file, const QString &stream);
// Lines that ffmpeg prints while it decodes the whole file.
QStringList decodeErrors(const FilePath &file);
// Largest absolute sample, 1.0 = full scale.
double audioPeak(const FilePath &file);
// The first frame as packed RGB, `width` × `height` of the file.
QByteArray firstFrameRgb(const FilePath &file, double atSeconds = 0);

inline QString fromPath(const FilePath &path)
{
    return QString::fromStdString(path.string());
}

} // namespace sendoff::test

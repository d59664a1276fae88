// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/journal/journal.h"

#include "core/base/crash_point.h"
#include "core/base/durable_file.h"
#include "core/media/disk_space.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace sendoff::media {

namespace {

constexpr int journalVersion = 3; // another one encodes or reads otherwise
constexpr auto manifestName = "journal.json";
constexpr qint64 manifestBytes = 1 << 20;
constexpr qint64 segmentBytes = 1LL << 30; // QByteArray holds it; ten seconds of anything fit
constexpr qint64 shortestSegmentUs = 2'000'000;
constexpr qint64 longestSegmentUs = 10'000'000;
constexpr int segmentsWanted = 40;
constexpr qint64 unknownLengthSegmentUs = 5'000'000;

// What must be the same for an export to go on, each with the clause that says what is not.
struct Fingerprint {
    QLatin1String key;
    QString value;
    QString otherwise;
};

QString buildOfLibav()
{
    return QStringLiteral("%1 %2 %3")
        .arg(QString::fromLatin1(av_version_info()))
        .arg(avcodec_version())
        .arg(avformat_version());
}

QList<Fingerprint> fingerprints(const SourceFile &source, const ExportPlan &plan)
{
    // Not the device: many file systems get another number at the next start of the computer.
    QJsonObject identity = source.identity().toJson();
    identity.remove(u"device");
    const QByteArray identityText = QJsonDocument(identity).toJson(QJsonDocument::Compact);
    return {
        {QLatin1String("source"), QString::fromUtf8(identityText),
         QStringLiteral("the source was changed")},
        {QLatin1String("plan"), QString::fromLatin1(plan.fingerprint()),
         QStringLiteral("the preset or the wishes were changed")},
        {QLatin1String("build"), buildOfLibav(), QStringLiteral("FFmpeg was updated")},
    };
}

QJsonObject readManifest(const FilePath &folder)
{
    const auto bytes = readSmallFile(folder / manifestName, manifestBytes);
    return bytes ? QJsonDocument::fromJson(*bytes).object() : QJsonObject();
}

// Why the export cannot go on with what is in the folder; empty where it can.
QString obstacle(const QJsonObject &manifest, const QList<Fingerprint> &wanted)
{
    const int version = manifest[u"version"].toInt();
    if (version > 0 && version != journalVersion)
        return QStringLiteral("Sendoff was updated");
    if (version != journalVersion || manifest[u"threads"].toInt() < 1
        || manifest[u"segment_us"].toInteger() < 1)
        return QStringLiteral("its journal cannot be read");
    for (const Fingerprint &print : wanted) {
        if (manifest[print.key].toString() != print.value)
            return print.otherwise;
    }
    return {};
}

Result<void> beginJournal(const FilePath &folder, const QList<Fingerprint> &prints,
                          const ExportPlan &plan, int codecThreads)
{
    std::error_code code; // what cannot be removed is replaced, or noticed when that fails
    std::filesystem::remove_all(folder, code);
    SO_TRY_VOID(makePrivateFolder(folder));
    QJsonObject manifest{{QStringLiteral("version"), journalVersion},
                         {QStringLiteral("threads"), codecThreads},
                         {QStringLiteral("segment_us"), segmentLength(plan)}};
    for (const Fingerprint &print : prints)
        manifest.insert(print.key, print.value);
    return replaceFile(folder / manifestName, QJsonDocument(manifest).toJson(), Durability::Synced);
}

bool isSegment(const FilePath &file)
{
    return file.extension() == ".segment";
}

} // namespace

qint64 segmentLength(const ExportPlan &plan)
{
    const qint64 wanted = plan.durationUs
        ? std::clamp(*plan.durationUs / segmentsWanted, shortestSegmentUs, longestSegmentUs)
        : unknownLengthSegmentUs;
    double keyframeSeconds = 0;
    for (const StreamPlan &stream : plan.streams) {
        if (stream.kind == StreamKind::Video && stream.action == StreamAction::Convert)
            keyframeSeconds = std::max(keyframeSeconds, stream.keyframeSeconds);
    }
    const qint64 distanceUs = std::llround(keyframeSeconds * 1e6);
    if (distanceUs <= 0 || distanceUs > wanted)
        return wanted;
    const qint64 shorter = wanted / distanceUs * distanceUs;
    return shorter < shortestSegmentUs ? shorter + distanceUs : shorter;
}

Result<JournalState> prepareJournal(const FilePath &folder, const SourceFile &source,
                                    const ExportPlan &plan, int codecThreads)
{
    const QList<Fingerprint> wanted = fingerprints(source, plan);
    JournalState state;
    state.codecThreads = std::max(1, codecThreads);
    std::error_code code;
    if (std::filesystem::exists(folder / manifestName, code)) {
        const QJsonObject manifest = readManifest(folder);
        state.startsOverBecause = obstacle(manifest, wanted);
        if (state.startsOverBecause.isEmpty()) {
            state.goesOn = true;
            state.codecThreads = manifest[u"threads"].toInt();
            return state;
        }
    }
    Result<void> begun = beginJournal(folder, wanted, plan, state.codecThreads);
    if (!begun && begun.error().kind == ErrorKind::DiskFull)
        addSizes(begun.error(), folder.parent_path(), plan.minBytes);
    if (!begun)
        return tl::unexpected(std::move(begun).error());
    crashPoint("journal-begun");
    return state;
}

Journal::Journal(FilePath folder, int codecThreads, qint64 segmentUs)
    : m_folder(std::move(folder))
    , m_codecThreads(codecThreads)
    , m_segmentUs(segmentUs)
{
}

Result<std::unique_ptr<Journal>> Journal::open(const FilePath &folder)
{
    const QJsonObject manifest = readManifest(folder);
    const int threads = manifest[u"threads"].toInt();
    const qint64 lengthUs = manifest[u"segment_us"].toInteger();
    if (threads < 1 || lengthUs < 1)
        return failure(Error(ErrorKind::Internal, QStringLiteral("open an unprepared journal"))
                           .with(argument::folder, displayPath(folder)));
    return std::unique_ptr<Journal>(new Journal(folder, threads, lengthUs));
}

FilePath Journal::segmentPath(int track, int index) const
{
    std::array<char, 64> name{};
    std::snprintf(name.data(), name.size(), "track-%d-%05d.segment", track, index);
    return m_folder / name.data();
}

std::optional<Segment> Journal::read(int track, int index) const
{
    const auto bytes = readSmallFile(segmentPath(track, index), segmentBytes);
    if (!bytes)
        return std::nullopt;
    auto segment = segmentFromBytes(*bytes);
    return segment && segment->index == index ? std::move(segment) : std::nullopt;
}

Result<void> Journal::write(int track, const Segment &segment) const
{
    crashPoint("journal-before-segment");
    const QByteArray bytes = toBytes(segment);
    Result<void> written =
        replaceFile(segmentPath(track, segment.index), bytes, Durability::Synced);
    if (!written && written.error().kind == ErrorKind::DiskFull)
        addSizes(written.error(), m_folder, bytes.size());
    crashPoint("journal-after-segment");
    return written;
}

void Journal::discard(int track) const
{
    const std::string prefix = "track-" + std::to_string(track) + "-";
    std::error_code code;
    for (const auto &entry : std::filesystem::directory_iterator(m_folder, code)) {
        if (isSegment(entry.path()) && entry.path().filename().string().rfind(prefix, 0) == 0)
            std::filesystem::remove(entry.path(), code);
    }
}

} // namespace sendoff::media

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/preset.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

// The resource stands in a static library, whose initialiser nothing else refers to. The macro
// must be used outside of namespaces.
static void initialisePresetResource()
{
    Q_INIT_RESOURCE(presets);
}

namespace sendoff::media {

namespace {

constexpr qsizetype largestPresetFile = 256 * 1024;

Error presetFileError(const FilePath &file, const QString &reason)
{
    return Error(ErrorKind::PresetInvalid)
        .with(argument::name, displayName(file))
        .with(argument::reason, reason);
}

Result<Preset> readPresetFile(const FilePath &file)
{
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error))
        return failure(presetFileError(file, QStringLiteral("it is not an ordinary file")));
    std::ifstream stream(file, std::ios::binary);
    QByteArray json(largestPresetFile + 1, Qt::Uninitialized);
    stream.read(json.data(), json.size());
    if (stream.bad() || (!stream.eof() && stream.fail()))
        return failure(presetFileError(file, QStringLiteral("it can't be read")));
    json.truncate(qsizetype(stream.gcount()));
    if (json.size() > largestPresetFile)
        return failure(presetFileError(file, QStringLiteral("it is larger than 256 kB")));
    return Preset::parse(json, displayName(file));
}

// In the order of their names, so that lists look the same everywhere.
std::vector<FilePath> presetFilesIn(const FilePath &folder)
{
    std::vector<FilePath> files;
    std::error_code error;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error)) {
        if (it->path().extension() == ".json")
            files.push_back(it->path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

void addPreset(PresetList &list, Result<Preset> preset, const QString &file)
{
    if (!preset) {
        list.problems.append(preset.error());
        return;
    }
    const bool isTaken = std::any_of(list.presets.cbegin(), list.presets.cend(),
                                     [&](const Preset &other) { return other.id == preset->id; });
    if (isTaken)
        list.problems.append(
            Error(ErrorKind::PresetInvalid)
                .with(argument::name, file)
                .with(argument::reason,
                      QStringLiteral("another preset has the id “%1”").arg(preset->id)));
    else
        list.presets.append(*std::move(preset));
}

} // namespace

PresetList loadPresets(const FilePath &userFolder)
{
    initialisePresetResource();
    PresetList list;
    const QDir builtIn(QStringLiteral(":/sendoff/presets"));
    for (const QString &name : builtIn.entryList(QDir::Files, QDir::Name)) {
        QFile file(builtIn.filePath(name));
        const bool isOpen = file.open(QIODevice::ReadOnly);
        Q_ASSERT(isOpen);
        addPreset(list, Preset::parse(isOpen ? file.readAll() : QByteArray(), name), name);
    }
    if (!userFolder.empty()) {
        for (const FilePath &file : presetFilesIn(userFolder))
            addPreset(list, readPresetFile(file), displayName(file));
    }
    return list;
}

Result<Preset> findPreset(const QString &idOrFile, const FilePath &userFolder)
{
    const PresetList list = loadPresets(userFolder);
    for (const Preset &preset : list.presets) {
        if (preset.id == idOrFile)
            return preset;
    }
    const FilePath file = fromStored(idOrFile);
    std::error_code error;
    if (!idOrFile.isEmpty() && std::filesystem::exists(file, error))
        return readPresetFile(file);
    return failure(Error(ErrorKind::PresetUnknown).with(argument::name, escapedText(idOrFile)));
}

} // namespace sendoff::media

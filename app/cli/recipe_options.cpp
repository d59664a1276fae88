// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What --preset, --trim, --encode and --layout say, as a Recipe.

#include "app/cli/run_verb.h"
#include "core/media/preset_digest.h"

namespace sendoff::app {

namespace {

tl::unexpected<Error> badOption(const QString &reason)
{
    return failure(Error(ErrorKind::BadUsage).with(argument::reason, reason));
}

// "90", "1:30" or "0:01:30.5" as microseconds.
std::optional<qint64> microseconds(const QString &text)
{
    const QStringList parts = text.split(u':');
    if (parts.size() > 3)
        return std::nullopt;
    double seconds = 0;
    for (qsizetype index = 0; index < parts.size(); ++index) {
        bool ok = false;
        const double part = parts[index].toDouble(&ok);
        const bool isBounded = index == 0 || part < 60;
        if (!ok || part < 0 || part > 1e9 || !isBounded)
            return std::nullopt;
        seconds = seconds * 60 + part;
    }
    return qint64(seconds * 1e6 + 0.5);
}

Result<media::Trim> trimFrom(const QString &text)
{
    const QString reason =
        QStringLiteral("--trim takes A-B in seconds or h:mm:ss, as in 10-25.5 or 1:30-; “%1” is not that")
            .arg(text);
    const qsizetype dash = text.indexOf(u'-');
    if (dash < 0)
        return badOption(reason);
    const auto start = dash == 0 ? std::optional<qint64>(0) : microseconds(text.left(dash));
    media::Trim trim;
    if (!start)
        return badOption(reason);
    trim.startUs = *start;
    if (dash + 1 < text.size()) {
        trim.endUs = microseconds(text.mid(dash + 1));
        if (!trim.endUs || *trim.endUs <= trim.startUs)
            return badOption(reason);
    }
    return trim;
}

} // namespace

Result<queue::Recipe> recipeFrom(const CommandLine &line, const FilePath &presetFolder)
{
    queue::Recipe recipe;
    recipe.preset = line.value(u"--preset", QStringLiteral("web-1080p"));
    if (recipe.preset.contains(u'.') || recipe.preset.contains(u'/')) // a file, not an id
        recipe.preset = toStored(line.absolute(line.path(u"--preset")));
    SO_TRY(const media::Preset preset, media::findPreset(recipe.preset, presetFolder));
    recipe.presetDigest = media::presetDigest(preset);
    recipe.encodeAlways = line.has(u"--encode");
    const QString layout = line.value(u"--layout", QStringLiteral("auto"));
    const auto known = media::layoutFromName(layout);
    if (!known)
        return badOption(
            QStringLiteral("--layout is auto, progressive or fragmented, not “%1”").arg(layout));
    recipe.layout = *known;
    if (line.has(u"--trim")) {
        SO_TRY(recipe.trim, trimFrom(line.value(u"--trim")));
    }
    return recipe;
}

} // namespace sendoff::app

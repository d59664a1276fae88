// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// A temporary folder in which tests make clips and export them.

#include "core/media/sample_clip.h"
#include "tests/support/media_export.h"

#include <QTemporaryDir>

namespace sendoff::test {

class ExportFolder {
public:
    FilePath path(const QString &name) const { return m_folder.filePath(name).toStdString(); }
    QString name(const QString &name) const { return m_folder.filePath(name); }

    FilePath makeClip(const media::SampleClip &clip, const QString &name) const
    {
        const Result<void> made = media::makeSampleClip(clip, path(name), {});
        if (!made)
            qWarning("sample clip: %s", qPrintable(made.error().detail));
        return path(name);
    }

    ExportOutcome run(const FilePath &source, const QString &output, media::PlanWishes wishes = {},
                      const QString &preset = QStringLiteral("web-1080p")) const
    {
        ExportCase what;
        what.source = source;
        what.output = path(output);
        what.preset = preset;
        what.wishes = std::move(wishes);
        return exportFile(what);
    }

private:
    QTemporaryDir m_folder;
};

inline media::PlanWishes encodeAlways()
{
    media::PlanWishes wishes;
    wishes.encodeAlways = true;
    return wishes;
}

// 4 s of 320 × 240.
inline media::SampleClip smallClip(const QString &container, const QString &encoder)
{
    media::SampleClip clip;
    clip.width = 320;
    clip.height = 240;
    clip.seconds = 4;
    clip.container = container;
    clip.videoEncoder = encoder;
    return clip;
}

} // namespace sendoff::test

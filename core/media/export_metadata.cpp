// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/export_metadata.h"

#include <algorithm>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace sendoff::media {

namespace {

// Tags that describe the old file rather than its content.
bool describesContainer(const QString &key)
{
    static const QStringList names{
        QStringLiteral("major_brand"),       QStringLiteral("minor_version"),
        QStringLiteral("compatible_brands"), QStringLiteral("encoder"),
        QStringLiteral("rotate"),            QStringLiteral("timecode"),
        QStringLiteral("duration"),          QStringLiteral("vendor_id"),
        QStringLiteral("handler_name")};
    return names.contains(key);
}

// QuickTime's "©xyz" arrives as "location", Apple's as "com.apple.quicktime.location.ISO6709".
bool saysWhere(const QString &key)
{
    return key.contains(QLatin1StringView("location")) || key.contains(QLatin1StringView("gps"))
        || key.contains(QLatin1StringView("xyz")) || key.contains(QLatin1StringView("latitude"))
        || key.contains(QLatin1StringView("longitude"));
}

void copyChapters(const AVFormatContext *source, AVFormatContext *target, const ExportPlan &plan)
{
    const qint64 startUs = (source->start_time != AV_NOPTS_VALUE ? source->start_time : 0)
        + (plan.hasTrim ? plan.trim.startUs : 0);
    for (unsigned i = 0; i < source->nb_chapters; ++i) {
        const AVChapter *chapter = source->chapters[i];
        const qint64 begin = av_rescale_q(chapter->start, chapter->time_base, AV_TIME_BASE_Q);
        qint64 endUs = av_rescale_q(chapter->end, chapter->time_base, AV_TIME_BASE_Q) - startUs;
        if (plan.hasTrim && plan.trim.endUs)
            endUs = std::min(endUs, *plan.trim.endUs - plan.trim.startUs);
        const qint64 beginUs = std::max<qint64>(0, begin - startUs);
        if (endUs <= beginUs)
            continue; // cut off
        auto *copy = static_cast<AVChapter *>(av_mallocz(sizeof(AVChapter)));
        if (!copy)
            return;
        copy->id = chapter->id;
        copy->time_base = AV_TIME_BASE_Q;
        copy->start = beginUs;
        copy->end = endUs;
        av_dict_copy(&copy->metadata, chapter->metadata, 0);
        int count = static_cast<int>(target->nb_chapters);
        av_dynarray_add(&target->chapters, &count, copy);
        target->nb_chapters = static_cast<unsigned>(count);
    }
}

} // namespace

void copyMetadata(const AVFormatContext *source, AVFormatContext *target, const ExportPlan &plan)
{
    const AVDictionaryEntry *entry = nullptr;
    while ((entry = av_dict_get(source->metadata, "", entry, AV_DICT_IGNORE_SUFFIX))) {
        const QString key = QString::fromUtf8(entry->key).toLower();
        if (describesContainer(key) || (plan.stripLocation && saysWhere(key)))
            continue;
        av_dict_set(&target->metadata, entry->key, entry->value, 0);
    }
    if (plan.keepChapters)
        copyChapters(source, target, plan);
}

} // namespace sendoff::media

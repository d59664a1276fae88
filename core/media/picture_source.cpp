// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/picture_source.h"

#include <array>

namespace sendoff::media {

namespace {

// Measured: two seconds serve MP4 and Matroska, ten transport streams and intra refresh; 0 stands
// for the beginning.
constexpr std::array<qint64, 3> preRolls{2'000'000, 10'000'000, 0};

} // namespace

PictureSource::PictureSource(const ExportRequest &request, PathSurroundings surroundings,
                             std::unique_ptr<SourceReader> reader)
    : m_request(request)
    , m_surroundings(std::move(surroundings))
    , m_first(std::move(reader))
{
}

Result<std::unique_ptr<PictureSource>> PictureSource::create(const ExportRequest &request,
                                                             const StreamPlan &plan,
                                                             PathSurroundings surroundings,
                                                             std::unique_ptr<SourceReader> reader)
{
    std::unique_ptr<PictureSource> pictures(
        new PictureSource(request, std::move(surroundings), std::move(reader)));
    SO_TRY(auto path, VideoPath::create(plan, pictures->m_surroundings));
    pictures->m_path = path.get();
    pictures->m_owned = std::move(path);
    pictures->m_first->connect(pictures->m_path);
    return pictures;
}

Result<void> PictureSource::begin()
{
    SO_TRY_VOID(m_path->replay());
    if (m_path->isReplayed()) {
        m_isDone = true;
        return m_path->finish();
    }
    return m_path->resumeUs() ? resume() : Result<void>();
}

Result<void> PictureSource::resume()
{
    for (const qint64 preRollUs : preRolls) {
        SO_TRY(const bool isThere, resumeFrom(preRollUs));
        if (isThere)
            return {};
    }
    return failure(Error(ErrorKind::SourceChanged)
                       .with(argument::file, displayName(m_request.source->path())));
}

// Everything is opened anew: no state of a demuxer, decoder or filter may come from elsewhere.
Result<bool> PictureSource::resumeFrom(qint64 preRollUs)
{
    SO_TRY(m_reader, SourceReader::open(m_request.source, m_request.plan, m_surroundings.stop));
    if (preRollUs > 0 && !m_reader->seekBefore(*m_path->resumeUs() - preRollUs))
        return false;
    SO_TRY_VOID(m_path->openSource(m_reader->input()));
    m_reader->connect(m_path);
    while (!m_path->isAccepted()) {
        Result<void> read = m_reader->isDone() ? Result<void>() : m_reader->advance();
        if (m_path->isRefused())
            return false;
        if (!read)
            return tl::unexpected(std::move(read).error());
    }
    return true;
}

Result<void> PictureSource::advance()
{
    SourceReader &reader = m_reader ? *m_reader : *m_first;
    SO_TRY_VOID(reader.advance());
    m_isDone = reader.isDone();
    return {};
}

} // namespace sendoff::media

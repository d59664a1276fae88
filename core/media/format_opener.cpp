// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/format_opener.h"

#include "core/media/allow_list.h"

#include <utility>

extern "C" {
#include <libavutil/opt.h>
}

namespace sendoff::media {

namespace {

// More than any demuxer needs to tell formats apart.
constexpr unsigned detectionBytes = 1 << 20;
constexpr qint64 streamInfoBytes = 5'000'000;
// While a header is read: enough to count the streams of a file with too many, and to say so.
constexpr int streamsWhileOpening = 1024;

int refuseToOpen(AVFormatContext *, AVIOContext **, const char *, int, AVDictionary **)
{
    return AVERROR(EACCES);
}

bool isPicture(const AVStream *stream)
{
    return stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
}

bool isCoverArt(const AVStream *stream)
{
    return (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
}

std::vector<PictureSize> claimedSizes(const AVFormatContext *format)
{
    std::vector<PictureSize> sizes(format->nb_streams);
    for (unsigned i = 0; i < format->nb_streams; ++i) {
        const AVCodecParameters *parameters = format->streams[i]->codecpar;
        sizes[i] = {parameters->width, parameters->height};
    }
    return sizes;
}

// One dictionary per stream, as avformat_find_stream_info() wants them: it opens decoders.
class StreamInfoOptions {
public:
    StreamInfoOptions(unsigned streams, const InputLimits &limits)
        : m_options(streams, nullptr)
    {
        for (AVDictionary *&options : m_options) {
            av_dict_set_int(&options, "max_pixels", limits.maxPixels, 0);
            av_dict_set_int(&options, "max_samples", limits.maxSamples, 0);
        }
    }
    ~StreamInfoOptions()
    {
        for (AVDictionary *&options : m_options)
            av_dict_free(&options);
    }
    StreamInfoOptions(const StreamInfoOptions &) = delete;
    StreamInfoOptions &operator=(const StreamInfoOptions &) = delete;
    AVDictionary **data() { return m_options.empty() ? nullptr : m_options.data(); }

private:
    std::vector<AVDictionary *> m_options;
};

} // namespace

Error tooLargePictureError(const SourceFile &source, PictureSize size)
{
    return Error(ErrorKind::SourceTooLarge)
        .with(argument::file, displayName(source.path()))
        .with(argument::reason,
              QStringLiteral("the picture is %1 × %2, larger than Sendoff handles")
                  .arg(size.width)
                  .arg(size.height));
}

Result<InputContextPtr> FormatOpener::open()
{
    m_io.setDeadline(SourceIo::Clock::now() + m_limits.openDeadline);
    SO_TRY(const AVInputFormat *detected, detectFormat());
    SO_TRY_VOID(openFormat(detected));
    SO_TRY_VOID(readStreamInfo());
    m_io.setDeadline(std::nullopt);
    return std::move(m_format);
}

Error FormatOpener::sourceError(ErrorKind kind, const QString &reason, const QString &detail) const
{
    return Error(kind, detail)
        .with(argument::file, displayName(m_io.source().path()))
        .with(argument::reason, reason);
}

// What a failed libav call while opening means; `reason` where nothing else explains it.
Error FormatOpener::openError(int code, const QString &step, const QString &reason) const
{
    if (m_io.readFailure())
        return *m_io.readFailure();
    if (m_io.isStopped())
        return Error::cancelled();
    const QString detail = step + QStringLiteral(": ") + avErrorText(code);
    if (m_io.isOverdue())
        return sourceError(ErrorKind::SourceNotMedia,
                           QStringLiteral("finding out what it holds took too long"), detail);
    if (code == AVERROR(ENOMEM))
        return sourceError(ErrorKind::SourceTooLarge,
                           QStringLiteral("it announces more content than Sendoff has room for"),
                           detail);
    return sourceError(ErrorKind::SourceNotMedia, reason, detail);
}

Result<const AVInputFormat *> FormatOpener::detectFormat()
{
    const AVInputFormat *detected = nullptr;
    // The file's name plays no part: what counts is the content.
    const int code =
        av_probe_input_buffer2(m_io.context(), &detected, "", nullptr, 0, detectionBytes);
    if (code < 0 || !detected)
        return failure(openError(code, QStringLiteral("detect the format"),
                                 QStringLiteral("nothing in it looks like a video")));
    if (!isAllowed(detected))
        return failure(sourceError(
            ErrorKind::SourceNotMedia, refusalOf(detected),
            QStringLiteral("demuxer %1 is not allowed").arg(QString::fromUtf8(detected->name))));
    return detected;
}

Result<void> FormatOpener::openFormat(const AVInputFormat *detected)
{
    m_format.reset(avformat_alloc_context());
    if (!m_format)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("avformat_alloc_context"));
    m_complaints = std::make_unique<ErrorLines>(m_format.get());
    m_format->pb = m_io.context();
    m_format->flags |= AVFMT_FLAG_CUSTOM_IO;
    m_format->io_open = &refuseToOpen;
    m_format->interrupt_callback = m_io.interruptCallback();
    m_format->max_streams = streamsWhileOpening;
    m_format->probesize = streamInfoBytes;
    av_opt_set(m_format.get(), "format_whitelist", demuxerAllowList(), 0);
    av_opt_set(m_format.get(), "codec_whitelist", decoderAllowList(), 0);
    av_opt_set(m_format.get(), "protocol_whitelist", "", 0);
    Dictionary options; // of the mov demuxer; the others leave them
    options.set("enable_drefs", qint64(0));
    options.set("use_absolute_path", qint64(0));
    // On failure avformat_open_input() frees the context and clears the pointer.
    AVFormatContext *context = m_format.release();
    const int code = avformat_open_input(&context, "", detected, options.out());
    m_format.reset(context);
    if (code == AVERROR_INVALIDDATA || code == AVERROR_EOF)
        return failure(
            openError(code, QStringLiteral("open"),
                      QStringLiteral("its beginning is damaged, or it was not copied completely")));
    if (code < 0)
        return failure(openError(code, QStringLiteral("open"),
                                 QStringLiteral("it can't be opened as what it seems to be")));
    return {};
}

// Some containers announce no streams: they appear as their packets do, and
// avformat_find_stream_info() opens the decoders of late ones without our limits. So let all that
// it can meet appear first, by demuxing alone, and go back.
Result<void> FormatOpener::meetLateStreams()
{
    if ((m_format->ctx_flags & AVFMTCTX_NOHEADER) == 0)
        return {};
    const qint64 beginning = avio_tell(m_format->pb);
    const PacketPtr packet(av_packet_alloc());
    if (!packet)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("av_packet_alloc"));
    int code = 0;
    for (qint64 seen = 0; seen < streamInfoBytes && code >= 0;) {
        code = av_read_frame(m_format.get(), packet.get());
        seen += packet->size + 1; // so that it ends even where no packet has a size
        av_packet_unref(packet.get());
        if (code == AVERROR(EAGAIN))
            code = 0;
    }
    if (m_io.readFailure() || m_io.isStopped() || m_io.isOverdue() || code == AVERROR(ENOMEM))
        return failure(openError(code, QStringLiteral("look for streams"), {}));
    SO_TRY_VOID(checkStreamCount());
    avformat_flush(m_format.get());
    const qint64 position = avio_seek(m_format->pb, beginning, SEEK_SET);
    if (position < 0)
        return failure(openError(int(position), QStringLiteral("return to the beginning"), {}));
    return {};
}

Result<void> FormatOpener::checkStreamCount() const
{
    if (m_format->nb_streams <= unsigned(m_limits.maxStreams))
        return {};
    return failure(
        sourceError(ErrorKind::SourceTooLarge,
                    QStringLiteral("it has more than %1 tracks").arg(m_limits.maxStreams),
                    QStringLiteral("%1 streams").arg(m_format->nb_streams)));
}

Result<void> FormatOpener::readStreamInfo()
{
    SO_TRY_VOID(checkStreamCount());
    m_format->max_streams = m_limits.maxStreams;
    SO_TRY_VOID(meetLateStreams());
    const std::vector<PictureSize> claimed = claimedSizes(m_format.get());
    StreamInfoOptions options(m_format->nb_streams, m_limits);
    const int code = avformat_find_stream_info(m_format.get(), options.data());
    if (m_io.readFailure() || m_io.isStopped() || m_io.isOverdue() || code == AVERROR(ENOMEM))
        return failure(openError(code, QStringLiteral("read the stream information"), {}));
    // Any other failure leaves what the header says; what cannot be used shows in the streams.
    SO_TRY_VOID(checkStreamCount());
    return checkPictures(claimed);
}

// A decoder that met a picture over the limit has left no size behind, or a header without one.
// Cover art may be of any size: it is never decoded.
Result<void> FormatOpener::checkPictures(const std::vector<PictureSize> &claimed) const
{
    for (unsigned i = 0; i < m_format->nb_streams; ++i) {
        const AVStream *stream = m_format->streams[i];
        if (!isPicture(stream) || isCoverArt(stream))
            continue;
        const PictureSize size{stream->codecpar->width, stream->codecpar->height};
        if (!size.isWithin(m_limits.maxPixels))
            return failure(tooLargePictureError(m_io.source(), size));
        const bool isUnknown = size.width <= 0 || size.height <= 0;
        if (isUnknown && i < claimed.size() && !claimed[i].isWithin(m_limits.maxPixels))
            return failure(tooLargePictureError(m_io.source(), claimed[i]));
    }
    return {};
}

} // namespace sendoff::media

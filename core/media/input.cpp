// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/input.h"

#include "core/media/allow_list.h"
#include "core/media/av_compat.h"
#include "core/media/source_io.h"

#include <set>
#include <utility>
#include <vector>

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
// A demuxer that reports damage this often without reading on would do so for ever.
constexpr int damageWithoutProgress = 10'000;

int refuseToOpen(AVFormatContext *, AVIOContext **, const char *, int, AVDictionary **)
{
    return AVERROR(EACCES);
}

struct PictureSize {
    int width = 0;
    int height = 0;
    bool isWithin(qint64 pixels) const { return qint64(width) * height <= pixels; }
};

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

class Input::Private {
public:
    Private(std::shared_ptr<const SourceFile> source, std::stop_token stop, InputLimits inputLimits)
        : io(std::move(source), std::move(stop))
        , limits(inputLimits)
    {
    }
    ~Private() { avformat_close_input(&format); } // leaves `io` alone: AVFMT_FLAG_CUSTOM_IO
    Private(const Private &) = delete;
    Private &operator=(const Private &) = delete;

    Result<const AVInputFormat *> detectFormat();
    Result<void> openFormat(const AVInputFormat *detected);
    Result<void> meetLateStreams();
    Result<void> readStreamInfo();
    Result<void> checkStreamCount() const;
    Result<void> checkPictures(const std::vector<PictureSize> &claimed) const;

    QString name() const { return displayName(io.source().path()); }
    Error sourceError(ErrorKind kind, const QString &reason, const QString &detail) const;
    void note(const AVPacket *packet);
    Error tooLargePicture(PictureSize size) const;
    Error openError(int code, const QString &step, const QString &reason) const;

    SourceIo io;
    InputLimits limits;
    AVFormatContext *format = nullptr;
    qint64 damaged = 0;
    std::set<int> streamsOfEncryptedPackets;
};

Error Input::Private::sourceError(ErrorKind kind, const QString &reason,
                                  const QString &detail) const
{
    return Error(kind, detail).with(argument::file, name()).with(argument::reason, reason);
}

Error Input::Private::tooLargePicture(PictureSize size) const
{
    return sourceError(ErrorKind::SourceTooLarge,
                       QStringLiteral("the picture is %1 × %2, larger than Sendoff handles")
                           .arg(size.width)
                           .arg(size.height),
                       QStringLiteral("more than %1 pixels").arg(limits.maxPixels));
}

// What a failed libav call while opening means; `reason` where nothing else explains it.
Error Input::Private::openError(int code, const QString &step, const QString &reason) const
{
    if (io.readFailure())
        return *io.readFailure();
    if (io.isStopped())
        return Error::cancelled();
    const QString detail = step + QStringLiteral(": ") + avErrorText(code);
    if (io.isOverdue())
        return sourceError(ErrorKind::SourceNotMedia,
                           QStringLiteral("finding out what it holds took too long"), detail);
    if (code == AVERROR(ENOMEM))
        return sourceError(ErrorKind::SourceTooLarge,
                           QStringLiteral("it announces more content than Sendoff has room for"),
                           detail);
    return sourceError(ErrorKind::SourceNotMedia, reason, detail);
}

Result<const AVInputFormat *> Input::Private::detectFormat()
{
    const AVInputFormat *detected = nullptr;
    // The file's name plays no part: what counts is the content.
    const int code =
        av_probe_input_buffer2(io.context(), &detected, "", nullptr, 0, detectionBytes);
    if (code < 0 || !detected)
        return failure(openError(code, QStringLiteral("detect the format"),
                                 QStringLiteral("nothing in it looks like a video")));
    if (!isAllowed(detected))
        return failure(sourceError(
            ErrorKind::SourceNotMedia, refusalOf(detected),
            QStringLiteral("demuxer %1 is not allowed").arg(QString::fromUtf8(detected->name))));
    return detected;
}

Result<void> Input::Private::openFormat(const AVInputFormat *detected)
{
    format = avformat_alloc_context();
    if (!format)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("avformat_alloc_context"));
    format->pb = io.context();
    format->flags |= AVFMT_FLAG_CUSTOM_IO;
    format->io_open = &refuseToOpen;
    format->interrupt_callback = io.interruptCallback();
    format->max_streams = streamsWhileOpening;
    format->probesize = streamInfoBytes;
    av_opt_set(format, "format_whitelist", demuxerAllowList(), 0);
    av_opt_set(format, "codec_whitelist", decoderAllowList(), 0);
    av_opt_set(format, "protocol_whitelist", "", 0);
    Dictionary options; // of the mov demuxer; the others leave them
    options.set("enable_drefs", qint64(0));
    options.set("use_absolute_path", qint64(0));
    // On failure avformat_open_input() frees the context and clears the pointer.
    const int code = avformat_open_input(&format, "", detected, options.out());
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
Result<void> Input::Private::meetLateStreams()
{
    if ((format->ctx_flags & AVFMTCTX_NOHEADER) == 0)
        return {};
    const qint64 beginning = avio_tell(format->pb);
    const PacketPtr packet(av_packet_alloc());
    if (!packet)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("av_packet_alloc"));
    int code = 0;
    for (qint64 seen = 0; seen < streamInfoBytes && code >= 0;) {
        code = av_read_frame(format, packet.get());
        seen += packet->size + 1;
        av_packet_unref(packet.get());
    }
    if (io.readFailure() || io.isStopped() || io.isOverdue() || code == AVERROR(ENOMEM))
        return failure(openError(code, QStringLiteral("look for streams"), {}));
    SO_TRY_VOID(checkStreamCount());
    avformat_flush(format);
    const qint64 position = avio_seek(format->pb, beginning, SEEK_SET);
    if (position < 0)
        return failure(openError(int(position), QStringLiteral("return to the beginning"), {}));
    return {};
}

Result<void> Input::Private::checkStreamCount() const
{
    if (format->nb_streams <= unsigned(limits.maxStreams))
        return {};
    return failure(sourceError(ErrorKind::SourceTooLarge,
                               QStringLiteral("it has more than %1 tracks").arg(limits.maxStreams),
                               QStringLiteral("%1 streams").arg(format->nb_streams)));
}

Result<void> Input::Private::readStreamInfo()
{
    SO_TRY_VOID(checkStreamCount());
    format->max_streams = limits.maxStreams;
    SO_TRY_VOID(meetLateStreams());
    const std::vector<PictureSize> claimed = claimedSizes(format);
    StreamInfoOptions options(format->nb_streams, limits);
    const int code = avformat_find_stream_info(format, options.data());
    if (io.readFailure() || io.isStopped() || io.isOverdue() || code == AVERROR(ENOMEM))
        return failure(openError(code, QStringLiteral("read the stream information"), {}));
    // Any other failure leaves what the header says; what cannot be used shows in the streams.
    SO_TRY_VOID(checkStreamCount());
    return checkPictures(claimed);
}

// A decoder that met a picture over the limit has left no size behind, or a header without one.
// Cover art may be of any size: it is never decoded.
Result<void> Input::Private::checkPictures(const std::vector<PictureSize> &claimed) const
{
    for (unsigned i = 0; i < format->nb_streams; ++i) {
        const AVStream *stream = format->streams[i];
        if (!isPicture(stream) || isCoverArt(stream))
            continue;
        const PictureSize size{stream->codecpar->width, stream->codecpar->height};
        if (!size.isWithin(limits.maxPixels))
            return failure(tooLargePicture(size));
        const bool isUnknown = size.width <= 0 || size.height <= 0;
        if (isUnknown && i < claimed.size() && !claimed[i].isWithin(limits.maxPixels))
            return failure(tooLargePicture(claimed[i]));
    }
    return {};
}

void Input::Private::note(const AVPacket *packet)
{
    if ((packet->flags & AV_PKT_FLAG_CORRUPT) != 0)
        ++damaged;
    if (av_packet_get_side_data(packet, AV_PKT_DATA_ENCRYPTION_INFO, nullptr))
        streamsOfEncryptedPackets.insert(packet->stream_index);
}

Input::Input(std::unique_ptr<Private> state)
    : d(std::move(state))
{
}
Input::~Input() = default;

Result<std::unique_ptr<Input>> Input::open(std::shared_ptr<const SourceFile> source,
                                           std::stop_token stop, InputLimits limits)
{
    routeLibavLog();
    if (source->identity().size == 0)
        return failure(
            Error(ErrorKind::SourceEmpty).with(argument::file, displayName(source->path())));
    auto state = std::make_unique<Private>(std::move(source), std::move(stop), limits);
    state->io.setDeadline(SourceIo::Clock::now() + limits.openDeadline);
    SO_TRY(const AVInputFormat *detected, state->detectFormat());
    SO_TRY_VOID(state->openFormat(detected));
    SO_TRY_VOID(state->readStreamInfo());
    state->io.setDeadline(std::nullopt);
    return std::unique_ptr<Input>(new Input(std::move(state)));
}

AVFormatContext *Input::context() const
{
    return d->format;
}

const SourceFile &Input::source() const
{
    return d->io.source();
}

const InputLimits &Input::limits() const
{
    return d->limits;
}

qint64 Input::bytesRead() const
{
    return d->io.bytesRead();
}

qint64 Input::damagedPackets() const
{
    return d->damaged;
}

Result<bool> Input::read(AVPacket *packet)
{
    int damageInPlace = 0;
    qint64 lastBytes = d->io.bytesRead();
    for (;;) {
        const int code = av_read_frame(d->format, packet);
        // A demuxer may turn a failed read into an end or a short packet.
        if (d->io.readFailure())
            return failure(*d->io.readFailure());
        if (d->io.isStopped())
            return failure(Error::cancelled());
        if (code >= 0) {
            d->note(packet);
            return true;
        }
        if (code == AVERROR_EOF) {
            SO_TRY_VOID(d->io.checkLength());
            return false;
        }
        if (code == AVERROR(ENOMEM))
            return failure(ErrorKind::OutOfMemory, QStringLiteral("read a packet"));
        if (code != AVERROR(EAGAIN))
            ++d->damaged;
        damageInPlace = d->io.bytesRead() == lastBytes ? damageInPlace + 1 : 0;
        lastBytes = d->io.bytesRead();
        if (damageInPlace >= damageWithoutProgress)
            return false; // nothing more can be got out of it
    }
}

bool Input::isEncrypted(int streamIndex) const
{
    const AVStream *stream = d->format->streams[streamIndex];
    if (compat::streamSideData(stream, AV_PKT_DATA_ENCRYPTION_INIT_INFO, nullptr)
        || av_dict_get(stream->metadata, "enc_key_id", nullptr, 0)
        || d->streamsOfEncryptedPackets.count(streamIndex) > 0)
        return true;
    switch (stream->codecpar->codec_tag) {
    case MKTAG('e', 'n', 'c', 'v'):
    case MKTAG('e', 'n', 'c', 'a'):
    case MKTAG('d', 'r', 'm', 'i'):
    case MKTAG('d', 'r', 'm', 's'):
        return true;
    default:
        return false;
    }
}

Result<CodecContextPtr> Input::openDecoder(int streamIndex, int threads) const
{
    const AVStream *stream = d->format->streams[streamIndex];
    const AVCodecParameters *parameters = stream->codecpar;
    const QString codecName = QString::fromUtf8(avcodec_get_name(parameters->codec_id));
    if (isEncrypted(streamIndex))
        return failure(Error(ErrorKind::SourceProtected).with(argument::file, d->name()));
    const PictureSize size{parameters->width, parameters->height};
    if (isPicture(stream) && !size.isWithin(d->limits.maxPixels))
        return failure(d->tooLargePicture(size));
    const auto missing = [&](const QString &detail) {
        return Error(ErrorKind::NoDecoder, detail)
            .with(argument::file, d->name())
            .with(argument::name, codecName);
    };
    const AVCodec *codec = allowedDecoder(parameters->codec_id);
    if (!codec)
        return failure(missing(QStringLiteral("no decoder on the allow-list")));
    CodecContextPtr decoder(avcodec_alloc_context3(codec));
    if (!decoder || avcodec_parameters_to_context(decoder.get(), parameters) < 0)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("allocate a decoder"));
    decoder->pkt_timebase = stream->time_base;
    decoder->thread_count = threads;
    decoder->max_pixels = d->limits.maxPixels;
    decoder->max_samples = d->limits.maxSamples;
    const int code = avcodec_open2(decoder.get(), codec, nullptr);
    if (code < 0)
        return failure(missing(
            QStringLiteral("open %1: %2").arg(QString::fromUtf8(codec->name), avErrorText(code))));
    return decoder;
}

} // namespace sendoff::media

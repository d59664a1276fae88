// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/input.h"

#include "core/media/allow_list.h"
#include "core/media/av_compat.h"
#include "core/media/format_opener.h"

#include <set>
#include <utility>

namespace sendoff::media {

namespace {

// A demuxer that reports damage this often without reading on would do so for ever.
constexpr int damageWithoutProgress = 10'000;

} // namespace

class Input::Private {
public:
    Private(std::shared_ptr<const SourceFile> source, std::stop_token stop, InputLimits inputLimits)
        : io(std::move(source), std::move(stop))
        , limits(inputLimits)
    {
    }

    void note(const AVPacket *packet);
    QString name() const { return displayName(io.source().path()); }

    SourceIo io;
    InputLimits limits;
    InputContextPtr format; // closed before `io`, of which it is not the owner
    std::unique_ptr<ErrorLines> complaints;
    qint64 damaged = 0;
    std::set<int> streamsOfEncryptedPackets;
};

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
    FormatOpener opener(state->io, state->limits);
    SO_TRY(state->format, opener.open());
    state->complaints = opener.takeComplaints();
    return std::unique_ptr<Input>(new Input(std::move(state)));
}

AVFormatContext *Input::context() const
{
    return d->format.get();
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

int Input::complaints() const
{
    return d->complaints->count();
}

Result<bool> Input::read(AVPacket *packet)
{
    int damageInPlace = 0;
    qint64 lastBytes = d->io.bytesRead();
    for (;;) {
        const int code = av_read_frame(d->format.get(), packet);
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
    if (parameters->codec_type == AVMEDIA_TYPE_VIDEO && !size.isWithin(d->limits.maxPixels))
        return failure(tooLargePictureError(d->io.source(), size));
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

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/probe_stream.h"

#include "core/media/av_compat.h"
#include "core/media/hdr_light.h"
#include "core/media/names.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/dovi_meta.h>
#include <libavutil/pixdesc.h>
}

namespace sendoff::media {

namespace {

// Beyond these a sample aspect ratio is damage, not anamorphic video.
constexpr double widestSample = 20;
constexpr double narrowestSample = 1 / widestSample;
// Average and nominal rate of a constant-rate file differ by rounding and by its last frame.
constexpr double rateTolerance = 0.01;

Rational toRational(AVRational value)
{
    return {value.num, value.den};
}

StreamKind kindOf(const AVStream *stream)
{
    constexpr int stills = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS;
    switch (stream->codecpar->codec_type) {
    case AVMEDIA_TYPE_VIDEO:
        return (stream->disposition & stills) != 0 ? StreamKind::CoverArt : StreamKind::Video;
    case AVMEDIA_TYPE_AUDIO:
        return StreamKind::Audio;
    case AVMEDIA_TYPE_SUBTITLE:
        return StreamKind::Subtitle;
    case AVMEDIA_TYPE_ATTACHMENT:
        return StreamKind::Attachment;
    default:
        return StreamKind::Data;
    }
}

QString tagValue(const AVStream *stream, const char *key)
{
    const AVDictionaryEntry *entry = av_dict_get(stream->metadata, key, nullptr, 0);
    return entry ? QString::fromUtf8(entry->value) : QString();
}

// AAC whose AudioSpecificConfig names object type 42 (ISO/IEC 14496-3 1.6.2.1): five bits of
// ones, then the type less 32 in six bits. Decoders of AAC know it only since libavcodec 61.
bool isXheAac(const AVCodecParameters *parameters)
{
    if (parameters->codec_id != AV_CODEC_ID_AAC || parameters->extradata_size < 2)
        return false;
    const int bits = parameters->extradata[0] << 8 | parameters->extradata[1];
    return bits >> 11 == 31 && (bits >> 5 & 63) + 32 == 42;
}

void describeCodec(StreamInfo &info, const AVCodecParameters *parameters)
{
    info.codec = QString::fromUtf8(avcodec_get_name(parameters->codec_id));
    info.codecTitle = codecTitle(info.codec);
    if (parameters->codec_id == AV_CODEC_ID_NONE && parameters->codec_tag != 0) {
        std::array<char, AV_FOURCC_MAX_STRING_SIZE> tag{};
        av_fourcc_make_string(tag.data(), parameters->codec_tag);
        info.codecTitle = QString::fromUtf8(tag.data());
    }
    info.profile = parameters->profile;
    const char *profile = avcodec_profile_name(parameters->codec_id, parameters->profile);
    info.profileTitle = profile ? QString::fromUtf8(profile) : QString();
    info.canDecode = isDecodable(parameters->codec_id);
    if (isXheAac(parameters)) {
        info.codecTitle = QStringLiteral("xHE-AAC");
        info.canDecode = compat::decodesXheAac;
    }
}

// Matroska's statistics tags, where the container itself does not say.
std::optional<qint64> taggedDurationUs(const AVStream *stream)
{
    const QString text = tagValue(stream, "DURATION"); // 00:01:02.345000000
    const QStringList parts = text.split(u':');
    if (parts.size() != 3)
        return std::nullopt;
    bool ok[3] = {};
    const double seconds =
        parts[0].toInt(&ok[0]) * 3600.0 + parts[1].toInt(&ok[1]) * 60.0 + parts[2].toDouble(&ok[2]);
    const bool isTime = ok[0] && ok[1] && ok[2] && seconds > 0 && seconds < 1e9;
    return isTime ? std::optional(qint64(seconds * 1e6)) : std::nullopt;
}

void describeTime(StreamInfo &info, const AVStream *stream, const AVFormatContext *format)
{
    const qint64 fileStart = format->start_time == AV_NOPTS_VALUE ? 0 : format->start_time;
    if (stream->start_time != AV_NOPTS_VALUE)
        info.startUs =
            av_rescale_q(stream->start_time, stream->time_base, AV_TIME_BASE_Q) - fileStart;
    if (stream->duration != AV_NOPTS_VALUE && stream->duration > 0)
        info.durationUs = av_rescale_q(stream->duration, stream->time_base, AV_TIME_BASE_Q);
    else
        info.durationUs = taggedDurationUs(stream);
    info.bitrate = std::max<qint64>(0, stream->codecpar->bit_rate);
    if (info.bitrate == 0)
        info.bitrate = std::max<qint64>(0, tagValue(stream, "BPS").toLongLong());
}

bool ratesDiffer(const AVStream *stream)
{
    const double nominal = av_q2d(stream->r_frame_rate);
    const double average = av_q2d(stream->avg_frame_rate);
    if (!std::isfinite(nominal) || !std::isfinite(average) || nominal <= 0 || average <= 0)
        return false;
    // One frame more or less in a short clip is no variation.
    const double oneFrame = stream->nb_frames > 0 ? 1.5 / double(stream->nb_frames) : 0;
    const auto isNear = [&](double value, double tolerance) {
        return std::abs(value - nominal) <= tolerance * nominal;
    };
    // Twice the average: a nominal rate of fields.
    return !isNear(average, std::max(rateTolerance, oneFrame))
        && !isNear(average * 2, rateTolerance);
}

void describeRate(StreamInfo &info, const Input &input, AVStream *stream)
{
    const AVRational guess = av_guess_frame_rate(input.context(), stream, nullptr);
    if (guess.num > 0 && guess.den > 0)
        info.frameRate = toRational(guess);
    info.isVariableRate = ratesDiffer(stream);
    switch (stream->codecpar->field_order) {
    case AV_FIELD_TT:
    case AV_FIELD_BB:
    case AV_FIELD_TB:
    case AV_FIELD_BT:
        info.isInterlaced = true;
        break;
    default:
        break;
    }
}

void describeOrientation(StreamInfo &info, const AVStream *stream)
{
    std::size_t size = 0;
    const quint8 *data = compat::streamSideData(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    qint32 matrix[9] = {};
    if (!data || size < sizeof matrix)
        return;
    std::memcpy(matrix, data, sizeof matrix);
    const Orientation orientation = orientationOf(matrix);
    info.rotation = orientation.rotation;
    info.isMirrored = orientation.isMirrored;
}

void describeColour(StreamInfo &info, const AVCodecParameters *parameters)
{
    info.colour.primaries = parameters->color_primaries;
    info.colour.transfer = parameters->color_trc;
    info.colour.matrix = parameters->color_space;
    info.colour.range = parameters->color_range;
    info.colour.chromaLocation = parameters->chroma_location;
    if (info.colour.range == AVCOL_RANGE_UNSPECIFIED && isFullRangeFormat(info.pixelFormat))
        info.colour.range = AVCOL_RANGE_JPEG;
    info.isHdr = parameters->color_trc == AVCOL_TRC_SMPTE2084
        || parameters->color_trc == AVCOL_TRC_ARIB_STD_B67;
}

// Profile 5 has its own colour space, without a picture that other players could show.
bool isDolbyVisionOnly(const AVStream *stream)
{
    std::size_t size = 0;
    const quint8 *data = compat::streamSideData(stream, AV_PKT_DATA_DOVI_CONF, &size);
    AVDOVIDecoderConfigurationRecord record{};
    if (!data || size < sizeof record)
        return false;
    std::memcpy(&record, data, sizeof record);
    return record.dv_profile == 5;
}

void describePicture(StreamInfo &info, const Input &input, AVStream *stream)
{
    const AVCodecParameters *parameters = stream->codecpar;
    info.width = std::max(0, parameters->width);
    info.height = std::max(0, parameters->height);
    const AVRational sample = av_guess_sample_aspect_ratio(input.context(), stream, nullptr);
    const double aspect = sample.den > 0 ? av_q2d(sample) : 0;
    if (aspect >= narrowestSample && aspect <= widestSample)
        info.sampleAspect = toRational(sample);
    const char *format = av_get_pix_fmt_name(AVPixelFormat(parameters->format));
    info.pixelFormat = format ? QString::fromUtf8(format) : QString();
    info.bitDepth =
        format ? bitDepthOf(info.pixelFormat) : std::max(8, parameters->bits_per_raw_sample);
    describeRate(info, input, stream);
    describeOrientation(info, stream);
    describeColour(info, parameters);
    info.light = lightOfStream(stream);
}

void describeSound(StreamInfo &info, const AVCodecParameters *parameters)
{
    info.sampleRate = std::max(0, parameters->sample_rate);
    info.channels = std::max(0, parameters->ch_layout.nb_channels);
    // Where only the number of channels is known, players take the usual layout.
    AVChannelLayout layout = parameters->ch_layout;
    if (layout.order == AV_CHANNEL_ORDER_UNSPEC && info.channels > 0)
        av_channel_layout_default(&layout, info.channels);
    std::array<char, 128> name{};
    if (info.channels > 0 && av_channel_layout_describe(&layout, name.data(), name.size()) > 0)
        info.channelLayout = QString::fromUtf8(name.data());
}

} // namespace

Orientation orientationOf(const qint32 (&matrix)[9])
{
    const double determinant = double(matrix[0]) * matrix[4] - double(matrix[1]) * matrix[3];
    if (determinant == 0)
        return {}; // shows nothing; taken as damage
    Orientation orientation;
    qint32 turned[9] = {};
    std::copy(std::begin(matrix), std::end(matrix), std::begin(turned));
    orientation.isMirrored = determinant < 0;
    if (orientation.isMirrored) {
        // Take the flip of the source's x axis away; a pure rotation is left.
        turned[0] = matrix[0] == INT32_MIN ? INT32_MAX : -matrix[0];
        turned[1] = matrix[1] == INT32_MIN ? INT32_MAX : -matrix[1];
    }
    const double anticlockwise = av_display_rotation_get(turned);
    if (std::isnan(anticlockwise))
        return {};
    const int quarters = int(std::lround(-anticlockwise / 90));
    orientation.rotation = ((quarters % 4) + 4) % 4 * 90;
    return orientation;
}

StreamInfo describeStream(const Input &input, int index, QStringList &warnings)
{
    AVStream *stream = input.context()->streams[index];
    StreamInfo info;
    info.index = index;
    info.kind = kindOf(stream);
    describeCodec(info, stream->codecpar);
    describeTime(info, stream, input.context());
    const QString language = tagValue(stream, "language");
    info.language = language == u"und" ? QString() : language;
    info.title = tagValue(stream, "title");
    info.isDefault = (stream->disposition & AV_DISPOSITION_DEFAULT) != 0;
    info.isEncrypted = input.isEncrypted(index);
    if (info.kind == StreamKind::Video || info.kind == StreamKind::CoverArt)
        describePicture(info, input, stream);
    if (info.kind == StreamKind::Audio)
        describeSound(info, stream->codecpar);
    if (info.kind == StreamKind::Video && isDolbyVisionOnly(stream))
        warnings.append(QStringLiteral(
            "The picture is in Dolby Vision profile 5: its colours can't be converted rightly."));
    return info;
}

} // namespace sendoff::media

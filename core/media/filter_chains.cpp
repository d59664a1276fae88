// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/filter_graph.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace sendoff::media {

namespace {

constexpr int limitedRange = AVCOL_RANGE_MPEG;
constexpr int fullRange = AVCOL_RANGE_JPEG;
constexpr int unspecified = 2; // of primaries, transfer and matrix (ITU-T H.273)

bool isRgb(int pixelFormat)
{
    const auto *description = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(pixelFormat));
    return description && (description->flags & AV_PIX_FMT_FLAG_RGB) != 0;
}

// The deprecated yuvj formats say "full range" by their name.
bool isFullRangeFormat(int pixelFormat)
{
    const char *name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(pixelFormat));
    return name && QLatin1StringView(name).startsWith(QLatin1StringView("yuvj"));
}

int even(double value)
{
    return std::max(2, static_cast<int>(std::lround(value / 2)) * 2);
}

// vf_scale's names of the matrices that swscale knows; empty = none, leave it as it is.
QString swscaleMatrix(int matrix)
{
    switch (matrix) {
    case AVCOL_SPC_BT709:
        return QStringLiteral("bt709");
    case AVCOL_SPC_FCC:
        return QStringLiteral("fcc");
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
        return QStringLiteral("smpte170m");
    case AVCOL_SPC_SMPTE240M:
        return QStringLiteral("smpte240m");
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
        return QStringLiteral("bt2020");
    default:
        return {};
    }
}

struct PictureColour {
    int matrix;
    int range;
};

// What the frame says counts; where it says nothing, what the plan assumed.
PictureColour colourOf(const PictureShape &shape, const StreamPlan &plan)
{
    PictureColour colour{shape.matrix, shape.range};
    if (colour.matrix == unspecified || colour.matrix == AVCOL_SPC_RGB)
        colour.matrix = plan.sourceColour.matrix;
    if (colour.range == 0)
        colour.range = plan.sourceColour.range;
    if (isFullRangeFormat(shape.pixelFormat))
        colour.range = fullRange;
    if (colour.range == 0)
        colour.range = limitedRange;
    return colour;
}

// Options that make scale convert matrix and range; empty where they agree, so that it can pass
// pictures through untouched.
QString conversionOptions(const PictureShape &shape, const StreamPlan &plan)
{
    const PictureColour from = colourOf(shape, plan);
    const QString toMatrix = swscaleMatrix(plan.colour.matrix);
    const int toRange = plan.colour.range == fullRange ? fullRange : limitedRange;
    QString options;
    if (plan.colour.matrix == AVCOL_SPC_RGB && !isRgb(shape.pixelFormat)) {
        const QString matrix = swscaleMatrix(from.matrix);
        options = QStringLiteral(":in_range=")
            + (from.range == fullRange ? QStringLiteral("full") : QStringLiteral("limited"));
        return matrix.isEmpty() ? options : options + QStringLiteral(":in_color_matrix=") + matrix;
    }
    if (isRgb(shape.pixelFormat)) {
        if (!toMatrix.isEmpty())
            options += QStringLiteral(":out_color_matrix=") + toMatrix;
        return options + QStringLiteral(":out_range=%1").arg(toRange == fullRange
                                                                 ? QStringLiteral("full")
                                                                 : QStringLiteral("limited"));
    }
    const QString fromMatrix = swscaleMatrix(from.matrix);
    if (!toMatrix.isEmpty() && !fromMatrix.isEmpty() && toMatrix != fromMatrix)
        options += QStringLiteral(":in_color_matrix=%1:out_color_matrix=%2")
                       .arg(fromMatrix, toMatrix);
    if (from.range != toRange) {
        const QString names = from.range == fullRange
            ? QStringLiteral(":in_range=full:out_range=limited")
            : QStringLiteral(":in_range=limited:out_range=full");
        options += names;
    }
    return options;
}

struct Size {
    int width;
    int height;
};

// The picture inside of the plan's frame, before it is turned. A picture of the planned shape
// fills it; one that changed its shape on the way is fitted and padded.
Size contentSize(const StreamPlan &plan, const PictureShape &shape, Size frame)
{
    const bool hasAspect = shape.sampleAspect.num > 0 && shape.sampleAspect.den > 0;
    const double aspect = hasAspect ? av_q2d(shape.sampleAspect) : 1.0;
    const double displayWidth = shape.width * aspect;
    const double scale = std::min(frame.width / displayWidth, double(frame.height) / shape.height);
    Size size{std::min(frame.width, even(displayWidth * scale)),
              std::min(frame.height, even(shape.height * scale))};
    // Rounding to even numbers, and plans that crop or stretch by a few pixels.
    const int slackX = std::max(4, frame.width / 50);
    const int slackY = std::max(4, frame.height / 50);
    Q_UNUSED(plan)
    if (frame.width - size.width <= slackX && frame.height - size.height <= slackY)
        return frame;
    return size;
}

QString toneMapFilters(const StreamPlan &plan)
{
    const Colour &from = plan.sourceColour;
    const bool isFull = from.range == fullRange;
    // zscale needs to be told what it gets, in ITU-T H.273 numbers: untagged input is "no path
    // between colorspaces".
    const QString input = QStringLiteral("tin=%1:pin=%2:min=%3:rin=%4")
                              .arg(from.transfer)
                              .arg(from.primaries)
                              .arg(from.matrix)
                              .arg(isFull ? QStringLiteral("full") : QStringLiteral("limited"));
    return QStringLiteral("zscale=%1:t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,"
                          "tonemap=hable:desat=0,zscale=t=bt709:m=bt709:p=bt709:r=%2")
        .arg(input,
             plan.colour.range == fullRange ? QStringLiteral("full") : QStringLiteral("limited"));
}

// Clockwise. A picture that is mirrored and turned is mirrored first.
QStringList orientationFilters(const StreamPlan &plan)
{
    QStringList filters;
    if (plan.isMirrored)
        filters.append(QStringLiteral("hflip"));
    switch (plan.rotation) {
    case 90:
        filters.append(QStringLiteral("transpose=clock"));
        break;
    case 180:
        filters.append({QStringLiteral("hflip"), QStringLiteral("vflip")});
        break;
    case 270:
        filters.append(QStringLiteral("transpose=cclock"));
        break;
    default:
        break;
    }
    return filters;
}

} // namespace

PictureShape PictureShape::of(const AVFrame *frame, AVRational guessedAspect)
{
    PictureShape shape;
    shape.width = frame->width;
    shape.height = frame->height;
    shape.pixelFormat = frame->format;
    const AVRational own = frame->sample_aspect_ratio;
    const AVRational aspect = own.num > 0 && own.den > 0 ? own : guessedAspect;
    const bool isKnown = aspect.num > 0 && aspect.den > 0;
    shape.sampleAspect = isKnown ? aspect : AVRational{0, 1};
    shape.range = frame->color_range;
    shape.matrix = frame->colorspace;
    return shape;
}

bool PictureShape::operator==(const PictureShape &other) const
{
    return width == other.width && height == other.height && pixelFormat == other.pixelFormat
        && av_cmp_q(sampleAspect, other.sampleAspect) == 0 && range == other.range
        && matrix == other.matrix && isInterlaced == other.isInterlaced;
}

QString pictureFilters(const StreamPlan &plan, const PictureShape &shape)
{
    const bool isTurned = plan.rotation == 90 || plan.rotation == 270;
    Size frame{plan.width, plan.height};
    if (isTurned)
        std::swap(frame.width, frame.height);
    const Size content = contentSize(plan, shape, frame);

    QStringList filters;
    // The container's word is a claim; only frames that say so themselves are changed.
    if (plan.deinterlace || shape.isInterlaced)
        filters.append(QStringLiteral("bwdif=mode=send_frame:deint=interlaced"));
    // Tone mapping is the dearest step: on the smaller picture. It converts the colours itself.
    const QString size =
        QStringLiteral("scale=%1:%2:flags=bicubic").arg(content.width).arg(content.height);
    filters.append(plan.toneMap ? size : size + conversionOptions(shape, plan));
    if (plan.toneMap)
        filters.append(toneMapFilters(plan));
    filters.append(QStringLiteral("format=") + plan.pixelFormat);
    if (content.width != frame.width || content.height != frame.height)
        filters.append(QStringLiteral("pad=%1:%2:-1:-1:black").arg(frame.width).arg(frame.height));
    filters.append(orientationFilters(plan));
    filters.append(QStringLiteral("setsar=1"));
    return filters.join(u',');
}

QString soundFilters(const StreamPlan &plan, AVSampleFormat sampleFormat)
{
    // rematrix_maxval: float output is not normalised by default, and 5.1 mixed down to stereo
    // then peaks at more than twice full scale.
    QString format = QStringLiteral("aresample=rematrix_maxval=1.0,aformat=sample_fmts=%1"
                                    ":sample_rates=%2")
                         .arg(QString::fromLatin1(av_get_sample_fmt_name(sampleFormat)))
                         .arg(plan.sampleRate);
    if (!plan.channelLayout.isEmpty())
        format += QStringLiteral(":channel_layouts=") + plan.channelLayout;
    else
        format += QStringLiteral(":channel_layouts=%1c").arg(plan.channels);
    return format;
}

} // namespace sendoff::media

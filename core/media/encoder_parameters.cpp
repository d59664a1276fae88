// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/encoder_parameters.h"

#include "core/media/hdr_light.h"

namespace sendoff::media {

namespace {

QString pair(const HdrLight &light, std::size_t at)
{
    return QStringLiteral("(%1,%2)").arg(light.primaries[at]).arg(light.primaries[at + 1]);
}

// G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min), in whole units.
QString x265Screen(const HdrLight &light)
{
    return QStringLiteral("G%1B%2R%3WP%4L(%5,%6)")
        .arg(pair(light, 2), pair(light, 4), pair(light, 0), pair(light, 6))
        .arg(light.maxLuminance)
        .arg(light.minLuminance);
}

QString fractions(const HdrLight &light, std::size_t at)
{
    return QStringLiteral("(%1,%2)")
        .arg(double(light.primaries[at]) / chromaticityUnits, 0, 'f', 5)
        .arg(double(light.primaries[at + 1]) / chromaticityUnits, 0, 'f', 5);
}

// The same in fractions and cd/m².
QString svtScreen(const HdrLight &light)
{
    return QStringLiteral("G%1B%2R%3WP%4L(%5,%6)")
        .arg(fractions(light, 2), fractions(light, 4), fractions(light, 0), fractions(light, 6))
        .arg(double(light.maxLuminance) / luminanceUnits, 0, 'f', 4)
        .arg(double(light.minLuminance) / luminanceUnits, 0, 'f', 4);
}

// x264 164 with its lookahead in a thread of its own encodes equal pictures unequally where a row of
// macroblocks is not a multiple of eight: in 12 of 92 runs at 320, 336, 352, 480 and 854 pixels, in
// none of 110 at 256, 384, 512 and 640. Without that thread none differed; a third more time.
bool repeatsWithLookahead(int width)
{
    constexpr int macroblock = 16;
    return (width + macroblock - 1) / macroblock % 8 == 0;
}

} // namespace

EncoderParameters privateParameters(const StreamPlan &stream, int threads)
{
    const QString &encoder = stream.encoder;
    const HdrLight &light = stream.light;
    QStringList parameters;
    if (encoder == u"libx265") {
        parameters.append(QStringLiteral("log-level=error")); // it writes past libav's log
        if (threads == 1) // else it takes all processors, and does not repeat itself
            parameters.append(QStringLiteral("frame-threads=1:wpp=0:pools=none"));
        if (light.hasScreen())
            parameters.append(QStringLiteral("master-display=") + x265Screen(light));
        if (light.hasContent())
            parameters.append(QStringLiteral("max-cll=%1,%2")
                                  .arg(light.maxContentLight)
                                  .arg(light.maxFrameAverage));
        if (light.hasScreen() || light.hasContent())
            parameters.append(QStringLiteral("hdr10=1"));
        return {"x265-params", parameters.join(u':')};
    }
    if (encoder == u"libx264" && !repeatsWithLookahead(stream.width))
        return {"x264-params", QStringLiteral("sync-lookahead=0")};
    if (encoder == u"libsvtav1") {
        if (light.hasScreen())
            parameters.append(QStringLiteral("mastering-display=") + svtScreen(light));
        if (light.hasContent())
            parameters.append(QStringLiteral("content-light=%1,%2")
                                  .arg(light.maxContentLight)
                                  .arg(light.maxFrameAverage));
        return {"svtav1-params", parameters.join(u':')};
    }
    return {};
}

// x264 begins a picture, looks ahead and then waits for the oldest. Without a thread for looking
// ahead, processors rest meanwhile: half as many threads again, x264's own default, make up for it.
int encoderThreads(const StreamPlan &stream, int codecThreads)
{
    const bool looksAheadItself =
        stream.encoder == u"libx264" && !repeatsWithLookahead(stream.width);
    return looksAheadItself && codecThreads > 1 ? codecThreads * 3 / 2 : codecThreads;
}

} // namespace sendoff::media

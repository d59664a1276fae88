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

} // namespace

EncoderParameters privateParameters(const QString &encoder, const HdrLight &light, int threads)
{
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
    // Its lookahead in a thread of its own races with mbtree: equal pictures were encoded unequally
    // in four of ten runs on a busy computer, and in none without that thread.
    if (encoder == u"libx264")
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

// x264 begins a picture and then waits for the oldest, so one of its threads always rests: with as
// many as there are processors, a third of them would too. Its own default is the same.
int encoderThreads(const QString &encoder, int codecThreads)
{
    return encoder == u"libx264" && codecThreads > 1 ? codecThreads * 3 / 2 : codecThreads;
}

} // namespace sendoff::media

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/allow_list.h"

#include "core/media/input.h"

#include <QStringList>

extern "C" {
#include <libavutil/avstring.h>
}

namespace sendoff::media {

namespace {

// Containers in which people have videos and recordings. Left out on purpose: whatever opens other
// files or sockets (hls, concat, dash, sdp, image2, …), subtitles, stills, games' formats, and
// elementary streams of video that do not say how fast they are shown (MPEG-1 and MPEG-2 do).
constexpr char allowedDemuxers[] =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,ogg,asf,mxf,wav,w64,mp3,flac,aac,"
    "gif,rm,dv,aiff,caf,ac3,eac3,amr,ivf,mpegvideo";

constexpr char allowedDecoders[] =
    "h264,hevc,vp8,vp9,libvpx-vp9,libdav1d,libaom-av1,av1,mpeg1video,mpeg2video,mpeg4,prores,"
    "dnxhd,mjpeg,ffv1,theora,vp3,vp6,vp6a,vp6f,h263,h263i,flv,wmv1,wmv2,wmv3,vc1,msmpeg4v1,"
    "msmpeg4v2,msmpeg4,dvvideo,cfhd,huffyuv,ffvhuff,utvideo,rawvideo,v210,png,gif,jpeg2000,qtrle,"
    "svq1,svq3,cinepak,rv30,rv40,"
    "aac,aac_latm,mp3float,mp3,mp2float,mp2,mp1float,ac3,eac3,dca,opus,libopus,vorbis,flac,alac,"
    "truehd,mlp,wmav1,wmav2,wmapro,wmalossless,amrnb,amrwb,speex,libspeex,tta,wavpack,ape,gsm,"
    "gsm_ms,cook,nellymoser,adpcm_ms,adpcm_ima_qt,adpcm_ima_wav,adpcm_swf,adpcm_yamaha,adpcm_g722,"
    "g722,pcm_alaw,pcm_mulaw,pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,"
    "pcm_s32be,pcm_s64le,pcm_s64be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,pcm_bluray,pcm_dvd,"
    "s302m,"
    "subrip,srt,ass,ssa,webvtt,mov_text,text"; // subtitles that are text; nothing is drawn

bool isListed(const char *names, const char *list)
{
    return av_match_list(names, list, ',') > 0;
}

} // namespace

const char *demuxerAllowList()
{
    return allowedDemuxers;
}

const char *decoderAllowList()
{
    return allowedDecoders;
}

bool isAllowed(const AVInputFormat *format)
{
    return isListed(format->name, allowedDemuxers);
}

const AVCodec *allowedDecoder(AVCodecID codec)
{
    const AVCodec *preferred = avcodec_find_decoder(codec);
    if (preferred && isListed(preferred->name, allowedDecoders))
        return preferred;
    void *position = nullptr;
    while (const AVCodec *candidate = av_codec_iterate(&position)) {
        const bool isSoftware = (candidate->capabilities & AV_CODEC_CAP_HARDWARE) == 0;
        if (av_codec_is_decoder(candidate) && candidate->id == codec && isSoftware
            && isListed(candidate->name, allowedDecoders))
            return candidate;
    }
    return nullptr;
}

bool isDecodable(AVCodecID codec)
{
    return allowedDecoder(codec) != nullptr;
}

QString refusalOf(const AVInputFormat *format)
{
    const QString name = QString::fromUtf8(format->name);
    if (isListed(format->name, "hls,concat,dash,imf,webm_dash_manifest,rtsp,sdp,rtp"))
        return QStringLiteral("it is a playlist that points to other files, not a video");
    if (isListed(format->name, "image2,ico,apng,fits,xbin,bin") || name.endsWith(u"_pipe"))
        return QStringLiteral("it is a still picture");
    if (isListed(format->name,
                 "srt,ass,webvtt,microdvd,mpl2,mpsub,sami,scc,stl,subviewer,subviewer1,sup,ttml,"
                 "vobsub,vplayer,pjs,realtext,jacosub,lrc,aqtitle,tedcaptions,mcc"))
        return QStringLiteral("it holds only subtitles");
    if (isListed(format->name, "h264,hevc,av1,obu,m4v,vc1,vc1test,h261,h263,mjpeg"))
        return QStringLiteral("it is a bare stream of pictures without times");
    if (isListed(format->name, "tty,ffmetadata,data"))
        return QStringLiteral("it holds text");
    return QStringLiteral("Sendoff does not open files of the kind “%1”").arg(name);
}

} // namespace sendoff::media

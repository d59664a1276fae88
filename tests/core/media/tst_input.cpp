// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/input.h"
#include "tests/support/media_tools.h"

#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <ctime>
#include <fstream>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::test;

namespace {

void write(const FilePath &path, const QByteArray &content)
{
    std::ofstream(path, std::ios::binary).write(content.constData(), content.size());
}

Result<std::unique_ptr<Input>> openInput(const FilePath &path, std::stop_token stop = {},
                                         InputLimits limits = {})
{
    const auto source = SourceFile::open(path);
    if (!source)
        return failure(source.error());
    return Input::open(*source, stop, limits);
}

struct ReadOutcome {
    QList<qint64> bytesOfStream;
    int packets = 0;
    std::optional<Error> error;
};

ReadOutcome readAll(Input &input)
{
    ReadOutcome outcome;
    const PacketPtr packet(av_packet_alloc());
    for (;;) {
        const auto isPacket = input.read(packet.get());
        if (!isPacket)
            outcome.error = isPacket.error();
        if (!isPacket || !*isPacket)
            return outcome;
        ++outcome.packets;
        outcome.bytesOfStream.resize(
            std::max<qsizetype>(outcome.bytesOfStream.size(), packet->stream_index + 1));
        outcome.bytesOfStream[packet->stream_index] += packet->size;
        av_packet_unref(packet.get());
    }
}

qint64 peakMemoryMiB()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

// Tells whether a file was opened by anyone since.
class OpenWatch {
public:
    explicit OpenWatch(const FilePath &path)
        : m_inotify(inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
    {
        m_isWatching = inotify_add_watch(m_inotify.get(), path.c_str(), IN_OPEN) >= 0;
    }
    bool isWatching() const { return m_isWatching; }
    bool wasOpened() const
    {
        char buffer[4096];
        return ::read(m_inotify.get(), buffer, sizeof buffer) > 0;
    }

private:
    FileDescriptor m_inotify;
    bool m_isWatching = false;
};

// A GIF of one small frame on a canvas of any size: 89a, no palette.
QByteArray gifWithCanvas(quint16 width, quint16 height)
{
    QByteArray gif("GIF89a");
    for (const quint16 side : {width, height}) {
        gif += char(side & 0xff);
        gif += char(side >> 8);
    }
    gif += QByteArray::fromHex("800000"
                               "000000ffffff"); // two colours
    gif += QByteArray::fromHex("2c00000000010001000002024401003b");
    return gif;
}

} // namespace

class InputTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void readsAllPackets();
    void takesAnyName_data();
    void takesAnyName();
    void refusesWhatIsNoVideo_data();
    void refusesWhatIsNoVideo();
    void opensNothingButTheFile_data();
    void opensNothingButTheFile();
    void refusesHugePicturesBeforeTheyAreAllocated_data();
    void refusesHugePicturesBeforeTheyAreAllocated();
    void believesTheCodecNotTheContainerOnSizes();
    void limitsStreamsThatAppearLate_data();
    void limitsStreamsThatAppearLate();
    void refusesTooManyTracks();
    void noticesThatTheSourceBecameShorter();
    void doesNotReadWhatWasAppended();
    void stopsWhenAsked();
    void givesUpAfterItsDeadline();
    void opensDecodersWithinLimits();
    void refusesToDecodeWhatIsEncrypted();
    void survivesTheHostileCorpus();

private:
    FilePath path(const QString &name) const { return m_folder.filePath(name).toStdString(); }
    FilePath make(const QString &name, const QStringList &arguments) const;

    QTemporaryDir m_folder;
    FilePath m_clip; // mp4 with H.264 and AAC
    const QStringList m_picture{u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=s=320x240:r=25:d=2"_s};
    const QStringList m_sound{u"-f"_s, u"lavfi"_s, u"-i"_s, u"sine=d=2"_s};
};

FilePath InputTest::make(const QString &name, const QStringList &arguments) const
{
    const FilePath file = path(name);
    if (!ffmpeg(arguments + QStringList{u"file:"_s + fromPath(file)}))
        qFatal("could not make %s", qPrintable(name));
    return file;
}

void InputTest::initTestCase()
{
    m_clip = make(u"clip.mp4"_s,
                  m_picture + m_sound
                      + QStringList{u"-c:v"_s, u"libx264"_s, u"-pix_fmt"_s, u"yuv420p"_s, u"-c:a"_s,
                                    u"aac"_s});
}

void InputTest::readsAllPackets()
{
    const auto input = openInput(m_clip);
    QVERIFY(input.has_value());
    QCOMPARE((*input)->context()->nb_streams, 2U);
    const ReadOutcome outcome = readAll(**input);
    QVERIFY(!outcome.error);
    QCOMPARE(outcome.packets,
             int(packetDts(m_clip, u"v:0"_s).size() + packetDts(m_clip, u"a:0"_s).size()));
    QVERIFY((*input)->bytesRead() > outcome.bytesOfStream[0]);
    QCOMPARE((*input)->damagedPackets(), 0);
}

void InputTest::takesAnyName_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("an option") << QByteArray("-i.mp4");
    QTest::newRow("a protocol") << QByteArray("http:evil.mp4");
    QTest::newRow("a list") << QByteArray("concat:a.mp4|b.mp4");
    QTest::newRow("a pipe") << QByteArray("pipe:0");
    QTest::newRow("a pattern") << QByteArray("img%03d.png");
    QTest::newRow("a line feed") << QByteArray("a\nb.mp4");
    QTest::newRow("no UTF-8") << QByteArray("caf\xe9.mp4");
    QTest::newRow("the name of another kind") << QByteArray("playlist.m3u8");
    QTest::newRow("250 bytes") << QByteArray(250, 'x');
}

void InputTest::takesAnyName()
{
    QFETCH(QByteArray, name);
    const FilePath file = path(u""_s) / name.toStdString();
    std::filesystem::copy_file(m_clip, file);
    const auto input = openInput(file);
    std::filesystem::remove(file);
    QVERIFY(input.has_value());
    QCOMPARE(readAll(**input).packets, readAll(**openInput(m_clip)).packets);
}

void InputTest::refusesWhatIsNoVideo_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("reason");
    const QString notMedia = u"source-not-media"_s;
    QTest::newRow("nothing") << QByteArray() << u"source-empty"_s << QString();
    QTest::newRow("one byte") << QByteArray("x") << notMedia << u"nothing in it looks like"_s;
    QTest::newRow("text") << QByteArray("Dear diary,\n").repeated(100) << notMedia
                          << u"nothing in it looks like"_s;
    QTest::newRow("HLS") << QByteArray("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n"
                                       "file:///etc/passwd\n#EXT-X-ENDLIST\n")
                         << notMedia << u"it is a playlist"_s;
    QTest::newRow("ffconcat") << QByteArray("ffconcat version 1.0\nfile neighbour.ts\n") << notMedia
                              << u"it is a playlist"_s;
    QTest::newRow("SDP") << QByteArray("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\n"
                                       "t=0 0\nm=video 5004 RTP/AVP 96\n")
                         << notMedia << u"it is a playlist"_s;
    QTest::newRow("PNG") << QByteArray::fromHex("89504e470d0a1a0a0000000d49484452"
                                                "00003a9800003a980802000000"
                                                "00000000000000004944415400000000")
                         << notMedia << u"it is a still picture"_s;
    QTest::newRow("SubRip") << QByteArray("1\n00:00:01,000 --> 00:00:02,000\nHello\n\n"
                                          "2\n00:00:02,000 --> 00:00:03,000\nWorld\n\n")
                            << notMedia << u"it holds only subtitles"_s;
    QTest::newRow("half an MP4") << QByteArray::fromHex("0000001c667479706d703432000000006d703432"
                                                        "69736f6d00ffffff6d6f6f76")
                                 << notMedia << u"its beginning is damaged"_s;
}

void InputTest::refusesWhatIsNoVideo()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, kind);
    QFETCH(QString, reason);
    const FilePath file = path(u"refused.mp4"_s);
    write(file, content);
    const auto input = openInput(file);
    QVERIFY(!input);
    QCOMPARE(kindName(input.error().kind), kind);
    QCOMPARE(input.error()[argument::file], u"refused.mp4"_s);
    const QString said = input.error()[argument::reason];
    QVERIFY2(said.left(reason.size()) == reason, qPrintable(said));
}

void InputTest::opensNothingButTheFile_data()
{
    QTest::addColumn<QByteArray>("content"); // %1 the neighbour, %2 a port
    QTest::newRow("HLS, relative") << QByteArray(
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nneighbour.ts\n#EXT-X-ENDLIST\n");
    QTest::newRow("HLS, absolute")
        << QByteArray("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://%1\n#EXT-X-ENDLIST\n");
    QTest::newRow("HLS, over the network")
        << QByteArray("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:%2/x.ts\n");
    QTest::newRow("ffconcat") << QByteArray("ffconcat version 1.0\nfile neighbour.ts\n");
    QTest::newRow("DASH") << QByteArray(
        "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" "
        "mediaPresentationDuration=\"PT1S\" profiles=\"urn:mpeg:dash:profile:isoff-main:2011\">"
        "<BaseURL>http://127.0.0.1:%2/</BaseURL><Period><AdaptationSet mimeType=\"video/mp4\">"
        "<Representation id=\"1\" bandwidth=\"1\"><BaseURL>neighbour.ts</BaseURL>"
        "</Representation></AdaptationSet></Period></MPD>");
}

void InputTest::opensNothingButTheFile()
{
    QFETCH(QByteArray, content);
    const FilePath neighbour =
        make(u"neighbour.ts"_s, m_picture + QStringList{u"-c:v"_s, u"mpeg2video"_s});
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    content.replace("%1", neighbour.c_str());
    content.replace("%2", QByteArray::number(server.serverPort()));
    const FilePath file = path(u"innocent.mp4"_s);
    write(file, content);
    const OpenWatch watch(neighbour);
    QVERIFY(watch.isWatching());
    QVERIFY(!openInput(file));
    QVERIFY(!watch.wasOpened());
    QVERIFY(!server.waitForNewConnection(50));
    // The watch does see what it is there to see.
    QVERIFY(std::ifstream(neighbour).good());
    QVERIFY(watch.wasOpened());
}

void InputTest::refusesHugePicturesBeforeTheyAreAllocated_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::addColumn<bool>("isRefused");
    QTest::newRow("the largest that GIF knows") << 65535 << 65535 << true;
    QTest::newRow("900 MB a frame") << 15000 << 15000 << true;
    QTest::newRow("one row too many") << 8192 << 8193 << true;
    QTest::newRow("small") << 64 << 64 << false;
}

void InputTest::refusesHugePicturesBeforeTheyAreAllocated()
{
    QFETCH(int, width);
    QFETCH(int, height);
    QFETCH(bool, isRefused);
    const FilePath file = path(u"bomb.mp4"_s);
    write(file, gifWithCanvas(quint16(width), quint16(height)));
    const qint64 before = peakMemoryMiB();
    const auto input = openInput(file);
    QVERIFY2(peakMemoryMiB() - before < 64, "a frame was allocated");
    QCOMPARE(input.has_value(), !isRefused);
    if (!isRefused)
        return;
    QVERIFY(input.error().kind == ErrorKind::SourceTooLarge);
    QCOMPARE(input.error()[argument::reason],
             u"the picture is %1 × %2, larger than Sendoff handles"_s.arg(width).arg(height));
}

void InputTest::believesTheCodecNotTheContainerOnSizes()
{
    std::ifstream stream(m_clip, std::ios::binary);
    QByteArray content =
        QByteArray::fromStdString(std::string(std::istreambuf_iterator<char>(stream), {}));
    const qsizetype entry = content.indexOf("avc1", content.indexOf("stsd"));
    QVERIFY(entry > 0);
    // ISO/IEC 14496-12 12.1.3: width and height follow 28 bytes after the entry's name.
    content.replace(entry + 28, 4, QByteArray::fromHex("ffffffff"));
    write(path(u"lie.mp4"_s), content);
    const auto input = openInput(path(u"lie.mp4"_s));
    QVERIFY(input.has_value());
    QCOMPARE((*input)->context()->streams[0]->codecpar->width, 320);
}

void InputTest::limitsStreamsThatAppearLate_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("encoder");
    // Containers that announce no stream before its first packet.
    QTest::newRow("MPEG program stream") << u"late.mpg"_s << u"mpeg2video"_s;
    QTest::newRow("MPEG transport stream") << u"late.ts"_s << u"mpeg2video"_s;
    QTest::newRow("Flash") << u"late.flv"_s << u"flv"_s;
}

void InputTest::limitsStreamsThatAppearLate()
{
    QFETCH(QString, file);
    QFETCH(QString, encoder);
    const FilePath clip =
        make(file,
             m_picture + m_sound + QStringList{u"-c:v"_s, encoder, u"-c:a"_s, u"mp2"_s}
                 + (file.endsWith(u"flv") ? QStringList{u"-an"_s} : QStringList{}));
    const auto whole = openInput(clip);
    QVERIFY(whole.has_value());
    QCOMPARE((*whole)->context()->streams[0]->codecpar->width, 320);
    QCOMPARE(readAll(**whole).packets,
             int(packetDts(clip, u"v:0"_s).size() + packetDts(clip, u"a:0"_s).size()));
    InputLimits limits;
    limits.maxPixels = 320 * 240 - 1;
    const auto limited = openInput(clip, {}, limits);
    if (limited) { // its decoder was not let near a picture
        const AVCodecParameters *parameters = (*limited)->context()->streams[0]->codecpar;
        QVERIFY(parameters->width == 0 || parameters->format < 0);
    } else {
        QVERIFY(limited.error().kind == ErrorKind::SourceTooLarge);
    }
}

void InputTest::refusesTooManyTracks()
{
    QStringList arguments = m_sound;
    for (int i = 0; i < 65; ++i)
        arguments << u"-map"_s << u"0"_s;
    arguments << u"-t"_s << u"0.1"_s << u"-c:a"_s << u"pcm_s16le"_s;
    const FilePath file = make(u"many.mkv"_s, arguments);
    const auto input = openInput(file);
    QVERIFY(!input && input.error().kind == ErrorKind::SourceTooLarge);
    QCOMPARE(input.error()[argument::reason], u"it has more than 64 tracks"_s);
    InputLimits limits;
    limits.maxStreams = 65;
    QVERIFY(openInput(file, {}, limits).has_value());
}

void InputTest::noticesThatTheSourceBecameShorter()
{
    const FilePath file = make(u"shrinks.mkv"_s,
                               {u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=s=1280x720:r=25:d=4"_s,
                                u"-c:v"_s, u"mjpeg"_s, u"-q:v"_s, u"1"_s});
    const auto size = std::filesystem::file_size(file);
    QVERIFY(size > 2'000'000);
    const auto input = openInput(file);
    QVERIFY(input.has_value());
    std::filesystem::resize_file(file, size / 3);
    const ReadOutcome outcome = readAll(**input);
    QVERIFY(outcome.error && outcome.error->kind == ErrorKind::SourceChanged);
    QVERIFY(outcome.packets < 100);
    QCOMPARE((*outcome.error)[argument::file], u"shrinks.mkv"_s);
}

void InputTest::doesNotReadWhatWasAppended()
{
    const FilePath file = path(u"grows.mp4"_s);
    std::filesystem::copy_file(m_clip, file);
    const auto input = openInput(file);
    QVERIFY(input.has_value());
    std::ofstream(file, std::ios::app) << std::string(100'000, 'x');
    const ReadOutcome outcome = readAll(**input);
    QVERIFY(!outcome.error);
    QVERIFY((*input)->bytesRead() <= 2 * qint64(std::filesystem::file_size(m_clip)));
    QCOMPARE(outcome.packets, readAll(**openInput(m_clip)).packets);
}

void InputTest::stopsWhenAsked()
{
    std::stop_source before;
    before.request_stop();
    const auto refused = openInput(m_clip, before.get_token());
    QVERIFY(!refused && refused.error().kind == ErrorKind::Cancelled);
    std::stop_source during;
    const auto input = openInput(m_clip, during.get_token());
    QVERIFY(input.has_value());
    during.request_stop();
    const ReadOutcome outcome = readAll(**input);
    QVERIFY(outcome.error && outcome.error->kind == ErrorKind::Cancelled);
    QCOMPARE(outcome.packets, 0);
}

void InputTest::givesUpAfterItsDeadline()
{
    InputLimits limits;
    limits.openDeadline = std::chrono::milliseconds(-1);
    const auto input = openInput(m_clip, {}, limits);
    QVERIFY(!input && input.error().kind == ErrorKind::SourceNotMedia);
    QCOMPARE(input.error()[argument::reason], u"finding out what it holds took too long"_s);
}

void InputTest::opensDecodersWithinLimits()
{
    const auto input = openInput(m_clip);
    QVERIFY(input.has_value());
    const auto decoder = (*input)->openDecoder(0, 2);
    QVERIFY(decoder.has_value());
    QCOMPARE((*decoder)->thread_count, 2);
    QCOMPARE((*decoder)->max_pixels, qint64(1) << 26);
    QCOMPARE((*decoder)->pkt_timebase.den, (*input)->context()->streams[0]->time_base.den);
    // A codec that is rare enough to be left out.
    const FilePath rare = make(u"rare.avi"_s, m_picture + QStringList{u"-c:v"_s, u"asv1"_s});
    const auto rareInput = openInput(rare);
    QVERIFY(rareInput.has_value());
    QVERIFY(!isDecodable(AV_CODEC_ID_ASV1));
    const auto missing = (*rareInput)->openDecoder(0, 1);
    QVERIFY(!missing && missing.error().kind == ErrorKind::NoDecoder);
    QCOMPARE(missing.error()[argument::name], u"asv1"_s);
    for (const AVCodecID codec : {AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_AV1,
                                  AV_CODEC_ID_VP9, AV_CODEC_ID_AAC, AV_CODEC_ID_OPUS})
        QVERIFY(isDecodable(codec));
}

void InputTest::refusesToDecodeWhatIsEncrypted()
{
    const FilePath file =
        make(u"secret.mp4"_s,
             {u"-i"_s, fromPath(m_clip), u"-c"_s, u"copy"_s, u"-encryption_scheme"_s,
              u"cenc-aes-ctr"_s, u"-encryption_key"_s, u"00112233445566778899aabbccddeeff"_s,
              u"-encryption_kid"_s, u"00112233445566778899aabbccddeeff"_s});
    const auto input = openInput(file);
    QVERIFY(input.has_value());
    QVERIFY(!readAll(**input).error);
    QVERIFY((*input)->isEncrypted(0));
    const auto decoder = (*input)->openDecoder(0, 1);
    QVERIFY(!decoder && decoder.error().kind == ErrorKind::SourceProtected);
    QVERIFY(!(*openInput(m_clip))->isEncrypted(0));
}

void InputTest::survivesTheHostileCorpus()
{
    const FilePath corpus =
        FilePath(qEnvironmentVariable("SENDOFF_SHARED_MEDIA").toStdString()) / "hostile";
    if (!std::filesystem::is_directory(corpus))
        QSKIP("SENDOFF_SHARED_MEDIA names no folder with media");
    const qint64 before = peakMemoryMiB();
    int files = 0;
    for (const auto &entry : std::filesystem::directory_iterator(corpus)) {
        const std::clock_t begin = std::clock(); // of this process: the machine may be busy
        const auto input = openInput(entry.path());
        const int packets = input ? readAll(**input).packets : 0;
        QVERIFY2(std::clock() - begin < 2 * CLOCKS_PER_SEC, entry.path().c_str());
        QVERIFY2(packets < 10'000, entry.path().c_str());
        if (!input)
            QVERIFY2(!input.error()[argument::reason].isEmpty(), entry.path().c_str());
        ++files;
    }
    QVERIFY(files > 15);
    QVERIFY(peakMemoryMiB() - before < 256);
}

QTEST_GUILESS_MAIN(InputTest)
#include "tst_input.moc"

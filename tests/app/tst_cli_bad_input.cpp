// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Bad input: each ends in one sentence with the next step, others go on, no source is written.

#include "tests/support/program.h"
#include "tests/support/scratch.h"
#include "tests/support/small_disk.h"

#include <QJsonArray>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace sendoff;
using namespace sendoff::test;

class tst_cli_bad_input : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refusesEachWithASentence_data();
    void refusesEachWithASentence();
    void othersGoOn();
    void oddNamesExport_data();
    void oddNamesExport();
    void outputIsNeverTheSource_data();
    void outputIsNeverTheSource();
    void fullDiskLosesNothing_data();
    void fullDiskLosesNothing();
    void unknownPresetAndDestinationAreBadUsage();
    void secretInUrlIsRefused();

private:
    Finished run(const std::vector<std::string> &arguments)
    {
        return runProgram(sendoffCommand(m_scratch.profile().string(), arguments));
    }
    void makeOddFile(const QString &kind, const FilePath &path);

    Scratch m_scratch;
    FilePath m_clip;
};

namespace {

void verifyOneSentence(const Finished &finished, const QString &kind)
{
    const QList<QJsonObject> errors = finished.eventsOf(u"error"_qs);
    QCOMPARE(errors.size(), 1);
    QCOMPARE(errors[0][u"kind"].toString(), kind);
    QVERIFY(errors[0][u"text"].toString().size() > 10);
    QVERIFY(!errors[0][u"text"].toString().contains(u'%'));
    QVERIFY(!errors[0][u"next"].toString().isEmpty());
}

} // namespace

void tst_cli_bad_input::initTestCase()
{
    m_clip = m_scratch.clip("good.mkv", 1);
}

void tst_cli_bad_input::refusesEachWithASentence_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"source-not-media", "source-unreadable", "source-missing",
                             "source-empty", "source-not-regular", "source-not-regular fifo",
                             "source-not-media playlist"})
        QTest::newRow(kind) << QString::fromLatin1(kind);
}

void tst_cli_bad_input::makeOddFile(const QString &kind, const FilePath &path)
{
    const std::string name = path.filename().string();
    if (kind == u"source-not-media")
        m_scratch.file(name, "this is a letter, not a video\n");
    else if (kind == u"source-not-media playlist")
        m_scratch.file(name, "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n");
    else if (kind == u"source-unreadable")
        ::chmod(m_scratch.file(name, "x").c_str(), 0);
    else if (kind == u"source-empty")
        m_scratch.file(name, "");
    else if (kind == u"source-not-regular")
        std::filesystem::create_directory(path);
    else if (kind == u"source-not-regular fifo")
        ::mkfifo(path.c_str(), 0600);
}

void tst_cli_bad_input::refusesEachWithASentence()
{
    QFETCH(const QString, kind);
    const FilePath path = m_scratch.root() / ("odd " + kind.toStdString() + ".mp4");
    makeOddFile(kind, path);
    const FilePath out = m_scratch.folder("refused");
    std::vector<std::string> command = sendoffCommand(
        m_scratch.profile().string(), {"export", path.string(), "--out", out.string()});
    if (::geteuid() == 0) { // root without the right to read everything
        const std::vector<std::string> limited{"setpriv",
                                               "--bounding-set=-dac_override,-dac_read_search"};
        command.insert(command.begin(), limited.begin(), limited.end());
    }
    const Finished finished = runProgram(command);
    QCOMPARE(finished.exitCode, 1);
    verifyOneSentence(finished, kind.section(u' ', 0, 0));
    QVERIFY(std::filesystem::is_empty(out));
}

void tst_cli_bad_input::othersGoOn()
{
    const FilePath bad = m_scratch.file("not a video.mp4", "no");
    const FilePath out = m_scratch.folder("others");
    const Finished finished = run({"export", bad.string(), (m_scratch.root() / "gone.mp4").string(),
                                   m_clip.string(), "--out", out.string()});
    QCOMPARE(finished.exitCode, 1);
    QCOMPARE(finished.eventsOf(u"error"_qs).size(), 2);
    QCOMPARE(finished.eventsOf(u"done"_qs).size(), 1);
    QVERIFY(std::filesystem::exists(out / "good.mp4"));
}

void tst_cli_bad_input::oddNamesExport_data()
{
    QTest::addColumn<QByteArray>("name");
    const std::vector<std::pair<const char *, QByteArray>> names{
        {"option", "-i.mkv"},
        {"long option", "--out.mkv"},
        {"concat protocol", "concat:x.mkv"},
        {"http protocol", "http:evil.mkv"},
        {"pipe", "pipe:0"},
        {"file protocol", "file:x.mkv"},
        {"pattern", "img%03d.mkv"},
        {"newline", "two\nlines.mkv"},
        {"carriage return", "a\rb.mkv"},
        {"tab", "a\tb.mkv"},
        {"escape", "red\x1b[31m.mkv"},
        {"bell", "a\x07.mkv"},
        {"invalid UTF-8", "caf\xe9.mkv"},
        {"lone continuation", "a\x80\xff.mkv"},
        {"right-to-left override", "a\u202egpj.mkv"},
        {"decomposed accent", "e\u0301.mkv"},
        {"emoji", "🎬 “film”.mkv"},
        {"quotes", "it's \"it\".mkv"},
        {"dollar and backtick", "$HOME `id`.mkv"},
        {"star", "*.mkv"},
        {"leading space", " a.mkv"},
        {"trailing dot", "a.mkv."},
        {"250 bytes", QByteArray(246, 'n') + ".mkv"},
    };
    for (const auto &[row, name] : names)
        QTest::newRow(row) << name;
}

void tst_cli_bad_input::oddNamesExport()
{
    QFETCH(const QByteArray, name);
    const FilePath folder = m_scratch.folder("names");
    const FilePath path = folder / name.toStdString();
    std::filesystem::copy_file(m_clip, path);
    const FilePath out = m_scratch.folder("names-out");
    std::error_code code;
    for (const auto &entry : std::filesystem::directory_iterator(out))
        std::filesystem::remove(entry.path(), code);
    // By bare name, in the folder: a name must never be read as an option or URL by the libraries.
    std::vector<std::string> command = sendoffCommand(
        m_scratch.profile().string(), {"export", "--out", out.string(), "--", name.toStdString()});
    std::string script = "cd \"$0\" && exec \"$@\"";
    std::vector<std::string> shell{"sh", "-c", script, folder.string()};
    shell.insert(shell.end(), command.begin(), command.end());
    const Finished finished = runProgram(shell);
    QVERIFY2(finished.exitCode == 0, finished.output.constData());
    QCOMPARE(std::distance(std::filesystem::directory_iterator(out), {}), 1);
    for (const QJsonObject &event : finished.events) // shown escaped, one line an event
        QVERIFY(!event[u"file"].toString().contains(u'\x1b'));
    QCOMPARE(contentOf(path), contentOf(m_clip));
}

void tst_cli_bad_input::outputIsNeverTheSource_data()
{
    QTest::addColumn<QString>("how");
    QTest::newRow("the same path") << u"path"_qs;
    QTest::newRow("a symbolic link to it") << u"symlink"_qs;
    QTest::newRow("a hard link to it") << u"hardlink"_qs;
}

void tst_cli_bad_input::outputIsNeverTheSource()
{
    QFETCH(const QString, how);
    media::SampleClip sample;
    sample.width = 320;
    sample.height = 180;
    sample.seconds = 1;
    sample.videoEncoder = QStringLiteral("libx264");
    sample.container = QStringLiteral("mp4");
    const FilePath sources = m_scratch.folder("self-" + how.toStdString());
    const FilePath source =
        m_scratch.clipOf("self-" + how.toStdString() + "/self.mp4", sample);
    FilePath out = sources;
    if (how != u"path") {
        out = m_scratch.folder("self-out-" + how.toStdString());
        if (how == u"symlink")
            std::filesystem::create_symlink(source, out / "self.mp4");
        else
            std::filesystem::create_hard_link(source, out / "self.mp4");
    }
    const QByteArray before = sha256OfFileByCoreutils(source.string());
    for (const bool overwrite : {false, true}) {
        std::vector<std::string> command{"export", source.string(), "--out", out.string(),
                                         "--encode", "--again"};
        if (overwrite)
            command.push_back("--overwrite");
        const Finished finished = run(command);
        QCOMPARE(finished.exitCode, 1);
        verifyOneSentence(finished, u"output-is-source"_qs);
        QCOMPARE(sha256OfFileByCoreutils(source.string()), before);
    }
}

void tst_cli_bad_input::fullDiskLosesNothing_data()
{
    QTest::addColumn<int>("kibibytes");
    QTest::addColumn<bool>("encode");
    QTest::newRow("at the start") << 16 << true;
    QTest::newRow("in the middle") << 200 << false;
    QTest::newRow("while encoding") << 100 << true;
}

void tst_cli_bad_input::fullDiskLosesNothing()
{
    if (::geteuid() != 0)
        QSKIP("mounting a small disk needs root");
    QFETCH(const int, kibibytes);
    QFETCH(const bool, encode);
    const FilePath clip = m_scratch.clip("big.mkv", 4, 640, 360);
    const FilePath out = m_scratch.folder("full");
    const SmallDisk disk(out, std::to_string(kibibytes) + "k");
    if (!disk.isMounted())
        QSKIP("mount is not allowed here");
    const Finished finished = run({"export", clip.string(), "--out", out.string(), "--preset",
                                   encode ? "web-1080p" : "original", "--again"});
    QCOMPARE(finished.exitCode, 1);
    verifyOneSentence(finished, u"disk-full"_qs);
    QVERIFY(std::filesystem::is_empty(out));
}

void tst_cli_bad_input::unknownPresetAndDestinationAreBadUsage()
{
    const FilePath out = m_scratch.folder("usage");
    QCOMPARE(run({"export", m_clip.string(), "--out", out.string(), "--preset", "nope"}).exitCode,
             2);
    QCOMPARE(run({"upload", m_clip.string(), "--to", "gopher://x"}).exitCode, 2);
    QCOMPARE(run({"export", m_clip.string(), "--out", (out / "not there").string()}).exitCode, 1);
    QCOMPARE(run({"export", m_clip.string(), "--out", out.string(), "--trim", "9-3"}).exitCode, 2);
    QCOMPARE(run({"export", m_clip.string(), "--out", out.string(), "--layout", "x"}).exitCode, 2);
}

void tst_cli_bad_input::secretInUrlIsRefused()
{
    const Finished refused =
        run({"upload", m_clip.string(), "--to", "tus+http://user:hunter2@127.0.0.1:9/files"});
    QCOMPARE(refused.exitCode, 2);
    verifyOneSentence(refused, u"destination-invalid"_qs);
    QVERIFY(!refused.output.contains("hunter2"));
}

QTEST_GUILESS_MAIN(tst_cli_bad_input)
#include "tst_cli_bad_input.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file_path.h"

#include <QTemporaryDir>
#include <QTest>

#include <rapidcheck.h>

#include <fstream>

using namespace sendoff;
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestName = 255;

bool isValidUtf8(const std::string &bytes)
{
    return QString::fromStdString(bytes).toStdString() == bytes;
}

// Names as file systems allow them: any byte but zero and the slash, often beginning with what is
// special.
rc::Gen<std::string> anyName()
{
    const auto byte = rc::gen::map(rc::gen::inRange(1, 256),
                                   [](int value) { return value == '/' ? '_' : char(value); });
    const auto start = rc::gen::element<std::string>("", "\xef\xbb\xbf", "bytes:", "bytes:%41",
                                                     "\xff\xfe", ".", "ä", "\xe2\x80\xae");
    return rc::gen::map(rc::gen::pair(start, rc::gen::container<std::string>(byte)),
                        [](const auto &parts) { return parts.first + parts.second; });
}

} // namespace

class FilePathTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void storedPathsReadBack();
    void storedPathsArePlainWherePossible();
    void displayedNamesAreOneHarmlessLine();
    void displayedNames_data();
    void displayedNames();
    void hostileNamesOpenTheirFile_data();
    void hostileNamesOpenTheirFile();
    void safeFileNames_data();
    void safeFileNames();
    void anyTextMakesASafeFileName();
    void partialNamesFitAndAreValid_data();
    void partialNamesFitAndAreValid();
    void findsFreeNames();
    void findsAFreeNameForTheLongestName();
    void givesUpOnAFolderThatCannotBeSearched();
};

void FilePathTest::storedPathsReadBack()
{
    QVERIFY(rc::check([] {
        const FilePath path = FilePath("/videos") / *anyName();
        const QString stored = toStored(path);
        RC_ASSERT(fromStored(stored).string() == path.string());
        // Through JSON and SQLite, which both store UTF-8.
        RC_ASSERT(fromStored(QString::fromUtf8(stored.toUtf8())).string() == path.string());
        const FilePath relative = *anyName();
        RC_ASSERT(fromStored(toStored(relative)).string() == relative.string());
    }));
}

void FilePathTest::storedPathsArePlainWherePossible()
{
    QCOMPARE(toStored("/videos/Über uns.mp4"), QStringLiteral("/videos/Über uns.mp4"));
    QCOMPARE(toStored(""), QString());
    QCOMPARE(toStored("/a\xff"), QStringLiteral("bytes:%2Fa%FF"));
    QCOMPARE(toStored("bytes:a"), QStringLiteral("bytes:bytes%3Aa"));
}

void FilePathTest::displayedNamesAreOneHarmlessLine()
{
    QVERIFY(rc::check([] {
        const QString shown = displayName(*anyName());
        RC_ASSERT(QString::fromUtf8(shown.toUtf8()) == shown);
        for (const char32_t character : shown.toUcs4()) {
            RC_ASSERT(character >= 0x20 && (character < 0x7f || character >= 0xa0));
            RC_ASSERT(character < 0x2028 || character > 0x202e);
            RC_ASSERT(character < 0x2066 || character > 0x2069);
            RC_ASSERT(character != 0x200e && character != 0x200f && character != 0x061c);
        }
    }));
}

void FilePathTest::displayedNames_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QString>("shown");
    QTest::newRow("plain") << QByteArray("clip.mp4") << u"clip.mp4"_s;
    QTest::newRow("umlaut and emoji") << QByteArray("Müll 🎬.mp4") << u"Müll 🎬.mp4"_s;
    QTest::newRow("newline") << QByteArray("a\nb\r\t.mp4") << u"a\\nb\\r\\t.mp4"_s;
    QTest::newRow("terminal escape") << QByteArray("\x1b[2J.mp4") << u"\\x1b[2J.mp4"_s;
    QTest::newRow("right-to-left override") << QByteArray("a\xe2\x80\xae"
                                                          "4pm.exe")
                                            << u"a\\u202e4pm.exe"_s;
    QTest::newRow("invalid UTF-8") << QByteArray("a\xff\xc3.mp4") << u"a\\xff\\xc3.mp4"_s;
    QTest::newRow("surrogate in UTF-8") << QByteArray("\xed\xa0\x80") << u"\\xed\\xa0\\x80"_s;
    QTest::newRow("overlong slash") << QByteArray("\xc0\xaf") << u"\\xc0\\xaf"_s;
    QTest::newRow("cut inside of a character") << QByteArray("a\xe2\x82") << u"a\\xe2\\x82"_s;
    QTest::newRow("C1 control") << QByteArray("\xc2\x9b"
                                              "31m")
                                << u"\\x9b31m"_s;
}

void FilePathTest::displayedNames()
{
    QFETCH(QByteArray, name);
    QFETCH(QString, shown);
    QCOMPARE(displayName(FilePath("/dir") / name.toStdString()), shown);
    QCOMPARE(displayPath(FilePath("/dir") / name.toStdString()), "/dir/"_L1 + shown);
}

void FilePathTest::hostileNamesOpenTheirFile_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("option") << QByteArray("-i.mp4");
    QTest::newRow("protocol") << QByteArray("concat:x.mp4");
    QTest::newRow("newline") << QByteArray("a\nb.mp4");
    QTest::newRow("invalid UTF-8") << QByteArray("a\xff\xfe.mp4");
    QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf"
                                                   "clip.mp4");
    QTest::newRow("right-to-left override") << QByteArray("a\xe2\x80\xae.mp4");
    QTest::newRow("255 bytes") << QByteArray(longestName, 'x');
    QTest::newRow("255 bytes of umlauts") << QByteArray("ä").repeated(127) + 'x';
}

void FilePathTest::hostileNamesOpenTheirFile()
{
    QFETCH(QByteArray, name);
    const QTemporaryDir folder;
    const FilePath path = FilePath(folder.path().toStdString()) / name.toStdString();
    std::ofstream(path) << "content";
    std::string content;
    std::ifstream(fromStored(toStored(path))) >> content;
    QCOMPARE(content, std::string("content"));
    const FilePath partial = partialPath(path, u"abcdefghij23"_s);
    std::ofstream(partial) << "part";
    QVERIFY(std::filesystem::exists(partial));
    const FilePath other = freePath(path);
    QVERIFY(other != path);
    QVERIFY(std::ofstream(other).good());
    std::filesystem::remove_all(path.parent_path()); // QTemporaryDir leaves names it cannot decode
}

void FilePathTest::safeFileNames_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << u"Holiday 2026.mp4"_s << u"Holiday 2026.mp4"_s;
    QTest::newRow("unicode") << u"Über uns 🎬.mp4"_s << u"Über uns 🎬.mp4"_s;
    QTest::newRow("empty") << QString() << u"video"_s;
    QTest::newRow("up") << u"../../etc/passwd"_s << u"_.._etc_passwd"_s;
    QTest::newRow("only dots") << u".."_s << u"video"_s;
    QTest::newRow("hidden") << u".profile"_s << u"profile"_s;
    QTest::newRow("separators") << u"a/b\\c:d*e?f\"g<h>i|j.mp4"_s << u"a_b_c_d_e_f_g_h_i_j.mp4"_s;
    QTest::newRow("header injection") << u"a\r\nX-Evil: 1.mp4"_s << u"a__X-Evil_ 1.mp4"_s;
    QTest::newRow("right-to-left override") << u"a\u202e4pm.exe"_s << u"a_4pm.exe"_s;
    QTest::newRow("trailing dots and spaces") << u"name. . "_s << u"name"_s;
    QTest::newRow("reserved") << u"CON"_s << u"_CON"_s;
    QTest::newRow("reserved with extension") << u"nul.mp4"_s << u"_nul.mp4"_s;
    QTest::newRow("reserved with two extensions") << u"com1.tar.gz"_s << u"_com1.tar.gz"_s;
    QTest::newRow("nearly reserved") << u"CONCERT.mp4"_s << u"CONCERT.mp4"_s;
    QTest::newRow("extension only") << u".mp4"_s << u"mp4"_s;
}

void FilePathTest::safeFileNames()
{
    QFETCH(QString, text);
    QFETCH(QString, name);
    QCOMPARE(safeFileName(text), name);
    QCOMPARE(safeFileName(name), name);
}

void FilePathTest::anyTextMakesASafeFileName()
{
    QVERIFY(rc::check([] {
        const auto units = *rc::gen::arbitrary<std::vector<char16_t>>();
        const int repeats = *rc::gen::element(1, 40);
        const QString text =
            QString::fromUtf16(units.data(), qsizetype(units.size())).repeated(repeats);
        const QString name = safeFileName(text + ".mp4"_L1, 60);
        RC_ASSERT(!name.isEmpty());
        RC_ASSERT(name.toUtf8().size() <= 60);
        RC_ASSERT(isValidUtf8(name.toStdString()));
        RC_ASSERT(!name.startsWith(u'.') && !name.endsWith(u'.') && !name.endsWith(u' '));
        RC_ASSERT(!name.contains(u'/') && !name.contains(u'\\') && !name.contains(QChar(0)));
        RC_ASSERT(name.endsWith(u"mp4"));
    }));
}

void FilePathTest::partialNamesFitAndAreValid_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("short") << QByteArray("clip.mp4");
    QTest::newRow("255 bytes") << QByteArray(longestName, 'x');
    QTest::newRow("two-byte characters") << QByteArray("ä").repeated(127);
    QTest::newRow("four-byte characters") << QByteArray("🎬").repeated(63);
    QTest::newRow("four-byte characters, shifted") << 'x' + QByteArray("🎬").repeated(63);
}

void FilePathTest::partialNamesFitAndAreValid()
{
    QFETCH(QByteArray, name);
    const FilePath partial = partialPath(FilePath("/out") / name.toStdString(), u"abcdefghij23"_s);
    const std::string own = partial.filename().string();
    QVERIFY(partial.parent_path() == "/out");
    QVERIFY(own.starts_with("."));
    QVERIFY(own.ends_with(".part-abcdefghij23"));
    QVERIFY(own.size() <= std::size_t(longestName));
    QVERIFY(isValidUtf8(own));
    const std::string kept = own.substr(1, own.size() - 1 - 18);
    QVERIFY(name.toStdString().starts_with(kept));
    QVERIFY(kept.size() + 4 > std::min(name.toStdString().size(), std::size_t(255 - 19)));
}

void FilePathTest::findsFreeNames()
{
    const QTemporaryDir folder;
    const FilePath target = FilePath(folder.path().toStdString()) / "clip.mp4";
    QVERIFY(freePath(target) == target);
    std::ofstream(target) << "1";
    QVERIFY(freePath(target) == target.parent_path() / "clip (2).mp4");
    // A link that leads nowhere would be written through.
    std::filesystem::create_symlink("/nowhere", target.parent_path() / "clip (2).mp4");
    QVERIFY(freePath(target) == target.parent_path() / "clip (3).mp4");
}

void FilePathTest::findsAFreeNameForTheLongestName()
{
    const QTemporaryDir folder;
    const FilePath target =
        FilePath(folder.path().toStdString()) / (std::string(251, 'x') + ".mp4");
    std::ofstream(target) << "1";
    const FilePath other = freePath(target);
    QVERIFY(other != target);
    QVERIFY(other.filename().string().ends_with("x (2).mp4"));
    QVERIFY(std::ofstream(other).good());
}

void FilePathTest::givesUpOnAFolderThatCannotBeSearched()
{
    const FilePath target = FilePath("/tmp") / std::string(300, 'x') / "clip.mp4";
    QVERIFY(freePath(target) == target); // opening it will say why
}

QTEST_GUILESS_MAIN(FilePathTest)
#include "tst_file_path.moc"

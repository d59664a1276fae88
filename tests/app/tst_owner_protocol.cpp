// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/owner/owner_protocol.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

using namespace sendoff;
using namespace sendoff::app;

class tst_owner_protocol : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void commandsReadBackExactly_data();
    void commandsReadBackExactly();
    void wordsReadBackExactly();
    void refusesWhatIsNoCommand_data();
    void refusesWhatIsNoCommand();
    void refusesWhatIsNoWord_data();
    void refusesWhatIsNoWord();
    void anotherVersionIsNamedWhateverElseItSays();
    void damagedLinesAreRefusedOrStillWhole();
    void cutsAnyStreamIntoLines();
    void noticesALineWithoutEnd();
};

Q_DECLARE_METATYPE(sendoff::app::HandOver)

namespace {

HandOver typical()
{
    HandOver handOver;
    handOver.arguments = {"send", "caf\xe9\n.mp4", "--to", "shelf:", ""};
    handOver.workingFolder = "/home/some\xff one";
    handOver.terminal = TerminalSize{120, 40};
    handOver.secrets = {{"SENDOFF_SECRET", QByteArray("s\0ecret", 7)}, {"OTHER", "other"}};
    handOver.activation = "token-1";
    return handOver;
}

QByteArray withoutEnd(QByteArray line)
{
    line.chop(1);
    return line;
}

// The typical command with one member replaced, or removed where the value is undefined.
QByteArray changed(const QString &member, const QJsonValue &value)
{
    QJsonObject json = QJsonDocument::fromJson(encoded(typical())).object();
    if (value.isUndefined())
        json.remove(member);
    else
        json.insert(member, value);
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

} // namespace

void tst_owner_protocol::commandsReadBackExactly_data()
{
    QTest::addColumn<HandOver>("handOver");
    QTest::newRow("everything") << typical();
    HandOver bare;
    bare.workingFolder = "/";
    QTest::newRow("no arguments: the window") << bare;
    HandOver many = typical();
    many.arguments.assign(20'000, std::string(60, '\x80'));
    QTest::newRow("20,000 files") << many;
}

void tst_owner_protocol::commandsReadBackExactly()
{
    QFETCH(const HandOver, handOver);
    const QByteArray line = encoded(handOver);
    QCOMPARE(line.count('\n'), 1);
    QVERIFY(line.endsWith('\n'));
    const auto read = handOverFrom(withoutEnd(line));
    QVERIFY(read.has_value());
    QVERIFY(*read == handOver);
}

void tst_owner_protocol::wordsReadBackExactly()
{
    const QByteArray bytes("\x1b[1A\0\n\xff", 7);
    const auto output = ownerWordFrom(
        withoutEnd(encoded(OwnerOutput{Output::Stream::Error, bytes})));
    QVERIFY(output && std::holds_alternative<OwnerOutput>(*output));
    QCOMPARE(std::get<OwnerOutput>(*output).bytes, bytes);
    QVERIFY(std::get<OwnerOutput>(*output).stream == Output::Stream::Error);
    for (const int code : {0, 1, 2, 130, 255}) {
        const auto exit = ownerWordFrom(withoutEnd(encoded(OwnerExit{code})));
        QVERIFY(exit && std::holds_alternative<OwnerExit>(*exit));
        QCOMPARE(std::get<OwnerExit>(*exit).code, code);
    }
    for (const OwnerRefusal refusal :
         {OwnerRefusal::Closing, OwnerRefusal::OtherVersion, OwnerRefusal::Unreadable}) {
        const auto read = ownerWordFrom(withoutEnd(encoded(refusal)));
        QVERIFY(read && std::get<OwnerRefusal>(*read) == refusal);
    }
    const auto accepted = ownerWordFrom(withoutEnd(encoded(OwnerAccepted{4711})));
    QVERIFY(accepted && std::get<OwnerAccepted>(*accepted).process == 4711);
}

void tst_owner_protocol::refusesWhatIsNoCommand_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("HTTP") << QByteArray("GET / HTTP/1.1\r");
    QTest::newRow("zero bytes") << QByteArray(64, '\0');
    QTest::newRow("an array") << QByteArray("[1]");
    QTest::newRow("two objects") << withoutEnd(encoded(typical())) + "{}";
    QTest::newRow("cut short") << encoded(typical()).left(40);
    QTest::newRow("deep") << QByteArray(100'000, '[');
    QTest::newRow("version as text") << changed(u"sendoff"_qs, u"1"_qs);
    QTest::newRow("no version") << changed(u"sendoff"_qs, QJsonValue::Undefined);
    QTest::newRow("half a version") << changed(u"sendoff"_qs, 1.5);
    QTest::newRow("unknown member") << changed(u"shell"_qs, u"rm"_qs);
    QTest::newRow("no arguments") << changed(u"run"_qs, QJsonValue::Undefined);
    QTest::newRow("arguments as text") << changed(u"run"_qs, u"c2VuZA=="_qs);
    QTest::newRow("an argument as number") << changed(u"run"_qs, QJsonArray{1});
    QTest::newRow("an argument as plain text") << changed(u"run"_qs, QJsonArray{u"a b"_qs});
    QTest::newRow("a zero byte in an argument") << changed(u"run"_qs, QJsonArray{u"YQBi"_qs});
    QJsonArray many;
    for (int index = 0; index < 100'001; ++index)
        many.append(QString());
    QTest::newRow("too many arguments") << changed(u"run"_qs, many);
    QTest::newRow("no folder") << changed(u"folder"_qs, QJsonValue::Undefined);
    QTest::newRow("a relative folder") << changed(u"folder"_qs, u"YWJj"_qs);
    QTest::newRow("an empty folder") << changed(u"folder"_qs, QString());
    const auto secret = [](const QJsonValue &value) {
        return changed(u"secrets"_qs, QJsonObject{{u"SENDOFF_SECRET"_qs, value}});
    };
    QTest::newRow("a secret that is no base64") << secret(u"%%%"_qs);
    QTest::newRow("a secret that is a number") << secret(7);
    QTest::newRow("an endless secret") << secret(QString(200'000, u'A'));
    QTest::newRow("secrets as a list") << changed(u"secrets"_qs, QJsonArray{u"YWJj"_qs});
    QTest::newRow("terminal as text") << changed(u"terminal"_qs, u"80x24"_qs);
    QTest::newRow("terminal as null") << changed(u"terminal"_qs, QJsonValue::Null);
    const auto terminal = [](double columns, double rows) {
        return changed(u"terminal"_qs, QJsonObject{{u"columns"_qs, columns}, {u"rows"_qs, rows}});
    };
    QTest::newRow("no columns") << terminal(0, 24);
    QTest::newRow("negative rows") << terminal(80, -1);
    QTest::newRow("enormous rows") << terminal(80, 1e18);
    QTest::newRow("unknown member of the terminal")
        << changed(u"terminal"_qs,
                   QJsonObject{{u"columns"_qs, 80}, {u"rows"_qs, 24}, {u"depth"_qs, 1}});
}

void tst_owner_protocol::refusesWhatIsNoCommand()
{
    QFETCH(const QByteArray, line);
    const auto read = handOverFrom(line);
    QVERIFY(!read.has_value());
    QVERIFY(read.error() == OwnerRefusal::Unreadable);
}

void tst_owner_protocol::refusesWhatIsNoWord_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char *line :
         {"", "null", "{}", "{\"exit\":256}", "{\"exit\":-1}", "{\"exit\":\"0\"}", "{\"exit\":0.5}",
          "{\"exit\":0,\"out\":\"\"}", "{\"out\":1}", "{\"out\":\"%\"}", "{\"run\":\"YQ==\"}",
          "{\"refused\":\"because\"}", "{\"refused\":1}", "{\"accepted\":0}", "{\"accepted\":1e12}"})
        QTest::newRow(line) << QByteArray(line);
}

void tst_owner_protocol::refusesWhatIsNoWord()
{
    QFETCH(const QByteArray, line);
    QVERIFY(!ownerWordFrom(line).has_value());
}

void tst_owner_protocol::anotherVersionIsNamedWhateverElseItSays()
{
    for (const char *line : {"{\"sendoff\":1}", "{\"sendoff\":7,\"command\":{\"words\":[]}}"}) {
        const auto read = handOverFrom(line);
        QVERIFY(!read.has_value());
        QVERIFY(read.error() == OwnerRefusal::OtherVersion);
    }
}

void tst_owner_protocol::damagedLinesAreRefusedOrStillWhole()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    QRandomGenerator random(seed);
    const QByteArray whole = withoutEnd(encoded(typical()));
    int refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        QByteArray line = whole;
        const int changes = random.bounded(1, 4);
        for (int change = 0; change < changes; ++change) {
            const qsizetype at = random.bounded(line.size());
            switch (random.bounded(3)) {
            case 0:
                line[at] = char(random.bounded(256));
                break;
            case 1:
                line.remove(at, random.bounded(1, 20));
                break;
            default:
                line.insert(at, line.mid(random.bounded(line.size()), random.bounded(1, 20)));
            }
            if (line.isEmpty())
                line = "x";
        }
        const auto read = handOverFrom(line);
        if (!read) {
            ++refused;
            continue;
        }
        // What is taken is within the bounds that the rest of the program relies on.
        QVERIFY2(read->workingFolder.is_absolute(), qPrintable(QString::number(seed)));
        for (const std::string &argument : read->arguments)
            QVERIFY2(argument.find('\0') == std::string::npos, qPrintable(QString::number(seed)));
        QVERIFY(!read->terminal || (read->terminal->columns > 0 && read->terminal->rows > 0));
        QVERIFY(handOverFrom(withoutEnd(encoded(*read))).has_value());
    }
    QVERIFY2(refused > 10'000, qPrintable(QStringLiteral("seed %1").arg(seed)));
}

void tst_owner_protocol::cutsAnyStreamIntoLines()
{
    const QByteArray stream("one\n\ntwo\nthree");
    for (qsizetype piece = 1; piece <= stream.size(); ++piece) {
        LineReader reader;
        QList<QByteArray> lines;
        for (qsizetype from = 0; from < stream.size(); from += piece) {
            reader.add(stream.mid(from, piece));
            while (const auto line = reader.next())
                lines.append(*line);
        }
        QCOMPARE(lines, QList<QByteArray>({"one", "", "two"}));
        reader.add("\n");
        QCOMPARE(*reader.next(), QByteArray("three"));
    }
}

void tst_owner_protocol::noticesALineWithoutEnd()
{
    LineReader reader;
    const QByteArray piece(1 << 20, 'x');
    for (qsizetype size = 0; size < LineReader::maxLine; size += piece.size()) {
        QVERIFY(!reader.isOverfull());
        reader.add(piece);
        QVERIFY(!reader.next());
    }
    reader.add("x");
    QVERIFY(reader.isOverfull());
}

QTEST_GUILESS_MAIN(tst_owner_protocol)
#include "tst_owner_protocol.moc"

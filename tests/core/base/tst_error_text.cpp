// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error_text.h"

#include <QRegularExpression>
#include <QTest>

#include <cerrno>

using namespace sendoff;

namespace {

QList<ErrorKind> allKinds()
{
    QList<ErrorKind> kinds;
    for (int number = 0; number <= int(ErrorKind::Internal); ++number)
        kinds.append(ErrorKind(number));
    return kinds;
}

Error typicalError(ErrorKind kind)
{
    return Error(kind, QStringLiteral("PATCH offset 42: status 500"))
        .with(argument::file, QStringLiteral("holiday.mp4"))
        .with(argument::folder, QStringLiteral("/media/disk"))
        .with(argument::destination, QStringLiteral("Family server"))
        .with(argument::name, QStringLiteral("web-1080p"))
        .with(argument::reason, QStringLiteral("the disk was unplugged"))
        .with(argument::needed, QStringLiteral("3100000000"))
        .with(argument::available, QStringLiteral("12000"))
        .with(argument::limit, QStringLiteral("5000000000"))
        .with(argument::position, QStringLiteral("12.5"));
}

void addKinds()
{
    QTest::addColumn<ErrorKind>("kind");
    for (const ErrorKind kind : allKinds())
        QTest::newRow(qPrintable(kindName(kind))) << kind;
}

} // namespace

Q_DECLARE_METATYPE(sendoff::ErrorKind)

class ErrorTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyKindHasANameOfItsOwn();
    void everyKindHasWording_data() { addKinds(); }
    void everyKindHasWording();
    void nothingIsLeftToReplaceWithoutArguments_data() { addKinds(); }
    void nothingIsLeftToReplaceWithoutArguments();
    void saysWhoseFaultASignInIs();
    void saysTheSizesOfAFullDisk();
    void saysWhatWasKept();
    void leavesTheValuesOfArgumentsAlone();
    void takesTheDetailWhereThereIsNoReason();
    void readsErrnosAsClauses_data();
    void readsErrnosAsClauses();
    void writesSizesAndDurations_data();
    void writesSizesAndDurations();
};

void ErrorTextTest::everyKindHasANameOfItsOwn()
{
    QSet<QString> names;
    for (const ErrorKind kind : allKinds()) {
        const QString name = kindName(kind);
        QCOMPARE(kindFromName(name), std::optional(kind));
        names.insert(name);
    }
    QCOMPARE(names.size(), allKinds().size());
    QVERIFY(!kindFromName(u"no-such-kind"));
}

void ErrorTextTest::everyKindHasWording()
{
    QFETCH(ErrorKind, kind);
    const ErrorText text = describe(typicalError(kind));
    QVERIFY(!text.what.isEmpty());
    QCOMPARE(text.next.isEmpty(), kind == ErrorKind::Cancelled);
    QVERIFY2(!text.sentence().contains(u'%'), qPrintable(text.sentence()));
    const bool isInternal = kind == ErrorKind::Internal;
    QCOMPARE(text.what == describe(typicalError(ErrorKind::Internal)).what, isInternal);
    static const QRegularExpression forbidden(QStringLiteral("\\b(error|failed|invalid)\\b"),
                                              QRegularExpression::CaseInsensitiveOption);
    QVERIFY2(!forbidden.match(text.what).hasMatch(), qPrintable(text.what));
    QVERIFY2(text.what.endsWith(u'.'), qPrintable(text.what));
}

void ErrorTextTest::nothingIsLeftToReplaceWithoutArguments()
{
    QFETCH(ErrorKind, kind);
    const QString sentence = describe(Error(kind)).sentence();
    QVERIFY2(!sentence.contains(u'%'), qPrintable(sentence));
}

void ErrorTextTest::saysWhoseFaultASignInIs()
{
    Error error = Error(ErrorKind::SignInNeeded).with(argument::destination, QStringLiteral("Home"));
    QCOMPARE(describe(error).sentence(),
             QStringLiteral("Home doesn't accept the sign-in. Check the token or password, then "
                            "start again."));
    error.with(argument::reason, QStringLiteral("the keychain is locked"));
    QCOMPARE(describe(error).sentence(),
             QStringLiteral("The secret for Home is out of reach: the keychain is locked. Unlock "
                            "the keychain, then start again."));
}

void ErrorTextTest::saysTheSizesOfAFullDisk()
{
    const QString known = describe(typicalError(ErrorKind::DiskFull)).what;
    QCOMPARE(known,
             QStringLiteral("The disk of “/media/disk” is full: 3.1 GB needed, 12.0 kB free."));
    const Error unknown = Error(ErrorKind::DiskFull).with(argument::folder, QStringLiteral("/x"));
    QCOMPARE(describe(unknown).what, QStringLiteral("The disk of “/x” is full."));
}

void ErrorTextTest::saysWhatWasKept()
{
    const Error error =
        Error(ErrorKind::OutOfMemory).with(argument::kept, QStringLiteral("12 s are safe."));
    QCOMPARE(describe(error).sentence(),
             QStringLiteral("There was not enough memory to go on. 12 s are safe. "
                            "Close other programs and try again with one export at once."));
}

void ErrorTextTest::leavesTheValuesOfArgumentsAlone()
{
    const Error error = Error(ErrorKind::SourceUnreadable)
                            .with(argument::file, QStringLiteral("100%reason %sizes %file.mp4"))
                            .with(argument::reason, QStringLiteral("%1 of %destination"));
    QCOMPARE(describe(error).what,
             QStringLiteral("“100%reason %sizes %file.mp4” can't be read: %1 of %destination."));
}

void ErrorTextTest::takesTheDetailWhereThereIsNoReason()
{
    const Error error(ErrorKind::StoreUnavailable, QStringLiteral("disk I/O error"));
    QCOMPARE(describe(error).what, QStringLiteral("The queue can't be saved: disk I/O error."));
}

void ErrorTextTest::readsErrnosAsClauses_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("isSource");
    QTest::addColumn<QString>("what");
    QTest::newRow("a source without permission")
        << EACCES << true << QStringLiteral("“clip.mp4” can't be read: permission denied.");
    QTest::newRow("a source that is gone")
        << ENOENT << true << QStringLiteral("Can't open “clip.mp4”: the file is not there.");
    QTest::newRow("a fifo without a writer")
        << ENXIO << true
        << QStringLiteral("“clip.mp4” is not a file with a video: no such device or address.");
    QTest::newRow("an output on a full disk")
        << ENOSPC << false << QStringLiteral("The disk of “clip.mp4” is full.");
    QTest::newRow("an output over quota")
        << EDQUOT << false << QStringLiteral("The disk of “clip.mp4” is full.");
    QTest::newRow("an output on a read-only disk")
        << EROFS << false << QStringLiteral("Can't write to “clip.mp4”: read-only file system.");
    QTest::newRow("an output over the limit of the file system")
        << EFBIG << false
        << QStringLiteral("The disk of “clip.mp4” cannot hold a file as large as this.");
}

void ErrorTextTest::readsErrnosAsClauses()
{
    QFETCH(int, code);
    QFETCH(bool, isSource);
    QFETCH(QString, what);
    const auto role = isSource ? Error::FileRole::Source : Error::FileRole::Output;
    const Error error =
        Error::fromErrno(code, role, QStringLiteral("open"), QStringLiteral("clip.mp4"));
    QCOMPARE(describe(error).what, what);
    QVERIFY(error.detail.contains(QString::number(code)));
    QCOMPARE(error.retry.when == RetryAdvice::When::WhenSpace, error.kind == ErrorKind::DiskFull);
}

void ErrorTextTest::writesSizesAndDurations_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("no bytes") << sizeText(0) << QStringLiteral("0 bytes");
    QTest::newRow("gigabytes") << sizeText(3'100'000'000) << QStringLiteral("3.1 GB");
    QTest::newRow("seconds") << durationText(59) << QStringLiteral("59 s");
    QTest::newRow("minutes") << durationText(200) << QStringLiteral("3 min 20 s");
    QTest::newRow("hours") << durationText(3 * 3600 + 119) << QStringLiteral("3 h 1 min");
}

void ErrorTextTest::writesSizesAndDurations()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(text, expected);
}

QTEST_GUILESS_MAIN(ErrorTextTest)
#include "tst_error_text.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What every type of destination promises. Runs over destinationTypes(): a new one is tested by
// being there.
#include "core/transfer/uploader.h"

#include "tests/core/transfer/destination_lab.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

class TestDestinationContract : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void deliversExactlyTheBytes_data();
    void deliversExactlyTheBytes();
    void takesAnyName_data() { eachType(); }
    void takesAnyName();
    void deliversTwiceSideBySide_data() { eachType(); }
    void deliversTwiceSideBySide();
    void goesOnAfterACancel_data() { eachType(); }
    void goesOnAfterACancel();
    void isIdempotentAtTheEnd_data() { eachType(); }
    void isIdempotentAtTheEnd();
    void publishesNothingOfAChangedSource_data() { eachType(); }
    void publishesNothingOfAChangedSource();
    void forgetsWhatIsDiscarded_data() { eachType(); }
    void forgetsWhatIsDiscarded();
    void removesWhatAnEarlierRunLeft_data() { eachType(); }
    void removesWhatAnEarlierRunLeft();
    void beginsAnewFromAStateOfNobody_data() { eachType(); }
    void beginsAnewFromAStateOfNobody();
    void letsNobodyInWithoutTheSecret_data() { eachType(); }
    void letsNobodyInWithoutTheSecret();
    void takesWhatIsStillBeingWritten_data() { eachType(); }
    void takesWhatIsStillBeingWritten();
    void takesMoreThanFourGibibytes_data();
    void takesMoreThanFourGibibytes();

private:
    void eachType();
    // Sets up fixture, laboratory and destination of the row's type.
    bool open(bool large = false);
    UploadRequest request(const FilePath &file);

    std::unique_ptr<TransferFixture> m_fixture;
    std::unique_ptr<DestinationLab> m_lab;
    std::unique_ptr<Destination> m_destination;
};

void TestDestinationContract::eachType()
{
    QTest::addColumn<QString>("type");
    for (const DestinationType &type : destinationTypes())
        QTest::newRow(qPrintable(type.id)) << type.id;
}

bool TestDestinationContract::open(bool large)
{
    const QString type = *static_cast<QString *>(QTest::qData("type", qMetaTypeId<QString>()));
    m_destination.reset();
    m_lab.reset();
    m_fixture = std::make_unique<TransferFixture>();
    m_lab = labFor(type, *m_fixture, large);
    if (!m_lab) {
        qCritical("destination_lab.cpp has no laboratory for %s", qPrintable(type));
        return false;
    }
    m_destination = m_fixture->create(m_lab->config());
    return true;
}

UploadRequest TestDestinationContract::request(const FilePath &file)
{
    return m_fixture->request(m_fixture->sourceOf(file));
}

void TestDestinationContract::deliversExactlyTheBytes_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<qint64>("size");
    const QList<std::pair<const char *, qint64>> sizes{
        {"empty", 0}, {"one byte", 1}, {"exactly two parts", 16 << 20}, {"odd", 9'999'991}};
    for (const DestinationType &type : destinationTypes()) {
        for (const auto &[name, size] : sizes)
            QTest::addRow("%s: %s", qPrintable(type.id), name) << type.id << size;
    }
}

void TestDestinationContract::deliversExactlyTheBytes()
{
    QFETCH(const qint64, size);
    QVERIFY(open());
    const QByteArray bytes = noise(size);
    const auto result = m_fixture->upload(
        *m_destination, request(m_fixture->write(QStringLiteral("source"), bytes)));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(m_lab->delivered(result->delivery.link) == bytes);
    QCOMPARE(m_lab->deliveredCount(), 1);
    QCOMPARE(result->bytes, size);
    QCOMPARE(result->sha256, sha256Of(bytes));
    QCOMPARE(result->resentBytes, 0);
    QVERIFY(!result->delivery.verifiedBy.isEmpty());
    const auto still = QCoro::waitFor(m_destination->isStillDelivered(result->receipt, size, {}));
    QVERIFY(still.has_value() && *still);
}

void TestDestinationContract::takesAnyName()
{
    for (const QString &name :
         {QStringLiteral("é\"#%\n🎬.mp4"), QStringLiteral("../../etc/passwd.mp4"),
          QStringLiteral(".hidden"), QString(300, u'x') + QStringLiteral(".mp4"),
          QStringLiteral("a,b c;d=e&f?.mp4"), QStringLiteral("CON.mp4")}) {
        QVERIFY(open());
        auto named = request(m_fixture->write(QStringLiteral("source"), "bytes"));
        named.target.fileName = name;
        const auto result = m_fixture->upload(*m_destination, std::move(named));
        QVERIFY2(result.has_value(), qPrintable(name + outcomeOf(result)));
        QCOMPARE(m_lab->delivered(result->delivery.link), QByteArray("bytes"));
        QCOMPARE(m_lab->deliveredCount(), 1);
    }
}

void TestDestinationContract::deliversTwiceSideBySide()
{
    QVERIFY(open());
    const auto one = m_fixture->upload(*m_destination,
                                       request(m_fixture->write(QStringLiteral("one"), "first")));
    const auto two = m_fixture->upload(*m_destination,
                                       request(m_fixture->write(QStringLiteral("two"), "second")));
    QVERIFY2(one.has_value(), qPrintable(outcomeOf(one)));
    QVERIFY2(two.has_value(), qPrintable(outcomeOf(two)));
    QCOMPARE(m_lab->delivered(one->delivery.link), QByteArray("first"));
    QCOMPARE(m_lab->delivered(two->delivery.link), QByteArray("second"));
}

void TestDestinationContract::goesOnAfterACancel()
{
    QVERIFY(open());
    const QByteArray bytes = noise(48 << 20);
    const FilePath file = m_fixture->write(QStringLiteral("source"), bytes);
    auto first = request(file);
    std::stop_source stop;
    QTimer watch;
    connect(&watch, &QTimer::timeout, [&, progress = first.progress] {
        if (progress->confirmed + progress->inFlight > 1'000'000)
            stop.request_stop();
    });
    watch.start(1);
    m_fixture->network().setUploadLimit(20'000'000); // so that there is time to stop it
    const auto stopped = m_fixture->upload(*m_destination, std::move(first), stop.get_token());
    watch.stop();
    m_fixture->network().setUploadLimit(0);
    QVERIFY2(!stopped.has_value(), "it was done before it could be stopped");
    QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
    QTRY_COMPARE(m_lab->deliveredCount(), 0); // a server sees the end of a request in its own time

    auto second = request(file);
    second.resumeState = m_fixture->states.last();
    const auto result = m_fixture->upload(*m_destination, std::move(second));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(m_lab->delivered(result->delivery.link) == bytes);
    QCOMPARE(m_lab->deliveredCount(), 1);
    QCOMPARE(result->resentBytes, 0);
}

void TestDestinationContract::isIdempotentAtTheEnd()
{
    QVERIFY(open());
    const FilePath file = m_fixture->write(QStringLiteral("source"), noise(3'000'000));
    const auto first = m_fixture->upload(*m_destination, request(file));
    QVERIFY2(first.has_value(), qPrintable(outcomeOf(first)));
    // A crash just before the end was stored, and one just after.
    for (const QJsonObject &state : {m_fixture->states.first(), first->receipt}) {
        auto again = request(file);
        again.resumeState = state;
        const auto second = m_fixture->upload(*m_destination, std::move(again));
        QVERIFY2(second.has_value(), qPrintable(outcomeOf(second)));
        QCOMPARE(second->delivery.link, first->delivery.link);
        QCOMPARE(second->attempts, 0);
        QCOMPARE(m_lab->deliveredCount(), 1);
    }
}

void TestDestinationContract::publishesNothingOfAChangedSource()
{
    QVERIFY(open());
    const FilePath file = m_fixture->write(QStringLiteral("source"), noise(30 << 20));
    auto changing = request(file);
    const auto keep = changing.saveState;
    changing.saveState = [&](QJsonObject state) {
        QFile source(QString::fromStdString(file.string()));
        if (!source.open(QIODevice::Append) || source.write("more") != 4)
            qFatal("cannot change the source");
        return keep(std::move(state));
    };
    const auto result = m_fixture->upload(*m_destination, std::move(changing));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::SourceChanged);
    QCOMPARE(m_lab->deliveredCount(), 0);
    QCOMPARE(m_fixture->states.last(), QJsonObject());
}

void TestDestinationContract::forgetsWhatIsDiscarded()
{
    QVERIFY(open());
    UploadTarget target;
    target.fileName = QStringLiteral("clip.mp4");
    target.mediaType = "video/mp4";
    target.source = m_fixture->sourceOf(m_fixture->write(QStringLiteral("source"), noise(9000)));
    const auto session = QCoro::waitFor(m_destination->open(target, {}, {}));
    QVERIFY(session.has_value());
    PartPlan part;
    const PartGrid *grid = (*session)->grid();
    part.range = grid ? grid->part(0, 9000) : ByteRange{0, 4000};
    part.total = 9000;
    QVERIFY(QCoro::waitFor((*session)->send(part, {})).has_value());
    QCOMPARE((*session)->confirmed().prefix(), part.range.end);
    QVERIFY(QCoro::waitFor((*session)->discard({})).has_value());
    const auto asked = QCoro::waitFor((*session)->refresh({}));
    QVERIFY(!asked.has_value());
    QCOMPARE(asked.error().kind, ErrorKind::UploadExpired);
    const auto restored =
        QCoro::waitFor(m_destination->open(target, (*session)->resumeState(), {}));
    QVERIFY(!restored.has_value());
    QCOMPARE(restored.error().kind, ErrorKind::UploadExpired);
    QCOMPARE(m_lab->deliveredCount(), 0);
}

void TestDestinationContract::removesWhatAnEarlierRunLeft()
{
    QVERIFY(open());
    UploadTarget target;
    target.fileName = QStringLiteral("clip.mp4");
    target.mediaType = "video/mp4";
    target.source = m_fixture->sourceOf(m_fixture->write(QStringLiteral("source"), noise(9000)));
    QJsonObject state;
    {
        const auto session = QCoro::waitFor(m_destination->open(target, {}, {}));
        QVERIFY(session.has_value());
        state = (*session)->resumeState();
    }
    QVERIFY(QCoro::waitFor(discardUpload(m_destination.get(), state, {})).has_value());
    const auto restored = QCoro::waitFor(m_destination->open(target, state, {}));
    QVERIFY(!restored.has_value());
    QCOMPARE(restored.error().kind, ErrorKind::UploadExpired);
    QVERIFY(QCoro::waitFor(discardUpload(m_destination.get(), state, {})).has_value());
}

void TestDestinationContract::beginsAnewFromAStateOfNobody()
{
    const QList<QByteArray> states{R"({"protocol":"none"})",
                                   R"({"url":"http://127.0.0.1:1/files/1"})",
                                   R"({"url":7,"file":[],"missing":{},"partial":true})",
                                   R"({"url":"file:///etc/passwd","partial":"/etc/passwd"})"};
    for (const QByteArray &state : states) {
        QVERIFY(open());
        auto strange = request(m_fixture->write(QStringLiteral("source"), "bytes"));
        strange.resumeState = QJsonDocument::fromJson(state).object();
        const auto result = m_fixture->upload(*m_destination, std::move(strange));
        QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
        QCOMPARE(m_lab->delivered(result->delivery.link), QByteArray("bytes"));
    }
}

void TestDestinationContract::letsNobodyInWithoutTheSecret()
{
    QVERIFY(open());
    const auto locked = m_lab->lockedConfig();
    if (!locked)
        return; // everybody may: there is nothing to refuse
    const auto destination = m_fixture->create(*locked);
    const auto result = m_fixture->upload(
        *destination, request(m_fixture->write(QStringLiteral("source"), "bytes")));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::SignInNeeded);
    QCOMPARE(m_lab->deliveredCount(), 0);
    QCOMPARE(m_fixture->delays.size(), 0);
}

void TestDestinationContract::takesWhatIsStillBeingWritten()
{
    QVERIFY(open());
    const auto rules = QCoro::waitFor(m_destination->capabilities({}));
    QVERIFY(rules.has_value());
    // As much as the destination takes at a time.
    const qint64 early = rules->minimumPart > 0 ? rules->minimumPart : 1'000'000;
    const QByteArray bytes = noise(early + 2'000'000);
    const FilePath file = m_fixture->write(QStringLiteral("source"), bytes);
    auto feed = std::make_shared<OutputFeed>();
    feed->begin(file, 0);
    feed->seal({0, early});
    auto growing = m_fixture->request(std::make_shared<ByteSource>(feed));
    const auto progress = growing.progress;
    QTimer writer;
    bool wasEarly = false;
    connect(&writer, &QTimer::timeout, [&] {
        if (!rules->needsLengthFirst && progress->confirmed < early)
            return;
        wasEarly = progress->confirmed == early;
        writer.stop();
        feed->complete(bytes.size(), sha256Of(bytes));
    });
    writer.start(5);
    const auto result = m_fixture->upload(*m_destination, std::move(growing));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(wasEarly, !rules->needsLengthFirst);
    QVERIFY(m_lab->delivered(result->delivery.link) == bytes);
    QCOMPARE(m_lab->deliveredCount(), 1);
}

// Sizes and offsets are beyond 32 bits, an object beyond what S3 takes in one PUT. SENDOFF_LARGE_FILES
// = 1: every type; that takes minutes and 5 GiB of disk, so that else only a folder is filled.
void TestDestinationContract::takesMoreThanFourGibibytes_data()
{
    if (qEnvironmentVariableIsSet("SENDOFF_LARGE_FILES"))
        return eachType();
    QTest::addColumn<QString>("type");
    QTest::newRow("folder") << QStringLiteral("folder");
}

void TestDestinationContract::takesMoreThanFourGibibytes()
{
    QVERIFY(open(true));
    constexpr qint64 size = (5LL << 30) + 1;
    const FilePath file = m_fixture->write(QStringLiteral("source"), noise(1 << 20));
    QFile sparse(QString::fromStdString(file.string()));
    QVERIFY(sparse.open(QIODevice::ReadWrite));
    for (const qint64 place : {1LL << 31, (1LL << 32) - 1000, size - 1000}) {
        QVERIFY(sparse.seek(place));
        QCOMPARE(sparse.write(noise(1000, quint32(place))), 1000);
    }
    sparse.close();
    QCOMPARE(qint64(std::filesystem::file_size(file)), size);
    const auto result = m_fixture->upload(*m_destination, request(file));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(result->bytes, size);
    QCOMPARE(m_lab->deliveredSha256(result->delivery.link), result->sha256);
    QCOMPARE(m_lab->deliveredCount(), 1);
    QProcess sum;
    sum.start(QStringLiteral("sha256sum"), {sparse.fileName()});
    QVERIFY(sum.waitForFinished(-1));
    QCOMPARE(sum.readAllStandardOutput().left(64), result->sha256);
}

QTEST_GUILESS_MAIN(TestDestinationContract)
#include "tst_destination_contract.moc"

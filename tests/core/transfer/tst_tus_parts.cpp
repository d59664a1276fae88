// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// tus: Concatenation, against a double written from the specification: neither @tus/server nor the
// Shelf puts partial uploads together (both answer 501, and do not offer it).
#include "core/transfer/tus/tus_parts.h"

#include "core/transfer/server_memory.h"
#include "tests/core/transfer/scripted_faults.h"
#include "tests/core/transfer/tus_parts_lab.h"

#include <QtTest>

#include <fstream>

using namespace sendoff;
using namespace sendoff::test;
using namespace std::chrono_literals;

namespace {

QCoro::Task<Result<void>> stored()
{
    co_return Result<void>();
}

} // namespace

class TestTusParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void partsAreFewAndFixed();
    void aLargeFileGoesInPartsSideBySide();
    void anAddressIsStoredBeforeTheFirstByteGoesThere();
    void smallFilesStayInOnePiece();
    void withoutTheExtensionAllGoesAsBefore();
    void aRefusedPartMakesUsAskAnew();
    void goesOnInsideAPartThatBroke();
    void goesOnInEachPartAfterARestart();
    void aPartThatTheServerRemovedIsSentAgain();
    void doesNotTrustPartsOfAnotherServer();
    void onlyFullPartsUntilTheLengthIsKnown();
    void anEmptyExportIsAnEmptyFile();
    void discardRemovesEachPart();

private:
    // Sends until a third has arrived, and stops. The state it left.
    QJsonObject sendAThird(TransferFixture &fixture, FakeServer &server, const FilePath &file);

    QByteArray m_bytes;
};

void TestTusParts::initTestCase()
{
    m_bytes = noise(largeFile);
}

void TestTusParts::partsAreFewAndFixed()
{
    using transfer::TusParts;
    QCOMPARE(TusParts::gridFor(largeFile, 4).count(largeFile), 4);
    QCOMPARE(TusParts::gridFor(qint64(100) << 30, 16).count(qint64(100) << 30), 16);
    const auto growing = TusParts::gridFor(std::nullopt, 4);
    QCOMPARE(growing.count(1), 1);
    QVERIFY(growing.count(qint64(1) << 40) < 200); // their addresses go into one header
    QCOMPARE(transfer::PartGrid::fromJson(growing.toJson())->goingOnInside(), growing);
}

void TestTusParts::aLargeFileGoesInPartsSideBySide()
{
    TransferFixture fixture;
    FakeServer server(concatenating());
    const auto destination = parallelTus(fixture, server);
    const FilePath file = fixture.write(QStringLiteral("clip.mp4"), m_bytes);
    const auto result = fixture.upload(*destination, fixture.request(fixture.sourceOf(file)));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    const auto partials = uploadsWith(server, "partial");
    const auto finals = uploadsWith(server, "final");
    QCOMPARE(partials.size(), 4);
    QCOMPARE(finals.size(), 1);
    QVERIFY(finals[0].bytes == m_bytes);
    QVERIFY(finals[0].metadata.contains("filename"));
    for (const FakeServer::Upload &partial : partials)
        QVERIFY(partial.metadata.isEmpty()); // tus: only that of the final one counts
    QVERIFY2(server.mostBodiesAtOnce() > 1, qPrintable(QString::number(server.mostBodiesAtOnce())));
    QVERIFY(server.mostBodiesAtOnce() <= 4);
    QCOMPARE(result->sha256, sha256Of(m_bytes));
    QCOMPARE(result->resentBytes, 0);
    QCOMPARE(result->delivery.link.path().toUtf8(), finals[0].path);
    QCOMPARE(result->delivery.verifiedBy, QStringLiteral("offset"));
}

void TestTusParts::anAddressIsStoredBeforeTheFirstByteGoesThere()
{
    TransferFixture fixture;
    FakeServer server(concatenating());
    const auto destination = parallelTus(fixture, server);
    auto request = fixture.request(
        fixture.sourceOf(fixture.write(QStringLiteral("clip.mp4"), m_bytes)));
    QByteArray known; // what was stored so far
    bool isEarly = true;
    int stores = 0;
    request.saveState = [&](QJsonObject state) {
        for (const FakeServer::Upload &upload : server.uploads()) {
            const bool hasBegun = upload.concat == "partial" && !upload.bytes.isEmpty();
            isEarly = isEarly && (!hasBegun || known.contains(upload.path + '"'));
        }
        known += QJsonDocument(state).toJson(QJsonDocument::Compact);
        ++stores;
        return stored();
    };
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(isEarly);
    QVERIFY(stores >= 5);
    for (const FakeServer::Upload &upload : server.uploads())
        QVERIFY2(known.contains(upload.path + '"'), upload.path.constData());
}

void TestTusParts::smallFilesStayInOnePiece()
{
    TransferFixture fixture;
    FakeServer server(concatenating());
    const QByteArray bytes = noise(20'000'001);
    Fault cut;
    cut.method = "PATCH";
    cut.what = Fault::Do::Cut;
    cut.bytes = 5'000'000;
    server.script(cut);
    const auto destination = parallelTus(fixture, server);
    const auto result = fixture.upload(
        *destination,
        fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("clip.mp4"), bytes))));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.uploads().size(), 1);
    QVERIFY(server.uploads()[0].concat.isEmpty());
    QVERIFY(server.uploads()[0].bytes == bytes);
    QCOMPARE(server.mostBodiesAtOnce(), 1);
}

void TestTusParts::withoutTheExtensionAllGoesAsBefore()
{
    TransferFixture fixture;
    FakeServer server; // offers no concatenation
    const auto destination = parallelTus(fixture, server);
    const FilePath file = fixture.write(QStringLiteral("clip.mp4"), m_bytes);
    const auto result = fixture.upload(*destination, fixture.request(fixture.sourceOf(file)));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.uploads().size(), 1);
    QVERIFY(server.uploads()[0].bytes == m_bytes);
    QCOMPARE(server.mostBodiesAtOnce(), 1);
}

// What was offered a moment ago is believed until the server refuses it.
void TestTusParts::aRefusedPartMakesUsAskAnew()
{
    TransferFixture fixture;
    fixture.context().memory = std::make_shared<transfer::ServerMemory>();
    FakeServer server(concatenating());
    const auto isSent = [&](const QString &name) {
        const auto destination = parallelTus(fixture, server);
        const auto result = fixture.upload(
            *destination, fixture.request(fixture.sourceOf(fixture.write(name, m_bytes))));
        return result.has_value();
    };
    QVERIFY(isSent(QStringLiteral("first.mp4")));
    server.script(answer("POST", 403));
    QVERIFY(!isSent(QStringLiteral("second.mp4")));
    QCOMPARE(server.count("OPTIONS"), 1);
    QVERIFY(isSent(QStringLiteral("third.mp4")));
    QCOMPARE(server.count("OPTIONS"), 2);
}

void TestTusParts::goesOnInsideAPartThatBroke()
{
    TransferFixture fixture;
    FakeServer server(concatenating());
    for (const int after : {1, 3, 4}) {
        Fault cut;
        cut.method = "PATCH";
        cut.what = Fault::Do::Cut;
        cut.bytes = 2'000'000;
        cut.after = after;
        server.script(cut);
    }
    const auto destination = parallelTus(fixture, server);
    const FilePath file = fixture.write(QStringLiteral("clip.mp4"), m_bytes);
    const auto result = fixture.upload(*destination, fixture.request(fixture.sourceOf(file)));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(uploadsWith(server, "final").value(0).bytes == m_bytes);
    QCOMPARE(uploadsWith(server, "partial").size(), 4); // none was begun anew
    for (const FakeServer::Upload &partial : uploadsWith(server, "partial")) {
        qint64 at = 0;
        for (const ByteRange &range : partial.received) { // nothing was kept twice
            QCOMPARE(range.begin, at);
            at = range.end;
        }
        QCOMPARE(at, *partial.length);
    }
}

QJsonObject TestTusParts::sendAThird(TransferFixture &fixture, FakeServer &server,
                                     const FilePath &file)
{
    const auto destination = parallelTus(fixture, server);
    auto request = fixture.request(fixture.sourceOf(file));
    const auto progress = request.progress;
    std::stop_source stop;
    QTimer watch;
    QObject::connect(&watch, &QTimer::timeout, &watch, [&] {
        const qint64 there = progress->confirmed + progress->inFlight;
        if (there > largeFile / 3 && server.mostBodiesAtOnce() > 1)
            stop.request_stop();
    });
    watch.start(1);
    fixture.network().setUploadLimit(60'000'000); // so that there is time to stop it
    const auto result = fixture.upload(*destination, std::move(request), stop.get_token());
    fixture.network().setUploadLimit(0);
    if (result || result.error().kind != ErrorKind::Cancelled)
        qFatal("it was not stopped: %s", qPrintable(outcomeOf(result)));
    return fixture.states.last();
}

void TestTusParts::goesOnInEachPartAfterARestart()
{
    TransferFixture fixture;
    FakeServer server(concatenating());
    const FilePath file = fixture.write(QStringLiteral("clip.mp4"), m_bytes);
    const QJsonObject state = sendAThird(fixture, server, file);
    const int made = int(uploadsWith(server, "partial").size());
    QVERIFY(made > 1);
    // What was on its way when it stopped has arrived by now.
    const int heads = server.count("HEAD");
    const auto destination = parallelTus(fixture, server);
    auto request = fixture.request(fixture.sourceOf(file));
    request.resumeState = state;
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(server.count("HEAD") >= heads + made); // each was asked
    QCOMPARE(result->resentBytes, 0);
    QCOMPARE(uploadsWith(server, "partial").size(), 4);
    QVERIFY(uploadsWith(server, "final").value(0).bytes == m_bytes);
}

void TestTusParts::aPartThatTheServerRemovedIsSentAgain()
{
    TransferFixture fixture;
    FakeServer server(concatenating());
    const FilePath file = fixture.write(QStringLiteral("clip.mp4"), m_bytes);
    const QJsonObject state = sendAThird(fixture, server, file);
    net::HttpRequest removal(
        "DELETE", server.url().resolved(QUrl::fromEncoded(uploadsWith(server, "partial")[1].path)));
    removal.headers.append(net::Header("Tus-Resumable", "1.0.0"));
    auto removing = fixture.network().send(std::move(removal), {});
    const auto removed = QCoro::waitFor(std::move(removing));
    QVERIFY(removed && removed->status == 204);
    const auto destination = parallelTus(fixture, server);
    auto request = fixture.request(fixture.sourceOf(file));
    request.resumeState = state;
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(uploadsWith(server, "partial").size(), 5); // that one a second time
    QVERIFY(uploadsWith(server, "final").value(0).bytes == m_bytes);
}

void TestTusParts::doesNotTrustPartsOfAnotherServer()
{
    TransferFixture fixture;
    FakeServer server(concatenating());
    FakeServer stranger(concatenating());
    const FilePath file = fixture.write(QStringLiteral("clip.mp4"), m_bytes);
    QJsonObject state = sendAThird(fixture, server, file);
    const auto destination = parallelTus(fixture, stranger);
    auto request = fixture.request(fixture.sourceOf(file));
    request.resumeState = state;
    const int before = server.count("HEAD") + server.count("POST") + server.count("DELETE");
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result))); // begun anew
    // Nothing was said to the other one.
    QCOMPARE(server.count("HEAD") + server.count("POST") + server.count("DELETE"), before);
    QVERIFY(uploadsWith(stranger, "final").value(0).bytes == m_bytes);
}

// Needs no deferred length: each part has its own from the start.
void TestTusParts::onlyFullPartsUntilTheLengthIsKnown()
{
    TransferFixture fixture;
    FakeServer::Options options = concatenating();
    options.canDeferLength = false;
    FakeServer server(options);
    const QByteArray bytes = noise(100 << 20);
    const FilePath path = fixture.path(QStringLiteral("export.part")).toStdString();
    std::ofstream file(path, std::ios::binary);
    const auto feed = std::make_shared<OutputFeed>();
    auto request = fixture.request(std::make_shared<transfer::ByteSource>(feed));
    const auto progress = request.progress;
    feed->begin(path, 0);
    const auto write = [&](qint64 begin, qint64 end) {
        file.write(bytes.constData() + begin, end - begin).flush();
        feed->seal({0, end});
    };
    write(0, 60 << 20);
    const auto destination = parallelTus(fixture, server);
    auto task = transfer::upload(destination.get(), std::move(request), fixture.policy(), {});
    QTest::qWait(300);
    QVERIFY(uploadsWith(server, "partial").isEmpty()); // no part is full
    write(60 << 20, 90 << 20);
    QTRY_COMPARE_WITH_TIMEOUT(progress->confirmed.load(), qint64(64 << 20), 30'000);
    QTest::qWait(300);
    QCOMPARE(uploadsWith(server, "partial").size(), 1); // the next one is not full
    write(90 << 20, 100 << 20);
    feed->complete(100 << 20, sha256Of(bytes));
    const auto result = QCoro::waitFor(std::move(task));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    const auto partials = uploadsWith(server, "partial");
    QCOMPARE(partials.size(), 2);
    QCOMPARE(*partials[1].length, qint64(36 << 20));
    QVERIFY(uploadsWith(server, "final").value(0).bytes == bytes);
}

void TestTusParts::anEmptyExportIsAnEmptyFile()
{
    TransferFixture fixture;
    FakeServer server(concatenating());
    const FilePath path = fixture.write(QStringLiteral("export.part"), {});
    const auto feed = std::make_shared<OutputFeed>();
    feed->begin(path, 0);
    feed->complete(0, sha256Of({}));
    const auto destination = parallelTus(fixture, server);
    const auto result = fixture.upload(
        *destination, fixture.request(std::make_shared<transfer::ByteSource>(feed)));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.uploads().size(), 1);
    QCOMPARE(*server.uploads()[0].length, 0);
}

void TestTusParts::discardRemovesEachPart()
{
    TransferFixture fixture;
    FakeServer server(concatenating());
    const FilePath file = fixture.write(QStringLiteral("clip.mp4"), m_bytes);
    const QJsonObject state = sendAThird(fixture, server, file);
    const auto destination = parallelTus(fixture, server);
    const auto discarded =
        QCoro::waitFor(transfer::discardUpload(destination.get(), state, {}));
    QVERIFY2(discarded.has_value(), discarded ? "" : qPrintable(discarded.error().detail));
    for (const FakeServer::Upload &upload : server.uploads())
        QVERIFY(upload.isRemoved);
    // There is nothing any more, which is fine.
    QVERIFY(QCoro::waitFor(transfer::discardUpload(destination.get(), state, {})).has_value());
}

QTEST_GUILESS_MAIN(TestTusParts)
#include "tst_tus_parts.moc"

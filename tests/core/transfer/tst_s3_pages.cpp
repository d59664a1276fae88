// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lists that come in pages: of the parts of an upload, and of the uploads of a bucket.
#include "core/transfer/uploader.h"

#include "tests/core/transfer/fake_s3.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QtTest>

Q_DECLARE_METATYPE(sendoff::test::S3Marker)

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

constexpr qint64 part = 8 << 20;

void addMarkers()
{
    QTest::addColumn<S3Marker>("marker");
    QTest::newRow("the next page is told") << S3Marker::Told;
    QTest::newRow("the next page is not told") << S3Marker::LeftOut;
}

} // namespace

class TestS3Pages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAllPagesOfParts_data() { addMarkers(); }
    void readsAllPagesOfParts();
    void endsWhereThePagesOfPartsDoNot();
    void readsAllPagesOfLeftovers_data() { addMarkers(); }
    void readsAllPagesOfLeftovers();
    void endsWhereThePagesOfLeftoversDoNot();

private:
    // An upload of six parts of which five are there; afterwards lists have pages of two.
    QJsonObject stoppedUpload(FakeS3 &server, S3Marker marker);
    Result<UploadResult> goOn(const FakeS3 &server, const QJsonObject &state);

    TransferFixture m_fixture;
    FilePath m_file;
};

FakeS3::Misbehave refusingTheSixthPart()
{
    return [](FakeS3::Ask ask, const ReceivedRequest &, int before) {
        const bool isRefused = ask == FakeS3::Ask::Part && before == 5;
        return isRefused ? std::optional(FakeS3::error(403, "AccessDenied")) : std::nullopt;
    };
}

QJsonObject TestS3Pages::stoppedUpload(FakeS3 &server, S3Marker marker)
{
    m_file = m_fixture.write(QStringLiteral("source"), noise(5 * part + 5));
    DestinationConfig config = server.config();
    config.options.insert(QStringLiteral("parallel"), QStringLiteral("1"));
    const auto destination = m_fixture.create(config);
    const auto stopped =
        m_fixture.upload(*destination, m_fixture.request(m_fixture.sourceOf(m_file)));
    if (stopped || server.parts().size() != 5)
        qFatal("the upload was not stopped after five parts");
    server.set([marker](FakeS3Model &model) {
        model.pageSize = 2;
        model.marker = marker;
    });
    return m_fixture.states.last();
}

Result<UploadResult> TestS3Pages::goOn(const FakeS3 &server, const QJsonObject &state)
{
    const auto destination = m_fixture.create(server.config());
    auto request = m_fixture.request(m_fixture.sourceOf(m_file));
    request.resumeState = state;
    return m_fixture.upload(*destination, std::move(request));
}

void TestS3Pages::readsAllPagesOfParts()
{
    QFETCH(const S3Marker, marker);
    FakeS3 server(refusingTheSixthPart());
    const QJsonObject state = stoppedUpload(server, marker);
    const int parts = server.count(FakeS3::Ask::Part);
    const auto result = goOn(server, state);
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.count(FakeS3::Ask::List), 3);
    QCOMPARE(server.count(FakeS3::Ask::Part), parts + 1); // the one that was missing
    QCOMPARE(server.objects(), (QMap<QByteArray, qint64>{{"clip.mp4", 5 * part + 5}}));
}

void TestS3Pages::endsWhereThePagesOfPartsDoNot()
{
    FakeS3 server(refusingTheSixthPart());
    const QJsonObject state = stoppedUpload(server, S3Marker::StandsStill);
    const auto result = goOn(server, state);
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::ProtocolViolation);
    QCOMPARE(server.count(FakeS3::Ask::List), 2);
}

void leaveFiveUploads(FakeS3 &server, S3Marker marker)
{
    server.set([marker](FakeS3Model &model) {
        model.pageSize = 2;
        model.marker = marker;
        for (int i = 0; i < 5; ++i)
            model.uploads["upload-" + QByteArray::number(i)].key =
                "clip" + QByteArray::number(i / 2) + ".mp4"; // two of one name
    });
}

void TestS3Pages::readsAllPagesOfLeftovers()
{
    QFETCH(const S3Marker, marker);
    FakeS3 server;
    leaveFiveUploads(server, marker);
    const auto destination = m_fixture.create(server.config());
    const auto found = QCoro::waitFor(destination->leftovers({}));
    QVERIFY(found.has_value());
    QCOMPARE(server.count(FakeS3::Ask::Leftovers), 3);
    QStringList ids;
    for (const Leftover &leftover : *found)
        ids.append(leftover.resumeState[u"upload"].toString());
    ids.sort();
    QCOMPARE(ids, (QStringList{QStringLiteral("upload-0"), QStringLiteral("upload-1"),
                               QStringLiteral("upload-2"), QStringLiteral("upload-3"),
                               QStringLiteral("upload-4")}));
    for (const Leftover &leftover : *found)
        QVERIFY(QCoro::waitFor(discardUpload(destination.get(), leftover.resumeState, {}))
                    .has_value());
    QCOMPARE(server.openUploads(), 0);
}

void TestS3Pages::endsWhereThePagesOfLeftoversDoNot()
{
    FakeS3 server;
    leaveFiveUploads(server, S3Marker::StandsStill);
    const auto destination = m_fixture.create(server.config());
    const auto found = QCoro::waitFor(destination->leftovers({}));
    QVERIFY(!found.has_value());
    QCOMPARE(found.error().kind, ErrorKind::ProtocolViolation);
    QCOMPARE(server.count(FakeS3::Ask::Leftovers), 2);
}

QTEST_GUILESS_MAIN(TestS3Pages)
#include "tst_s3_pages.moc"

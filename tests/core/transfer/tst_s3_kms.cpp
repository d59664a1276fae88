// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Uploads to a bucket that encrypts with keys of its own (SSE-KMS): no ETag is the MD5 of anything.
#include "core/transfer/uploader.h"

#include "tests/core/transfer/fake_s3.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

constexpr qint64 part = 8 << 20;

} // namespace

class TestS3Kms : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<TransferFixture>(); }
    void sendsWholeFiles_data();
    void sendsWholeFiles();
    void goesOnWhereItStopped();
    void looksUpAnEndWhoseReplyIsLost_data();
    void looksUpAnEndWhoseReplyIsLost();
    void replacesNothingThatItCannotTell();

private:
    UploadRequest requestFor(qint64 size);

    std::unique_ptr<TransferFixture> m_fixture;
    FilePath m_file;
};

UploadRequest TestS3Kms::requestFor(qint64 size)
{
    m_file = m_fixture->write(QStringLiteral("source"), noise(size));
    return m_fixture->request(m_fixture->sourceOf(m_file));
}

void TestS3Kms::sendsWholeFiles_data()
{
    QTest::addColumn<qint64>("size");
    QTest::newRow("empty") << qint64(0);
    QTest::newRow("one part") << qint64(1'000);
    QTest::newRow("four parts") << 3 * part + 5;
}

void TestS3Kms::sendsWholeFiles()
{
    QFETCH(const qint64, size);
    FakeS3 server;
    server.set([](FakeS3Model &model) { model.usesKms = true; });
    const auto destination = m_fixture->create(server.config());
    const auto result = m_fixture->upload(*destination, requestFor(size));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.objects(), (QMap<QByteArray, qint64>{{"clip.mp4", size}}));
    QCOMPARE(result->resentBytes, 0);
    QCOMPARE(server.openUploads(), 0);
    const auto isThere =
        QCoro::waitFor(destination->isStillDelivered(result->receipt, size, {}));
    QVERIFY(isThere.has_value() && *isThere);
}

void TestS3Kms::goesOnWhereItStopped()
{
    FakeS3 server([](FakeS3::Ask ask, const ReceivedRequest &, int before) {
        const bool isRefused = ask == FakeS3::Ask::Part && before == 1;
        return isRefused ? std::optional(FakeS3::error(403, "AccessDenied")) : std::nullopt;
    });
    server.set([](FakeS3Model &model) { model.usesKms = true; });
    const auto destination = m_fixture->create(server.config());
    const auto stopped = m_fixture->upload(*destination, requestFor(3 * part + 5));
    QVERIFY(!stopped.has_value());
    const QMap<int, QByteArray> kept = server.parts();
    QVERIFY(kept.contains(1));
    const int before = server.count(FakeS3::Ask::Part);
    auto request = m_fixture->request(m_fixture->sourceOf(m_file));
    request.resumeState = m_fixture->states.last();
    QCOMPARE(request.resumeState[u"etag_is_md5"].toBool(true), false);
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.count(FakeS3::Ask::Part) - before, 4 - int(kept.size()));
    QCOMPARE(server.parts().value(1), kept.value(1));
    QCOMPARE(server.count(FakeS3::Ask::Create), 1);
    QCOMPARE(server.objects(), (QMap<QByteArray, qint64>{{"clip.mp4", 3 * part + 5}}));
}

void TestS3Kms::looksUpAnEndWhoseReplyIsLost_data()
{
    QTest::addColumn<bool>("isCeph");
    QTest::newRow("Amazon") << false;
    QTest::newRow("Ceph, which leaves the ETag out") << true;
}

// The same end is answered as before, where the server still knows of it.
void TestS3Kms::looksUpAnEndWhoseReplyIsLost()
{
    QFETCH(const bool, isCeph);
    FakeS3 server({}, isCeph ? S3Dialect::Ceph : S3Dialect::Amazon);
    server.set([](FakeS3Model &model) { model.usesKms = true; });
    server.loseReplyTo(FakeS3::Ask::Complete, 0);
    const auto destination = m_fixture->create(server.config());
    const auto result = m_fixture->upload(*destination, requestFor(3 * part + 5));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.objects(), (QMap<QByteArray, qint64>{{"clip.mp4", 3 * part + 5}}));
    QCOMPARE(server.count(FakeS3::Ask::Create), 1);
    QCOMPARE(server.count(FakeS3::Ask::Part), 4);
    QCOMPARE(server.count(FakeS3::Ask::Complete), 2);
}

// Where the server knows nothing of it any more, the file goes there once more, under a name of its
// own.
void TestS3Kms::replacesNothingThatItCannotTell()
{
    FakeS3 server([](FakeS3::Ask ask, const ReceivedRequest &, int before) {
        const bool isForgotten = ask == FakeS3::Ask::Complete && before == 1;
        return isForgotten ? std::optional(FakeS3::error(404, "NoSuchUpload")) : std::nullopt;
    });
    server.set([](FakeS3Model &model) { model.usesKms = true; });
    server.loseReplyTo(FakeS3::Ask::Complete, 0);
    const auto destination = m_fixture->create(server.config());
    const auto result = m_fixture->upload(*destination, requestFor(part + 5));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.objects(), (QMap<QByteArray, qint64>{{"clip.mp4", part + 5},
                                                         {"clip (2).mp4", part + 5}}));
    QVERIFY(result->delivery.link.path().endsWith(u"/clip (2).mp4"));
}

QTEST_GUILESS_MAIN(TestS3Kms)
#include "tst_s3_kms.moc"

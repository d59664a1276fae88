// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever the type of a destination, its bytes are drawn from the limit that bears its name. How
// well limits are kept is tst_upload_limits' and tst_net_load's.
#include "tests/core/transfer/http_places.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

class TestLimitGroups : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void drawsFromItsOwnLimit_data() { eachType(); }
    void drawsFromItsOwnLimit();
    void isNotHeldByAnothersLimit_data() { eachType(); }
    void isNotHeldByAnothersLimit();

private:
    static void eachType();
};

namespace {

constexpr qint64 size = 300'000;
constexpr qint64 crawl = 100; // bytes per second: all of it would take most of an hour

bool hasLimit(const DestinationType &type)
{
    return std::any_of(type.options.begin(), type.options.end(),
                       [](const DestinationOption &option) { return option.id == u"upload_limit"; });
}

} // namespace

void TestLimitGroups::eachType()
{
    QTest::addColumn<QString>("type");
    for (const DestinationType &type : destinationTypes()) {
        if (hasLimit(type))
            QTest::newRow(qPrintable(type.id)) << type.id;
    }
}

void TestLimitGroups::drawsFromItsOwnLimit()
{
    QFETCH(const QString, type);
    const auto place = httpPlaceFor(type);
    QVERIFY2(place, "http_places.cpp has no server for it");
    TransferFixture fixture;
    const DestinationConfig config = place->config();
    const QByteArray group = config.name.toUtf8();
    fixture.network().setUploadLimit(group, crawl);
    const auto destination = fixture.create(config);
    UploadTarget target;
    target.fileName = u"clip.mp4"_s;
    target.mediaType = "video/mp4";
    const QByteArray bytes = noise(size);
    target.source = fixture.sourceOf(fixture.write(u"clip.mp4"_s, bytes));
    const auto session = QCoro::waitFor(destination->open(target, {}, {}));
    QVERIFY(session.has_value());
    PartPlan part;
    part.range = {0, size};
    part.total = size;
    part.isLast = true;
    part.progress = std::make_shared<net::TransferProgress>();
    auto sending = (*session)->send(part, {});
    const bool isHeld = QTest::qWaitFor(
        [&] { return part.progress->isHeldByLimit || sending.isReady(); }, 60'000);
    const qint64 handedOver = part.progress->handedOver;
    fixture.network().setUploadLimit(group, 0);
    QVERIFY(QCoro::waitFor(std::move(sending)).has_value());
    QVERIFY(isHeld);
    QVERIFY2(handedOver < size / 2, qPrintable(QString::number(handedOver)));
    QVERIFY(QCoro::waitFor((*session)->assemble(size, {})).has_value());
    QVERIFY(QCoro::waitFor((*session)->finish(size, {})).has_value());
    QVERIFY(place->holds(bytes));
}

void TestLimitGroups::isNotHeldByAnothersLimit()
{
    QFETCH(const QString, type);
    const auto place = httpPlaceFor(type);
    QVERIFY2(place, "http_places.cpp has no server for it");
    TransferFixture fixture;
    fixture.network().setUploadLimit("Another place", crawl);
    const auto destination = fixture.create(place->config());
    const QByteArray bytes = noise(size);
    const auto result = fixture.upload(
        *destination,
        fixture.request(fixture.sourceOf(fixture.write(u"clip.mp4"_s, bytes))));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(place->holds(bytes));
}

QTEST_GUILESS_MAIN(TestLimitGroups)
#include "tst_limit_groups.moc"

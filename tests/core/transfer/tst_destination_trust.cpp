// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whom a destination trusts holds for every request to it: each type that has “ca_file” and “pin”
// uploads over https to whom it may, and tells nothing to anybody else. What TLS itself refuses is
// tst_net_tls's.
#include "core/base/error_text.h"
#include "core/transfer/destination_check.h"
#include "tests/core/transfer/http_places.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

class TestDestinationTrust : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void uploadsToWhomItTrusts_data() { eachType(); }
    void uploadsToWhomItTrusts();
    void sendsNothingToOthers_data() { eachType(); }
    void sendsNothingToOthers();
    void theCheckTellsAboutTheCertificate_data() { eachType(); }
    void theCheckTellsAboutTheCertificate();

private:
    void eachType();
    bool open();
    DestinationConfig config(const QString &caFile, const QByteArray &pin = {});
    QStringList stepsOf(const DestinationConfig &config);

    std::unique_ptr<CertificateWorkshop> m_workshop;
    CertificateWorkshop::Identity m_identity;
    std::unique_ptr<TransferFixture> m_fixture;
    std::unique_ptr<HttpPlace> m_place;
};

namespace {

bool mayBeTold(const DestinationType &type, QStringView id)
{
    return std::any_of(type.options.begin(), type.options.end(),
                       [&](const DestinationOption &option) { return option.id == id; });
}

} // namespace

void TestDestinationTrust::initTestCase()
{
    m_workshop = std::make_unique<CertificateWorkshop>();
    m_identity = m_workshop->signedFor(u"server"_s, u"DNS:localhost,IP:127.0.0.1"_s);
}

void TestDestinationTrust::init()
{
    m_place.reset();
    m_fixture = std::make_unique<TransferFixture>();
}

void TestDestinationTrust::eachType()
{
    QTest::addColumn<QString>("type");
    for (const DestinationType &type : destinationTypes()) {
        if (mayBeTold(type, u"ca_file") || mayBeTold(type, u"pin"))
            QTest::newRow(qPrintable(type.id)) << type.id;
    }
}

bool TestDestinationTrust::open()
{
    const QString type = *static_cast<QString *>(QTest::qData("type", qMetaTypeId<QString>()));
    m_place = httpPlaceFor(type, m_identity);
    if (!m_place)
        qCritical("http_places.cpp has no server for %s", qPrintable(type));
    return m_place != nullptr;
}

DestinationConfig TestDestinationTrust::config(const QString &caFile, const QByteArray &pin)
{
    DestinationConfig config = m_place->config();
    if (!caFile.isEmpty())
        config.options.insert(u"ca_file"_s, caFile);
    if (!pin.isEmpty())
        config.options.insert(u"pin"_s, QString::fromLatin1(pin));
    return config;
}

void TestDestinationTrust::uploadsToWhomItTrusts()
{
    const QByteArray bytes = noise(300'000);
    const FilePath file = m_fixture->write(u"source"_s, bytes);
    for (const QByteArray &pin : {QByteArray(), m_workshop->pinOf(u"server"_s)}) {
        QVERIFY(open());
        const auto destination = m_fixture->create(config(m_workshop->caFile(), pin));
        QCOMPARE(destination->server().scheme(), u"https"_s);
        const auto result =
            m_fixture->upload(*destination, m_fixture->request(m_fixture->sourceOf(file)));
        QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
        QVERIFY(m_place->holds(bytes));
        // What was stored is asked for in the same way.
        const auto still = QCoro::waitFor(
            destination->isStillDelivered(result->receipt, bytes.size(), {}));
        QVERIFY(still.has_value() && *still);
    }
}

void TestDestinationTrust::sendsNothingToOthers()
{
    const FilePath file = m_fixture->write(u"source"_s, noise(300'000));
    const QByteArray right = m_workshop->pinOf(u"server"_s);
    const QByteArray wrong = m_workshop->pinOf(u"ca"_s);
    QVERIFY(open());
    const QList<DestinationConfig> configs{config({}), config({}, right),
                                           config(m_workshop->caFile(), wrong)};
    for (const DestinationConfig &untrusting : configs) {
        const auto destination = m_fixture->create(untrusting);
        const auto result =
            m_fixture->upload(*destination, m_fixture->request(m_fixture->sourceOf(file)));
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().kind, ErrorKind::CertificateRejected);
        const QString sentence = describe(result.error()).sentence();
        QVERIFY2(sentence.contains(u"certificate"_s) && sentence.contains(untrusting.name)
                     && !sentence.contains(u'%'),
                 qPrintable(sentence));
        QCOMPARE(m_fixture->delays.size(), 0); // and does not try it again
        QCOMPARE(m_place->requestCount(), 0);
    }
}

QStringList TestDestinationTrust::stepsOf(const DestinationConfig &config)
{
    const auto destination = m_fixture->create(config);
    auto checking = checkDestination(destination.get(), m_fixture->context(), {});
    QStringList steps;
    for (const CheckStep &step : QCoro::waitFor(std::move(checking)))
        steps.append(stepName(step.what) + (step.error ? u" failed"_s : u" ok"_s));
    return steps;
}

void TestDestinationTrust::theCheckTellsAboutTheCertificate()
{
    QVERIFY(open());
    const QStringList refused{u"resolve ok"_s, u"connect ok"_s, u"tls failed"_s};
    QCOMPARE(stepsOf(config({})), refused);
    QCOMPARE(stepsOf(config(m_workshop->caFile(), m_workshop->pinOf(u"ca"_s))), refused);
    QCOMPARE(m_place->requestCount(), 0);
    QCOMPARE(stepsOf(config(m_workshop->caFile())),
             (QStringList{u"resolve ok"_s, u"connect ok"_s, u"tls ok"_s, u"sign_in ok"_s,
                          u"write ok"_s, u"resume ok"_s, u"delete ok"_s}));
}

QTEST_GUILESS_MAIN(TestDestinationTrust)
#include "tst_destination_trust.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How many parts of one file are on their way at a time: as many as its destination says, and another
// number as soon as that is set, also while the file is sent.
#include "core/transfer/server_memory.h"
#include "core/transfer/uploader.h"

#include "tests/core/transfer/transfer_fixture.h"

#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

constexpr qint64 partSize = 8 << 20;
constexpr int partCount = 60;
constexpr std::chrono::milliseconds partTime{20};

// What is counted of a file that is sent in parts, each of which takes the same time.
struct Watch {
    int started = 0;
    int inFlight = 0;
    QList<int> atOnce; // when each part began, itself included
    std::function<void(int)> begins; // with the number of the part that does, from 0
};

class ManyPartsSession final : public UploadSession {
public:
    explicit ManyPartsSession(Watch *watch)
        : m_watch(watch)
        , m_grid(PartGrid::equal(partSize))
    {
    }
    const ByteRanges &confirmed() const override { return m_confirmed; }
    const PartGrid *grid() const override { return &m_grid; }
    QJsonObject resumeState() const override { return {{QStringLiteral("id"), 1}}; }
    QCoro::Task<Result<void>> refresh(std::stop_token) override { co_return Result<void>(); }
    QCoro::Task<Result<void>> send(PartPlan part, std::stop_token stop) override
    {
        m_watch->atOnce.append(++m_watch->inFlight);
        m_watch->begins(m_watch->started++);
        auto sleeping = sleepFor(partTime, stop);
        const bool isAwake = co_await std::move(sleeping);
        --m_watch->inFlight;
        if (!isAwake)
            co_return failure(Error::cancelled());
        part.progress->handedOver = part.range.size();
        m_confirmed.add(part.range);
        co_return Result<void>();
    }
    QCoro::Task<Result<Delivery>> finish(qint64, std::stop_token) override { co_return Delivery(); }
    QCoro::Task<Result<void>> discard(std::stop_token) override { co_return Result<void>(); }

private:
    Watch *m_watch;
    PartGrid m_grid;
    ByteRanges m_confirmed;
};

class ManyPartsDestination final : public Destination {
public:
    ManyPartsDestination()
    {
        m_config.name = QStringLiteral("Many parts");
    }
    const DestinationConfig &config() const override { return m_config; }
    QUrl server() const override { return QUrl(QStringLiteral("https://parts.invalid/")); }
    QCoro::Task<Result<Capabilities>> capabilities(std::stop_token) override
    {
        Capabilities capabilities;
        capabilities.takesAnyOrder = true;
        capabilities.partsAtOnce = 2;
        co_return capabilities;
    }
    QCoro::Task<Result<std::unique_ptr<UploadSession>>> open(UploadTarget, QJsonObject,
                                                             std::stop_token) override
    {
        co_return std::unique_ptr<UploadSession>(std::make_unique<ManyPartsSession>(&watch));
    }
    QCoro::Task<Result<bool>> isStillDelivered(QJsonObject, qint64, std::stop_token) override
    {
        co_return false;
    }

    Watch watch;

private:
    DestinationConfig m_config;
};

int mostOf(const QList<int> &counts)
{
    return *std::max_element(counts.cbegin(), counts.cend());
}

} // namespace

class TestPartsAtOnce : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void followsWhatIsSetWhileItSends();
};

void TestPartsAtOnce::followsWhatIsSetWhileItSends()
{
    TransferFixture fixture;
    auto memory = std::make_shared<ServerMemory>();
    fixture.context().memory = memory;
    const FilePath file = fixture.write(QStringLiteral("source"), {});
    std::filesystem::resize_file(file, quint64(partCount) * partSize);
    ManyPartsDestination destination;
    destination.watch.begins = [&](int part) {
        if (part == 20)
            memory->partsAtOnce.insert(destination.config().name, 5);
        if (part == 40)
            memory->partsAtOnce.insert(destination.config().name, 1);
    };
    auto request = fixture.request(fixture.sourceOf(file));
    request.hashSource = false;
    const auto result = fixture.upload(destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    const QList<int> atOnce = destination.watch.atOnce;
    QCOMPARE(atOnce.size(), partCount);
    QCOMPARE(mostOf(atOnce.first(20)), 2); // as the destination has it
    QCOMPARE(mostOf(atOnce.mid(20, 20)), 5);
    // Those that were on their way end; then there is one after the other.
    QCOMPARE(mostOf(atOnce.last(10)), 1);
}

QTEST_GUILESS_MAIN(TestPartsAtOnce)
#include "tst_parts_at_once.moc"

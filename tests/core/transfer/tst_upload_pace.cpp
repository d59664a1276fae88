// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// That an upload measures its parts: the sizes of those that follow, and what is remembered of the
// server, are what the bytes and the time of those before make. However slow the machine is.
#include "core/transfer/server_memory.h"
#include "core/transfer/uploader.h"

#include "tests/core/transfer/transfer_fixture.h"

#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

using Clock = std::chrono::steady_clock;

constexpr qint64 fileSize = qint64(8) << 30; // of holes
constexpr std::chrono::milliseconds partTime{200};
constexpr double secondsForPart = 30;

struct Sent {
    ByteRange range;
    Clock::time_point begin;
    Clock::time_point end;
};

// Takes every part as a whole after the same time, one after the other.
class SteadySession final : public UploadSession {
public:
    explicit SteadySession(QList<Sent> *sent)
        : m_sent(sent)
    {
    }
    const ByteRanges &confirmed() const override { return m_confirmed; }
    QJsonObject resumeState() const override { return {{QStringLiteral("id"), 1}}; }
    QCoro::Task<Result<void>> refresh(std::stop_token) override { co_return Result<void>(); }
    QCoro::Task<Result<void>> send(PartPlan part, std::stop_token stop) override
    {
        const auto begin = Clock::now();
        auto sleeping = sleepFor(partTime, stop);
        if (!co_await std::move(sleeping))
            co_return failure(Error::cancelled());
        part.progress->handedOver = part.range.size();
        m_confirmed.add(part.range);
        m_sent->append(Sent{part.range, begin, Clock::now()});
        co_return Result<void>();
    }
    QCoro::Task<Result<Delivery>> finish(qint64, std::stop_token) override
    {
        co_return Delivery();
    }
    QCoro::Task<Result<void>> discard(std::stop_token) override { co_return Result<void>(); }

private:
    QList<Sent> *m_sent;
    ByteRanges m_confirmed;
};

class SteadyDestination final : public Destination {
public:
    const DestinationConfig &config() const override { return m_config; }
    QUrl server() const override { return QUrl(QStringLiteral("https://steady.invalid/")); }
    QCoro::Task<Result<Capabilities>> capabilities(std::stop_token) override
    {
        co_return Capabilities();
    }
    QCoro::Task<Result<std::unique_ptr<UploadSession>>> open(UploadTarget, QJsonObject,
                                                             std::stop_token) override
    {
        opened = Clock::now();
        co_return std::unique_ptr<UploadSession>(std::make_unique<SteadySession>(&sent));
    }
    QCoro::Task<Result<bool>> isStillDelivered(QJsonObject, qint64, std::stop_token) override
    {
        co_return false;
    }

    Clock::time_point opened;
    QList<Sent> sent;

private:
    DestinationConfig m_config;
};

double secondsBetween(Clock::time_point from, Clock::time_point to)
{
    return std::chrono::duration<double>(to - from).count();
}

} // namespace

class TestUploadPace : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void measuresItsParts();
};

void TestUploadPace::measuresItsParts()
{
    TransferFixture fixture;
    fixture.context().memory = std::make_shared<ServerMemory>();
    const FilePath file = fixture.write(QStringLiteral("source"), {});
    std::filesystem::resize_file(file, quint64(fileSize));
    SteadyDestination destination;
    auto request = fixture.request(fixture.sourceOf(file));
    request.hashSource = false;
    const auto result = fixture.upload(destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    const QList<Sent> &sent = destination.sent;
    QVERIFY(sent.size() >= 3);
    QCOMPARE(sent.first().range.size(), 8 << 20);
    // What lay between two parts is not the line's; what was before the first may count as its.
    double bytes = 0;
    double busyAtLeast = 0;
    for (qsizetype i = 0; i + 2 < sent.size(); ++i) { // the last one is what is left
        bytes += double(sent[i].range.size());
        busyAtLeast += secondsBetween(sent[i].begin, sent[i].end);
        const double busyAtMost = secondsBetween(destination.opened, sent[i + 1].begin);
        const double next = double(sent[i + 1].range.size());
        QVERIFY(next <= bytes / busyAtLeast * secondsForPart + 1);
        QVERIFY(next >= bytes / busyAtMost * secondsForPart - 1);
    }
    const double remembered =
        fixture.context().memory->speeds.bytesPerSecond(destination.server());
    const Sent &last = sent.last();
    QVERIFY(remembered <= double(fileSize) / (busyAtLeast
                                              + secondsBetween(last.begin, last.end)));
    QVERIFY(remembered >= double(fileSize) / secondsBetween(destination.opened, Clock::now()));
}

QTEST_GUILESS_MAIN(TestUploadPace)
#include "tst_upload_pace.moc"

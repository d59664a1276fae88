// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A disk that stops answering in the middle of a copy, so that the calls into it do not return:
// nobody else waits for it, cancelling works, and it is found to be away. On a frozen file system.
#include "core/transfer/uploader.h"

#include "core/transfer/server_memory.h"
#include "tests/core/transfer/transfer_fixture.h"
#include "tests/support/loop_disk.h"

#include <QDir>
#include <QTimer>
#include <QtTest>

#include <vector>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;
using namespace std::chrono_literals;

namespace {

constexpr qint64 mebibyte = 1 << 20;
constexpr qint64 clipSize = 40 * mebibyte;
constexpr int copies = 6; // more than the I/O pool has threads

} // namespace

class TestFolderHung : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void nobodyElseWaitsAndCancellingWorks();
    void isAwayAfterASilence();

private:
    std::unique_ptr<Destination> destination(const FilePath &folder);
    QCoro::Task<Result<UploadResult>> begin(Destination *place, UploadRequest request,
                                            std::stop_token stop = {})
    {
        return upload(place, std::move(request), m_fixture->policy(), std::move(stop));
    }
    UploadRequest request() { return m_fixture->request(m_fixture->sourceOf(m_file)); }
    bool freezeWhen(std::function<bool()> isSo);
    void finish(const QJsonObject &state);

    std::unique_ptr<TransferFixture> m_fixture;
    std::unique_ptr<LoopDisk> m_disk;
    std::shared_ptr<ServerMemory> m_memory;
    QByteArray m_bytes;
    FilePath m_file;
};

void TestFolderHung::init()
{
    m_fixture = std::make_unique<TransferFixture>();
    m_memory = std::make_shared<ServerMemory>();
    m_fixture->context().memory = m_memory;
    m_bytes = noise(clipSize);
    m_file = m_fixture->write(QStringLiteral("a.mp4"), m_bytes);
    QVERIFY(QDir().mkpath(m_fixture->path(QStringLiteral("other"))));
    m_disk = std::make_unique<LoopDisk>(m_fixture->path(QStringLiteral("image")).toStdString(),
                                        m_fixture->path(QStringLiteral("mnt")).toStdString(),
                                        400 * mebibyte);
    if (!m_disk->isMounted())
        QSKIP(qPrintable(m_disk->whyNot()));
}

void TestFolderHung::cleanup()
{
    m_disk.reset(); // which thaws
    m_fixture.reset();
}

std::unique_ptr<Destination> TestFolderHung::destination(const FilePath &folder)
{
    DestinationConfig config;
    config.name = QStringLiteral("NAS");
    config.type = QStringLiteral("folder");
    config.options.insert(QStringLiteral("folder"), QString::fromStdString(folder.string()));
    return m_fixture->create(std::move(config));
}

bool TestFolderHung::freezeWhen(std::function<bool()> isSo)
{
    bool isFrozen = false;
    QTimer watch;
    connect(&watch, &QTimer::timeout, [&] {
        if (!isSo())
            return;
        watch.stop();
        isFrozen = m_disk->freeze();
    });
    watch.start(0);
    return QTest::qWaitFor([&] { return isFrozen; }, 60'000);
}

void TestFolderHung::finish(const QJsonObject &state)
{
    m_disk->thaw();
    const auto stuck = m_memory->stuckFolders.value(toStored(m_disk->point()));
    QVERIFY(stuck);
    QTRY_VERIFY_WITH_TIMEOUT(!stuck->any(), 60'000);
    auto again = request();
    again.resumeState = state;
    const auto place = destination(m_disk->point());
    const auto result = m_fixture->upload(*place, std::move(again));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(result->resentBytes, 0);
    QVERIFY(contentOf(result->delivery.link.toLocalFile()) == m_bytes);
}

void TestFolderHung::nobodyElseWaitsAndCancellingWorks()
{
    std::stop_source stop;
    const auto place = destination(m_disk->point());
    std::vector<QCoro::Task<Result<UploadResult>>> running;
    std::vector<std::shared_ptr<UploadProgress>> progress;
    QJsonObject state;
    for (int number = 0; number < copies; ++number) {
        auto copying = request();
        progress.push_back(copying.progress);
        const auto keep = copying.saveState;
        if (number == 0) {
            copying.saveState = [&state, keep](QJsonObject saved) {
                state = saved;
                return keep(std::move(saved));
            };
        }
        running.push_back(begin(place.get(), std::move(copying), stop.get_token()));
    }
    QVERIFY(freezeWhen([&] {
        return std::all_of(progress.begin(), progress.end(),
                           [](const auto &each) { return each->confirmed > 0; });
    }));
    const bool isOneAtWork = std::any_of(progress.begin(), progress.end(), [](const auto &each) {
        return each->confirmed < clipSize;
    });
    QVERIFY2(isOneAtWork, "they were done before the disk could be frozen");

    // Somebody else's, whose source is read and hashed by the I/O pool.
    const auto other = destination(m_fixture->path(QStringLiteral("other")).toStdString());
    const auto elsewhere = m_fixture->upload(*other, request());
    QVERIFY2(elsewhere.has_value(), qPrintable(outcomeOf(elsewhere)));

    stop.request_stop();
    int cancelled = 0;
    for (auto &each : running) {
        const auto ended = QCoro::waitFor(std::move(each));
        QVERIFY(ended || ended.error().kind == ErrorKind::Cancelled);
        cancelled += ended ? 0 : 1;
    }
    QVERIFY(cancelled > 0);
    QVERIFY(m_memory->stuckFolders.value(toStored(m_disk->point()))->any());
    // Nothing more is begun there, which would only get stuck too.
    m_fixture->basePolicy.attemptsUnanswered = 0;
    const auto next = m_fixture->upload(*place, request());
    QVERIFY(!next.has_value());
    QCOMPARE(next.error().kind, ErrorKind::FolderUnreachable);
    finish(state);
}

void TestFolderHung::isAwayAfterASilence()
{
    m_fixture->context().stallTimeout = 1'500ms;
    m_fixture->basePolicy.attemptsUnanswered = 1;
    const auto place = destination(m_disk->point());
    auto copying = request();
    const auto progress = copying.progress;
    auto running = begin(place.get(), std::move(copying));
    QVERIFY(freezeWhen([&] { return progress->confirmed > 0; }));
    QVERIFY2(progress->confirmed < clipSize, "it was done before the disk could be frozen");
    const auto ended = QCoro::waitFor(std::move(running));
    QVERIFY(!ended.has_value());
    QCOMPARE(ended.error().kind, ErrorKind::FolderUnreachable);
    QCOMPARE(ended.error().retry.when, RetryAdvice::When::WhenDestination);
    finish(m_fixture->states.last());
}

QTEST_GUILESS_MAIN(TestFolderHung)
#include "tst_folder_hung.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/net.h"

#include "core/base/crypto_library.h"
#include "core/base/resumption.h"
#include "core/base/worker_pool.h"
#include "core/transfer/net/connection_slots.h"
#include "core/transfer/net/curl_multi.h"
#include "core/transfer/net/transfer.h"
#include "core/transfer/net/trust_store.h"
#include "core/transfer/net/upload_limits.h"

#include <QThread>
#include <QTimer>

#include <list>
#include <mutex>
#include <unordered_map>

namespace sendoff::net {

namespace {

constexpr std::chrono::milliseconds limitTick{10};
constexpr std::chrono::milliseconds sampleTick{100};
constexpr std::chrono::seconds replyGrace{2};
constexpr int readThreads = 2;

QByteArray slotKey(const QUrl &url)
{
    return QStringLiteral("%1://%2:%3")
        .arg(url.scheme(), url.host())
        .arg(url.port(url.scheme() == u"https" ? 443 : 80))
        .toUtf8();
}

std::chrono::nanoseconds steadyNow()
{
    return std::chrono::steady_clock::now().time_since_epoch();
}

} // namespace

// Everything that outlives no event: the requests that run, those that wait for a connection, and
// the timers. No coroutine is resumed here: results are posted.
class Net::Engine {
public:
    explicit Engine(NetOptions options);
    ~Engine();

    // What the coroutine and the engine share of one send().
    struct Send;
    QCoro::Task<Result<HttpReply>> send(HttpRequest request, std::stop_token stop);
    void abandon(Send &send);

    void setUploadLimit(const QByteArray &group, qint64 bytesPerSecond);
    int activeTransfers() const { return int(m_waiting.size() + m_running.size()); }

private:
    class Awaiter;
    static QCoro::Task<Result<HttpReply>> await(std::shared_ptr<Send> send);
    void startNext();
    bool start(const std::shared_ptr<Send> &send);
    void end(Send &send, Result<HttpReply> result);
    void finished(CURL *easy, CURLcode code);
    void handOutBandwidth();
    void sampleAll();

    QThread *m_thread = QThread::currentThread();
    std::unique_ptr<WorkerPool> m_ownIo;
    WorkerPool *m_io;
    UploadLimits m_limits{&steadyNow};
    TrustStore m_trust;
    ConnectionSlots m_slots;
    std::list<std::shared_ptr<Send>> m_waiting; // for a connection
    std::unordered_map<CURL *, std::shared_ptr<Send>> m_running;
    CurlMulti m_multi;
    QTimer m_limitTimer;
    QTimer m_sampleTimer;
};

struct Net::Engine::Send {
    Send(HttpRequest request, ActivityId activity, std::stop_token stopToken)
        : use(request.body.length() > 0 ? ConnectionSlots::Use::Body
                                        : ConnectionSlots::Use::Control)
        , host(slotKey(request.url))
        , stop(std::move(stopToken))
        , transfer(std::move(request), activity)
    {
    }

    ConnectionSlots::Use use;
    QByteArray host;
    std::stop_token stop;
    Transfer transfer;
    Engine *engine = nullptr; // null as soon as there is a result
    std::optional<Result<HttpReply>> result;
    std::shared_ptr<Resumption> wake;
};

// Wakes on the result or on a stop, whichever comes first. A stop only wakes: the transfer is taken
// out of curl by the woken coroutine, outside of every callback.
class Net::Engine::Awaiter {
public:
    Awaiter(std::shared_ptr<Send> send, std::stop_token stop)
        : m_send(std::move(send))
        , m_stop(std::move(stop))
    {
    }
    bool await_ready() const { return m_send->result.has_value(); }
    void await_suspend(std::coroutine_handle<> coroutine)
    {
        m_send->wake = Resumption::create(coroutine, WaitReason::Network);
        m_send->wake->postOnStop(m_stop);
    }
    void await_resume() { m_send->wake.reset(); }

private:
    std::shared_ptr<Send> m_send;
    std::stop_token m_stop;
};

QCoro::Task<Result<HttpReply>> Net::Engine::await(std::shared_ptr<Send> send)
{
    Awaiter untilStopped(send, send->stop);
    co_await std::move(untilStopped);
    const bool isOnItsWay = send->engine && send->transfer.easy();
    if (isOnItsWay && !send->transfer.request().isIdempotent) {
        std::stop_source graceOver;
        QTimer grace;
        grace.setSingleShot(true);
        grace.callOnTimeout([&graceOver] { graceOver.request_stop(); });
        grace.start(replyGrace);
        Awaiter untilGraceIsOver(send, graceOver.get_token());
        co_await std::move(untilGraceIsOver);
    }
    if (send->engine)
        send->engine->abandon(*send);
    co_return std::move(*send->result);
}

Net::Engine::Engine(NetOptions options)
    : m_ownIo(options.io ? nullptr
                         : std::make_unique<WorkerPool>(QStringLiteral("net-read"), readThreads, 0))
    , m_io(options.io ? options.io : m_ownIo.get())
    , m_slots(options.connectionsPerHost, options.connections)
    , m_multi(options.connectionsPerHost + ConnectionSlots::reservePerHost,
              options.connections + ConnectionSlots::reserve,
              [this](CURL *easy, CURLcode code) { finished(easy, code); })
{
    m_limitTimer.setTimerType(Qt::PreciseTimer);
    m_limitTimer.setInterval(limitTick);
    QObject::connect(&m_limitTimer, &QTimer::timeout, &m_limitTimer,
                     [this] { handOutBandwidth(); });
    m_sampleTimer.setInterval(sampleTick);
    QObject::connect(&m_sampleTimer, &QTimer::timeout, &m_sampleTimer, [this] { sampleAll(); });
}

Net::Engine::~Engine()
{
    while (!m_waiting.empty())
        end(*std::shared_ptr<Send>(m_waiting.front()), failure(Error::cancelled()));
    while (!m_running.empty())
        end(*std::shared_ptr<Send>(m_running.begin()->second), failure(Error::cancelled()));
}

QCoro::Task<Result<HttpReply>> Net::Engine::send(HttpRequest request, std::stop_token stop)
{
    Q_ASSERT(QThread::currentThread() == m_thread);
    auto send = std::make_shared<Send>(std::move(request), currentActivity(), std::move(stop));
    if (send->stop.stop_requested()) {
        send->result = failure(Error::cancelled());
    } else {
        send->engine = this;
        if (m_slots.acquire(send->use, send->host))
            start(send);
        else
            m_waiting.push_back(send);
    }
    return await(std::move(send));
}

// To be called for each slot that became free: it can serve one request.
void Net::Engine::startNext()
{
    for (auto it = m_waiting.begin(); it != m_waiting.end();) {
        const std::shared_ptr<Send> send = *it;
        if (!m_slots.acquire(send->use, send->host)) {
            ++it;
            continue;
        }
        it = m_waiting.erase(it);
        if (start(send))
            return;
    }
}

// False where it cannot be sent at all; the slot is free again.
bool Net::Engine::start(const std::shared_ptr<Send> &send)
{
    auto opened = send->transfer.open(Transfer::Surroundings{m_multi, m_limits, m_trust, *m_io});
    if (!opened) {
        m_slots.release(send->use, send->host);
        send->engine = nullptr;
        send->result = failure(std::move(opened).error());
        if (send->wake)
            send->wake->post();
        return false;
    }
    CURL *easy = send->transfer.easy();
    m_running.emplace(easy, send);
    if (!m_sampleTimer.isActive())
        m_sampleTimer.start();
    if (!m_multi.add(easy))
        end(*send, failure(send->transfer.outcome(CURLE_FAILED_INIT).error()));
    return true;
}

// Takes the transfer out of everything and posts the result.
void Net::Engine::end(Send &send, Result<HttpReply> result)
{
    send.engine = nullptr;
    send.result = std::move(result);
    const std::shared_ptr<Resumption> wake = send.wake;
    if (CURL *easy = send.transfer.easy()) {
        const auto running = m_running.find(easy);
        const std::shared_ptr<Send> keep = running->second;
        m_running.erase(running);
        m_multi.remove(easy);
        send.transfer.close();
        m_slots.release(send.use, send.host);
    } else {
        m_waiting.remove_if([&send](const auto &waiting) { return waiting.get() == &send; });
    }
    if (m_running.empty())
        m_sampleTimer.stop();
    if (wake)
        wake->post();
}

void Net::Engine::finished(CURL *easy, CURLcode code)
{
    const std::shared_ptr<Send> send = m_running.at(easy);
    auto result = send->transfer.outcome(code);
    end(*send, std::move(result));
    startNext();
}

void Net::Engine::abandon(Send &send)
{
    const bool held = send.transfer.easy() != nullptr;
    end(send, failure(Error::cancelled()));
    if (held)
        startNext();
}

void Net::Engine::setUploadLimit(const QByteArray &group, qint64 bytesPerSecond)
{
    Q_ASSERT(QThread::currentThread() == m_thread);
    m_limits.setRate(group, bytesPerSecond);
    if (m_limits.isLimited())
        m_limitTimer.start();
    else
        m_limitTimer.stop();
    handOutBandwidth();
}

void Net::Engine::handOutBandwidth()
{
    while (BandwidthLimit::Client *client = m_limits.admitNext()) {
        Transfer &transfer = Transfer::of(*client);
        const Turn turn(transfer.activity());
        transfer.admitted();
        if (transfer.activity() != 0)
            noteWait(transfer.waitReason());
    }
}

void Net::Engine::sampleAll()
{
    const auto now = std::chrono::steady_clock::now();
    std::vector<std::shared_ptr<Send>> stalled;
    for (const auto &[easy, send] : m_running) {
        // A turn of its own: what it waits for may have changed since its last one.
        const Turn turn(send->transfer.activity());
        if (send->transfer.sample(now))
            stalled.push_back(send);
        if (send->transfer.activity() != 0)
            noteWait(send->transfer.waitReason());
    }
    for (const auto &send : stalled) {
        end(*send, failure(send->transfer.stallError()));
        startNext();
    }
}

Net::Net(NetOptions options)
{
    initialize();
    m_engine = std::make_unique<Engine>(options);
}

Net::~Net() = default;

QCoro::Task<Result<HttpReply>> Net::send(HttpRequest request, std::stop_token stop)
{
    return m_engine->send(std::move(request), std::move(stop));
}

void Net::setUploadLimit(qint64 bytesPerSecond)
{
    m_engine->setUploadLimit({}, bytesPerSecond);
}

void Net::setUploadLimit(const QByteArray &group, qint64 bytesPerSecond)
{
    m_engine->setUploadLimit(group, bytesPerSecond);
}

int Net::activeTransfers() const
{
    return m_engine->activeTransfers();
}

void Net::initialize()
{
    static std::once_flag once;
    std::call_once(once, [] {
        initializeCryptoLibrary();
        curl_global_init(CURL_GLOBAL_DEFAULT);
    });
}

} // namespace sendoff::net

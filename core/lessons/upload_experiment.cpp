// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lessons/upload_experiment.h"

#include "core/base/posted_call.h"
#include "core/base/task_scope.h"
#include "core/lessons/experiment.h"
#include "core/lessons/slow_server.h"
#include "core/transfer/net/net.h"

#include <QThread>
#include <QTimer>

#include <array>
#include <deque>
#include <semaphore>
#include <thread>

namespace sendoff::lessons {

namespace {

struct PlannedUpload {
    const char *name;
    qint64 bytes;
};

constexpr std::array plannedUploads{
    PlannedUpload{"School 1.mp4", 1'800'000},
    PlannedUpload{"School 2.mp4", 2'000'000},
    PlannedUpload{"Grandma.mp4", 1'600'000},
};
constexpr qint64 serverRate = 1'000'000; // bytes per second of each connection
constexpr auto blockAfter = std::chrono::milliseconds(700);

// What lives on the one thread of the uploads.
class UploadThread {
public:
    UploadThread(UploadWishes wishes, activity::Recorder &recorder, const QUrl &server,
                 std::function<void(double)> tell, std::stop_token stop)
        : m_wishes(wishes),
          m_recorder(recorder),
          m_server(server),
          m_tell(std::move(tell)),
          m_stop(std::move(stop))
    {
    }

    // On the thread. `ended` is called there once, when all have ended.
    void start(std::function<void()> ended)
    {
        m_ended = std::move(ended);
        for (const PlannedUpload &upload : plannedUploads)
            m_waiting.push_back(&upload);
        for (int number = 0; number < m_wishes.atOnce; ++number)
            startNext();
        if (m_wishes.isLoopBlocked) {
            // On purpose what no code may do there: nothing else runs until it has ended.
            QTimer::singleShot(blockAfter, &m_context,
                               [] { std::this_thread::sleep_for(blockLength); });
        }
    }

    Result<void> result() const { return m_result; }

private:
    void startNext()
    {
        if (m_waiting.empty())
            return;
        const PlannedUpload *const upload = m_waiting.front();
        m_waiting.pop_front();
        const QString title = QString::fromUtf8(upload->name);
        const ActivityId id =
            m_recorder.registerActivity(title, activity::ActivityRole::Upload, title);
        m_scope.spawn([this, upload](std::stop_token) { return send(upload); }, id);
    }

    QCoro::Task<void> send(const PlannedUpload *upload)
    {
        net::HttpRequest request("PUT", m_server);
        request.body = net::RequestBody(QByteArray(upload->bytes, 'v'));
        auto sending = m_net.send(std::move(request), m_stop);
        const auto reply = co_await std::move(sending);
        if (!reply && m_result)
            m_result = failure(reply.error());
        m_tell(double(++m_done) / double(plannedUploads.size()));
        if (m_done == plannedUploads.size())
            m_ended();
        else
            startNext();
    }

    UploadWishes m_wishes;
    activity::Recorder &m_recorder;
    QUrl m_server;
    std::function<void(double)> m_tell;
    std::stop_token m_stop;
    std::function<void()> m_ended;
    QObject m_context;
    net::Net m_net;
    TaskScope m_scope;
    std::deque<const PlannedUpload *> m_waiting;
    std::size_t m_done = 0;
    Result<void> m_result;
};

} // namespace

Result<void> runUploads(UploadWishes wishes, activity::Recorder &recorder,
                        const std::function<void(double)> &tell, std::stop_token stop)
{
    SlowServerOptions options;
    options.bytesPerSecond = serverRate;
    const SlowServer server(options);
    if (server.url().isEmpty())
        return failure(Error(ErrorKind::Internal, QStringLiteral("no port on 127.0.0.1")));
    QThread thread;
    thread.setObjectName(QStringLiteral("network"));
    thread.start();
    std::unique_ptr<UploadThread> uploads; // made, used and destroyed on the thread
    std::binary_semaphore ended(0);
    postCall(&thread, [&] {
        recorder.attachThisThread(thread.objectName(), activity::ThreadRole::Network);
        uploads = std::make_unique<UploadThread>(wishes, recorder, server.url(), tell, stop);
        uploads->start([&ended] { ended.release(); });
    });
    ended.acquire();
    Result<void> result;
    callAndWait(&thread, [&] {
        result = uploads->result();
        uploads.reset();
        recorder.detachThisThread();
    });
    thread.quit();
    thread.wait();
    return result;
}

} // namespace sendoff::lessons

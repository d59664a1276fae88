// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/owner/owner_client.h"

#include "app/owner/owner_socket.h"
#include "core/base/async_event.h"

#include <QLocalSocket>
#include <QTimer>

#include <unistd.h>

namespace sendoff::app {

namespace {

// One attempt.
class Attempt {
public:
    Attempt(int descriptor, Output *output) : m_output(output)
    {
        QObject::connect(&m_socket, &QLocalSocket::readyRead, &m_socket, [this] { read(); });
        QObject::connect(&m_socket, &QLocalSocket::disconnected, &m_socket, [this] {
            read();
            end(lostNow());
        });
        m_socket.setSocketDescriptor(descriptor);
    }

    void start(const HandOver &handOver, std::chrono::milliseconds answerLimit)
    {
        m_socket.write(encoded(handOver));
        m_socket.flush();
        QTimer::singleShot(answerLimit, &m_socket, [this] {
            if (!m_isAccepted)
                end(HandOverEnd::Silent);
        });
    }

    QCoro::Task<HandOverResult> result(std::stop_token stop)
    {
        const bool hasEnded = co_await m_ended.wait(stop);
        if (!hasEnded)
            co_return m_isAccepted ? HandOverEnd::Stopped : HandOverEnd::NotTaken;
        co_return *m_result;
    }

private:
    HandOverEnd lostNow() const
    {
        return m_isAccepted ? HandOverEnd::Lost : HandOverEnd::NotTaken;
    }

    void end(const HandOverResult &result)
    {
        if (m_result)
            return;
        m_result = result;
        m_ended.set();
    }

    void read()
    {
        m_reader.add(m_socket.readAll());
        while (const auto line = m_reader.next()) {
            const auto word = ownerWordFrom(*line);
            if (!word || m_result)
                return end(lostNow());
            take(*word);
        }
        if (m_reader.isOverfull())
            end(lostNow());
    }

    void take(const OwnerWord &word)
    {
        if (std::holds_alternative<OwnerAccepted>(word))
            m_isAccepted = true;
        else if (const auto *said = std::get_if<OwnerOutput>(&word))
            m_output->write(said->stream, said->bytes);
        else if (const auto *exit = std::get_if<OwnerExit>(&word))
            end(*exit);
        else
            end(std::get<OwnerRefusal>(word));
    }

    Output *m_output;
    LineReader m_reader;
    bool m_isAccepted = false;
    std::optional<HandOverResult> m_result;
    AsyncEvent m_ended;
    QLocalSocket m_socket; // last: it calls the others
};

} // namespace

QCoro::Task<HandOverResult> handOverTo(FilePath socket, HandOver handOver, Output *output,
                                       std::chrono::milliseconds answerLimit,
                                       std::stop_token stop)
{
    const auto descriptor = connectTo(socket);
    if (!descriptor)
        co_return HandOverEnd::NotTaken;
    if (!isSameUser(*descriptor)) {
        ::close(*descriptor);
        co_return HandOverEnd::NotTaken;
    }
    Attempt attempt(*descriptor, output);
    attempt.start(handOver, answerLimit);
    auto result = attempt.result(std::move(stop));
    co_return co_await std::move(result);
}

} // namespace sendoff::app

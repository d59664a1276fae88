// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/owner/owner_connection.h"

#include <QDeadlineTimer>

namespace sendoff::app {

namespace {

constexpr qsizetype bytesPerWord = 64 * 1024;
// A caller that does not read for so long is let go of: it asks again, or was given up on.
constexpr qint64 maxUnread = 16 * 1024 * 1024;

} // namespace

OwnerConnection::OwnerConnection(int descriptor, std::function<void()> hear,
                                 std::function<void()> left)
{
    QObject::connect(&m_socket, &QLocalSocket::readyRead, &m_socket, std::move(hear),
                     Qt::QueuedConnection);
    QObject::connect(&m_socket, &QLocalSocket::disconnected, &m_socket, std::move(left),
                     Qt::QueuedConnection);
    m_socket.setReadBufferSize(LineReader::maxLine + 1);
    m_socket.setSocketDescriptor(descriptor);
}

std::optional<tl::expected<HandOver, OwnerRefusal>> OwnerConnection::command()
{
    if (m_hasCommand) {
        m_socket.readAll(); // a caller has nothing more to say
        return std::nullopt;
    }
    m_reader.add(m_socket.readAll());
    const auto line = m_reader.next();
    if (!line && !m_reader.isOverfull())
        return std::nullopt;
    m_hasCommand = true;
    auto command = line && line->size() <= LineReader::maxLine
        ? handOverFrom(*line)
        : tl::expected<HandOver, OwnerRefusal>(tl::unexpected(OwnerRefusal::Unreadable));
    if (command)
        m_terminal = command->terminal;
    return command;
}

void OwnerConnection::say(const OwnerWord &word)
{
    if (m_socket.state() != QLocalSocket::ConnectedState)
        return;
    if (m_socket.bytesToWrite() > maxUnread) {
        m_socket.abort();
        return;
    }
    m_socket.write(encoded(word));
    m_socket.flush();
}

void OwnerConnection::finish()
{
    m_socket.disconnectFromServer(); // when everything is written
}

void OwnerConnection::drain(std::chrono::milliseconds limit)
{
    const QDeadlineTimer deadline(limit);
    while (m_socket.bytesToWrite() > 0 && !deadline.hasExpired()) {
        if (!m_socket.waitForBytesWritten(int(deadline.remainingTime())))
            return;
    }
}

void OwnerConnection::write(Stream stream, const QByteArray &bytes)
{
    for (qsizetype from = 0; from < bytes.size(); from += bytesPerWord)
        say(OwnerOutput{stream, bytes.mid(from, bytesPerWord)});
}

} // namespace sendoff::app

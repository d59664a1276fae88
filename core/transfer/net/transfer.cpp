// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/transfer.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace sendoff::net {

namespace {

// Unsent bytes that the kernel may hold: little, so that a limit, a cancel and the progress are
// about what has left, not about what waits in a buffer.
constexpr int kernelLead = 128 << 10;

// None where the request has a deadline as a whole, or no body after which the reply is due.
std::chrono::milliseconds replyTimeoutOf(const HttpRequest &request)
{
    const bool counts = request.totalTimeout.count() == 0 && request.body.isPresent();
    return counts ? request.replyTimeout : std::chrono::milliseconds(0);
}

} // namespace

Transfer::Transfer(HttpRequest request, ActivityId activity)
    : m_request(std::move(request))
    , m_activity(activity)
    , m_body(m_request.body)
    , m_reply(m_request.maxReplyHeaders, m_request.maxReplyBody)
    , m_stall(m_request.stallTimeout)
    , m_replyWatch(replyTimeoutOf(m_request))
{
    m_share.owner = this;
    m_groupShare.owner = this;
}

Transfer::~Transfer()
{
    Q_ASSERT(!m_easy);
}

Result<void> Transfer::open(const Surroundings &surroundings)
{
    m_multi = &surroundings.multi;
    m_bandwidth.open(surroundings.limits, m_request.limitGroup);
    m_easy.reset(curl_easy_init());
    Q_CHECK_PTR(m_easy.get());
    auto applied = applyOptions(surroundings.trust);
    if (!applied) {
        m_easy.reset();
        return failure(std::move(applied).error().with(argument::destination, destination()));
    }
    m_body.open(surroundings.io, [this] { m_multi->unpause(m_easy.get()); });
    return {};
}

void Transfer::close()
{
    if (!m_easy)
        return;
    noteAnswered();
    m_body.close();
    m_bandwidth.close();
    m_easy.reset();
}

WaitReason Transfer::waitReason() const
{
    if (m_bandwidth.isWaiting())
        return WaitReason::SpeedLimit;
    if (m_body.isPending())
        return WaitReason::Disk;
    return isWhollySent() ? WaitReason::Reply : WaitReason::Network;
}

void Transfer::socketChanged(curl_socket_t socket)
{
    m_socket = socket;
}

void Transfer::connectionClosing(curl_socket_t socket)
{
    // A server that refuses early and closes resets the connection. Where that comes between
    // curl's look at the socket and its next write, curl gives up with the refusal unread; but it
    // still lies in the kernel. (Under TLS it cannot be read here: the protocol asks again.)
    const bool isPlain = m_request.url.scheme() == u"http";
    if (!isPlain || m_body.position() == 0 || m_reply.bytesReceived() > 0)
        return;
    QByteArray bytes(m_request.maxReplyHeaders, Qt::Uninitialized);
    const ssize_t count = ::recv(socket, bytes.data(), size_t(bytes.size()), MSG_DONTWAIT);
    if (count > 0)
        m_reply.addRawReply(QByteArrayView(bytes.constData(), count));
}

Transfer &Transfer::of(BandwidthLimit::Client &client)
{
    return *static_cast<Share &>(client).owner;
}

void Transfer::admitted()
{
    if (m_request.progress)
        m_request.progress->isHeldByLimit = false;
    m_multi->unpause(m_easy.get());
}

qint64 Transfer::acknowledgedBytes() const
{
    curl_off_t sent = 0; // body bytes given to the kernel
    curl_easy_getinfo(m_easy.get(), CURLINFO_SIZE_UPLOAD_T, &sent);
    int unacknowledged = 0; // the request's head and TLS frames included: never too much
    if (m_socket == CURL_SOCKET_BAD || ::ioctl(m_socket, SIOCOUTQ, &unacknowledged) != 0)
        return 0;
    return std::max<qint64>(0, sent - unacknowledged);
}

// The network has taken all of the body: what is missing is the server's answer.
bool Transfer::isWhollySent() const
{
    return m_isConnected && m_body.remaining() <= 0 && m_request.body.length() > 0
        && m_reply.bytesReceived() == 0 && acknowledgedBytes() >= m_request.body.length();
}

void Transfer::publishProgress()
{
    const qint64 acknowledged = acknowledgedBytes();
    noteSent(m_activity, acknowledged - m_notedBytes);
    m_notedBytes = std::max(m_notedBytes, acknowledged);
    if (!m_request.progress)
        return;
    TransferProgress &progress = *m_request.progress;
    curl_off_t sent = 0;
    curl_easy_getinfo(m_easy.get(), CURLINFO_SIZE_UPLOAD_T, &sent);
    progress.handedOver = std::max<qint64>(progress.handedOver, sent);
    progress.acknowledged = std::max(progress.acknowledged.load(), acknowledged);
    progress.isHeldByLimit = m_bandwidth.isWaiting();
}

// What was sent since the last look, once the server has answered: that it has received it.
void Transfer::noteAnswered()
{
    if (m_reply.bytesReceived() == 0)
        return;
    curl_off_t sent = 0;
    curl_easy_getinfo(m_easy.get(), CURLINFO_SIZE_UPLOAD_T, &sent);
    noteSent(m_activity, sent - m_notedBytes);
    m_notedBytes = std::max<qint64>(m_notedBytes, sent);
}

bool Transfer::sample(StallWatch::Moment now)
{
    publishProgress();
    if (!m_isConnected || m_bandwidth.isWaiting() || m_body.isPending()) {
        m_stall.excuse();
        m_replyWatch.excuse();
        return false;
    }
    const qint64 acknowledged = acknowledgedBytes();
    m_isReplyLate = m_replyWatch.hasStalled(acknowledged, now);
    return m_stall.hasStalled(acknowledged + m_reply.bytesReceived(), now) || m_isReplyLate;
}

size_t Transfer::readBody(char *buffer, size_t size)
{
    if (m_body.remaining() <= 0)
        return 0;
    const qint64 wanted = std::min<qint64>(qint64(size), m_body.remaining());
    if (m_body.isPending()) // woken by the other of the two things it may wait for
        return CURL_READFUNC_PAUSE;
    const qint64 granted = m_bandwidth.take(wanted);
    if (granted == 0)
        return CURL_READFUNC_PAUSE;
    qint64 filled = 0;
    m_bodyEnd = m_body.read(buffer, granted, &filled);
    m_bandwidth.giveBack(granted - filled);
    switch (m_bodyEnd) {
    case BodyReader::Outcome::Bytes:
        return size_t(filled);
    case BodyReader::Outcome::Pending:
        return CURL_READFUNC_PAUSE;
    default: // a file that is shorter than announced must never go out as a short body
        return CURL_READFUNC_ABORT;
    }
}

size_t Transfer::onRead(char *buffer, size_t size, size_t count, void *self)
{
    auto *transfer = static_cast<Transfer *>(self);
    transfer->m_multi->workingFor(*transfer);
    return transfer->readBody(buffer, size * count);
}

int Transfer::onSeek(void *self, curl_off_t offset, int)
{
    // curl rewinds to send a body again on another connection. Once bytes of it are out nobody
    // knows what the server did with them: the protocol asks first.
    const auto *transfer = static_cast<const Transfer *>(self);
    return transfer->m_body.position() == 0 && offset == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

size_t Transfer::onReplyBody(char *data, size_t size, size_t count, void *self)
{
    auto *transfer = static_cast<Transfer *>(self);
    transfer->m_multi->workingFor(*transfer);
    const qsizetype bytes = qsizetype(size * count);
    return transfer->m_reply.addBody(QByteArrayView(data, bytes)) ? size_t(bytes) : 0;
}

size_t Transfer::onReplyHeader(char *data, size_t size, size_t count, void *self)
{
    auto *transfer = static_cast<Transfer *>(self);
    transfer->m_multi->workingFor(*transfer);
    const qsizetype bytes = qsizetype(size * count);
    return transfer->m_reply.addHeaderLine(QByteArrayView(data, bytes)) ? size_t(bytes) : 0;
}

int Transfer::onSocketMade(void *self, curl_socket_t socket, curlsocktype)
{
    const auto *transfer = static_cast<const Transfer *>(self);
    transfer->m_multi->workingFor(*transfer);
    // Best effort: without it the progress runs ahead of the network by a few megabytes.
    (void)::setsockopt(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kernelLead, sizeof kernelLead);
    return CURL_SOCKOPT_OK;
}

int Transfer::onSending(void *self, char *, char *, int, int)
{
    auto *transfer = static_cast<Transfer *>(self);
    transfer->m_multi->workingFor(*transfer);
    // The second time for one request: its connection died before any answer, and curl would send
    // it again on another one.
    const bool isRepeated = std::exchange(transfer->m_isConnected, true);
    return isRepeated && !transfer->m_request.isIdempotent ? CURL_PREREQFUNC_ABORT
                                                           : CURL_PREREQFUNC_OK;
}

} // namespace sendoff::net

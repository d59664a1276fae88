// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/curl_multi.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace sendoff::net {

namespace {

CurlClient *clientOf(CURL *easy)
{
    char *client = nullptr; // CURLINFO_PRIVATE wants a char pointer
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &client);
    return static_cast<CurlClient *>(static_cast<void *>(client));
}

} // namespace

CurlMulti::CurlMulti(long connectionsPerHost, long connections, Finished finished)
    : m_finished(std::move(finished))
    , m_multi(curl_multi_init())
{
    Q_CHECK_PTR(m_multi);
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETFUNCTION, &CurlMulti::onSocket);
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERFUNCTION, &CurlMulti::onTimer);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_MAX_HOST_CONNECTIONS, connectionsPerHost);
    curl_multi_setopt(m_multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
    curl_multi_setopt(m_multi, CURLMOPT_MAXCONNECTS, connections);
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { act(CURL_SOCKET_TIMEOUT); });
}

CurlMulti::~CurlMulti()
{
    // Closes the cached connections and calls onSocket for each: the watches must still be there.
    curl_multi_cleanup(m_multi);
}

bool CurlMulti::add(CURL *easy)
{
    Q_ASSERT(!m_isInCurl);
    return curl_multi_add_handle(m_multi, easy) == CURLM_OK;
}

void CurlMulti::remove(CURL *easy)
{
    Q_ASSERT(!m_isInCurl);
    curl_multi_remove_handle(m_multi, easy);
    m_leaver = nullptr;
    for (auto &[socket, watch] : m_watches) {
        if (watch.client == clientOf(easy))
            watch.client = nullptr;
    }
}

void CurlMulti::unpause(CURL *easy)
{
    Q_ASSERT(!m_isInCurl);
    // Arms curl's timer with 0 ms; the sending itself is done by the next act().
    m_isInCurl = true;
    curl_easy_pause(easy, CURLPAUSE_CONT);
    m_isInCurl = false;
}

void CurlMulti::act(curl_socket_t socket)
{
    if (const auto found = m_watches.find(socket); found != m_watches.end() && found->second.client)
        workingFor(*found->second.client);
    int running = 0;
    m_isInCurl = true;
    // Mask 0: curl polls the socket itself and so reads before it writes. Told of writability
    // alone it would write first, and an early 4xx of a server that has closed is lost to EPIPE.
    curl_multi_socket_action(m_multi, socket, 0, &running);
    m_isInCurl = false;
    m_leaver = nullptr;
    endTurn();
    reportFinished();
}

void CurlMulti::reportFinished()
{
    int left = 0;
    while (const CURLMsg *message = curl_multi_info_read(m_multi, &left)) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURL *easy = message->easy_handle;
        const CURLcode code = message->data.result; // gone with remove()
        const CurlClient *client = clientOf(easy);
        const Turn turn(client->activity());
        if (client->activity() != 0)
            noteWait(client->waitReason());
        m_finished(easy, code);
    }
}

void CurlMulti::workingFor(const CurlClient &client)
{
    if (m_turnOf == &client)
        return;
    endTurn();
    m_turnOf = &client;
    m_turn.emplace(client.activity());
}

void CurlMulti::endTurn()
{
    if (m_turnOf && m_turnOf->activity() != 0)
        noteWait(m_turnOf->waitReason());
    m_turnOf = nullptr;
    m_turn.reset();
}

void CurlMulti::watch(curl_socket_t socket, int what, const CurlClient *client)
{
    Watch &watch = m_watches[socket];
    watch.client = client;
    arm(watch.read, socket, QSocketNotifier::Read, (what & CURL_POLL_IN) != 0);
    arm(watch.write, socket, QSocketNotifier::Write, (what & CURL_POLL_OUT) != 0);
}

void CurlMulti::arm(std::unique_ptr<QSocketNotifier> &notifier, curl_socket_t socket,
                    QSocketNotifier::Type type, bool isWanted)
{
    if (notifier) {
        notifier->setEnabled(isWanted);
        return;
    }
    if (!isWanted)
        return;
    notifier = std::make_unique<QSocketNotifier>(socket, type);
    QObject::connect(notifier.get(), &QSocketNotifier::activated, &m_timer,
                     [this, socket, self = notifier.get()] {
                         if (isCurrent(socket, self))
                             act(socket);
                     });
}

bool CurlMulti::isCurrent(curl_socket_t socket, const QSocketNotifier *notifier) const
{
    // The number may belong to another connection by now.
    const auto found = m_watches.find(socket);
    return found != m_watches.end()
        && (found->second.read.get() == notifier || found->second.write.get() == notifier);
}

void CurlMulti::unwatch(curl_socket_t socket)
{
    const auto found = m_watches.find(socket);
    if (found == m_watches.end())
        return;
    // This may run inside the notifier's own signal. Disabled at once, as the descriptor is about
    // to be closed and its number used again; deleted when the signal is over.
    for (auto *owner : {&found->second.read, &found->second.write}) {
        if (QSocketNotifier *notifier = owner->release()) {
            notifier->setEnabled(false);
            notifier->disconnect();
            notifier->deleteLater();
        }
    }
    m_watches.erase(found);
}

int CurlMulti::onSocket(CURL *easy, curl_socket_t socket, int what, void *self, void *)
{
    auto *multi = static_cast<CurlMulti *>(self);
    CurlClient *client = clientOf(easy); // null for curl's own handle that closes connections
    if (client)
        client->socketChanged(what == CURL_POLL_REMOVE ? CURL_SOCKET_BAD : socket);
    if (what == CURL_POLL_REMOVE) {
        multi->unwatch(socket);
        multi->m_leaver = client;
        multi->m_left = socket;
    } else {
        multi->watch(socket, what, client);
    }
    return 0;
}

int CurlMulti::onClose(void *self, curl_socket_t socket)
{
    auto *multi = static_cast<CurlMulti *>(self);
    if (multi->m_leaver && multi->m_left == socket)
        multi->m_leaver->connectionClosing(socket);
    multi->m_leaver = nullptr;
    return ::close(socket);
}

int CurlMulti::onTimer(CURLM *, long milliseconds, void *self)
{
    auto *multi = static_cast<CurlMulti *>(self);
    if (milliseconds < 0)
        multi->m_timer.stop();
    else
        multi->m_timer.start(int(std::min(milliseconds, 3'600'000L)));
    return 0;
}

} // namespace sendoff::net

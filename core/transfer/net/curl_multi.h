// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// CurlMulti: curl's multi handle as a citizen of Qt's event loop: its sockets are watched by
// QSocketNotifiers, its clock is a QTimer, and each stretch of its work is a turn of the activity
// it is done for. Not for: what the transfers mean (transfer.h).

#include "core/base/activity_hook.h"

#include <QSocketNotifier>
#include <QTimer>

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>

namespace sendoff::net {

// What CurlMulti has to know of a transfer: CURLOPT_PRIVATE of its easy handle points here.
class CurlClient {
public:
    virtual ~CurlClient() = default;
    virtual ActivityId activity() const = 0;
    virtual WaitReason waitReason() const = 0; // what it waits for when curl leaves it
    virtual void socketChanged(curl_socket_t socket) = 0; // CURL_SOCKET_BAD: it has none
    // curl is about to close the connection in the middle of the transfer: last chance to read.
    virtual void connectionClosing(curl_socket_t socket) = 0;
};

// Lives on one thread. curl's callbacks only record: nothing is added, removed or resumed in them.
class CurlMulti {
public:
    // Told outside of curl that a transfer has ended; the receiver removes the handle.
    using Finished = std::function<void(CURL *, CURLcode)>;
    CurlMulti(long connectionsPerHost, long connections, Finished finished);
    ~CurlMulti(); // every handle must have been removed
    CurlMulti(const CurlMulti &) = delete;
    CurlMulti &operator=(const CurlMulti &) = delete;

    // What each easy handle must have as CURLOPT_CLOSESOCKETFUNCTION and …DATA.
    static curl_closesocket_callback closeCallback() { return &CurlMulti::onClose; }
    void *closeData() { return this; }
    // Starts it from the event loop. False where curl is out of memory.
    bool add(CURL *easy);
    void remove(CURL *easy); // aborts it; never from a curl callback
    // Lets a paused transfer go on, from the event loop.
    void unpause(CURL *easy);
    // Said by a transfer in its curl callbacks: the work is now done for it.
    void workingFor(const CurlClient &client);

private:
    struct Watch {
        std::unique_ptr<QSocketNotifier> read;
        std::unique_ptr<QSocketNotifier> write;
        const CurlClient *client = nullptr;
    };

    void act(curl_socket_t socket);
    void reportFinished();
    void endTurn();
    void watch(curl_socket_t socket, int what, const CurlClient *client);
    void unwatch(curl_socket_t socket);
    void arm(std::unique_ptr<QSocketNotifier> &notifier, curl_socket_t socket,
             QSocketNotifier::Type type, bool isWanted);
    bool isCurrent(curl_socket_t socket, const QSocketNotifier *notifier) const;
    static int onSocket(CURL *easy, curl_socket_t socket, int what, void *self, void *);
    static int onTimer(CURLM *, long milliseconds, void *self);
    static int onClose(void *self, curl_socket_t socket);

    Finished m_finished;
    QTimer m_timer;
    std::unordered_map<curl_socket_t, Watch> m_watches;
    CURLM *m_multi;
    bool m_isInCurl = false;
    std::optional<Turn> m_turn;
    const CurlClient *m_turnOf = nullptr;
    CurlClient *m_leaver = nullptr; // the last to give up a socket within this call into curl
    curl_socket_t m_left = CURL_SOCKET_BAD;
};

} // namespace sendoff::net

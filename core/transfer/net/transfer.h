// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Transfer: one request on a curl easy handle: its options, its callbacks and caps, its counters,
// and what its end means. Not for: when it runs and who awaits it (net.cpp).

#include "core/transfer/net/body_reader.h"
#include "core/transfer/net/curl_multi.h"
#include "core/transfer/net/http.h"
#include "core/transfer/net/reply_parser.h"
#include "core/transfer/net/stall_watch.h"
#include "core/transfer/net/trust_store.h"
#include "core/transfer/net/upload_limits.h"

#include <curl/curl.h>

#include <array>
#include <memory>

namespace sendoff::net {

class EasyOptions;
struct CurlFailure;

struct EasyDeleter {
    void operator()(CURL *easy) const { curl_easy_cleanup(easy); }
};
using EasyHandle = std::unique_ptr<CURL, EasyDeleter>;

struct ListDeleter {
    void operator()(curl_slist *list) const { curl_slist_free_all(list); }
};
using CurlList = std::unique_ptr<curl_slist, ListDeleter>;

class Transfer final : public CurlClient {
public:
    Transfer(HttpRequest request, ActivityId activity);
    ~Transfer() override;
    Transfer(const Transfer &) = delete;
    Transfer &operator=(const Transfer &) = delete;

    // Makes the easy handle; the surroundings outlive close(). DestinationInvalid where the
    // request cannot be sent at all.
    struct Surroundings {
        CurlMulti &multi;
        UploadLimits &limits;
        TrustStore &trust;
        WorkerPool &io;
    };
    Result<void> open(const Surroundings &surroundings);
    // After CurlMulti::remove(). Idempotent.
    void close();
    CURL *easy() const { return m_easy.get(); }
    const HttpRequest &request() const { return m_request; }

    // The reply, or why there is none. Before close().
    Result<HttpReply> outcome(CURLcode code);
    // Brings the counters up to date. True where nothing has moved for the stall timeout.
    bool sample(StallWatch::Moment now);
    Error stallError() const;

    // The limit lets the client's transfer go on.
    static Transfer &of(BandwidthLimit::Client &client);
    void admitted();

    ActivityId activity() const override { return m_activity; }
    WaitReason waitReason() const override;
    void socketChanged(curl_socket_t socket) override;
    void connectionClosing(curl_socket_t socket) override;

private:
    struct Share : BandwidthLimit::Client {
        Transfer *owner = nullptr;
    };
    Result<void> applyOptions(TrustStore &trust);
    void applyBody(EasyOptions &options);
    Result<void> buildHeaders();
    bool expectsContinue() const;
    size_t readBody(char *buffer, size_t size);
    qint64 acknowledgedBytes() const;
    bool isWhollySent() const;
    void publishProgress();
    void noteAnswered();
    CurlFailure failureOf(CURLcode code) const;
    Error error(CURLcode code) const;
    QString destination() const; // "host:port"

    static size_t onRead(char *buffer, size_t size, size_t count, void *self);
    static int onSeek(void *self, curl_off_t offset, int origin);
    static size_t onReplyBody(char *data, size_t size, size_t count, void *self);
    static size_t onReplyHeader(char *data, size_t size, size_t count, void *self);
    static int onSocketMade(void *self, curl_socket_t socket, curlsocktype purpose);
    static int onSending(void *self, char *, char *, int, int);

    HttpRequest m_request;
    ActivityId m_activity;
    EasyHandle m_easy;
    CurlList m_headers;
    CurlList m_resolve;
    std::array<char, CURL_ERROR_SIZE> m_message{};
    CurlMulti *m_multi = nullptr;
    Share m_share;
    Share m_groupShare;
    UploadLimits::Draw m_bandwidth{m_share, m_groupShare};
    BodyReader m_body;
    ReplyParser m_reply;
    StallWatch m_stall;
    StallWatch m_replyWatch; // of the body alone
    bool m_isReplyLate = false;
    qint64 m_notedBytes = 0; // acknowledged, and told to the activity hook
    curl_socket_t m_socket = CURL_SOCKET_BAD;
    bool m_isConnected = false; // the request itself is being sent or was
    BodyReader::Outcome m_bodyEnd = BodyReader::Outcome::Bytes;
};

} // namespace sendoff::net

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// HttpRequestParser: HTTP/1.1 requests (RFC 9112) out of bytes that arrive in any pieces, strictly
// and with hard limits. Pure: no socket, no clock. Not for: deciding about a request.

#include <QByteArray>
#include <QList>

#include <optional>

namespace sendoff::shelf {

struct HttpHeader {
    QByteArray name;
    QByteArray value;
};

// Request line and headers, and what they say about the body and the connection.
struct RequestHead {
    QByteArray method; // as sent; methods are case-sensitive
    QByteArray path; // of the target, percent-encoded as sent, begins with / or is *
    QByteArray query; // without ?
    QByteArray host; // of an absolute target, else the Host header; as sent
    QList<HttpHeader> headers;
    qint64 contentLength = 0; // 0 also where none is given or the body is chunked
    bool isChunked = false;
    bool expectsContinue = false;
    bool keepsAlive = true;

    bool hasBody() const { return isChunked || contentLength > 0; }
    // Names are compared without case. Empty, or nothing, where absent.
    QByteArray header(QByteArrayView name) const; // the first
    QList<QByteArray> headerValues(QByteArrayView name) const;
    bool hasHeader(QByteArrayView name) const;
};

// Why a request is no request: what to reply before the connection is closed.
struct RequestProblem {
    int status = 400;
    const char *sentence = "";
};

class HttpRequestParser {
public:
    static constexpr qsizetype maxHeadBytes = 16 << 10; // request line and headers, also trailers
    static constexpr qsizetype maxHeaders = 100;
    static constexpr qsizetype maxChunkLine = 1 << 10; // size and extensions of a chunk

    enum class Event {
        NeedMore, // everything was consumed
        Head, // head() is complete
        Body, // body() is the next piece
        End, // of the request; the next call begins another
        Bad, // problem() says why; stays so
    };
    // Consumes the front of `input` up to the next event. body() is part of `input`.
    Event next(QByteArrayView &input);

    const RequestHead &head() const { return m_head; }
    QByteArrayView body() const { return m_body; }
    const RequestProblem &problem() const { return m_problem; }
    // Has a part of a head arrived?
    bool isInsideHead() const;

private:
    enum class State {
        RequestLine,
        Headers,
        Length,
        ChunkSize,
        ChunkData,
        ChunkEnd,
        Trailers,
        AfterBody,
        Failed
    };

    enum class Line { Incomplete, Complete, TooLong, Malformed };
    Line takeLine(QByteArrayView &input, qsizetype limit);
    Event fail(int status, const char *sentence);
    std::optional<Event> step(QByteArrayView &input);
    std::optional<Event> stepHead(QByteArrayView &input);
    std::optional<Event> stepChunked(QByteArrayView &input);
    std::optional<Event> takeData(QByteArrayView &input, State next);
    std::optional<Event> requestLineEnded();
    std::optional<Event> headerLineEnded();
    std::optional<Event> headEnded();
    bool parseTarget(QByteArrayView target);
    bool parseHeader(QByteArrayView line);
    std::optional<RequestProblem> framingProblem();
    std::optional<RequestProblem> lengthProblem();

    State m_state = State::RequestLine;
    RequestHead m_head;
    bool m_isHttp11 = true;
    bool m_hasAbsoluteTarget = false;
    QByteArray m_line;
    qsizetype m_headBytes = 0;
    qint64 m_remaining = 0; // of the body, or of the chunk
    QByteArrayView m_body;
    RequestProblem m_problem;
};

} // namespace sendoff::shelf

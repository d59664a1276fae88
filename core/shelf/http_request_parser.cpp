// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/http_request_parser.h"

#include "core/shelf/http_grammar.h"

#include <algorithm>

namespace sendoff::shelf {

QByteArray RequestHead::header(QByteArrayView name) const
{
    const auto found =
        std::find_if(headers.begin(), headers.end(),
                     [name](const HttpHeader &entry) { return isSameName(entry.name, name); });
    return found == headers.end() ? QByteArray() : found->value;
}

QList<QByteArray> RequestHead::headerValues(QByteArrayView name) const
{
    QList<QByteArray> values;
    for (const HttpHeader &entry : headers) {
        if (isSameName(entry.name, name))
            values.append(entry.value);
    }
    return values;
}

bool RequestHead::hasHeader(QByteArrayView name) const
{
    return !headerValues(name).isEmpty();
}

bool HttpRequestParser::isInsideHead() const
{
    return m_state == State::Headers || (m_state == State::RequestLine && m_headBytes > 0);
}

HttpRequestParser::Event HttpRequestParser::next(QByteArrayView &input)
{
    for (;;) {
        if (const std::optional<Event> event = step(input))
            return *event;
    }
}

HttpRequestParser::Event HttpRequestParser::fail(int status, const char *sentence)
{
    m_state = State::Failed;
    m_problem = {status, sentence};
    return Event::Bad;
}

// One line without its CRLF into m_line. A bare LF or CR is malformed: what one program takes for
// the end of a line must not be data for another (RFC 9112 §11.2).
HttpRequestParser::Line HttpRequestParser::takeLine(QByteArrayView &input, qsizetype limit)
{
    const qsizetype end = input.indexOf('\n');
    const qsizetype length = end < 0 ? input.size() : end + 1;
    if (m_line.size() + length > limit)
        return Line::TooLong;
    m_line.append(input.first(length));
    m_headBytes += length;
    input = input.sliced(length);
    if (end < 0)
        return Line::Incomplete;
    if (!m_line.endsWith("\r\n"))
        return Line::Malformed;
    m_line.chop(2);
    return m_line.contains('\r') ? Line::Malformed : Line::Complete;
}

// Nothing: go on with the next step.
std::optional<HttpRequestParser::Event> HttpRequestParser::step(QByteArrayView &input)
{
    switch (m_state) {
    case State::RequestLine:
    case State::Headers:
        return stepHead(input);
    case State::Length:
        return takeData(input, State::AfterBody);
    case State::ChunkSize:
    case State::ChunkData:
    case State::ChunkEnd:
    case State::Trailers:
        return stepChunked(input);
    case State::AfterBody:
        m_state = State::RequestLine;
        m_headBytes = 0;
        return Event::End;
    case State::Failed:
        break;
    }
    return Event::Bad;
}

std::optional<HttpRequestParser::Event> HttpRequestParser::stepHead(QByteArrayView &input)
{
    if (input.isEmpty())
        return Event::NeedMore;
    const bool isRequestLine = m_state == State::RequestLine;
    const Line line = takeLine(input, maxHeadBytes - (m_headBytes - m_line.size()));
    switch (line) {
    case Line::Incomplete:
        return Event::NeedMore;
    case Line::TooLong:
        return isRequestLine ? fail(414, "The address is too long.")
                             : fail(431, "The request has too many headers.");
    case Line::Malformed:
        return fail(400, "The request has a line that does not end as HTTP demands.");
    case Line::Complete:
        break;
    }
    const std::optional<Event> event = isRequestLine ? requestLineEnded() : headerLineEnded();
    m_line.clear();
    return event;
}

std::optional<HttpRequestParser::Event> HttpRequestParser::requestLineEnded()
{
    if (m_line.isEmpty())
        return std::nullopt; // RFC 9112 §2.2: empty lines before a request are ignored
    m_head = RequestHead();
    const QList<QByteArray> parts = m_line.split(' ');
    if (parts.size() != 3 || !isToken(parts[0]))
        return fail(400, "The request does not begin as HTTP demands.");
    m_head.method = parts[0];
    if (!parseTarget(parts[1]))
        return fail(400, "The address in the request is malformed.");
    m_isHttp11 = parts[2] == "HTTP/1.1";
    if (!m_isHttp11 && parts[2] != "HTTP/1.0")
        return parts[2].startsWith("HTTP/") ? fail(505, "Only HTTP/1.1 is spoken here.")
                                            : fail(400, "The request is not HTTP.");
    m_state = State::Headers;
    return std::nullopt;
}

// RFC 9112 §3.2: origin-form, absolute-form (which any server must accept) or asterisk-form.
bool HttpRequestParser::parseTarget(QByteArrayView target)
{
    constexpr QByteArrayView scheme = "http://";
    if (!std::all_of(target.begin(), target.end(), isVisible) || target.contains('#'))
        return false;
    m_hasAbsoluteTarget = isSameName(target.first(std::min(scheme.size(), target.size())), scheme);
    if (m_hasAbsoluteTarget) {
        target = target.sliced(scheme.size());
        const auto end = std::find_if(target.begin(), target.end(), [](char character) {
            return character == '/' || character == '?';
        });
        m_head.host = target.first(end - target.begin()).toByteArray();
        target = target.sliced(end - target.begin());
    }
    const qsizetype mark = target.indexOf('?');
    m_head.path = (mark < 0 ? target : target.first(mark)).toByteArray();
    m_head.query = mark < 0 ? QByteArray() : target.sliced(mark + 1).toByteArray();
    if (m_hasAbsoluteTarget && m_head.path.isEmpty())
        m_head.path = "/";
    return m_head.path.startsWith('/') || (m_head.path == "*" && m_head.method == "OPTIONS");
}

std::optional<HttpRequestParser::Event> HttpRequestParser::headerLineEnded()
{
    if (m_line.isEmpty())
        return headEnded();
    if (m_head.headers.size() >= maxHeaders)
        return fail(431, "The request has too many headers.");
    if (!parseHeader(m_line))
        return fail(400, "The request has a malformed header.");
    return std::nullopt;
}

// RFC 9112 §5.1: no space before the colon; §5.2: no folded lines.
bool HttpRequestParser::parseHeader(QByteArrayView line)
{
    const qsizetype colon = line.indexOf(':');
    if (colon < 0)
        return false;
    const QByteArrayView name = line.first(colon);
    const QByteArrayView value = withoutFieldSpace(line.sliced(colon + 1));
    if (!isToken(name) || !isFieldValue(value))
        return false;
    m_head.headers.append({name.toByteArray(), value.toByteArray()});
    return true;
}

std::optional<HttpRequestParser::Event> HttpRequestParser::headEnded()
{
    if (const auto problem = framingProblem())
        return fail(problem->status, problem->sentence);
    m_headBytes = 0;
    m_remaining = m_head.contentLength;
    m_state = m_head.isChunked ? State::ChunkSize : State::Length;
    return Event::Head;
}

std::optional<RequestProblem> HttpRequestParser::framingProblem()
{
    const QList<QByteArray> hosts = m_head.headerValues("Host");
    if (hosts.size() > 1 || (hosts.isEmpty() && m_isHttp11))
        return RequestProblem{400, "The request needs exactly one Host."};
    if (!m_hasAbsoluteTarget && !hosts.isEmpty())
        m_head.host = hosts.first();
    if (const auto problem = lengthProblem())
        return problem;
    const QByteArray expectation = m_head.header("Expect");
    if (!expectation.isEmpty() && !isSameName(expectation, "100-continue"))
        return RequestProblem{417, "Only 100-continue can be expected here."};
    m_head.expectsContinue = m_isHttp11 && !expectation.isEmpty() && m_head.hasBody();
    m_head.keepsAlive = m_isHttp11;
    for (const QByteArray &value : m_head.headerValues("Connection")) {
        for (const QByteArray &option : value.split(',')) {
            if (isSameName(option.trimmed(), "close"))
                m_head.keepsAlive = false;
        }
    }
    return std::nullopt;
}

// RFC 9112 §6.3: a body whose end could be understood in two ways is refused.
std::optional<RequestProblem> HttpRequestParser::lengthProblem()
{
    const QList<QByteArray> lengths = m_head.headerValues("Content-Length");
    const QList<QByteArray> codings = m_head.headerValues("Transfer-Encoding");
    if (!codings.isEmpty()) {
        if (!lengths.isEmpty() || !m_isHttp11)
            return RequestProblem{400, "The length of the body is said in two ways."};
        if (codings.size() != 1 || !isSameName(codings.first(), "chunked"))
            return RequestProblem{501, "This transfer coding is not supported."};
        m_head.isChunked = true;
        return std::nullopt;
    }
    if (lengths.isEmpty())
        return std::nullopt;
    const std::optional<qint64> length =
        lengths.size() == 1 ? parseDigits(lengths.first(), 10) : std::nullopt;
    if (!length)
        return RequestProblem{400, "Content-Length is malformed."};
    m_head.contentLength = *length;
    return std::nullopt;
}

// Body bytes up to the end of the body or chunk, then `next`.
std::optional<HttpRequestParser::Event> HttpRequestParser::takeData(QByteArrayView &input,
                                                                    State next)
{
    if (m_remaining == 0) {
        m_state = next;
        return std::nullopt;
    }
    if (input.isEmpty())
        return Event::NeedMore;
    m_body = input.first(qsizetype(std::min<qint64>(m_remaining, input.size())));
    input = input.sliced(m_body.size());
    m_remaining -= m_body.size();
    return Event::Body;
}

// RFC 9112 §7.1
std::optional<HttpRequestParser::Event> HttpRequestParser::stepChunked(QByteArrayView &input)
{
    if (m_state == State::ChunkData)
        return takeData(input, State::ChunkEnd);
    if (input.isEmpty())
        return Event::NeedMore;
    const bool isTrailer = m_state == State::Trailers;
    const Line line =
        takeLine(input, isTrailer ? maxHeadBytes - (m_headBytes - m_line.size()) : maxChunkLine);
    if (line == Line::Incomplete)
        return Event::NeedMore;
    if (line != Line::Complete)
        return fail(400, "The chunks of the body are malformed.");
    const QByteArray text = std::exchange(m_line, QByteArray());
    if (isTrailer) {
        // Trailers are read and dropped (RFC 9110 §6.5.1).
        if (text.isEmpty())
            m_state = State::AfterBody;
        return std::nullopt;
    }
    m_headBytes = 0;
    if (m_state == State::ChunkEnd) {
        m_state = State::ChunkSize;
        return text.isEmpty() ? std::nullopt
                              : std::optional(fail(400, "A chunk is longer than it says."));
    }
    const QByteArrayView size = withoutFieldSpace(
        QByteArrayView(text).first(text.contains(';') ? text.indexOf(';') : text.size()));
    const std::optional<qint64> length = parseDigits(size, 16);
    if (!length)
        return fail(400, "The chunks of the body are malformed.");
    m_remaining = *length;
    m_state = *length == 0 ? State::Trailers : State::ChunkData;
    return std::nullopt;
}

} // namespace sendoff::shelf

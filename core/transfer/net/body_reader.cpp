// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/body_reader.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sendoff::net {

BodyReader::Outcome BodyReader::read(char *buffer, qint64 size, qint64 *filled)
{
    const qint64 wanted = std::min(size, remaining());
    Q_ASSERT(wanted > 0);
    ssize_t count = wanted;
    if (m_body.descriptor() < 0) {
        std::memcpy(buffer, m_body.bytes().constData() + m_position, size_t(wanted));
    } else {
        do {
            count =
                ::pread(m_body.descriptor(), buffer, size_t(wanted), m_body.offset() + m_position);
        } while (count < 0 && errno == EINTR);
    }
    if (count < 0) {
        m_systemError = errno;
        return Outcome::Failed;
    }
    if (count == 0)
        return Outcome::Truncated;
    m_position += count;
    *filled = count;
    return Outcome::Bytes;
}

} // namespace sendoff::net

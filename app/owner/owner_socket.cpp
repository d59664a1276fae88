// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/owner/owner_socket.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace sendoff::app {

namespace {

constexpr int callersInLine = 128;

class Descriptor {
public:
    explicit Descriptor(int number) : m_number(number) {}
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    int number() const { return m_number; }
    int release() { return std::exchange(m_number, -1); }

private:
    int m_number;
};

// An address holds 107 bytes of path: a deeper one goes through the folder's descriptor.
class SocketAddress {
public:
    explicit SocketAddress(const FilePath &path)
        : m_folder(::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC))
    {
        m_address.sun_family = AF_UNIX;
        std::string bytes = path.string();
        if (bytes.size() >= sizeof(m_address.sun_path))
            bytes = "/proc/self/fd/" + std::to_string(m_folder.number()) + '/'
                + path.filename().string();
        if (bytes.size() < sizeof(m_address.sun_path))
            std::memcpy(m_address.sun_path, bytes.c_str(), bytes.size() + 1);
    }
    const sockaddr *get() const { return reinterpret_cast<const sockaddr *>(&m_address); }
    static constexpr socklen_t size() { return sizeof(sockaddr_un); }

private:
    Descriptor m_folder;
    sockaddr_un m_address{};
};

int newSocket()
{
    return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

} // namespace

Result<int> listenAt(const FilePath &path)
{
    const auto problem = [&path](const char *step) {
        return failure(Error::fromErrno(errno, Error::FileRole::Output, QString::fromLatin1(step),
                                        displayPath(path.parent_path())));
    };
    ::unlink(path.c_str());
    const SocketAddress address(path);
    Descriptor socket(newSocket());
    if (socket.number() < 0)
        return problem("open a socket");
    // The folder is 0700; this is for one that somebody opened by hand.
    if (::fchmod(socket.number(), 0600) != 0
        || ::bind(socket.number(), address.get(), SocketAddress::size()) != 0)
        return problem("make the socket");
    if (::chmod(path.c_str(), 0600) != 0)
        return problem("protect the socket");
    if (::listen(socket.number(), callersInLine) != 0)
        return problem("listen");
    return socket.release();
}

SocketIdentity socketIdentity(const FilePath &path)
{
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0)
        return {};
    return {quint64(status.st_dev), quint64(status.st_ino)};
}

void removeSocket(const FilePath &path, const SocketIdentity &identity)
{
    if (socketIdentity(path) == identity)
        ::unlink(path.c_str());
}

std::optional<int> connectTo(const FilePath &path)
{
    const SocketAddress address(path);
    Descriptor socket(newSocket());
    if (socket.number() < 0
        || ::connect(socket.number(), address.get(), SocketAddress::size()) != 0)
        return std::nullopt;
    return socket.release();
}

bool isSameUser(int descriptor)
{
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0
        && peer.uid == ::geteuid();
}

} // namespace sendoff::app

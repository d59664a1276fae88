// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the owner of a profile and another process say to each other over the profile's socket: JSON,
// one object per line, one command per connection. Pure. Not for: the sockets (owner_server.h,
// owner_client.h).
//
//   client → owner   {"sendoff": 1, "run": [base64, …], "folder": base64, …}    once
//   owner → client   {"accepted": process id}                                   once, first
//                    {"out": base64} or {"err": base64}                         any number of times
//                    {"exit": 0} or {"refused": "closing"}                      once, last

#include "app/cli/output.h"
#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/transfer/credentials.h"

#include <QByteArray>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sendoff::app {

inline constexpr int ownerProtocol = 2; // its version

// A command as another process was given it.
struct HandOver {
    std::vector<std::string> arguments; // bytes, as the shell passed them
    FilePath workingFolder; // absolute; relative names in the arguments count from here
    std::optional<TerminalSize> terminal; // where its words end up
    transfer::SecretVariables secrets; // of its environment
    QByteArray activation; // its XDG_ACTIVATION_TOKEN: lets the window come to the front

    bool operator==(const HandOver &other) const;
};

// What the owner answers.
struct OwnerAccepted {
    qint64 process = 0;
};
struct OwnerOutput {
    Output::Stream stream = Output::Stream::Out;
    QByteArray bytes;
};
struct OwnerExit {
    int code = 0;
};
enum class OwnerRefusal {
    Closing, // it is about to end: wait for the lock
    OtherVersion, // it speaks another version of this
    Unreadable, // what it was sent is not a HandOver
};
using OwnerWord = std::variant<OwnerAccepted, OwnerOutput, OwnerExit, OwnerRefusal>;

// Lines with their line end.
QByteArray encoded(const HandOver &handOver);
QByteArray encoded(const OwnerWord &word);

// A line without its end. Strict: another member, type, encoding or a value out of its bounds is
// OtherVersion or Unreadable, never a guess.
tl::expected<HandOver, OwnerRefusal> handOverFrom(const QByteArray &line);
// Nothing where it is none.
std::optional<OwnerWord> ownerWordFrom(const QByteArray &line);

// Cuts a stream of bytes into lines.
class LineReader {
public:
    // Room for as many arguments as the system passes to a program, in base64.
    static constexpr qsizetype maxLine = 8 * 1024 * 1024;

    void add(const QByteArray &bytes) { m_bytes += bytes; }
    // Without its end; nothing where it is not complete yet.
    std::optional<QByteArray> next();
    // What is there can never become a line.
    bool isOverfull() const { return m_bytes.size() > maxLine; }

private:
    QByteArray m_bytes;
    qsizetype m_searched = 0; // so far there is no line end
};

} // namespace sendoff::app

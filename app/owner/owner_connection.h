// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// OwnerConnection: the owner's end of one connection: reads the command of a caller and takes the
// words that go back. The caller may leave at any moment.

#include "app/owner/owner_protocol.h"

#include <QLocalSocket>

#include <chrono>
#include <functional>
#include <optional>

namespace sendoff::app {

// Main thread.
class OwnerConnection : public Output {
public:
    // Takes over the descriptor. `hear` is called when there is something new to read, `left` once,
    // when the caller is gone; neither from within a call of this object.
    OwnerConnection(int descriptor, std::function<void()> hear, std::function<void()> left);

    // What the caller asks for, or why it cannot be read; nothing where it is not complete. Once.
    std::optional<tl::expected<HandOver, OwnerRefusal>> command();
    void say(const OwnerWord &word);
    // After the last word.
    void finish();
    // Blocks until the caller has everything, or for `limit`.
    void drain(std::chrono::milliseconds limit);

    void write(Stream stream, const QByteArray &bytes) override;
    std::optional<TerminalSize> terminal() const override { return m_terminal; }

private:
    QLocalSocket m_socket;
    LineReader m_reader;
    std::optional<TerminalSize> m_terminal;
    bool m_hasCommand = false;
};

} // namespace sendoff::app

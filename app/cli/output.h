// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Output: where a verb's words go: this process's standard output, or the process that handed the
// verb over. Not for: what the words are (reporter.h).

#include <QByteArray>

#include <optional>

namespace sendoff::app {

struct TerminalSize {
    int columns = 80;
    int rows = 24;
};

class Output {
public:
    enum class Stream { Out, Error };
    virtual ~Output() = default;
    // In the order of the calls, over both streams. What cannot be written is lost: nobody reads.
    virtual void write(Stream stream, const QByteArray &bytes) = 0;
    // Nothing where Stream::Out is no terminal.
    virtual std::optional<TerminalSize> terminal() const = 0;
};

class StandardOutput : public Output {
public:
    void write(Stream stream, const QByteArray &bytes) override;
    std::optional<TerminalSize> terminal() const override;
};

} // namespace sendoff::app

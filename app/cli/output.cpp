// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"

#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace sendoff::app {

void StandardOutput::write(Stream stream, const QByteArray &bytes)
{
    std::FILE *file = stream == Stream::Out ? stdout : stderr;
    std::fwrite(bytes.constData(), 1, std::size_t(bytes.size()), file);
    std::fflush(file);
}

std::optional<TerminalSize> StandardOutput::terminal() const
{
    if (::isatty(STDOUT_FILENO) != 1)
        return std::nullopt;
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return TerminalSize();
    return TerminalSize{size.ws_col, size.ws_row};
}

} // namespace sendoff::app

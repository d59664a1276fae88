// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What a FakeServer is told to do wrong, in a word each.

#include "tests/support/fake_server.h"

namespace sendoff::test {

inline Fault fault(const QByteArray &method, Fault::Do what, qint64 bytes = 0)
{
    Fault made;
    made.method = method;
    made.what = what;
    made.bytes = bytes;
    return made;
}

inline Fault answer(const QByteArray &method, int status, int times = 1)
{
    Fault made;
    made.method = method;
    made.what = Fault::Do::Answer;
    made.status = status;
    made.times = times;
    return made;
}

// Of a PATCH whose body is not read.
inline Fault refusal(int status, int times = 1)
{
    Fault made = answer("PATCH", status, times);
    made.what = Fault::Do::Refuse;
    return made;
}

} // namespace sendoff::test

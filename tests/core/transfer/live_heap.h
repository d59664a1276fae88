// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// How much of the heap is in use at this moment, by whichever allocator there is: what a sanitizer
// keeps of freed memory does not count.

#include <QtGlobal>

#include <cstddef>

#include <malloc.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#endif

namespace sendoff::test {

inline qint64 liveHeapBytes()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return qint64(__sanitizer_get_current_allocated_bytes());
#else
    const auto heap = ::mallinfo2();
    return qint64(heap.uordblks + heap.hblkhd);
#endif
}

} // namespace sendoff::test

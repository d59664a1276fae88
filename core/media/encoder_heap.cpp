// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// x264 takes all its memory from memalign(), and a program's own definition of that goes before the
// C library's. mallopt(M_PERTURB) would zero every block of everyone, and make pages resident that
// nobody touches: 50 MiB and a tenth of the CPU of an export to 720p.
#include "core/media/encoder_heap.h"

// What the sanitizers' allocators give is filled as their options say (tests/CMakeLists.txt).
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

namespace {

constexpr std::size_t fewPages = 16; // to write them costs less than a system call

// Whole pages go back to the kernel, which hands out zeroes where they are touched again.
void zero(void *block, std::size_t size)
{
    static const std::size_t page = std::size_t(::sysconf(_SC_PAGESIZE));
    char *const begin = static_cast<char *>(block);
    if (size >= fewPages * page) {
        const std::size_t head = (page - reinterpret_cast<std::uintptr_t>(begin) % page) % page;
        const std::size_t length = (size - head) / page * page;
        if (::madvise(begin + head, length, MADV_DONTNEED) == 0) {
            std::memset(begin, 0, head);
            std::memset(begin + head + length, 0, size - head - length);
            return;
        }
    }
    std::memset(begin, 0, size);
}

} // namespace

extern "C" void *memalign(std::size_t alignment, std::size_t size)
{
    void *const block = std::aligned_alloc(alignment, size); // glibc's takes any size
    if (block)
        zero(block, size);
    return block;
}

#endif

namespace sendoff::media {

bool isEncoderMemoryZeroed()
{
#ifdef __GLIBC__
    return true;
#else
    return false;
#endif
}

} // namespace sendoff::media

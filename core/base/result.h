// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Result<T>: a value or an Error. Expected failures travel this way, never as exceptions.

#include "core/base/error.h"

#include <tl/expected.hpp>

#include <utility>

namespace sendoff {

template <typename T> using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

inline tl::unexpected<Error> failure(ErrorKind kind, QString detail = {}, RetryAdvice advice = {})
{
    return tl::unexpected<Error>(Error(kind, std::move(detail), advice));
}

} // namespace sendoff

// Declaration-style TRY: SO_TRY(auto info, probe(path)); leaves the function with the error, else
// declares `info`. SO_CO_TRY is the same in a coroutine and may contain one co_await. On its own
// line, inside braces. The _VOID forms are for Result<void>.
#define SO_CONCAT_(a, b) a##b
#define SO_CONCAT(a, b) SO_CONCAT_(a, b)
#define SO_TRY_IMPL_(tmp, decl, expr, ret)                                                         \
    auto tmp = (expr);                                                                             \
    if (!tmp)                                                                                      \
        ret tl::unexpected(std::move(tmp).error());                                                \
    decl = *std::move(tmp)
#define SO_TRY_VOID_IMPL_(tmp, expr, ret)                                                          \
    do {                                                                                           \
        auto tmp = (expr);                                                                         \
        if (!tmp)                                                                                  \
            ret tl::unexpected(std::move(tmp).error());                                            \
    } while (false)
#define SO_TRY(decl, expr) SO_TRY_IMPL_(SO_CONCAT(soTry, __LINE__), decl, expr, return)
#define SO_CO_TRY(decl, expr) SO_TRY_IMPL_(SO_CONCAT(soTry, __LINE__), decl, expr, co_return)
#define SO_TRY_VOID(expr) SO_TRY_VOID_IMPL_(SO_CONCAT(soTry, __LINE__), expr, return)
#define SO_CO_TRY_VOID(expr) SO_TRY_VOID_IMPL_(SO_CONCAT(soTry, __LINE__), expr, co_return)

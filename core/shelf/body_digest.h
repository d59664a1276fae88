// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// BodyDigest: the hash of a request's body while it arrives, for Upload-Checksum.

#include <QByteArray>
#include <QList>

#include <memory>
#include <optional>

namespace sendoff::shelf {

class BodyDigest {
public:
    // In the words of Tus-Checksum-Algorithm. sha1 is the one that the specification demands.
    static QList<QByteArray> algorithms() { return {"sha1", "sha256"}; }
    // Nothing for another algorithm.
    static std::optional<BodyDigest> create(QByteArrayView algorithm);
    ~BodyDigest();
    BodyDigest(BodyDigest &&) noexcept;
    BodyDigest &operator=(BodyDigest &&) noexcept;

    void add(QByteArrayView bytes);
    QByteArray result(); // raw; ends the computation

private:
    struct Context;
    explicit BodyDigest(std::unique_ptr<Context> context);
    std::unique_ptr<Context> m_context;
};

} // namespace sendoff::shelf

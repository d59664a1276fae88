// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// S3ServerLab: a real S3 server (OpenStack Swift) with a new bucket for each test, and single
// requests to it; for tests of what it answers.

#include "core/transfer/s3/s3_bucket.h"
#include "core/transfer/s3/s3_reply.h"
#include "tests/core/transfer/transfer_fixture.h"
#include "tests/support/swift_server_process.h"

#include <QObject>

#include <memory>

namespace sendoff::test {

class S3ServerLab : public QObject {
protected:
    void startServer(); // ends the test program where it does not start
    void makeBucket();

    net::HttpReply ask(transfer::S3Request request);
    // Of clip.mp4; its id.
    QByteArray begin();
    QByteArray putPart(const QByteArray &upload, int number, const QByteArray &bytes); // its ETag
    net::HttpReply complete(const QByteArray &upload, const transfer::s3::Parts &parts);
    transfer::DestinationConfig config() const;
    static QByteArray codeOf(const net::HttpReply &reply);

    SwiftServerProcess m_server;
    std::unique_ptr<TransferFixture> m_fixture;
    transfer::S3Bucket m_bucket;

private:
    int m_buckets = 0;
};

} // namespace sendoff::test

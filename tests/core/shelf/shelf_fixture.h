// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the tests of the Shelf share: a Shelf on a thread of its own, as in the program, and a
// client that says exactly the bytes it is told to.

#include "core/shelf/shelf_server.h"
#include "core/tus/tus.h"

#include <QTcpSocket>
#include <QTemporaryDir>
#include <QThread>

#include <memory>
#include <mutex>

namespace sendoff::test {

struct FinishedUpload {
    QString fileName;
    QUrl link;
    qint64 bytes = 0;
};

class ShelfFixture {
public:
    ShelfFixture();
    ~ShelfFixture(); // stops

    shelf::ShelfOptions options; // for the next start()
    FilePath folder() const { return options.folder; }
    FilePath stateFolder() const { return options.stateFolder; }
    FilePath root() const { return m_root.path().toStdString(); }

    Result<void> start();
    void stop(); // destroys the server where it stands; the files stay
    quint16 port() const { return m_port; }
    QByteArray token() const { return m_token; }
    QByteArray origin() const { return "http://127.0.0.1:" + QByteArray::number(m_port); }
    QList<FinishedUpload> finished() const; // uploadFinished so far
    QByteArrayList videos() const; // names in the folder, without hidden ones, sorted
    QByteArray content(const QByteArray &video) const;

private:

    QTemporaryDir m_root;
    QThread m_thread;
    std::unique_ptr<shelf::ShelfServer> m_server; // used on m_thread
    quint16 m_port = 0;
    QByteArray m_token;
    mutable std::mutex m_mutex;
    QList<FinishedUpload> m_finished;
};

struct Reply {
    int status = 0; // 0: the connection ended without a reply
    QByteArray headText;
    QByteArray body;
    QByteArray header(const QByteArray &name) const; // the first; null where absent
    bool hasHeader(const QByteArray &name) const { return !header(name).isNull(); }
};

// Blocking. Its requests carry Host, the token and Tus-Resumable unless they say otherwise.
class Client {
public:
    explicit Client(const ShelfFixture &fixture);

    QByteArray requestText(const QByteArray &method, const QByteArray &path,
                           const QByteArrayList &headers = {}, qint64 bodyBytes = 0) const;
    void send(const QByteArray &bytes);
    // One reply; 100 Continue is skipped unless `wants100`. HEAD has no body.
    Reply readReply(bool isHead = false, bool wants100 = false);
    Reply request(const QByteArray &method, const QByteArray &path,
                  const QByteArrayList &headers = {}, const QByteArray &body = {});
    // Everything until the peer closes.
    QByteArray readToEnd();
    void reset(); // closes so that the peer sees a reset
    void close();
    bool isOpen();
    QTcpSocket &socket() { return m_socket; }

    // An upload that is made and named; its path.
    QByteArray create(qint64 length, const QByteArray &fileName = "clip.mp4");
    Reply patch(const QByteArray &path, qint64 offset, const QByteArray &body,
                const QByteArrayList &headers = {});
    qint64 offsetOf(const QByteArray &path); // by HEAD; -1 unless 200

    bool isTus = true; // add Tus-Resumable
    QByteArray authorization; // empty = none
    QByteArray host;

private:
    bool fill(int milliseconds = 20'000);

    quint16 m_port;
    QTcpSocket m_socket;
    QByteArray m_buffer;
};

// Upload-Metadata with a file name.
QByteArray nameHeader(const QByteArray &fileName);
// Bytes that repeat nowhere nearby; the same for the same seed.
QByteArray testBytes(qsizetype size, quint32 seed = 1);
QByteArray pathOf(const QByteArray &url); // of a link
// Resident memory of this process and its peak, in bytes.
qint64 residentBytes();
qint64 peakResidentBytes();
// Runs a program; its standard output where it ends with 0, else null.
QByteArray run(const QString &program, const QStringList &arguments);

} // namespace sendoff::test

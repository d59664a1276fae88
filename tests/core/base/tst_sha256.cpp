// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sha256.h"
#include "core/base/source_file.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>

using namespace sendoff;

namespace {

QByteArray randomBytes(qsizetype size)
{
    QByteArray bytes(size, '\0');
    QRandomGenerator generator{quint32(size)};
    for (char &byte : bytes)
        byte = char(generator.bounded(256));
    return bytes;
}

// What the system's own tool says.
QByteArray sha256sum(const QString &path)
{
    QProcess tool;
    tool.start(QStringLiteral("sha256sum"), {QStringLiteral("--"), path});
    tool.waitForFinished();
    return tool.readAllStandardOutput().left(64);
}

} // namespace

class Sha256Test : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void agreesWithSha256sum_data();
    void agreesWithSha256sum();
    void piecesMakeNoDifference();
    void hashesOnlyAsMuchAsAsked();
    void saysThatAFileBecameShorter();
    void stops();
    void saysThatAFileCannotBeRead();

private:
    QString path() const { return m_folder->filePath(QStringLiteral("bytes")); }
    FileDescriptor write(const QByteArray &bytes) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void Sha256Test::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

FileDescriptor Sha256Test::write(const QByteArray &bytes) const
{
    QFile file(path());
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("no test file");
    file.close();
    return FileDescriptor(::open(qPrintable(path()), O_RDONLY | O_CLOEXEC));
}

void Sha256Test::agreesWithSha256sum_data()
{
    QTest::addColumn<qsizetype>("size");
    QTest::newRow("empty") << qsizetype(0);
    QTest::newRow("one byte") << qsizetype(1);
    QTest::newRow("one block") << qsizetype(64);
    QTest::newRow("one buffer") << qsizetype(1 << 20);
    QTest::newRow("a little over three buffers") << qsizetype(3 * (1 << 20) + 7);
}

void Sha256Test::agreesWithSha256sum()
{
    QFETCH(qsizetype, size);
    const FileDescriptor file = write(randomBytes(size));
    const auto hash = sha256OfFile(file.get(), size, QStringLiteral("bytes"), {});
    QVERIFY(hash.has_value());
    QCOMPARE(*hash, sha256sum(path()));
    QCOMPARE(hash->size(), 64);
}

void Sha256Test::piecesMakeNoDifference()
{
    const QByteArray bytes = randomBytes(100'000);
    Sha256 whole;
    whole.add(bytes.constData(), bytes.size());
    Sha256 pieces;
    for (qsizetype begin = 0, size = 1; begin < bytes.size(); begin += size++)
        pieces.add(bytes.constData() + begin, qMin(size, bytes.size() - begin));
    QCOMPARE(pieces.hex(), whole.hex());
}

void Sha256Test::hashesOnlyAsMuchAsAsked()
{
    const QByteArray bytes = randomBytes(5'000);
    const FileDescriptor file = write(bytes);
    Sha256 beginning;
    beginning.add(bytes.constData(), 1'234);
    const auto hash = sha256OfFile(file.get(), 1'234, QStringLiteral("bytes"), {});
    QVERIFY(hash.has_value());
    QCOMPARE(*hash, beginning.hex());
}

void Sha256Test::saysThatAFileBecameShorter()
{
    const FileDescriptor file = write(randomBytes(5'000));
    const auto hash = sha256OfFile(file.get(), 5'001, QStringLiteral("bytes"), {});
    QVERIFY(!hash);
    QCOMPARE(hash.error().kind, ErrorKind::SourceChanged);
    QCOMPARE(hash.error()[argument::file], QStringLiteral("bytes"));
}

void Sha256Test::stops()
{
    const FileDescriptor file = write(randomBytes(5'000));
    std::stop_source source;
    source.request_stop();
    const auto hash = sha256OfFile(file.get(), 5'000, QStringLiteral("bytes"), source.get_token());
    QVERIFY(!hash);
    QCOMPARE(hash.error().kind, ErrorKind::Cancelled);
}

void Sha256Test::saysThatAFileCannotBeRead()
{
    const FileDescriptor folder(::open(qPrintable(m_folder->path()), O_RDONLY | O_CLOEXEC));
    const auto hash = sha256OfFile(folder.get(), 1, QStringLiteral("folder"), {});
    QVERIFY(!hash);
    QCOMPARE(hash.error().kind, ErrorKind::SourceNotRegular);
}

QTEST_GUILESS_MAIN(Sha256Test)
#include "tst_sha256.moc"

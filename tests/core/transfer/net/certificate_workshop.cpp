// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/transfer/net/certificate_workshop.h"

#include <QCryptographicHash>
#include <QFile>
#include <QProcess>

using namespace Qt::StringLiterals;

namespace sendoff::test {

namespace {

// Output of `openssl <arguments>`.
QByteArray openssl(const QStringList &arguments)
{
    QProcess process;
    process.start(u"openssl"_s, arguments);
    if (!process.waitForFinished() || process.exitCode() != 0) {
        qFatal("openssl %s: %s", qPrintable(arguments.join(u' ')),
               process.readAllStandardError().constData());
    }
    return process.readAllStandardOutput();
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("openssl made no %s", qPrintable(path));
    return file.readAll();
}

} // namespace

CertificateWorkshop::CertificateWorkshop()
{
    newKey(u"ca"_s);
    openssl({u"req"_s, u"-x509"_s, u"-key"_s, path(u"ca.key"_s), u"-out"_s, caFile(), u"-days"_s,
             u"3"_s, u"-subj"_s, u"/CN=Workshop CA"_s, u"-addext"_s,
             u"basicConstraints=critical,CA:TRUE"_s});
}

QString CertificateWorkshop::caFile() const
{
    return path(u"ca.crt"_s);
}

CertificateWorkshop::Identity CertificateWorkshop::signedFor(const QString &name,
                                                             const QString &subjectAltName,
                                                             const QString &notBefore,
                                                             const QString &notAfter)
{
    newKey(name);
    const QString request = path(name + u".csr"_s);
    openssl({u"req"_s, u"-new"_s, u"-key"_s, path(name + u".key"_s), u"-out"_s, request, u"-subj"_s,
             u"/CN=workshop"_s});
    // "openssl x509 -req" of OpenSSL 3.0 cannot set both ends of the validity: "openssl ca" can.
    write(u"index.txt"_s, {});
    const QString config = u"[ca]\ndefault_ca=d\n[d]\ndatabase=%1\nnew_certs_dir=%2\n"
                           "rand_serial=yes\npolicy=p\ndefault_md=sha256\n"
                           "[p]\ncommonName=optional\n[x]\nsubjectAltName=%3\n"_s;
    write(u"ca.cnf"_s, config.arg(path(u"index.txt"_s), m_folder.path(), subjectAltName).toUtf8());
    openssl({u"ca"_s, u"-batch"_s, u"-notext"_s, u"-config"_s, path(u"ca.cnf"_s), u"-cert"_s,
             caFile(), u"-keyfile"_s, path(u"ca.key"_s), u"-in"_s, request, u"-out"_s,
             path(name + u".crt"_s), u"-startdate"_s, notBefore, u"-enddate"_s, notAfter,
             u"-extensions"_s, u"x"_s});
    return identity(name);
}

CertificateWorkshop::Identity CertificateWorkshop::selfSigned(const QString &name,
                                                              const QString &subjectAltName)
{
    newKey(name);
    openssl({u"req"_s, u"-x509"_s, u"-key"_s, path(name + u".key"_s), u"-out"_s,
             path(name + u".crt"_s), u"-days"_s, u"3"_s, u"-subj"_s, u"/CN=self"_s, u"-addext"_s,
             u"subjectAltName="_s + subjectAltName});
    return identity(name);
}

QByteArray CertificateWorkshop::pinOf(const QString &name)
{
    const QByteArray key = openssl(
        {u"pkey"_s, u"-in"_s, path(name + u".key"_s), u"-pubout"_s, u"-outform"_s, u"DER"_s});
    return "sha256//" + QCryptographicHash::hash(key, QCryptographicHash::Sha256).toBase64();
}

QString CertificateWorkshop::path(const QString &name) const
{
    return m_folder.filePath(name);
}

void CertificateWorkshop::write(const QString &name, const QByteArray &content)
{
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(name));
}

void CertificateWorkshop::newKey(const QString &name)
{
    openssl({u"ecparam"_s, u"-name"_s, u"prime256v1"_s, u"-genkey"_s, u"-noout"_s, u"-out"_s,
             path(name + u".key"_s)});
}

CertificateWorkshop::Identity CertificateWorkshop::identity(const QString &name) const
{
    return {contentOf(path(name + u".crt"_s)), contentOf(path(name + u".key"_s))};
}

} // namespace sendoff::test

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// CertificateWorkshop: certificates for tests, made by the openssl program in a folder of its own
// that is removed with it. Aborts where openssl does not do as told.

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace sendoff::test {

class CertificateWorkshop {
public:
    struct Identity {
        QByteArray certificate; // PEM
        QByteArray key; // PEM, EC
    };

    CertificateWorkshop(); // makes an authority

    QString caFile() const; // the authority's certificate
    // Signed by the authority, valid from `notBefore` to `notAfter` ("20200101000000Z").
    // `subjectAltName` as openssl writes it: "DNS:localhost,IP:127.0.0.1".
    Identity signedFor(const QString &name, const QString &subjectAltName,
                       const QString &notBefore = QStringLiteral("20200101000000Z"),
                       const QString &notAfter = QStringLiteral("20990101000000Z"));
    Identity selfSigned(const QString &name, const QString &subjectAltName);
    // Of the public key of "ca" or of an identity made before, in RFC 7469's form.
    QByteArray pinOf(const QString &name);

    QString path(const QString &name) const; // "<name>.crt", "<name>.key"
    void write(const QString &name, const QByteArray &content);

private:
    void newKey(const QString &name);
    Identity identity(const QString &name) const;

    QTemporaryDir m_folder;
};

} // namespace sendoff::test

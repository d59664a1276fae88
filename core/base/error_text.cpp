// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <array>

namespace sendoff {

namespace {

// The sentences, with %file, %folder, … for the arguments. Kept as a table, so that a translator
// and a reviewer read them together. An empty `next` is not allowed but for Cancelled.
struct Wording {
    ErrorKind kind;
    const char *what;
    const char *next;
};

#define SO_TEXT(text) QT_TRANSLATE_NOOP("ErrorText", text)
constexpr std::array wordings{
    Wording{ErrorKind::Cancelled, SO_TEXT("Stopped."), ""},
    Wording{ErrorKind::BadUsage, SO_TEXT("%reason."), SO_TEXT("See “sendoff --help”.")},
    Wording{ErrorKind::SourceMissing, SO_TEXT("Can't open “%file”: the file is not there."),
            SO_TEXT("Check the name, or plug in the disk it was on.")},
    Wording{ErrorKind::SourceUnreadable, SO_TEXT("“%file” can't be read: %reason."),
            SO_TEXT("Check the file's permissions and its disk, then try again.")},
    Wording{ErrorKind::SourceNotRegular, SO_TEXT("“%file” is not a file with a video: %reason."),
            SO_TEXT("Choose a video file.")},
    Wording{ErrorKind::SourceEmpty, SO_TEXT("“%file” is empty (0 bytes)."),
            SO_TEXT("Copy it again from where it was recorded.")},
    Wording{ErrorKind::SourceNotMedia,
            SO_TEXT("“%file” is not a video that Sendoff understands: %reason."),
            SO_TEXT("Choose another file, or upload it as it is.")},
    Wording{ErrorKind::SourceNoStreams,
            SO_TEXT("“%file” holds no picture or sound that can be exported: %reason."),
            SO_TEXT("Choose another file, or upload it as it is.")},
    Wording{ErrorKind::SourceTooLarge, SO_TEXT("“%file” is over Sendoff's limits: %reason."),
            SO_TEXT("Choose another file, or upload it as it is.")},
    Wording{ErrorKind::SourceProtected, SO_TEXT("“%file” is copy-protected (encrypted)."),
            SO_TEXT("Use a copy without protection.")},
    Wording{ErrorKind::SourceDamaged, SO_TEXT("“%file” is damaged: %reason."),
            SO_TEXT("Copy it again from where it was recorded.")},
    Wording{ErrorKind::SourceChanged, SO_TEXT("“%file” was changed while it was being used."),
            SO_TEXT("Wait until it is complete, then start again.")},
    Wording{ErrorKind::SourceGrowing, SO_TEXT("“%file” is still being written."),
            SO_TEXT("Wait until it stops growing, then start again.")},
    Wording{ErrorKind::NoDecoder, SO_TEXT("This FFmpeg cannot decode %name, which “%file” uses."),
            SO_TEXT("Install a fuller FFmpeg, or upload the file as it is.")},
    Wording{ErrorKind::PresetUnknown, SO_TEXT("There is no preset “%name”."),
            SO_TEXT("“sendoff presets list” shows those there are.")},
    Wording{ErrorKind::PresetInvalid, SO_TEXT("The preset “%name” can't be used: %reason."),
            SO_TEXT("Correct it and check it with “sendoff presets check”.")},
    Wording{ErrorKind::NoEncoder, SO_TEXT("This FFmpeg has no encoder for %name."),
            SO_TEXT("Choose another preset, or install a fuller FFmpeg.")},
    Wording{ErrorKind::EncoderFailed,
            SO_TEXT("The encoder stopped while exporting “%file”: %reason."),
            SO_TEXT("Try again, or choose another preset.")},
    Wording{ErrorKind::OutOfMemory, SO_TEXT("There was not enough memory to go on."),
            SO_TEXT("Close other programs and try again with one export at once.")},
    Wording{ErrorKind::OutputIsSource, SO_TEXT("The result would overwrite “%file” itself."),
            SO_TEXT("Choose another folder.")},
    Wording{ErrorKind::OutputExists, SO_TEXT("“%file” already exists. It was not changed."),
            SO_TEXT("Choose another folder, or say --overwrite.")},
    Wording{ErrorKind::OutputFolderMissing, SO_TEXT("The folder “%folder” is not there."),
            SO_TEXT("Make the folder, or plug in its disk, then try again.")},
    Wording{ErrorKind::OutputNotWritable, SO_TEXT("Can't write to “%folder”: %reason."),
            SO_TEXT("Choose another folder, or change its permissions.")},
    Wording{ErrorKind::OutputTooLarge,
            SO_TEXT("The disk of “%folder” cannot hold a file as large as this."),
            SO_TEXT("Choose a folder on another disk.")},
    Wording{ErrorKind::DiskFull, SO_TEXT("The disk of “%folder” is full%sizes."),
            SO_TEXT("Free some space and start again.")},
    Wording{ErrorKind::OutputDamaged, SO_TEXT("The finished file did not pass its check: %reason."),
            SO_TEXT("Try again; if it stays, check the disk and the memory.")},
    Wording{ErrorKind::DestinationUnknown, SO_TEXT("There is no destination “%destination”."),
            SO_TEXT("“sendoff destinations list” and “types” show what there is.")},
    Wording{ErrorKind::DestinationInvalid,
            SO_TEXT("The destination “%destination” can't be used: %reason."),
            SO_TEXT("Correct its address or settings.")},
    Wording{ErrorKind::DestinationUnreachable, SO_TEXT("Can't reach %destination: %reason."),
            SO_TEXT("Check the connection and the address; the upload goes on from there.")},
    Wording{ErrorKind::FolderUnreachable, SO_TEXT("Can't reach the folder “%folder”: %reason."),
            SO_TEXT("Plug in its disk or mount it again; the upload goes on from there.")},
    Wording{ErrorKind::SignInNeeded, SO_TEXT("%destination doesn't accept the sign-in."),
            SO_TEXT("Check the token or password, then start again.")},
    Wording{ErrorKind::PermissionDenied, SO_TEXT("%destination does not allow this upload."),
            SO_TEXT("Ask its owner for permission, or choose another destination.")},
    Wording{ErrorKind::CertificateRejected,
            SO_TEXT("The certificate of %destination can't be trusted: %reason. Nothing was sent."),
            SO_TEXT("Check the address, or give the server's certificate as “ca_file”.")},
    Wording{ErrorKind::RedirectRefused,
            SO_TEXT("%destination sends us to another address. Nothing was sent there."),
            SO_TEXT("If that is right, use the new address as the destination.")},
    Wording{ErrorKind::PasswordOverPlainHttp,
            SO_TEXT("%destination would get the password unencrypted."),
            SO_TEXT("Use an https address, or allow it with “allow_plain=1”.")},
    Wording{ErrorKind::DestinationFull, SO_TEXT("%destination is full."),
            SO_TEXT("Free some space there, or choose another destination.")},
    Wording{ErrorKind::DestinationLimit, SO_TEXT("%destination does not take this file: %reason."),
            SO_TEXT("Export it smaller, or choose another destination.")},
    Wording{ErrorKind::DestinationBusy, SO_TEXT("%destination is busy and asks to wait."),
            SO_TEXT("Nothing to do now; start again later if it was stopped.")},
    Wording{ErrorKind::DestinationTrouble, SO_TEXT("%destination has trouble (%reason)."),
            SO_TEXT("Try again later; the upload goes on from there.")},
    Wording{ErrorKind::UploadLocked,
            SO_TEXT("%destination still holds the earlier connection of this upload."),
            SO_TEXT("Try again in a minute; the upload goes on from there.")},
    Wording{ErrorKind::UploadExpired,
            SO_TEXT("The upload could not go on where it stopped: %destination no longer has the "
                    "first part."),
            SO_TEXT("Start it again; it begins anew.")},
    Wording{
        ErrorKind::UploadMismatch,
        SO_TEXT("The copy on %destination differs from yours: %reason. It was not marked as done."),
        SO_TEXT("Upload it again.")},
    Wording{ErrorKind::ProtocolViolation,
            SO_TEXT("%destination answers in a way that Sendoff does not understand: %reason."),
            SO_TEXT("Check that the address is that of the upload server.")},
    Wording{ErrorKind::ReplyTooLarge, SO_TEXT("%destination sent an answer without end."),
            SO_TEXT("Check that the address is that of the upload server.")},
    Wording{ErrorKind::Refused, SO_TEXT("%destination refused the upload: %reason."),
            SO_TEXT("Check the address and its settings.")},
    Wording{ErrorKind::ProfileInUse, SO_TEXT("Another Sendoff is using the profile “%folder”."),
            SO_TEXT("Wait until it has ended, or use another one with --profile.")},
    Wording{ErrorKind::ProfileOnOtherHost,
            SO_TEXT("Sendoff on the computer “%name” is using the profile “%folder”, or did not end "
                    "there properly."),
            SO_TEXT("Quit it there. If it no longer runs there, delete “%file” and start again.")},
    Wording{ErrorKind::OwnerUnusable,
            SO_TEXT("The Sendoff that is using the profile “%folder” can't take this over: "
                    "%reason."),
            SO_TEXT("Quit it and give the command again, or use another profile with --profile.")},
    Wording{ErrorKind::OwnerGone,
            SO_TEXT("The Sendoff that was asked to do this ended before it answered."),
            SO_TEXT("Look at “sendoff queue list”, then give the command again if it is needed.")},
    Wording{ErrorKind::JobUnknown, SO_TEXT("There is no job “%name” in the queue."),
            SO_TEXT("“sendoff queue list” shows those there are.")},
    Wording{ErrorKind::CommandRefused, SO_TEXT("Nothing was done with “%file”: %reason."),
            SO_TEXT("“sendoff queue show %name” says how it stands.")},
    Wording{ErrorKind::StoreUnavailable, SO_TEXT("The queue can't be saved: %reason."),
            SO_TEXT("Check the disk and the permissions of the profile's folder.")},
    Wording{ErrorKind::StoreTooNew,
            SO_TEXT("The queue was saved by a newer Sendoff. It was not changed."),
            SO_TEXT("Use that version, or another profile with --profile.")},
    Wording{ErrorKind::StoreCorrupt, SO_TEXT("The saved queue is damaged: %reason."),
            SO_TEXT("Start again; the damaged file is kept beside the new one.")},
    Wording{ErrorKind::Internal, SO_TEXT("Something went wrong inside Sendoff: %reason."),
            SO_TEXT("Try again, and report it with the details.")},
};
// A sign-in that could not begin, for a reason on this side: no server has refused anything.
constexpr Wording secretOutOfReach{ErrorKind::SignInNeeded,
                                   SO_TEXT("The secret for %destination is out of reach: %reason."),
                                   SO_TEXT("Unlock the keychain, then start again.")};
#undef SO_TEXT

const Wording &wordingOf(const Error &error)
{
    if (error.kind == ErrorKind::SignInNeeded && !error[argument::reason].isEmpty())
        return secretOutOfReach;
    for (const Wording &wording : wordings) {
        if (wording.kind == error.kind)
            return wording;
    }
    return wordings.back();
}

QString sizesClause(const Error &error)
{
    bool hasNeeded = false;
    bool hasAvailable = false;
    const qint64 needed = error[argument::needed].toLongLong(&hasNeeded);
    const qint64 available = error[argument::available].toLongLong(&hasAvailable);
    if (!hasNeeded || !hasAvailable)
        return {};
    return QCoreApplication::translate("ErrorText", ": %1 needed, %2 free")
        .arg(sizeText(needed), sizeText(available));
}

// What stands for an argument that was not given.
QString substitute(QStringView name, const Error &error)
{
    if (name == argument::reason && !error.detail.isEmpty())
        return error.detail;
    if (name == argument::reason)
        return QCoreApplication::translate("ErrorText", "no reason was given");
    if (name == argument::destination)
        return QCoreApplication::translate("ErrorText", "The server");
    if (name == argument::file)
        return QCoreApplication::translate("ErrorText", "the file");
    if (name == argument::folder)
        return QCoreApplication::translate("ErrorText", "the folder");
    return QCoreApplication::translate("ErrorText", "it");
}

QString filled(const char *wording, const Error &error)
{
    // In one pass: a value that holds a "%file" of its own, such as a file's name, stays as it is.
    static const QRegularExpression placeholder(QStringLiteral("%([a-z]+)"));
    const QString sentence = QCoreApplication::translate("ErrorText", wording);
    QString text;
    qsizetype position = 0;
    for (auto found = placeholder.globalMatch(sentence); found.hasNext();) {
        const QRegularExpressionMatch match = found.next();
        const QString name = match.captured(1);
        text += QStringView(sentence).mid(position, match.capturedStart() - position);
        position = match.capturedEnd();
        if (name == u"sizes")
            text += sizesClause(error);
        else if (const auto value = error.arguments.constFind(name);
                 value != error.arguments.cend() && !value->isEmpty())
            text += *value;
        else
            text += substitute(name, error);
    }
    text += QStringView(sentence).mid(position);
    return text;
}

} // namespace

QString ErrorText::sentence() const
{
    QStringList parts{what};
    if (!kept.isEmpty())
        parts.append(kept);
    if (!next.isEmpty())
        parts.append(next);
    return parts.join(u' ');
}

ErrorText describe(const Error &error)
{
    const Wording &wording = wordingOf(error);
    ErrorText text;
    text.what = filled(wording.what, error);
    text.kept = error[argument::kept];
    text.next = filled(wording.next, error);
    return text;
}

QString sizeText(qint64 bytes)
{
    return QLocale(QLocale::English).formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

QString durationText(qint64 seconds)
{
    if (seconds < 60)
        return QCoreApplication::translate("Duration", "%1 s").arg(seconds);
    if (seconds < 3600)
        return QCoreApplication::translate("Duration", "%1 min %2 s")
            .arg(seconds / 60)
            .arg(seconds % 60);
    return QCoreApplication::translate("Duration", "%1 h %2 min")
        .arg(seconds / 3600)
        .arg(seconds % 3600 / 60);
}

} // namespace sendoff

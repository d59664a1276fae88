// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace sendoff {

namespace {

struct KindName {
    ErrorKind kind;
    QStringView name;
};

constexpr std::array kindNames{
    KindName{ErrorKind::Cancelled, u"cancelled"},
    KindName{ErrorKind::BadUsage, u"bad-usage"},
    KindName{ErrorKind::SourceMissing, u"source-missing"},
    KindName{ErrorKind::SourceUnreadable, u"source-unreadable"},
    KindName{ErrorKind::SourceNotRegular, u"source-not-regular"},
    KindName{ErrorKind::SourceEmpty, u"source-empty"},
    KindName{ErrorKind::SourceNotMedia, u"source-not-media"},
    KindName{ErrorKind::SourceNoStreams, u"source-no-streams"},
    KindName{ErrorKind::SourceTooLarge, u"source-too-large"},
    KindName{ErrorKind::SourceProtected, u"source-protected"},
    KindName{ErrorKind::SourceDamaged, u"source-damaged"},
    KindName{ErrorKind::SourceChanged, u"source-changed"},
    KindName{ErrorKind::SourceGrowing, u"source-growing"},
    KindName{ErrorKind::NoDecoder, u"no-decoder"},
    KindName{ErrorKind::PresetUnknown, u"preset-unknown"},
    KindName{ErrorKind::PresetInvalid, u"preset-invalid"},
    KindName{ErrorKind::NoEncoder, u"no-encoder"},
    KindName{ErrorKind::EncoderFailed, u"encoder-failed"},
    KindName{ErrorKind::OutOfMemory, u"out-of-memory"},
    KindName{ErrorKind::OutputIsSource, u"output-is-source"},
    KindName{ErrorKind::OutputExists, u"output-exists"},
    KindName{ErrorKind::OutputFolderMissing, u"output-folder-missing"},
    KindName{ErrorKind::OutputNotWritable, u"output-not-writable"},
    KindName{ErrorKind::OutputTooLarge, u"output-too-large"},
    KindName{ErrorKind::DiskFull, u"disk-full"},
    KindName{ErrorKind::OutputDamaged, u"output-damaged"},
    KindName{ErrorKind::DestinationUnknown, u"destination-unknown"},
    KindName{ErrorKind::DestinationInvalid, u"destination-invalid"},
    KindName{ErrorKind::DestinationUnreachable, u"destination-unreachable"},
    KindName{ErrorKind::FolderUnreachable, u"folder-unreachable"},
    KindName{ErrorKind::SignInNeeded, u"sign-in-needed"},
    KindName{ErrorKind::PermissionDenied, u"permission-denied"},
    KindName{ErrorKind::CertificateRejected, u"certificate-rejected"},
    KindName{ErrorKind::RedirectRefused, u"redirect-refused"},
    KindName{ErrorKind::PasswordOverPlainHttp, u"password-over-plain-http"},
    KindName{ErrorKind::DestinationFull, u"destination-full"},
    KindName{ErrorKind::DestinationLimit, u"destination-limit"},
    KindName{ErrorKind::DestinationBusy, u"destination-busy"},
    KindName{ErrorKind::DestinationTrouble, u"destination-trouble"},
    KindName{ErrorKind::UploadLocked, u"upload-locked"},
    KindName{ErrorKind::UploadExpired, u"upload-expired"},
    KindName{ErrorKind::UploadMismatch, u"upload-mismatch"},
    KindName{ErrorKind::ProtocolViolation, u"protocol-violation"},
    KindName{ErrorKind::ReplyTooLarge, u"reply-too-large"},
    KindName{ErrorKind::Refused, u"refused"},
    KindName{ErrorKind::ProfileInUse, u"profile-in-use"},
    KindName{ErrorKind::ProfileOnOtherHost, u"profile-on-other-host"},
    KindName{ErrorKind::OwnerUnusable, u"owner-unusable"},
    KindName{ErrorKind::OwnerGone, u"owner-gone"},
    KindName{ErrorKind::JobUnknown, u"job-unknown"},
    KindName{ErrorKind::CommandRefused, u"command-refused"},
    KindName{ErrorKind::StoreUnavailable, u"store-unavailable"},
    KindName{ErrorKind::StoreTooNew, u"store-too-new"},
    KindName{ErrorKind::StoreCorrupt, u"store-corrupt"},
    KindName{ErrorKind::Internal, u"internal"},
};

struct ErrnoMeaning {
    ErrorKind kind;
    RetryAdvice::When when = RetryAdvice::When::Never;
};

ErrnoMeaning sourceMeaning(int code)
{
    switch (code) {
    case ENOENT:
    case ENOTDIR:
        return {ErrorKind::SourceMissing};
    case ENXIO: // a fifo or socket opened without its other end
    case EISDIR:
        return {ErrorKind::SourceNotRegular};
    case ENOMEM:
        return {ErrorKind::OutOfMemory};
    default:
        return {ErrorKind::SourceUnreadable};
    }
}

ErrnoMeaning outputMeaning(int code)
{
    switch (code) {
    case ENOSPC:
    case EDQUOT:
        return {ErrorKind::DiskFull, RetryAdvice::When::WhenSpace};
    case EFBIG:
        return {ErrorKind::OutputTooLarge};
    case ENOENT:
    case ENOTDIR:
    case ENODEV:
    case ESTALE:
        return {ErrorKind::OutputFolderMissing};
    case EEXIST:
        return {ErrorKind::OutputExists};
    case ENOMEM:
        return {ErrorKind::OutOfMemory};
    default:
        return {ErrorKind::OutputNotWritable};
    }
}

// "Permission denied" as a clause: "permission denied". Names such as "I/O error" stay.
QString clauseOf(int code)
{
    QString text = QString::fromStdString(std::generic_category().message(code));
    if (text.size() > 1 && text[1].isLower())
        text[0] = text[0].toLower();
    return text;
}

} // namespace

Error Error::fromErrno(int code, FileRole role, const QString &step, const QString &file)
{
    const ErrnoMeaning meaning =
        role == FileRole::Source ? sourceMeaning(code) : outputMeaning(code);
    const QString reason = clauseOf(code);
    return Error(meaning.kind, QStringLiteral("%1: %2 (errno %3)").arg(step, reason).arg(code),
                 RetryAdvice{meaning.when, {}})
        .with(role == FileRole::Source ? argument::file : argument::folder, file)
        .with(argument::reason, reason);
}

QString kindName(ErrorKind kind)
{
    const auto found = std::find_if(kindNames.begin(), kindNames.end(),
                                    [kind](const KindName &entry) { return entry.kind == kind; });
    return found == kindNames.end() ? QStringLiteral("internal") : found->name.toString();
}

std::optional<ErrorKind> kindFromName(QStringView name)
{
    const auto found = std::find_if(kindNames.begin(), kindNames.end(),
                                    [name](const KindName &entry) { return entry.name == name; });
    if (found == kindNames.end())
        return std::nullopt;
    return found->kind;
}

} // namespace sendoff

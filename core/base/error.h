// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What went wrong, as data: a kind to decide by, arguments for the sentence, a detail for the log,
// and when trying again makes sense. Not for: the sentence itself (error_text.h).

#include <QMap>
#include <QString>

#include <chrono>
#include <optional>

namespace sendoff {

// One kind per sentence that a user can meet. The groups follow the way of a video.
enum class ErrorKind {
    Cancelled, // stopped on purpose; never shown as a failure

    BadUsage, // the command line or a setting asks for something that does not exist

    SourceMissing,
    SourceUnreadable, // no permission, or a read error
    SourceNotRegular, // folder, fifo, device, socket
    SourceEmpty,
    SourceNotMedia, // no demuxer of the allow-list accepts it
    SourceNoStreams, // a media file without video or audio that can be exported
    SourceTooLarge, // picture, stream count or sample size over the limits
    SourceProtected, // encrypted
    SourceDamaged, // decoding ends before the content does
    SourceChanged, // not the file that the job was made for
    SourceGrowing,
    NoDecoder,

    PresetUnknown,
    PresetInvalid,
    NoEncoder,
    EncoderFailed,
    OutOfMemory,

    OutputIsSource,
    OutputExists,
    OutputFolderMissing,
    OutputNotWritable,
    OutputTooLarge, // the file system's limit for one file
    DiskFull,
    OutputDamaged, // written, but the check of the result disagrees with the plan

    DestinationUnknown,
    DestinationInvalid, // an option is missing or wrong
    DestinationUnreachable,
    FolderUnreachable, // the disk or the server that a destination's folder lies on is away
    SignInNeeded,
    PermissionDenied,
    CertificateRejected,
    RedirectRefused,
    PasswordOverPlainHttp,
    DestinationFull,
    DestinationLimit, // takes files only up to a size, or of other kinds
    DestinationBusy, // asked us to wait
    DestinationTrouble, // 5xx
    UploadLocked, // an earlier connection still holds the upload
    UploadExpired, // the remote part is gone
    UploadMismatch, // offset or checksum differ
    ProtocolViolation,
    ReplyTooLarge,
    Refused, // any other final no of the server

    ProfileInUse,
    ProfileOnOtherHost, // held there, or left there by a Sendoff that did not end properly
    OwnerUnusable, // another process owns the profile but cannot take a command over
    OwnerGone, // it ended before it answered
    JobUnknown,
    CommandRefused, // a command does not apply to a job as it stands
    StoreUnavailable,
    StoreTooNew,
    StoreCorrupt,

    Internal,
};

// When the same step may be tried again. Decided where the failure is understood.
struct RetryAdvice {
    // WhenDestination: as Backoff, and what was open there is opened anew.
    enum class When { Never, Backoff, At, WhenSpace, WhenDestination, AfterSignIn };
    When when = When::Never;
    std::chrono::system_clock::time_point at{}; // for At only

    static RetryAdvice never() { return {}; }
    static RetryAdvice backoff() { return {When::Backoff, {}}; }
    static RetryAdvice atTime(std::chrono::system_clock::time_point time)
    {
        return {When::At, time};
    }
    bool operator==(const RetryAdvice &) const = default;
};

// Names of `Error::arguments`. Values are already readable: names escaped, sizes in words.
namespace argument {
inline constexpr auto file = u"file"; // a file's displayed name
inline constexpr auto folder = u"folder";
inline constexpr auto destination = u"destination"; // what the user calls it
inline constexpr auto needed = u"needed"; // bytes, decimal
inline constexpr auto available = u"available"; // bytes, decimal
inline constexpr auto limit = u"limit"; // bytes, decimal
inline constexpr auto name = u"name"; // of a preset, codec, option, …
inline constexpr auto reason = u"reason"; // a short clause, without a full stop
inline constexpr auto position = u"position"; // seconds, decimal
inline constexpr auto kept = u"kept"; // a sentence: what is safe
} // namespace argument

struct Error {
    // User-written so that an Error may stand in a co_await expression (gcc 12, STYLE 0).
    explicit Error(ErrorKind errorKind = ErrorKind::Internal, QString errorDetail = {},
                   RetryAdvice advice = {})
        : kind(errorKind), detail(std::move(errorDetail)), retry(advice)
    {
    }

    // Adds one argument; returns *this for chaining.
    Error &with(QStringView name, const QString &value) &
    {
        arguments.insert(name.toString(), value);
        return *this;
    }
    Error &&with(QStringView name, const QString &value) &&
    {
        arguments.insert(name.toString(), value);
        return std::move(*this);
    }
    bool operator==(const Error &) const = default;
    QString operator[](QStringView name) const { return arguments.value(name.toString()); }

    ErrorKind kind;
    QMap<QString, QString> arguments;
    QString detail; // what was tried, on what, what came back; no secrets
    RetryAdvice retry;

    static Error cancelled() { return Error(ErrorKind::Cancelled); }
    // For a failed system call: `step` says what was tried, `file` on what. Maps ENOSPC, EDQUOT,
    // EFBIG, EROFS, EACCES, ENOENT and so on to their kinds. `writing` chooses between the
    // source's and the output's kinds.
    enum class FileRole { Source, Output };
    static Error fromErrno(int code, FileRole role, const QString &step, const QString &file);
};

QString kindName(ErrorKind kind); // stable, for JSON and logs: "disk-full"
std::optional<ErrorKind> kindFromName(QStringView name);

} // namespace sendoff

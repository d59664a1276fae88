// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Destination and UploadSession: the seam between the one Uploader and the many protocols. A
// destination describes itself as data; policy (parts, retries, speed, progress) is the Uploader's.

#include "core/base/byte_ranges.h"
#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/transfer/byte_source.h"
#include "core/transfer/net/http.h"
#include "core/transfer/part_grid.h"

#include <QCoroTask>
#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QString>
#include <QUrl>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace sendoff {
class WorkerPool;
namespace net {
class Net;
}
} // namespace sendoff

namespace sendoff::transfer {

// One option of a destination, enough for a form, the command line and the documentation.
struct DestinationOption {
    // Limit: a LimitTimetable (limit_timetable.h).
    enum class Kind { Text, Url, Folder, File, Integer, Boolean, Limit };
    QString id; // [a-z_]+
    QString title;
    QString help; // a sentence
    Kind kind = Kind::Text;
    QString defaultValue;
    bool isRequired = false;
    bool isSecret = false; // kept in the keychain, never shown
    QString onlyWith; // asked for only where this other option is set
    QByteArray environment; // of a secret: the variable that other programs know it by
};

// What the protocol allows.
struct Capabilities {
    bool needsLengthFirst = false; // cannot start before the size is known
    bool takesAnyOrder = false; // else front to back only
    qint64 minimumPart = 0; // all but the last part; 0 = any
    qint64 maximumPart = 0; // 0 = one request for everything
    qint64 partMultiple = 1;
    int partsAtOnce = 1; // more only where parts may come in any order
    bool canListLeftovers = false; // Destination::leftovers()
    // What is sent can be seen at once, before finish(): nothing is sent before it may be.
    bool publishesAtOnce = false;
    qint64 maximumSize = 0; // 0 = unknown
    QString checksum; // algorithm the server checks, empty = none
    QString linkMeaning; // a sentence: what the link is and who can open it
};

// A destination as configured or as written in a URL.
struct DestinationConfig {
    QString name; // what the user calls it: "Family server", or the redacted URL
    QString type; // id of a DestinationType
    QMap<QString, QString> options;
    QMap<QString, QByteArray> secrets; // never stored with the rest

    bool operator==(const DestinationConfig &) const = default;
};

// What a session is opened for.
struct UploadTarget {
    QString fileName; // valid UTF-8, one component
    QByteArray mediaType; // "video/mp4"
    std::shared_ptr<ByteSource> source;
    QMap<QString, QByteArray> metadata; // beyond name and type; may be empty
};

struct PartPlan {
    ByteRange range; // sealed; not confirmed
    bool isLast = false; // ends at the known total
    std::optional<qint64> total; // once known
    // May be null. The session counts what it hands over here: a server that claims more than that
    // is not believed.
    std::shared_ptr<net::TransferProgress> progress;
};

struct Delivery {
    QUrl link; // what the user gets
    QString verifiedBy; // "offset", "size+sha256", …: how the server confirmed all bytes
};

// One file on its way to one place. Lives on the network thread; every call is awaited before the
// next, but send(), which may run Capabilities::partsAtOnce times at once. Calls fail with an Error whose retry advice was decided where the reply was understood.
class UploadSession {
public:
    virtual ~UploadSession() = default;
    // The parts, where they are numbered and fixed; null where they may be cut in any way.
    virtual const PartGrid *grid() const { return nullptr; }
    // What went to the server with the request that made the upload.
    virtual ByteRange sentByOpening() const { return {}; }
    // What the server is known to have: from creation, refresh() or replies, never our own count.
    virtual const ByteRanges &confirmed() const = 0;
    // Everything that another process needs to go on. Stored before the first byte is sent and
    // after each change. Holds bearer secrets.
    virtual QJsonObject resumeState() const = 0;
    // Asks the server. UploadExpired where it has forgotten.
    virtual QCoro::Task<Result<void>> refresh(std::stop_token stop) = 0;
    // Makes what `part` needs at the server. resumeState() is stored after it and before the first
    // byte of the part is sent; others may be on their way meanwhile.
    virtual QCoro::Task<Result<void>> prepare(ByteRange part, std::stop_token stop);
    virtual QCoro::Task<Result<void>> send(PartPlan part, std::stop_token stop) = 0;
    // Makes the whole of the parts, where that is a step of its own. resumeState() is stored after it
    // and before finish(). Idempotent as that.
    virtual QCoro::Task<Result<void>> assemble(qint64 size, std::stop_token stop);
    // Declares the length where it was unknown, publishes, and checks what the server then has.
    // Idempotent: a lost reply is looked up, not repeated.
    virtual QCoro::Task<Result<Delivery>> finish(qint64 size, std::stop_token stop) = 0;
    // Removes the remote part, best effort.
    virtual QCoro::Task<Result<void>> discard(std::stop_token stop) = 0;
};

// An unfinished upload that lies at a destination, whoever made it.
struct Leftover {
    QString name;
    QDateTime since; // may be invalid
    QJsonObject resumeState; // for discardUpload()
};

class Destination {
public:
    virtual ~Destination() = default;
    virtual const DestinationConfig &config() const = 0;
    virtual QUrl server() const { return {}; } // what is connected to; empty = nothing is
    // May ask the server (tus OPTIONS).
    virtual QCoro::Task<Result<Capabilities>> capabilities(std::stop_token stop) = 0;
    // `resumeState` empty: makes a new remote upload. Else restores one and asks what it has;
    // UploadExpired where it is gone.
    virtual QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    open(UploadTarget target, QJsonObject resumeState, std::stop_token stop) = 0;
    // Is what was delivered still there? For a repeated command. False where it is not or where
    // that cannot be told.
    virtual QCoro::Task<Result<bool>> isStillDelivered(QJsonObject resumeState, qint64 size,
                                                       std::stop_token stop) = 0;
    // Where Capabilities::canListLeftovers.
    virtual QCoro::Task<Result<QList<Leftover>>> leftovers(std::stop_token stop);
};

struct ServerMemory; // server_memory.h

// What destinations work with; outlives them.
struct DestinationContext {
    net::Net *net = nullptr;
    WorkerPool *io = nullptr;
    std::shared_ptr<ServerMemory> memory; // null: each upload asks and tries everything anew
    // The Shelf of this profile, where it runs.
    struct Shelf {
        QUrl uploadUrl;
        QByteArray token;
    };
    std::optional<Shelf> shelf;
    // How long a connection may neither take nor give a byte.
    std::chrono::milliseconds stallTimeout{30'000};
};

struct DestinationType {
    QString id; // "tus"
    QString title; // "tus server"
    QString help; // a sentence or two
    QStringList schemes; // of URLs: "tus+http", "tus+https"
    QList<DestinationOption> options;
    Capabilities capabilities; // what can be said without asking a server
    // Turns a URL of one of the schemes into options. DestinationInvalid.
    std::function<Result<QMap<QString, QString>>(const QUrl &)> optionsFromUrl;
    std::function<Result<std::unique_ptr<Destination>>(DestinationConfig, DestinationContext)>
        create;
};

// Every type there is, in the order of the menus (all_destinations.cpp).
const QList<DestinationType> &destinationTypes();
const DestinationType *findDestinationType(QStringView id);

// For `destinations types --json`: every field of the type but its functions.
QJsonObject toJson(const DestinationType &type);

// A destination as written on the command line: "shelf:", "file:///dir", "tus+https://host/files?
// ca_file=…". Options of the type may stand in the query; what looks like a secret is refused
// there. DestinationUnknown, DestinationInvalid.
Result<DestinationConfig> destinationFromUrl(const QString &url);
// The option that the one secret of a URL destination (SENDOFF_SECRET) fills in: the last secret
// option whose `onlyWith` is set. Empty where the type takes none.
QString mainSecretOf(const DestinationConfig &config);
// With the type's defaults filled in; without a look at the network. DestinationUnknown,
// DestinationInvalid.
Result<DestinationConfig> checkedConfig(DestinationConfig config);
// Checks the options against the type and creates it. Network thread. DestinationUnknown,
// DestinationInvalid, PasswordOverPlainHttp.
Result<std::unique_ptr<Destination>> createDestination(DestinationConfig config,
                                                       DestinationContext context);

} // namespace sendoff::transfer

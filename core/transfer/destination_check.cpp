// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/destination_check.h"

#include "core/base/error_text.h"
#include "core/base/run_on.h"
#include "core/transfer/net/net.h"
#include "core/transfer/server_options.h"

#include <QCoreApplication>
#include <QTemporaryFile>

#include <netdb.h>
#include <utility>

namespace sendoff::transfer {

namespace {

using What = CheckStep::What;

constexpr qint64 checkSize = 1024;

CheckStep fine(What what, const QString &note = {})
{
    CheckStep step;
    step.what = what;
    step.note = note;
    return step;
}

CheckStep failed(What what, Error error)
{
    CheckStep step;
    step.what = what;
    step.error = std::move(error);
    return step;
}

// Blocking.
Result<void> resolveHost(const QUrl &url)
{
    const QByteArray host = url.host(QUrl::FullyEncoded).toLatin1();
    addrinfo *found = nullptr;
    const int code = ::getaddrinfo(host.constData(), nullptr, nullptr, &found);
    if (code == 0) {
        ::freeaddrinfo(found);
        return {};
    }
    const QString reason = QStringLiteral("“%1” has no address").arg(url.host());
    return failure(Error(ErrorKind::DestinationUnreachable,
                         QString::fromLocal8Bit(::gai_strerror(code)), RetryAdvice::backoff())
                       .with(argument::reason, reason));
}

// Blocking. A file of nothing in particular, that exists as long as it is open.
Result<std::shared_ptr<const SourceFile>> makeSample(const QString &path)
{
    QFile file(path);
    const QByteArray bytes(checkSize, 's');
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.flush())
        return failure(Error(ErrorKind::OutputNotWritable, file.errorString())
                           .with(argument::folder, path)
                           .with(argument::reason, file.errorString()));
    file.close();
    return SourceFile::open(path.toStdString());
}

// The steps about the server itself. True where it can be talked to.
QCoro::Task<bool> checkServer(QUrl server, DestinationConfig config, DestinationContext context,
                              QList<CheckStep> *steps, std::stop_token stop)
{
    auto resolving = runOn(*context.io, [server] { return resolveHost(server); }, stop);
    auto resolved = co_await std::move(resolving);
    net::HttpRequest request("HEAD", server);
    request.trust = trustOf(config);
    auto asking = context.net->send(std::move(request), stop);
    auto reply = co_await std::move(asking);
    // Behind a proxy, only the proxy knows the name.
    if (!resolved && !reply) {
        steps->append(failed(What::Resolve,
                             std::move(resolved).error().with(argument::destination, config.name)));
        co_return false;
    }
    steps->append(fine(What::Resolve));
    const bool isTls = server.scheme() == u"https";
    const bool isRejected = !reply && reply.error().kind == ErrorKind::CertificateRejected;
    if (!reply && !isRejected) {
        steps->append(failed(What::Connect,
                             std::move(reply).error().with(argument::destination, config.name)));
        co_return false;
    }
    steps->append(fine(What::Connect));
    if (isRejected) {
        steps->append(
            failed(What::Tls, std::move(reply).error().with(argument::destination, config.name)));
        co_return false;
    }
    if (isTls)
        steps->append(fine(What::Tls));
    co_return true;
}

// Whether what was written is known again by its resume state.
QCoro::Task<CheckStep> checkResume(Destination *destination, UploadTarget target, QJsonObject state,
                                   std::stop_token stop)
{
    auto opening = destination->open(std::move(target), std::move(state), stop);
    auto opened = co_await std::move(opening);
    if (!opened)
        co_return failed(What::Resume, std::move(opened).error());
    if ((*opened)->confirmed().totalBytes() == checkSize)
        co_return fine(What::Resume);
    const QString reason = QStringLiteral("it does not know how much it has");
    co_return failed(What::Resume, Error(ErrorKind::UploadMismatch, reason)
                                       .with(argument::destination, destination->config().name)
                                       .with(argument::reason, reason));
}

// Signs in, writes, asks, removes.
QCoro::Task<void> checkUpload(Destination *destination, UploadTarget target,
                              QList<CheckStep> *steps, std::stop_token stop)
{
    auto asking = destination->capabilities(stop);
    auto rules = co_await std::move(asking);
    if (!rules) {
        steps->append(failed(What::SignIn, std::move(rules).error()));
        co_return;
    }
    auto opening = destination->open(target, {}, stop);
    auto session = co_await std::move(opening);
    if (!session) {
        steps->append(failed(What::SignIn, std::move(session).error()));
        co_return;
    }
    steps->append(fine(What::SignIn));
    PartPlan part;
    part.range = {0, checkSize};
    part.total = checkSize;
    part.isLast = true;
    auto sending = (*session)->send(std::move(part), stop);
    auto sent = co_await std::move(sending);
    if (sent) {
        steps->append(fine(What::Write));
        auto resuming = checkResume(destination, target, (*session)->resumeState(), stop);
        CheckStep resumed = co_await std::move(resuming);
        steps->append(std::move(resumed));
    } else {
        steps->append(failed(What::Write, std::move(sent).error()));
    }
    auto discarding = (*session)->discard(stop);
    auto discarded = co_await std::move(discarding);
    steps->append(discarded ? fine(What::Delete)
                            : failed(What::Delete, std::move(discarded).error()));
}

} // namespace

QCoro::Task<QList<CheckStep>> checkDestination(Destination *destination, DestinationContext context,
                                               std::stop_token stop)
{
    QList<CheckStep> steps;
    if (const QUrl server = destination->server(); !server.isEmpty()) {
        auto checking = checkServer(server, destination->config(), context, &steps, stop);
        const bool isReachable = co_await std::move(checking);
        if (!isReachable)
            co_return steps;
    }
    QTemporaryFile place;
    const bool isMade = place.open();
    auto making = runOn(*context.io, [path = place.fileName()] { return makeSample(path); }, stop);
    auto sample = co_await std::move(making);
    if (!isMade || !sample) {
        steps.append(failed(What::Write, sample ? Error() : sample.error()));
        co_return steps;
    }
    UploadTarget target;
    // By its name and type it is what will be sent: some servers take nothing else.
    target.fileName = QStringLiteral("sendoff-test.mp4");
    target.mediaType = "video/mp4";
    target.source = std::make_shared<ByteSource>(*sample);
    auto uploading = checkUpload(destination, std::move(target), &steps, stop);
    co_await std::move(uploading);
    co_return steps;
}

QString stepName(CheckStep::What what)
{
    switch (what) {
    case What::Resolve:
        return QStringLiteral("resolve");
    case What::Connect:
        return QStringLiteral("connect");
    case What::Tls:
        return QStringLiteral("tls");
    case What::SignIn:
        return QStringLiteral("sign_in");
    case What::Write:
        return QStringLiteral("write");
    case What::Resume:
        return QStringLiteral("resume");
    case What::Delete:
        break;
    }
    return QStringLiteral("delete");
}

QString stepSentence(const CheckStep &step)
{
    if (step.error)
        return describe(*step.error).sentence();
    const auto text = [](const char *sentence) {
        return QCoreApplication::translate("DestinationCheck", sentence);
    };
    switch (step.what) {
    case What::Resolve:
        return text(QT_TRANSLATE_NOOP("DestinationCheck", "The server's name is known."));
    case What::Connect:
        return text(QT_TRANSLATE_NOOP("DestinationCheck", "The server answers."));
    case What::Tls:
        return text(QT_TRANSLATE_NOOP("DestinationCheck", "Its certificate is right."));
    case What::SignIn:
        return text(QT_TRANSLATE_NOOP("DestinationCheck", "It lets us in."));
    case What::Write:
        return text(QT_TRANSLATE_NOOP("DestinationCheck", "It took 1 KB."));
    case What::Resume:
        return text(QT_TRANSLATE_NOOP("DestinationCheck", "It knows what it has."));
    case What::Delete:
        break;
    }
    return text(QT_TRANSLATE_NOOP("DestinationCheck", "It removed what was written."));
}

} // namespace sendoff::transfer

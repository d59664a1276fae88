// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Both ends of the profile's socket, in one process: who may call, what is passed on, what happens
// when either end goes away.
#include "app/owner/owner_client.h"
#include "app/owner/owner_server.h"
#include "app/owner/owner_socket.h"
#include "core/base/sleep.h"

#include <QCoroTask>
#include <QLocalSocket>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace sendoff;
using namespace sendoff::app;

namespace {

class Collected : public Output {
public:
    void write(Stream stream, const QByteArray &bytes) override
    {
        (stream == Stream::Out ? out : error) += bytes;
    }
    std::optional<TerminalSize> terminal() const override { return std::nullopt; }
    QByteArray out;
    QByteArray error;
};

// Says its arguments and its terminal; returns the number of arguments. "wait" goes on until it is
// stopped, "big" says a lot.
QCoro::Task<int> echo(HandOver handOver, Output *output, std::stop_token stop)
{
    for (const std::string &argument : handOver.arguments)
        output->write(Output::Stream::Out, QByteArray::fromStdString(argument + '\n'));
    if (const auto terminal = output->terminal())
        output->write(Output::Stream::Error, QByteArray::number(terminal->columns));
    const std::string first = handOver.arguments.empty() ? "" : handOver.arguments[0];
    if (first == "big")
        output->write(Output::Stream::Out, QByteArray(3'000'000, 'b'));
    while (first == "wait" && !stop.stop_requested())
        co_await sleepFor(std::chrono::minutes(1), stop);
    co_return stop.stop_requested() ? 130 : int(handOver.arguments.size());
}

} // namespace

class tst_owner_server : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void onlyTheUserReachesTheSocket();
    void deepFoldersWorkToo();
    void replacesWhatADeadOwnerLeft();
    void passesWordsAndExitCodeOn();
    void manyCallersAreServedAtOnce();
    void callersBeforeServeWait();
    void garbageHurtsNobody_data();
    void garbageHurtsNobody();
    void nobodyListens();
    void silentOwnerIsTold();
    void closingTellsTheCallers();
    void ownerThatGoesAwayIsTold();
    void commandOfACallerThatLeftGoesOn();
    void lastWordsArriveWhole();

private:
    FilePath socketPath() const { return FilePath(m_folder->path().toStdString()) / "owner.sock"; }
    QCoro::Task<HandOverResult> call(std::vector<std::string> arguments, Output *output,
                                     std::stop_token stop = {})
    {
        HandOver handOver;
        handOver.arguments = std::move(arguments);
        handOver.workingFolder = "/tmp";
        handOver.terminal = TerminalSize{99, 20};
        return handOverTo(socketPath(), std::move(handOver), output, std::chrono::minutes(1),
                          std::move(stop));
    }
    QByteArray answerTo(const QByteArray &bytes);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<OwnerServer> m_server;
};

void tst_owner_server::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    auto server = OwnerServer::listen(socketPath());
    QVERIFY(server.has_value());
    m_server = std::move(*server);
    m_server->serve(&echo);
}

void tst_owner_server::cleanup()
{
    if (m_server)
        QCoro::waitFor(m_server->close());
    m_server.reset();
    QVERIFY(!std::filesystem::exists(socketPath()));
}

void tst_owner_server::onlyTheUserReachesTheSocket()
{
    struct stat status {};
    QCOMPARE(::lstat(socketPath().c_str(), &status), 0);
    QVERIFY(S_ISSOCK(status.st_mode));
    QCOMPARE(status.st_mode & 0777, mode_t(0600));
    const auto descriptor = connectTo(socketPath());
    QVERIFY(descriptor.has_value());
    QVERIFY(isSameUser(*descriptor));
    ::close(*descriptor);
    if (::geteuid() != 0)
        QSKIP("only root can call as another user");
    const pid_t child = ::fork();
    if (child == 0) { // another user, for whom somebody opened the folder and the socket
        ::chmod(m_folder->path().toUtf8().constData(), 0777);
        ::chmod(socketPath().c_str(), 0777);
        const bool left = ::setresuid(65534, 65534, 65534) == 0;
        const auto stranger = left ? connectTo(socketPath()) : std::nullopt;
        char byte = 0;
        // Let in by the system, and hung up on before a word was read.
        ::usleep(1000);
        const bool isRefused = stranger && !isSameUser(*stranger)
            && ::fcntl(*stranger, F_SETFL, 0) == 0 && ::read(*stranger, &byte, 1) <= 0;
        ::_exit(isRefused ? 0 : 1);
    }
    int result = -1;
    bool hasEnded = false;
    QTRY_VERIFY_WITH_TIMEOUT(hasEnded = hasEnded || ::waitpid(child, &result, WNOHANG) == child,
                             60'000);
    QCOMPARE(result, 0);
}

void tst_owner_server::deepFoldersWorkToo()
{
    const FilePath folder = socketPath().parent_path() / std::string(120, 'd') / std::string(200, 'e');
    std::filesystem::create_directories(folder);
    auto server = OwnerServer::listen(folder / "owner.sock");
    QVERIFY(server.has_value());
    (*server)->serve(&echo);
    QVERIFY(std::filesystem::is_socket(folder / "owner.sock"));
    HandOver handOver;
    handOver.arguments = {"deep"};
    handOver.workingFolder = folder;
    Collected output;
    const auto result = QCoro::waitFor(handOverTo(folder / "owner.sock", handOver, &output,
                                                  std::chrono::minutes(1), std::stop_token()));
    QCOMPARE(std::get<OwnerExit>(result).code, 1);
    QCOMPARE(output.out, QByteArray("deep\n"));
    QCoro::waitFor((*server)->close());
}

void tst_owner_server::replacesWhatADeadOwnerLeft()
{
    const FilePath left = socketPath().parent_path() / "left.sock";
    const auto first = listenAt(left);
    QVERIFY(first.has_value());
    ::close(*first); // as SIGKILL does: the file stays
    QVERIFY(std::filesystem::exists(left));
    QVERIFY(!connectTo(left).has_value());
    const auto second = OwnerServer::listen(left);
    QVERIFY(second.has_value());
    const auto caller = connectTo(left);
    QVERIFY(caller.has_value());
    ::close(*caller);
}

void tst_owner_server::passesWordsAndExitCodeOn()
{
    Collected output;
    const auto result = QCoro::waitFor(call({"say", "caf\xe9"}, &output));
    QCOMPARE(std::get<OwnerExit>(result).code, 2);
    QCOMPARE(output.out, QByteArray("say\ncaf\xe9\n"));
    QCOMPARE(output.error, QByteArray("99"));
    QCOMPARE(m_server->running(), 0);
}

void tst_owner_server::manyCallersAreServedAtOnce()
{
    constexpr int callers = 200;
    std::vector<Collected> outputs(callers);
    std::vector<QCoro::Task<HandOverResult>> calls;
    for (int caller = 0; caller < callers; ++caller)
        calls.push_back(call({"say", std::to_string(caller)}, &outputs[std::size_t(caller)]));
    int taken = 0;
    for (int caller = 0; caller < callers; ++caller) {
        const auto result = QCoro::waitFor(std::move(calls[std::size_t(caller)]));
        // More than the line holds are sent away, to try again; nobody gets another's words.
        if (std::holds_alternative<HandOverEnd>(result))
            continue;
        ++taken;
        QCOMPARE(outputs[std::size_t(caller)].out,
                 "say\n" + QByteArray::number(caller) + '\n');
    }
    QVERIFY2(taken >= 100, qPrintable(QString::number(taken)));
}

void tst_owner_server::callersBeforeServeWait()
{
    const FilePath path = socketPath().parent_path() / "early.sock";
    auto server = OwnerServer::listen(path);
    QVERIFY(server.has_value());
    HandOver handOver;
    handOver.arguments = {"early"};
    handOver.workingFolder = "/";
    Collected output;
    auto calling = handOverTo(path, handOver, &output, std::chrono::minutes(1), std::stop_token());
    QTest::qWait(20);
    QVERIFY(!calling.isReady());
    (*server)->serve(&echo);
    const auto result = QCoro::waitFor(std::move(calling));
    QCOMPARE(std::get<OwnerExit>(result).code, 1);
    QCoro::waitFor((*server)->close());
}

// What the server says to bytes of any kind, until it hangs up.
QByteArray tst_owner_server::answerTo(const QByteArray &bytes)
{
    QLocalSocket socket;
    const auto descriptor = connectTo(socketPath());
    if (!descriptor)
        return "not connected";
    socket.setSocketDescriptor(*descriptor);
    socket.write(bytes);
    QByteArray answer;
    for (int round = 0; round < 6000 && socket.state() == QLocalSocket::ConnectedState; ++round) {
        QTest::qWait(5);
        answer += socket.readAll();
        if (answer.contains("refused"))
            break;
    }
    return answer;
}

void tst_owner_server::garbageHurtsNobody_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("text") << QByteArray("hello\n") << QByteArray("unreadable");
    QTest::newRow("binary") << QByteArray("\0\1\2\377\n", 5) << QByteArray("unreadable");
    QTest::newRow("an empty line") << QByteArray("\n") << QByteArray("unreadable");
    QTest::newRow("another version") << QByteArray("{\"sendoff\":1}\n") << QByteArray("other-version");
    QTest::newRow("a line without end")
        << QByteArray(LineReader::maxLine + 2, 'x') << QByteArray("unreadable");
}

void tst_owner_server::garbageHurtsNobody()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, answer);
    const QByteArray got = answerTo(bytes);
    QVERIFY2(got.contains(answer), got.constData());
    QCOMPARE(m_server->running(), 0);
    Collected output; // others go on
    QVERIFY(std::holds_alternative<OwnerExit>(QCoro::waitFor(call({"say"}, &output))));
}

void tst_owner_server::nobodyListens()
{
    Collected output;
    HandOver handOver;
    handOver.workingFolder = "/";
    const auto result = QCoro::waitFor(handOverTo(socketPath().parent_path() / "none.sock", handOver,
                                                  &output, std::chrono::minutes(1),
                                                  std::stop_token()));
    QVERIFY(std::get<HandOverEnd>(result) == HandOverEnd::NotTaken);
}

void tst_owner_server::silentOwnerIsTold()
{
    const FilePath path = socketPath().parent_path() / "silent.sock";
    const auto listener = listenAt(path); // as a stopped process: connected to, and mute
    QVERIFY(listener.has_value());
    HandOver handOver;
    handOver.workingFolder = "/";
    Collected output;
    const auto result = QCoro::waitFor(handOverTo(path, handOver, &output,
                                                  std::chrono::milliseconds(50), std::stop_token()));
    QVERIFY(std::get<HandOverEnd>(result) == HandOverEnd::Silent);
    ::close(*listener);
}

void tst_owner_server::closingTellsTheCallers()
{
    Collected output;
    auto calling = call({"wait"}, &output);
    QTRY_COMPARE(output.out, QByteArray("wait\n"));
    QCOMPARE(m_server->running(), 1);
    QCoro::waitFor(m_server->close());
    QCOMPARE(m_server->running(), 0);
    const auto result = QCoro::waitFor(std::move(calling));
    QVERIFY(std::get<OwnerRefusal>(result) == OwnerRefusal::Closing);
    const auto after = QCoro::waitFor(call({"say"}, &output));
    QVERIFY(std::get<HandOverEnd>(after) == HandOverEnd::NotTaken);
}

void tst_owner_server::ownerThatGoesAwayIsTold()
{
    const FilePath path = socketPath().parent_path() / "dying.sock";
    const auto listener = listenAt(path);
    QVERIFY(listener.has_value());
    HandOver handOver;
    handOver.workingFolder = "/";
    Collected output;
    auto calling = handOverTo(path, handOver, &output, std::chrono::minutes(1), std::stop_token());
    int caller = -1;
    QTRY_VERIFY(caller >= 0 || (caller = ::accept(*listener, nullptr, nullptr)) >= 0);
    const QByteArray words = encoded(OwnerAccepted{1})
        + encoded(OwnerOutput{Output::Stream::Out, "half"});
    QCOMPARE(::write(caller, words.constData(), size_t(words.size())), ssize_t(words.size()));
    QTRY_COMPARE(output.out, QByteArray("half"));
    ::close(caller);
    const auto result = QCoro::waitFor(std::move(calling));
    QVERIFY(std::get<HandOverEnd>(result) == HandOverEnd::Lost);
    ::close(*listener);
}

void tst_owner_server::commandOfACallerThatLeftGoesOn()
{
    Collected output;
    std::stop_source stop;
    auto calling = call({"wait"}, &output, stop.get_token());
    QTRY_COMPARE(output.out, QByteArray("wait\n"));
    stop.request_stop();
    const auto result = QCoro::waitFor(std::move(calling));
    QVERIFY(std::get<HandOverEnd>(result) == HandOverEnd::Stopped);
    QTest::qWait(20);
    QCOMPARE(m_server->running(), 1);
    std::stop_source wait;
    auto idling = m_server->idle(wait.get_token());
    QVERIFY(!idling.isReady());
    wait.request_stop();
    QCoro::waitFor(std::move(idling));
}

void tst_owner_server::lastWordsArriveWhole()
{
    Collected output;
    const auto result = QCoro::waitFor(call({"big"}, &output));
    QCOMPARE(std::get<OwnerExit>(result).code, 1);
    QCOMPARE(output.out.size(), 4 + 3'000'000);
}

QTEST_GUILESS_MAIN(tst_owner_server)
#include "tst_owner_server.moc"

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/owner/owner_protocol.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <limits>

namespace sendoff::app {

namespace {

constexpr qsizetype maxArguments = 100'000;
constexpr qsizetype maxSecret = 64 * 1024; // also of an activation token
constexpr qsizetype maxSecrets = 1'000;
constexpr int maxTerminal = 10'000; // columns or rows

struct RefusalName {
    OwnerRefusal refusal;
    QStringView name;
};

constexpr std::array refusalNames{
    RefusalName{OwnerRefusal::Closing, u"closing"},
    RefusalName{OwnerRefusal::OtherVersion, u"other-version"},
    RefusalName{OwnerRefusal::Unreadable, u"unreadable"},
};

QByteArray lineOf(const QJsonObject &json)
{
    return QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';
}

QString base64(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

std::optional<QByteArray> fromBase64(const QJsonValue &value)
{
    if (!value.isString())
        return std::nullopt;
    const auto decoded = QByteArray::fromBase64Encoding(value.toString().toUtf8(),
                                                        QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? std::optional(decoded.decoded) : std::nullopt;
}

std::optional<QJsonObject> objectFrom(const QByteArray &line)
{
    QJsonParseError error{};
    const QJsonDocument document = QJsonDocument::fromJson(line, &error);
    if (error.error != QJsonParseError::NoError || !document.isObject())
        return std::nullopt;
    return document.object();
}

bool hasOnly(const QJsonObject &json, std::initializer_list<QStringView> members)
{
    const QStringList names = json.keys();
    return std::all_of(names.begin(), names.end(), [&](const QString &name) {
        return std::find(members.begin(), members.end(), name) != members.end();
    });
}

// Bytes of a member that may be missing.
std::optional<QByteArray> bytesFrom(const QJsonValue &value)
{
    if (value.isUndefined())
        return QByteArray();
    auto bytes = fromBase64(value);
    if (bytes && bytes->size() > maxSecret)
        return std::nullopt;
    return bytes;
}

// Members that are bytes, by name.
std::optional<transfer::SecretVariables> secretsFrom(const QJsonValue &value)
{
    transfer::SecretVariables secrets;
    const QJsonObject json = value.toObject();
    if ((!value.isUndefined() && !value.isObject()) || json.size() > maxSecrets)
        return std::nullopt;
    for (auto it = json.begin(); it != json.end(); ++it) {
        const auto secret = bytesFrom(it.value());
        if (!secret)
            return std::nullopt;
        secrets.insert(it.key().toUtf8(), *secret);
    }
    return secrets;
}

std::optional<int> integerFrom(const QJsonValue &value, int minimum, int maximum)
{
    const double number = value.toDouble(double(minimum) - 1);
    if (!value.isDouble() || number < minimum || number > maximum || number != int(number))
        return std::nullopt;
    return int(number);
}

// Bytes that the system can pass on as an argument or a path.
std::optional<std::string> wordFrom(const QJsonValue &value)
{
    const auto bytes = fromBase64(value);
    if (!bytes || bytes->contains('\0'))
        return std::nullopt;
    return bytes->toStdString();
}

std::optional<std::vector<std::string>> argumentsFrom(const QJsonValue &value)
{
    const QJsonArray array = value.toArray();
    if (!value.isArray() || array.size() > maxArguments)
        return std::nullopt;
    std::vector<std::string> arguments;
    arguments.reserve(std::size_t(array.size()));
    for (const QJsonValue &element : array) {
        auto argument = wordFrom(element);
        if (!argument)
            return std::nullopt;
        arguments.push_back(std::move(*argument));
    }
    return arguments;
}

std::optional<TerminalSize> terminalFrom(const QJsonValue &value)
{
    const QJsonObject json = value.toObject();
    const auto columns = integerFrom(json[u"columns"], 1, maxTerminal);
    const auto rows = integerFrom(json[u"rows"], 1, maxTerminal);
    if (!columns || !rows || !hasOnly(json, {u"columns", u"rows"}))
        return std::nullopt;
    return TerminalSize{*columns, *rows};
}

} // namespace

bool HandOver::operator==(const HandOver &other) const
{
    const auto size = [](const HandOver &handOver) {
        const TerminalSize known = handOver.terminal.value_or(TerminalSize{0, 0});
        return std::pair(known.columns, known.rows);
    };
    return arguments == other.arguments && workingFolder == other.workingFolder
        && size(*this) == size(other) && secrets == other.secrets && activation == other.activation;
}

QByteArray encoded(const HandOver &handOver)
{
    QJsonArray arguments;
    for (const std::string &argument : handOver.arguments)
        arguments.append(base64(QByteArray::fromStdString(argument)));
    QJsonObject json{
        {QStringLiteral("sendoff"), ownerProtocol},
        {QStringLiteral("run"), arguments},
        {QStringLiteral("folder"),
         base64(QByteArray::fromStdString(handOver.workingFolder.string()))}};
    if (handOver.terminal)
        json.insert(u"terminal",
                    QJsonObject{{QStringLiteral("columns"), handOver.terminal->columns},
                                {QStringLiteral("rows"), handOver.terminal->rows}});
    QJsonObject secrets;
    for (auto it = handOver.secrets.cbegin(); it != handOver.secrets.cend(); ++it)
        secrets.insert(QString::fromUtf8(it.key()), base64(it.value()));
    if (!secrets.isEmpty())
        json.insert(u"secrets", secrets);
    if (!handOver.activation.isEmpty())
        json.insert(u"activation", base64(handOver.activation));
    return lineOf(json);
}

QByteArray encoded(const OwnerWord &word)
{
    if (const auto *accepted = std::get_if<OwnerAccepted>(&word))
        return lineOf({{QStringLiteral("accepted"), accepted->process}});
    if (const auto *output = std::get_if<OwnerOutput>(&word)) {
        const bool isOut = output->stream == Output::Stream::Out;
        return lineOf({{isOut ? QStringLiteral("out") : QStringLiteral("err"),
                        base64(output->bytes)}});
    }
    if (const auto *exit = std::get_if<OwnerExit>(&word))
        return lineOf({{QStringLiteral("exit"), exit->code}});
    const auto found = std::find_if(refusalNames.begin(), refusalNames.end(),
                                    [&](const RefusalName &name) {
                                        return name.refusal == std::get<OwnerRefusal>(word);
                                    });
    return lineOf({{QStringLiteral("refused"), found->name.toString()}});
}

tl::expected<HandOver, OwnerRefusal> handOverFrom(const QByteArray &line)
{
    const auto json = objectFrom(line);
    const auto version = json ? integerFrom((*json)[u"sendoff"], 1, 1'000'000) : std::nullopt;
    if (!version)
        return tl::unexpected(OwnerRefusal::Unreadable);
    if (*version != ownerProtocol) // before the rest, which only that version knows
        return tl::unexpected(OwnerRefusal::OtherVersion);
    HandOver handOver;
    auto arguments = argumentsFrom((*json)[u"run"]);
    const auto folder = wordFrom((*json)[u"folder"]);
    const auto secrets = secretsFrom((*json)[u"secrets"]);
    const auto activation = bytesFrom((*json)[u"activation"]);
    if (!arguments || !folder || !folder->starts_with('/') || !secrets || !activation
        || !hasOnly(*json, {u"sendoff", u"run", u"folder", u"terminal", u"secrets", u"activation"}))
        return tl::unexpected(OwnerRefusal::Unreadable);
    handOver.arguments = std::move(*arguments);
    handOver.workingFolder = *folder;
    if (json->contains(u"terminal")) {
        handOver.terminal = terminalFrom((*json)[u"terminal"]);
        if (!handOver.terminal)
            return tl::unexpected(OwnerRefusal::Unreadable);
    }
    handOver.secrets = *secrets;
    handOver.activation = *activation;
    return handOver;
}

std::optional<OwnerWord> ownerWordFrom(const QByteArray &line)
{
    const auto json = objectFrom(line);
    if (!json || json->size() != 1)
        return std::nullopt;
    const QString name = json->constBegin().key();
    const QJsonValue value = json->constBegin().value();
    if (name == u"out" || name == u"err") {
        const auto bytes = fromBase64(value);
        if (!bytes)
            return std::nullopt;
        return OwnerOutput{name == u"out" ? Output::Stream::Out : Output::Stream::Error, *bytes};
    }
    if (name == u"accepted") {
        const auto process = integerFrom(value, 1, std::numeric_limits<int>::max());
        return process ? std::optional<OwnerWord>(OwnerAccepted{*process}) : std::nullopt;
    }
    if (name == u"exit") {
        const auto code = integerFrom(value, 0, 255);
        return code ? std::optional<OwnerWord>(OwnerExit{*code}) : std::nullopt;
    }
    const auto found =
        std::find_if(refusalNames.begin(), refusalNames.end(), [&](const RefusalName &refusal) {
            return name == u"refused" && value.toString() == refusal.name;
        });
    if (found == refusalNames.end())
        return std::nullopt;
    return found->refusal;
}

std::optional<QByteArray> LineReader::next()
{
    const qsizetype end = m_bytes.indexOf('\n', m_searched);
    if (end < 0) {
        m_searched = m_bytes.size();
        return std::nullopt;
    }
    m_searched = 0;
    const QByteArray line = m_bytes.left(end);
    m_bytes.remove(0, end + 1);
    return line;
}

} // namespace sendoff::app

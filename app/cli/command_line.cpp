// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"

#include <algorithm>

namespace sendoff::app {

namespace {

tl::unexpected<Error> badUsage(const QString &reason)
{
    return failure(Error(ErrorKind::BadUsage).with(argument::reason, reason));
}

const VerbSpec *findVerb(const QString &name)
{
    const QList<VerbSpec> &all = verbs();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const VerbSpec &verb) { return verb.name == name; });
    return found == all.end() ? nullptr : &*found;
}

// Verbs of two words ("presets list") are looked up first. Returns how many words were taken.
std::size_t takeVerb(std::span<const std::string> words, CommandLine &line)
{
    const QString first = QString::fromStdString(words[0]);
    if (words.size() > 1) {
        line.verb = findVerb(first + u' ' + QString::fromStdString(words[1]));
        if (line.verb)
            return 2;
    }
    line.verb = findVerb(first);
    return line.verb ? 1 : 0;
}

// Of a family its second word is what is not known.
std::string unknownVerb(std::span<const std::string> words)
{
    const QString family = QString::fromStdString(words[0]) + u' ';
    const bool isFamily = std::any_of(verbs().begin(), verbs().end(), [&](const VerbSpec &verb) {
        return verb.name.startsWith(family);
    });
    return isFamily && words.size() > 1 ? words[0] + ' ' + words[1] : words[0];
}

const OptionSpec *findOption(const VerbSpec *verb, const QString &name)
{
    if (!verb)
        return nullptr;
    const auto found = std::find_if(verb->options.begin(), verb->options.end(),
                                    [&](const OptionSpec &option) { return option.name == name; });
    return found == verb->options.end() ? nullptr : &*found;
}

// "--name=value" or "--name value".
struct GivenOption {
    QString name;
    std::optional<std::string> inlineValue;
};

GivenOption splitOption(const std::string &word)
{
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos)
        return {QString::fromStdString(word), std::nullopt};
    return {QString::fromStdString(word.substr(0, equals)), word.substr(equals + 1)};
}

bool takeGlobal(const GivenOption &given, CommandLine &line)
{
    if (given.name == u"--json")
        line.isJson = true;
    else if (given.name == u"--help" || given.name == u"-h")
        line.wantsHelp = true;
    else if (given.name == u"--version")
        line.wantsVersion = true;
    else
        return false;
    return true;
}

// What is neither a verb nor the name of a file is a slip of the pen, not a video for the window.
bool looksLikeFile(const std::string &word, const CommandLine &line)
{
    std::error_code code;
    return word.find_first_of("./") != std::string::npos
        || std::filesystem::exists(line.absolute(word), code);
}

Result<void> checkComplete(const CommandLine &line)
{
    if (!line.verb)
        return {};
    const auto count = static_cast<int>(line.operands.size());
    if (count < line.verb->minimumOperands)
        return badUsage(QStringLiteral("“%1” needs %2").arg(line.verb->name, line.verb->operands));
    if (line.verb->maximumOperands >= 0 && count > line.verb->maximumOperands)
        return badUsage(
            QStringLiteral("“%1” is one argument too many").arg(displayPath(line.operands.back())));
    for (const OptionSpec &option : line.verb->options) {
        if (option.isRequired && !line.has(option.name))
            return badUsage(QStringLiteral("“%1” needs %2 %3")
                                .arg(line.verb->name, option.name, option.value));
    }
    return {};
}

// Reads options and operands behind the verb.
class WordReader {
public:
    WordReader(std::span<const std::string> words, CommandLine &line) : m_words(words), m_line(line)
    {
    }

    Result<void> readAll(std::size_t from)
    {
        for (m_next = from; m_next < m_words.size();) {
            const std::string &word = m_words[m_next++];
            if (word == "--" && !m_onlyOperands)
                m_onlyOperands = true;
            else if (!m_onlyOperands && word.size() > 1 && word[0] == '-')
                SO_TRY_VOID(readOption(splitOption(word)));
            else
                m_line.operands.emplace_back(word);
        }
        return {};
    }

private:
    Result<std::string> valueOf(const GivenOption &given)
    {
        if (given.inlineValue)
            return *given.inlineValue;
        if (m_next >= m_words.size())
            return badUsage(QStringLiteral("%1 needs a value").arg(given.name));
        return m_words[m_next++];
    }

    Result<void> readOption(const GivenOption &given)
    {
        if (takeGlobal(given, m_line))
            return {};
        if (given.name == u"--profile") {
            SO_TRY(m_line.profile, valueOf(given));
            return {};
        }
        const OptionSpec *option = findOption(m_line.verb, given.name);
        if (!option)
            return badUsage(QStringLiteral("%1 is not an option%2")
                                .arg(given.name,
                                     m_line.verb ? QStringLiteral(" of “%1”").arg(m_line.verb->name)
                                                 : QString()));
        if (m_line.has(option->name) && !option->isRepeatable)
            return badUsage(QStringLiteral("%1 is given twice").arg(option->name));
        std::string value;
        if (!option->value.isEmpty())
            SO_TRY_VOID(takeValue(given, value));
        m_line.options[option->name].append(QString::fromStdString(value));
        m_line.paths[option->name] = value;
        return {};
    }

    Result<void> takeValue(const GivenOption &given, std::string &value)
    {
        SO_TRY(value, valueOf(given));
        if (value.empty())
            return badUsage(QStringLiteral("%1 needs a value").arg(given.name));
        return {};
    }

    std::span<const std::string> m_words;
    CommandLine &m_line;
    std::size_t m_next = 0;
    bool m_onlyOperands = false;
};

} // namespace

QString CommandLine::value(QStringView option, const QString &otherwise) const
{
    const QStringList given = values(option);
    return given.isEmpty() ? otherwise : given.last();
}

FilePath CommandLine::path(QStringView option) const
{
    const auto found = paths.find(option.toString());
    return found == paths.end() ? FilePath() : found->second;
}

CommandOrigin CommandOrigin::thisProcess()
{
    std::error_code code; // a folder that is gone: relative names are not found then
    FilePath folder = std::filesystem::current_path(code);
    return {code ? FilePath("/") : std::move(folder), transfer::secretVariablesOfThisProcess()};
}

Result<CommandLine> parseCommandLine(std::span<const std::string> arguments, CommandOrigin origin)
{
    CommandLine line;
    line.arguments.assign(arguments.begin(), arguments.end());
    line.origin = std::move(origin);
    if (const QByteArray profile = qgetenv("SENDOFF_PROFILE"); !profile.isEmpty())
        line.profile = profile.toStdString();
    // Options for every verb may stand before it.
    std::size_t verbAt = 0;
    while (verbAt < arguments.size() && arguments[verbAt].starts_with('-')
           && arguments[verbAt] != "--") {
        const GivenOption given = splitOption(arguments[verbAt]);
        if (given.name == u"--profile" && !given.inlineValue && verbAt + 1 < arguments.size())
            line.profile = arguments[++verbAt];
        else if (given.name == u"--profile" && given.inlineValue)
            line.profile = *given.inlineValue;
        else if (!takeGlobal(given, line))
            return badUsage(QStringLiteral("%1 is not an option").arg(given.name));
        ++verbAt;
    }
    if (verbAt == arguments.size())
        return line;
    const std::size_t words = takeVerb(arguments.subspan(verbAt), line);
    if (words == 0 && arguments[verbAt] != "--" && !looksLikeFile(arguments[verbAt], line))
        return badUsage(QStringLiteral("“%1” is not something Sendoff can do here")
                            .arg(displayPath(unknownVerb(arguments.subspan(verbAt)))));
    WordReader reader(arguments, line);
    SO_TRY_VOID(reader.readAll(verbAt + words));
    if (!line.wantsHelp)
        SO_TRY_VOID(checkComplete(line));
    return line;
}

QString helpText()
{
    QString text = QStringLiteral(
        "Sendoff: drop a video, get a link.\n\n"
        "Usage: sendoff [FILE...]             the window\n"
        "       sendoff VERB [OPTIONS]        sendoff VERB --help\n\n");
    qsizetype longest = 0;
    for (const VerbSpec &verb : verbs())
        longest = std::max(longest, verb.name.size());
    for (const VerbSpec &verb : verbs())
        text += QStringLiteral("  %1  %2\n").arg(verb.name.leftJustified(longest), verb.help);
    text += QStringLiteral(
        "\nWith every verb: --json (one object per line), --profile DIR (or SENDOFF_PROFILE).\n"
        "Exit codes: 0 all done, 1 something needs attention, 2 bad usage, 130 stopped.\n");
    return text;
}

QString helpText(const VerbSpec &verb)
{
    QString text = QStringLiteral("Usage: sendoff %1 %2\n\n%3\n").arg(verb.name, verb.operands, verb.help);
    for (const OptionSpec &option : verb.options) {
        const QString left = option.name + u' ' + option.value;
        text += QStringLiteral("  %1%2\n").arg(left.leftJustified(22), option.help);
    }
    return text;
}

} // namespace sendoff::app

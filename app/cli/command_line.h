// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The command line as values: verbs, their options, and what was given. File names stay the bytes
// that the shell passed.

#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/transfer/credentials.h"

#include <QByteArray>
#include <QMap>
#include <QString>
#include <QStringList>

#include <map>
#include <span>
#include <string>
#include <vector>

namespace sendoff::app {

struct OptionSpec {
    QString name; // with dashes: "--preset"
    QString value; // "ID"; empty = a switch
    QString help;
    bool isRequired = false;
    bool isRepeatable = false;
};

// Does a verb work with the queue? Then it runs in the process that owns the profile.
enum class QueueUse {
    None,
    Repeatable, // may be given again when the owner ends in the middle
    Once, // to do a part of it twice would be wrong
};

struct VerbSpec {
    QString name; // "export"; two words for families: "presets list"
    QString operands; // "FILE..."
    int minimumOperands = 0;
    int maximumOperands = 0; // -1 = any number
    QString help;
    QList<OptionSpec> options;
    QueueUse queueUse = QueueUse::None;
};

// Where a command was given; that need not be this process.
struct CommandOrigin {
    FilePath workingFolder; // absolute
    transfer::SecretVariables secrets; // of the environment

    static CommandOrigin thisProcess();
};

struct CommandLine {
    const VerbSpec *verb = nullptr; // null: help or version was asked for, or the window, with the
                                    // operands as its files
    bool wantsHelp = false;
    bool wantsVersion = false;
    bool isJson = false;
    FilePath profile; // empty = the user's own
    std::vector<FilePath> operands;
    QMap<QString, QStringList> options; // by name; a switch has one empty value
    std::vector<std::string> arguments; // all of it as given, for another process
    CommandOrigin origin;

    bool has(QStringView option) const { return options.contains(option.toString()); }
    QString value(QStringView option, const QString &otherwise = {}) const;
    QStringList values(QStringView option) const { return options.value(option.toString()); }
    FilePath path(QStringView option) const; // byte-exact
    // A name that was given, seen from where it was given.
    FilePath absolute(const FilePath &name) const { return origin.workingFolder / name; }
    std::map<QString, FilePath> paths; // the same values as bytes
};

// All verbs there are, in the order of the help.
const QList<VerbSpec> &verbs();

// `arguments` without the program's name. BadUsage with a reason.
Result<CommandLine> parseCommandLine(std::span<const std::string> arguments,
                                     CommandOrigin origin = CommandOrigin::thisProcess());

QString helpText();
QString helpText(const VerbSpec &verb);

} // namespace sendoff::app

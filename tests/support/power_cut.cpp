// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/power_cut.h"

#include <QFile>
#include <QHash>
#include <QMap>
#include <QRegularExpression>

#include <algorithm>
#include <filesystem>

using namespace Qt::StringLiterals;

namespace sendoff::test {

namespace {

struct FileState {
    qint64 size = 0; // as written
    qint64 durableSize = 0;
    bool isNameDurable = true; // it was there before, or its folder was synced since
    QString renamedFrom; // by a rename that is not durable
};

// Every call as one line: what strace splits while threads take turns is put together again. A
// call that never returned has not happened.
QStringList wholeCalls(const QByteArray &trace)
{
    static const QRegularExpression begun(u"^(\\d+) +(.*) <unfinished \\.\\.\\.>$"_s);
    static const QRegularExpression resumed(u"^(\\d+) +<\\.\\.\\. \\w+ resumed>(.*)$"_s);
    static const QRegularExpression whole(u"^\\d+ +(\\w+\\(.*)$"_s);
    QStringList calls;
    QHash<QString, QString> open; // by thread
    for (const QString &line : QString::fromUtf8(trace).split(u'\n')) {
        if (const auto first = begun.match(line); first.hasMatch())
            open.insert(first.captured(1), first.captured(2));
        else if (const auto rest = resumed.match(line); rest.hasMatch())
            calls.append(open.take(rest.captured(1)) + rest.captured(2));
        else if (const auto one = whole.match(line); one.hasMatch())
            calls.append(one.captured(1));
    }
    return calls;
}

class Disk {
public:
    explicit Disk(QString folder) : m_folder(std::move(folder)) {}

    void apply(const QString &call)
    {
        static const QRegularExpression shape(u"^(\\w+)\\((.*)\\) += (-?\\d+)"_s);
        static const QRegularExpression descriptor(u"^\\d+<([^>]*)>"_s);
        static const QRegularExpression name(u"\"((?:[^\"\\\\]|\\\\.)*)\""_s);
        const QRegularExpressionMatch match = shape.match(call);
        if (!match.hasMatch() || match.captured(3).toLongLong() < 0)
            return;
        const QString what = match.captured(1);
        const QString arguments = match.captured(2);
        const qint64 result = match.captured(3).toLongLong();
        const QString file = descriptor.match(arguments).captured(1);
        QStringList names;
        for (auto each = name.globalMatch(arguments); each.hasNext();)
            names.append(each.next().captured(1));
        if (what == u"openat" && !names.isEmpty() && arguments.contains(u"O_CREAT"))
            create(names.first());
        else if (what == u"write")
            grow(file, m_files.value(file).size + result);
        else if (what == u"pwrite64")
            grow(file, arguments.section(u',', -1).trimmed().toLongLong() + result);
        else if (what == u"copy_file_range")
            growByCopy(arguments, result);
        else if (what == u"ftruncate" && isOurs(file))
            m_files[file].size = arguments.section(u',', -1).trimmed().toLongLong();
        else if (what == u"fsync" || what == u"fdatasync")
            sync(file);
        else if (what.startsWith(u"rename") && names.size() == 2)
            rename(names[0], names[1]);
        else if (what.startsWith(u"unlink") && !names.isEmpty())
            m_files.remove(names.last());
        else if (what.startsWith(u"mkdir") && !names.isEmpty() && isOurs(names.last()))
            m_files[names.last()].isNameDurable = false;
    }

    // Folders come before what is in them: whatever is in a lost folder is lost.
    int cut(bool withZeros) const
    {
        int lost = 0;
        for (auto file = m_files.cbegin(); file != m_files.cend(); ++file) {
            const FilePath path = file.key().toStdString();
            if (!std::filesystem::exists(path))
                continue;
            if (!file->isNameDurable && file->renamedFrom.isEmpty()) {
                std::filesystem::remove_all(path);
                ++lost;
                continue;
            }
            if (file->size > file->durableSize && std::filesystem::is_regular_file(path)) {
                std::filesystem::resize_file(path, quint64(file->durableSize));
                if (withZeros)
                    std::filesystem::resize_file(path, quint64(file->size));
                ++lost;
            }
            if (!file->isNameDurable) {
                std::filesystem::rename(path, file->renamedFrom.toStdString());
                ++lost;
            }
        }
        return lost;
    }

private:
    bool isOurs(const QString &path) const { return path.startsWith(m_folder + u'/'); }

    void create(const QString &path)
    {
        if (!isOurs(path) || m_files.contains(path))
            return;
        FileState state;
        state.isNameDurable = false;
        m_files.insert(path, state);
    }
    void grow(const QString &path, qint64 end)
    {
        if (isOurs(path))
            m_files[path].size = std::max(m_files[path].size, end);
    }
    void growByCopy(const QString &arguments, qint64 bytes)
    {
        static const QRegularExpression target(u"\\], \\d+<([^>]*)>, \\[(\\d+)\\]"_s);
        const QRegularExpressionMatch match = target.match(arguments);
        if (match.hasMatch())
            grow(match.captured(1), match.captured(2).toLongLong() + bytes);
    }
    void sync(const QString &path)
    {
        if (m_files.contains(path))
            m_files[path].durableSize = m_files[path].size;
        for (auto file = m_files.begin(); file != m_files.end(); ++file) {
            if (file.key().section(u'/', 0, -2) == path) {
                file->isNameDurable = true;
                file->renamedFrom.clear();
            }
        }
    }
    void rename(const QString &from, const QString &to)
    {
        if (!isOurs(from) || !isOurs(to))
            return;
        const bool replaces = m_files.contains(to);
        FileState state = m_files.take(from);
        if (!replaces) {
            state.renamedFrom = from;
            state.isNameDurable = false;
        }
        m_files.insert(to, state);
    }

    QString m_folder;
    QMap<QString, FileState> m_files; // in the order of their names
};

} // namespace

QStringList tracedForPowerCut(const QString &log)
{
    return {u"strace"_s, u"-f"_s,  u"-qq"_s, u"-y"_s, u"-s"_s, u"4096"_s, u"-o"_s, log, u"-e"_s,
            u"trace=openat,write,pwrite64,copy_file_range,ftruncate,fsync,fdatasync,rename,"
            u"renameat,renameat2,unlink,unlinkat,mkdir,mkdirat"_s};
}

int cutPower(const QString &log, const FilePath &folder, bool withZeros)
{
    QFile trace(log);
    if (!trace.open(QIODevice::ReadOnly))
        return -1;
    Disk disk(QString::fromStdString(folder.string()));
    for (const QString &call : wholeCalls(trace.readAll()))
        disk.apply(call);
    return disk.cut(withZeros);
}

} // namespace sendoff::test

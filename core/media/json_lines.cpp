// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/json_lines.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace sendoff::media {

JsonLines::JsonLines(const QByteArray &json)
    : m_json(json)
{
    readValue({});
}

int JsonLines::lineOf(QString path) const
{
    while (!m_lines.contains(path) && !path.isEmpty())
        path.truncate(
            std::max<qsizetype>(0, std::max(path.lastIndexOf(u'.'), path.lastIndexOf(u'['))));
    return m_lines.value(path, 1);
}

int JsonLines::lineAt(const QByteArray &json, qsizetype offset)
{
    return 1 + int(json.left(offset).count('\n'));
}

void JsonLines::skipSpace()
{
    for (; m_at < m_json.size(); ++m_at) {
        const char c = m_json[m_at];
        if (c == '\n')
            ++m_line;
        else if (c != ' ' && c != '\t' && c != '\r')
            break;
    }
}

// At a quote. Escapes are left to QJsonDocument, so that keys compare as they are meant.
QString JsonLines::readText()
{
    const qsizetype begin = m_at;
    for (++m_at; m_at < m_json.size() && m_json[m_at] != '"'; ++m_at) {
        if (m_json[m_at] == '\\')
            ++m_at;
    }
    ++m_at;
    const QByteArray text = m_json.mid(begin, m_at - begin);
    return QJsonDocument::fromJson('[' + text + ']').array().first().toString();
}

void JsonLines::readValue(const QString &path)
{
    skipSpace();
    m_lines.insert(path, m_line);
    if (peek() == '{')
        return readObject(path);
    if (peek() == '[')
        return readArray(path);
    if (peek() == '"') {
        (void)readText(); // only to get behind it
        return;
    }
    while (m_at < m_json.size() && !QByteArrayView(",]} \t\r\n").contains(m_json[m_at]))
        ++m_at;
}

void JsonLines::readObject(const QString &path)
{
    ++m_at;
    for (skipSpace(); peek() == '"'; skipSpace()) {
        const int line = m_line;
        const QString key = readText();
        const QString inner = path.isEmpty() ? key : path + u'.' + key;
        if (m_lines.contains(inner) && !m_repeated)
            m_repeated = inner;
        skipSpace();
        ++m_at; // the colon
        readValue(inner);
        m_lines.insert(inner, line);
        skipSpace();
        if (peek() == ',')
            ++m_at;
    }
    ++m_at;
}

void JsonLines::readArray(const QString &path)
{
    ++m_at;
    skipSpace();
    for (int i = 0; m_at < m_json.size() && peek() != ']'; ++i) {
        readValue(path + QStringLiteral("[%1]").arg(i));
        skipSpace();
        if (peek() == ',')
            ++m_at;
        skipSpace();
    }
    ++m_at;
}

} // namespace sendoff::media

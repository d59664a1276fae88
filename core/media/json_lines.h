// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// JsonLines: on which line of a JSON text each key and element stands, which QJsonDocument forgets.
// Not for: reading values. Private to core/media.

#include <QByteArray>
#include <QHash>
#include <QString>

#include <optional>

namespace sendoff::media {

class JsonLines {
public:
    // `json` has been accepted by QJsonDocument.
    explicit JsonLines(const QByteArray &json);

    // Counted from 1. `path` as "video.encode.encoders[0].name"; the nearest parent's line where
    // there is no such path.
    int lineOf(QString path) const;
    // The first key that an object has twice, by its path.
    const std::optional<QString> &repeatedKey() const { return m_repeated; }

    static int lineAt(const QByteArray &json, qsizetype offset);

private:
    void readValue(const QString &path);
    void readObject(const QString &path);
    void readArray(const QString &path);
    QString readText();
    void skipSpace();
    char peek() const { return m_at < m_json.size() ? m_json[m_at] : '\0'; }

    QByteArray m_json;
    qsizetype m_at = 0;
    int m_line = 1;
    QHash<QString, int> m_lines;
    std::optional<QString> m_repeated;
};

} // namespace sendoff::media

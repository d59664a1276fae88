// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SchemaObject: reads a JSON object of a closed schema. Every key that was not asked for is a
// problem; the first problem is kept, with its line. Private to core/media.

#include "core/media/json_lines.h"

#include <QJsonObject>
#include <QList>
#include <QSet>
#include <QStringList>

#include <optional>

namespace sendoff::media {

class SchemaProblem {
public:
    explicit SchemaProblem(const QByteArray &json)
        : m_lines(json)
    {
    }
    // "line 12: unknown key “filters”"; the first call counts.
    void report(const QString &path, const QString &reason);
    const std::optional<QString> &first() const { return m_first; }
    const JsonLines &lines() const { return m_lines; }

private:
    JsonLines m_lines;
    std::optional<QString> m_first;
};

class SchemaObject {
public:
    // `problem` must outlive the object.
    SchemaObject(SchemaProblem &problem, QJsonObject json, QString path);

    // Each returns the fallback where the key is absent or wrong.
    QString text(QStringView key, const QString &fallback = {});
    QString word(QStringView key, const QStringList &allowed, const QString &fallback = {});
    double number(QStringView key, double least, double most, double fallback = 0);
    qint64 integer(QStringView key, qint64 least, qint64 most, qint64 fallback = 0);
    bool flag(QStringView key, bool fallback);
    QStringList texts(QStringView key, const QStringList &allowed = {}); // allowed empty: any
    std::optional<SchemaObject> object(QStringView key);
    QList<SchemaObject> objects(QStringView key);
    // Keys that the schema leaves to the caller, with texts and numbers as text.
    QList<std::pair<QString, QString>> entries();

    void require(QStringView key);
    void report(QStringView key, const QString &reason); // empty key: the object itself
    bool has(QStringView key) const { return m_json.contains(key); }
    // After all keys were asked for.
    void close();

private:
    QJsonValue take(QStringView key, QJsonValue::Type type, const QString &kind);
    QString pathOf(QStringView key) const;

    SchemaProblem *m_problem;
    QJsonObject m_json;
    QString m_path;
    QSet<QString> m_known;
};

} // namespace sendoff::media

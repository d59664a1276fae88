// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/schema_object.h"

#include "core/base/file_path.h"

#include <QJsonArray>

#include <cmath>
#include <utility>

namespace sendoff::media {

void SchemaProblem::report(const QString &path, const QString &reason)
{
    if (!m_first)
        m_first = QStringLiteral("line %1: %2").arg(m_lines.lineOf(path)).arg(reason);
}

SchemaObject::SchemaObject(SchemaProblem &problem, QJsonObject json, QString path)
    : m_problem(&problem)
    , m_json(std::move(json))
    , m_path(std::move(path))
{
}

QString SchemaObject::pathOf(QStringView key) const
{
    if (key.isEmpty())
        return m_path;
    return m_path.isEmpty() ? key.toString() : m_path + u'.' + key.toString();
}

void SchemaObject::report(QStringView key, const QString &reason)
{
    m_problem->report(pathOf(key), reason);
}

void SchemaObject::require(QStringView key)
{
    if (!has(key))
        report({}, QStringLiteral("“%1” is missing").arg(key));
}

// Undefined where the key is absent or of another type.
QJsonValue SchemaObject::take(QStringView key, QJsonValue::Type type, const QString &kind)
{
    m_known.insert(key.toString());
    const QJsonValue value = m_json.value(key);
    if (value.type() == type || value.isUndefined())
        return value;
    report(key, QStringLiteral("“%1” must be %2").arg(key, kind));
    return QJsonValue(QJsonValue::Undefined);
}

QString SchemaObject::text(QStringView key, const QString &fallback)
{
    return take(key, QJsonValue::String, QStringLiteral("a text")).toString(fallback);
}

QString SchemaObject::word(QStringView key, const QStringList &allowed, const QString &fallback)
{
    const QString value = text(key, fallback);
    if (!has(key) || allowed.contains(value))
        return value;
    report(key, QStringLiteral("“%1” must be one of: %2").arg(key, allowed.join(u", ")));
    return fallback;
}

double SchemaObject::number(QStringView key, double least, double most, double fallback)
{
    const QJsonValue value = take(key, QJsonValue::Double, QStringLiteral("a number"));
    if (value.isUndefined())
        return fallback;
    if (value.toDouble() >= least && value.toDouble() <= most)
        return value.toDouble();
    report(key,
           QStringLiteral("“%1” must be %2 to %3")
               .arg(key)
               .arg(QString::number(least, 'g', 12), QString::number(most, 'g', 12)));
    return fallback;
}

qint64 SchemaObject::integer(QStringView key, qint64 least, qint64 most, qint64 fallback)
{
    const double value = number(key, double(least), double(most), double(fallback));
    if (std::floor(value) != value)
        report(key, QStringLiteral("“%1” must be a whole number").arg(key));
    return qint64(value);
}

bool SchemaObject::flag(QStringView key, bool fallback)
{
    return take(key, QJsonValue::Bool, QStringLiteral("true or false")).toBool(fallback);
}

QStringList SchemaObject::texts(QStringView key, const QStringList &allowed)
{
    const QJsonValue list = take(key, QJsonValue::Array, QStringLiteral("a list of texts"));
    QStringList values;
    for (const QJsonValue value : list.toArray()) {
        const QString entry = value.toString();
        if (!value.isString() || entry.isEmpty())
            report(key, QStringLiteral("“%1” must be a list of texts").arg(key));
        else if (!allowed.isEmpty() && !allowed.contains(entry))
            report(key, QStringLiteral("“%1” may hold only: %2").arg(key, allowed.join(u", ")));
        values.append(entry);
    }
    return values;
}

std::optional<SchemaObject> SchemaObject::object(QStringView key)
{
    const QJsonValue value = take(key, QJsonValue::Object, QStringLiteral("an object"));
    if (value.isUndefined())
        return std::nullopt;
    return SchemaObject(*m_problem, value.toObject(), pathOf(key));
}

QList<SchemaObject> SchemaObject::objects(QStringView key)
{
    const QJsonValue list = take(key, QJsonValue::Array, QStringLiteral("a list of objects"));
    QList<SchemaObject> result;
    const QJsonArray values = list.toArray();
    for (qsizetype i = 0; i < values.size(); ++i) {
        if (!values[i].isObject())
            report(key, QStringLiteral("“%1” must be a list of objects").arg(key));
        result.append(SchemaObject(*m_problem, values[i].toObject(),
                                   pathOf(key) + QStringLiteral("[%1]").arg(i)));
    }
    return result;
}

QList<std::pair<QString, QString>> SchemaObject::entries()
{
    QList<std::pair<QString, QString>> result;
    for (auto it = m_json.constBegin(); it != m_json.constEnd(); ++it) {
        m_known.insert(it.key());
        if (it->isDouble())
            result.append({it.key(), QString::number(it->toDouble(), 'g', 12)});
        else if (it->isString())
            result.append({it.key(), it->toString()});
        else
            report(it.key(),
                   QStringLiteral("“%1” must be a text or a number").arg(escapedText(it.key())));
    }
    return result;
}

void SchemaObject::close()
{
    for (auto it = m_json.constBegin(); it != m_json.constEnd(); ++it) {
        if (!m_known.contains(it.key()))
            report(it.key(), QStringLiteral("unknown key “%1”").arg(escapedText(it.key())));
    }
}

} // namespace sendoff::media

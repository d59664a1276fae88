// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/numbered_name.h"

namespace sendoff::transfer {

QString numberedName(const QString &name, int number)
{
    if (number <= 1)
        return name;
    const qsizetype dot = name.lastIndexOf(u'.');
    QString numbered = name;
    return numbered.insert(dot > 0 ? dot : name.size(), QStringLiteral(" (%1)").arg(number));
}

} // namespace sendoff::transfer

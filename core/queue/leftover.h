// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Leftover: what a cancelled or restarted upload left at its destination and nobody needs any more.
// It is kept until it is removed there, also when its job is gone.

#include <QJsonObject>
#include <QString>

namespace sendoff::queue {

struct Leftover {
    QString id; // random
    QString place; // as in Recipe::destinations
    QString file; // displayed name of what was uploaded
    QJsonObject resume; // an upload session's state; holds bearer secrets

    bool operator==(const Leftover &) const = default;
};

} // namespace sendoff::queue

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ServerMemory: what one upload learns of a server for the next one. Kept no longer than the program
// runs.

#include "core/transfer/folder/folder_calls.h"
#include "core/transfer/refused_bodies.h"
#include "core/transfer/tus/tus_offers.h"

#include <QHash>
#include <QString>

#include <memory>

namespace sendoff::transfer {

// Network thread only.
struct ServerMemory {
    RefusedBodies refused;
    TusOffers tusOffers;
    QHash<QString, QString> folderMounts; // by folder: its mount point, both toStored()
    QHash<QString, std::shared_ptr<StuckCalls>> stuckFolders; // by folder
};

} // namespace sendoff::transfer

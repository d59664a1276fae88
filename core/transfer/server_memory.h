// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ServerMemory: what one upload learns of a server for the next one, and what its owner changes while
// uploads run. Kept no longer than the program runs.

#include "core/transfer/folder/folder_calls.h"
#include "core/transfer/refused_bodies.h"
#include "core/transfer/server_speeds.h"
#include "core/transfer/tus/tus_offers.h"

#include <QHash>
#include <QString>

#include <chrono>
#include <memory>

namespace sendoff::transfer {

// Network thread only.
struct ServerMemory {
    // By serverKey(): the clocks of servers before ours, where the difference mattered.
    QHash<QString, std::chrono::seconds> clocksAhead;
    // By destination: how many parts of a file go at once, as it was last set; before the first part
    // of an upload it is what its own configuration says.
    QHash<QString, int> partsAtOnce;
    RefusedBodies refused;
    ServerSpeeds speeds;
    TusOffers tusOffers;
    QHash<QString, QString> folderMounts; // by folder: its mount point, both toStored()
    QHash<QString, std::shared_ptr<StuckCalls>> stuckFolders; // by folder
};

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/destination.h"

namespace sendoff::transfer {

// Each in its own file in destinations/.
DestinationType shelfDestination();
DestinationType folderDestination();
DestinationType tusDestination();
DestinationType s3Destination();
DestinationType putDestination();

const QList<DestinationType> &destinationTypes()
{
    // A list on purpose: linkers drop what registers itself, and order matters in menus.
    static const QList<DestinationType> types{
        shelfDestination(),
        folderDestination(),
        tusDestination(),
        s3Destination(),
        putDestination(),
    };
    return types;
}

} // namespace sendoff::transfer

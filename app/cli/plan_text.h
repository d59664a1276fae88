// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What probe, plan and destinations say to people.

#include "core/media/media_info.h"
#include "core/media/plan.h"
#include "core/transfer/destination.h"

#include <QString>

namespace sendoff::app {

QString probeText(const media::MediaInfo &info, const QString &name);
QString planText(const media::ExportPlan &plan, const media::MediaInfo &info, const QString &name);
QString destinationTypeText(const transfer::DestinationType &type);

} // namespace sendoff::app

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// takeActivity: the Activity view of the real window over real work: two exports at once and three
// uploads to a real tus server, each through a proxy with a latency and a rate of its own. In every
// look that it must stand; on one core (taskset -c 0) only as such, under a name of its own.

namespace sendoff::test {

class Pictures;

void takeActivity(Pictures &pictures);

} // namespace sendoff::test

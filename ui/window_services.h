// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// WindowServices: the parts of a running Sendoff that the window shows and acts on. Plain pointers:
// the application owns them and outlives the window.

#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/media/preset.h"
#include "ui/window_settings.h"

#include <QCoroTask>
#include <QList>

#include <functional>
#include <stop_token>

namespace sendoff {
class WorkerPool;
namespace activity {
class Recorder;
}
namespace queue {
class Intake;
class JobQueue;
class JobRunner;
class NetworkThread;
class QueueCommands;
class Scheduler;
} // namespace queue
namespace transfer {
class DestinationStore;
class UploadLimitSetting;
}
} // namespace sendoff

namespace sendoff::ui {

// Makes one clip of “Try with a sample”, or finds the one of before.
using SampleMaker = std::function<QCoro::Task<Result<FilePath>>(std::stop_token)>;

struct WindowServices {
    queue::JobQueue *queue = nullptr;
    queue::QueueCommands *commands = nullptr;
    queue::Scheduler *scheduler = nullptr;
    queue::JobRunner *runner = nullptr;
    queue::Intake *intake = nullptr;
    queue::NetworkThread *network = nullptr;
    transfer::DestinationStore *destinations = nullptr;
    transfer::UploadLimitSetting *uploadLimit = nullptr;
    activity::Recorder *recorder = nullptr;
    WorkerPool *io = nullptr;
    QList<media::Preset> presets;
    FilePath shelfFolder; // where the Shelf keeps finished videos
    FilePath workFolder; // where exports are written
    WindowSettings settings; // of the last time
    QList<SampleMaker> samples;
};

} // namespace sendoff::ui

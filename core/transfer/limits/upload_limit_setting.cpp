// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/limits/upload_limit_setting.h"

#include "core/base/durable_file.h"
#include "core/base/run_on.h"

#include <utility>

namespace sendoff::transfer {

namespace {

constexpr qint64 largestSetting = 64 << 10;

// Blocking.
Result<void> writeSetting(const FilePath &file, const QByteArray &text)
{
    auto written = replaceFile(file, text, Durability::Synced);
    if (!written)
        return failure(Error(ErrorKind::StoreUnavailable, written.error().detail)
                           .with(argument::reason, QStringLiteral("the limit cannot be written"))
                           .with(argument::file, displayName(file)));
    return {};
}

} // namespace

UploadLimitSetting::UploadLimitSetting(FilePath file, WorkerPool *io)
    : m_file(std::move(file))
    , m_io(io)
{
}

QCoro::Task<Result<std::unique_ptr<UploadLimitSetting>>> UploadLimitSetting::open(FilePath file,
                                                                                  WorkerPool *io)
{
    std::unique_ptr<UploadLimitSetting> setting(new UploadLimitSetting(file, io));
    auto reading = runOn(
        *io,
        [file]() -> Result<QByteArray> {
            return readSmallFile(file, largestSetting).value_or(QByteArray());
        },
        {});
    SO_CO_TRY(const QByteArray text, co_await std::move(reading));
    setting->m_timetable =
        LimitTimetable::parse(QString::fromUtf8(text)).value_or(LimitTimetable());
    co_return setting;
}

QCoro::Task<Result<void>> UploadLimitSetting::set(LimitTimetable timetable)
{
    m_timetable = std::move(timetable);
    Q_EMIT changed();
    LimitTimetable stored;
    do { // again where it was changed meanwhile: what is written last is what holds
        stored = m_timetable;
        const QByteArray text = stored.toText().toUtf8() + '\n';
        auto writing = runOn(*m_io, [file = m_file, text] { return writeSetting(file, text); }, {});
        SO_CO_TRY_VOID(co_await std::move(writing));
    } while (!(stored == m_timetable));
    co_return Result<void>();
}

} // namespace sendoff::transfer

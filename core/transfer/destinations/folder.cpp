// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of this computer, or of anything that is mounted.

#include "core/transfer/destination.h"
#include "core/transfer/folder/folder_upload.h"

#include <utility>

namespace sendoff::transfer {

DestinationType folderDestination();

namespace {

constexpr qint64 folderPart = 8LL << 20; // a cancel and the progress come in between

Capabilities folderCapabilities()
{
    Capabilities capabilities;
    capabilities.takesAnyOrder = true;
    capabilities.maximumPart = folderPart;
    capabilities.linkMeaning =
        QStringLiteral("The file in that folder; who can open the folder can open it.");
    return capabilities;
}

Result<QMap<QString, QString>> folderOptionsFromUrl(const QUrl &url)
{
    const bool isHere = url.host().isEmpty() || url.host() == u"localhost";
    if (!isHere || !url.userInfo().isEmpty() || !url.path().startsWith(u'/')) {
        const QString reason = QStringLiteral("a folder is written as file:///folder");
        return failure(Error(ErrorKind::DestinationInvalid, reason).with(argument::reason, reason));
    }
    // Byte-exact: %ff in the address is a byte of the path.
    const QByteArray bytes =
        QByteArray::fromPercentEncoding(url.path(QUrl::FullyEncoded).toLatin1());
    const FilePath folder = bytes.toStdString();
    return QMap<QString, QString>{{QStringLiteral("folder"), toStored(folder)}};
}

FilePath folderOf(const DestinationConfig &config)
{
    const FilePath folder =
        fromStored(config.options.value(QStringLiteral("folder"))).lexically_normal();
    return folder.has_filename() ? folder : folder.parent_path(); // without the last separator
}

class FolderDestination final : public Destination {
public:
    FolderDestination(DestinationConfig config, const DestinationContext &context)
        : m_config(std::move(config))
        , m_place(folderOf(m_config), context)
    {
    }

    const DestinationConfig &config() const override { return m_config; }
    QCoro::Task<Result<Capabilities>> capabilities(std::stop_token) override
    {
        co_return folderCapabilities();
    }
    QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    open(UploadTarget target, QJsonObject resumeState, std::stop_token stop) override
    {
        if (resumeState.isEmpty())
            return FolderUpload::create(m_place, std::move(target), std::move(stop));
        return FolderUpload::restore(m_place, std::move(target), std::move(resumeState),
                                     std::move(stop));
    }
    QCoro::Task<Result<bool>> isStillDelivered(QJsonObject resumeState, qint64 size,
                                               std::stop_token stop) override
    {
        return FolderUpload::isComplete(m_place, std::move(resumeState), size, std::move(stop));
    }

private:
    DestinationConfig m_config;
    FolderPlace m_place;
};

Result<std::unique_ptr<Destination>> createFolder(DestinationConfig config,
                                                  DestinationContext context)
{
    return std::make_unique<FolderDestination>(std::move(config), context);
}

} // namespace

DestinationType folderDestination()
{
    DestinationType type;
    type.id = QStringLiteral("folder");
    type.title = QStringLiteral("Folder");
    type.help = QStringLiteral("A folder of this computer or of a disk that is mounted.");
    type.schemes = {QStringLiteral("file")};
    DestinationOption folder{.id = QStringLiteral("folder"), .title = QStringLiteral("Folder")};
    folder.help = QStringLiteral("Must exist; nothing in it is overwritten.");
    folder.kind = DestinationOption::Kind::Folder;
    folder.isRequired = true;
    type.options = {folder};
    type.capabilities = folderCapabilities();
    type.optionsFromUrl = folderOptionsFromUrl;
    type.create = createFolder;
    return type;
}

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The two tus requests that have a body: POST, which makes an upload, and PATCH, which goes on
// with one.

#include "core/shelf/tus_endpoint.h"
#include "core/shelf/upload_writer.h"

namespace sendoff::shelf {

// § POST of creation, creation-with-upload, creation-defer-length.
class CreationExchange final : public Exchange {
public:
    CreationExchange(TusEndpoint &endpoint, RequestHead head);
    std::optional<HttpReply> begin() override;
    std::optional<HttpReply> receive(QByteArrayView piece) override;
    HttpReply finish() override;
    void abandon() override;

private:
    std::optional<HttpReply> readHeaders();
    std::optional<HttpReply> chooseName();
    std::optional<HttpReply> checkLength() const;
    HttpReply forget(HttpReply reply);

    TusEndpoint &m_endpoint;
    const RequestHead m_head;
    ShelfCatalog::NewUpload m_wanted;
    std::optional<tus::Checksum> m_checksum;
    std::shared_ptr<Upload> m_upload;
    std::optional<UploadWriter> m_writer;
};

// § PATCH.
class PatchExchange final : public Exchange {
public:
    PatchExchange(TusEndpoint &endpoint, RequestHead head, std::shared_ptr<Upload> upload,
                  ConnectionControl &connection);
    ~PatchExchange() override;
    std::optional<HttpReply> begin() override;
    std::optional<HttpReply> receive(QByteArrayView piece) override;
    HttpReply finish() override;
    void abandon() override;

private:
    std::optional<HttpReply> checkOffset() const;
    std::optional<HttpReply> fixLength();

    TusEndpoint &m_endpoint;
    const RequestHead m_head;
    std::shared_ptr<Upload> m_upload;
    ConnectionControl &m_connection;
    std::optional<UploadWriter> m_writer;
    bool m_isActive = false;
};

} // namespace sendoff::shelf

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TusDestination: a place that speaks tus 1.0.0, whatever its settings are called.

#include "core/transfer/destination.h"
#include "core/transfer/tus/tus_server.h"

namespace sendoff::transfer {

class TusDestination final : public Destination {
public:
    // `known` is what the type says of itself; the server may narrow it.
    TusDestination(DestinationConfig config, TusServer server, Capabilities known);

    const DestinationConfig &config() const override { return m_config; }
    QUrl server() const override { return m_server.creationUrl; }
    QCoro::Task<Result<Capabilities>> capabilities(std::stop_token stop) override;
    QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    open(UploadTarget target, QJsonObject resumeState, std::stop_token stop) override;
    QCoro::Task<Result<bool>> isStillDelivered(QJsonObject resumeState, qint64 size,
                                               std::stop_token stop) override;

private:
    QCoro::Task<Result<TusOffer>> askOffer(std::stop_token stop);
    bool sendsParts() const { return m_server.partsAtOnce > 1 && m_offer.canConcatenate; }
    QCoro::Task<Result<std::unique_ptr<UploadSession>>>
    openWhole(UploadTarget target, QJsonObject resumeState, std::stop_token stop);

    DestinationConfig m_config;
    TusServer m_server;
    Capabilities m_known;
    TusOffer m_offer; // of the last question
};

} // namespace sendoff::transfer

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Secrets never reach a log, a detail or a screen: one function at every sink.

#include <QString>
#include <QUrl>

namespace sendoff {

// Replaces what looks like a secret: Authorization and cookie values, passwords and tokens in
// URLs and queries (X-Amz-Signature, access_token, upload_id, …), userinfo.
QString redacted(const QString &text);

// "https://host/…1a2b": scheme, host and port, and a short hash of the rest. For upload and
// session URLs, which are bearer secrets.
QString redactedUrl(const QUrl &url);

} // namespace sendoff

// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/transfer/fake_s3.h"

#include "tests/core/transfer/fake_s3_requests.h"

namespace sendoff::test {

FakeS3::FakeS3(Misbehave misbehave, S3Dialect dialect)
    : m_state(std::make_shared<State>())
{
    m_state->model.dialect = dialect;
    m_server.setResponder([state = m_state, misbehave](const ReceivedRequest &request) {
        const Ask ask = askOf(request);
        int before = 0;
        {
            const std::lock_guard lock(state->mutex);
            before = state->counts[ask]++;
            state->asked.append({ask, ask == Ask::Part ? partNumberOf(request) : 0});
        }
        if (misbehave) {
            if (auto script = misbehave(ask, request, before))
                return *std::move(script);
        }
        return rightThing(state, ask, before);
    });
}

// What a request changes, it changes when it is there as a whole.
Script FakeS3::rightThing(const std::shared_ptr<State> &state, Ask ask, int before)
{
    Script script;
    script.readBody();
    bool isLost = false;
    {
        const std::lock_guard lock(state->mutex);
        if (state->holdsParts && ask == Ask::Part && before > 0)
            script.hold();
        isLost = state->lost && *state->lost == std::pair(ask, before);
    }
    return script.respond([state, ask, isLost](const ReceivedRequest &request) {
        const std::lock_guard lock(state->mutex);
        const Script reply = state->model.serve(ask, request);
        return isLost ? Script().reset() : reply;
    });
}

transfer::DestinationConfig FakeS3::config() const
{
    transfer::DestinationConfig config;
    config.name = QStringLiteral("Bucket");
    config.type = QStringLiteral("s3");
    config.options = {{QStringLiteral("bucket"), QString::fromLatin1(fakeBucket)},
                      {QStringLiteral("endpoint"), m_server.url(QString()).toString()},
                      {QStringLiteral("path_style"), QStringLiteral("1")}};
    config.secrets = {{QStringLiteral("access_key"), "key"},
                      {QStringLiteral("secret_key"), "canary-secret-key"}};
    return config;
}

void FakeS3::set(const std::function<void(FakeS3Model &)> &change)
{
    const std::lock_guard lock(m_state->mutex);
    change(m_state->model);
}

QList<FakeS3::Asked> FakeS3::asked() const
{
    const std::lock_guard lock(m_state->mutex);
    return QList<Asked>(m_state->asked.cbegin(), m_state->asked.cend());
}

int FakeS3::count(Ask ask) const
{
    const std::lock_guard lock(m_state->mutex);
    const auto found = m_state->counts.find(ask);
    return found == m_state->counts.end() ? 0 : found->second;
}

QMap<int, QByteArray> FakeS3::parts() const
{
    const std::lock_guard lock(m_state->mutex);
    QMap<int, QByteArray> etags;
    if (const auto *upload = m_state->model.lastUpload()) {
        for (const auto &[number, part] : upload->parts)
            etags.insert(number, part.etag);
    }
    return etags;
}

QList<qint64> FakeS3::partSizes() const
{
    const std::lock_guard lock(m_state->mutex);
    QList<qint64> sizes;
    if (const auto *upload = m_state->model.lastUpload()) {
        for (const auto &[number, part] : upload->parts)
            sizes.append(part.size);
    }
    return sizes;
}

bool FakeS3::isCompleted() const
{
    const std::lock_guard lock(m_state->mutex);
    const auto *upload = m_state->model.lastUpload();
    return upload && upload->state == FakeS3Model::Upload::State::Complete;
}

QByteArray FakeS3::etag() const
{
    const std::lock_guard lock(m_state->mutex);
    const auto *upload = m_state->model.lastUpload();
    return upload ? m_state->model.etagOf(upload->parts) : QByteArray();
}

int FakeS3::openUploads() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->model.openUploads();
}

QMap<QByteArray, qint64> FakeS3::objects() const
{
    const std::lock_guard lock(m_state->mutex);
    QMap<QByteArray, qint64> sizes;
    for (const auto &[key, object] : m_state->model.objects)
        sizes.insert(key, object.size);
    return sizes;
}

void FakeS3::holdParts()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->holdsParts = true;
}

void FakeS3::loseReplyTo(Ask ask, int nth)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->lost = {ask, nth};
}

void FakeS3::damagePart(int number)
{
    const std::lock_guard lock(m_state->mutex);
    FakeS3Model::Part &part = m_state->model.lastUpload()->parts[number];
    part.md5 = QByteArray(32, '0');
    part.etag = part.md5;
}

QByteArray FakeS3::errorXml(const QByteArray &code)
{
    return "<Error><Code>" + code + "</Code></Error>";
}

Script FakeS3::error(int status, const QByteArray &code)
{
    Script script;
    return script.readBody().reply(status, errorXml(code));
}

} // namespace sendoff::test

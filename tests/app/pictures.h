// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Pictures: PNGs of the window in a folder, for people to look at.

#include "tests/app/window_fixture.h"

#include <QElapsedTimer>
#include <QImage>

#include <cstdio>
#include <functional>

namespace sendoff::test {

class Pictures {
public:
    explicit Pictures(QString folder) : m_folder(std::move(folder)) {}

    void take(WindowFixture &sendoff, const QString &name, QSize size = QSize(1280, 800))
    {
        sendoff.window().resize(size);
        QTest::qWait(300);
        save(sendoff.window().grab().toImage(), name);
    }
    void save(const QImage &image, const QString &name)
    {
        const QString path = QStringLiteral("%1/%2.png").arg(m_folder, name);
        if (!image.save(path))
            qFatal("%s cannot be written", qPrintable(path));
        std::printf("%s\n", qPrintable(path));
        std::fflush(stdout); // it takes minutes
    }

private:
    QString m_folder;
};

inline bool waitFor(const std::function<bool()> &condition, int seconds)
{
    QElapsedTimer timer;
    timer.start();
    while (!condition() && timer.elapsed() < seconds * 1000)
        QTest::qWait(50);
    return condition();
}

} // namespace sendoff::test

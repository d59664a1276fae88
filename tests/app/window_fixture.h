// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// WindowFixture: the whole program with its window in this process, on a fresh profile: the real
// queue, store, exports, network thread and Shelf. Not a model of any of them.

#include "app/window_session.h"
#include "app/translations.h"
#include "tests/support/scratch.h"
#include "ui/main_window.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>

#include <memory>

namespace sendoff::test {

class WindowFixture {
public:
    WindowFixture() { open(); }
    ~WindowFixture() { close(); }

    // As a user starts it; again after close(), on the same profile.
    void open(std::vector<FilePath> files = {})
    {
        app::CommandLine line;
        line.profile = scratch.profile();
        line.operands = std::move(files);
        m_session = std::make_unique<app::WindowSession>(line);
        QSignalSpy loaded(m_session.get(), &app::WindowSession::queueLoaded);
        m_session->start();
        if (!loaded.wait(60'000))
            qFatal("the window did not open");
    }
    void close()
    {
        if (!m_session)
            return;
        // Not QSignalSpy::wait(): that returns at once when the test has failed.
        bool isFinished = false;
        QObject::connect(m_session.get(), &app::WindowSession::finished, m_session.get(),
                         [&isFinished] { isFinished = true; });
        QElapsedTimer timer;
        timer.start();
        m_session->quit();
        while (!isFinished && timer.elapsed() < 60'000)
            QTest::qWait(20);
        if (!isFinished)
            qFatal("the window did not close");
        m_session.reset();
    }

    app::WindowSession &session() { return *m_session; }
    ui::MainWindow &window() { return *m_session->window(); }
    queue::JobQueue &queue() { return m_session->application()->queue(); }
    const queue::Job &job(int row) { return *queue().find(queue().order().at(row)); }
    int rows() { return int(queue().order().size()); }

    template <typename Widget> Widget *find(const char *objectName)
    {
        return window().findChild<Widget *>(QString::fromLatin1(objectName));
    }
    QString textOf(const char *bar)
    {
        QWidget *widget = find<QWidget>(bar);
        return widget->isVisible() ? widget->accessibleName() : QString();
    }
    // A button of a bar by its text; null where it does not stand there.
    QPushButton *button(const char *bar, const QString &text)
    {
        for (QPushButton *candidate : find<QWidget>(bar)->findChildren<QPushButton *>()) {
            if (candidate->isVisible() && candidate->text().remove(u'&') == text)
                return candidate;
        }
        return nullptr;
    }

    // As a file manager does it. Returns whether the window took the drop.
    bool drop(const std::vector<FilePath> &paths)
    {
        QMimeData data;
        QList<QUrl> urls;
        for (const FilePath &path : paths)
            urls.append(QUrl::fromEncoded(
                "file://" + QByteArray::fromStdString(path.string()).toPercentEncoding("/")));
        data.setUrls(urls);
        return drop(data);
    }
    bool drop(const QMimeData &data)
    {
        dragOver(data);
        const QPoint middle = window().rect().center();
        QDropEvent event(middle, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton,
                         Qt::NoModifier);
        QCoreApplication::sendEvent(&window(), &event);
        return event.isAccepted() && event.dropAction() == Qt::CopyAction;
    }
    void dragOver(const QMimeData &data)
    {
        const QPoint middle = window().rect().center();
        QDragEnterEvent enter(middle, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton,
                              Qt::NoModifier);
        QCoreApplication::sendEvent(&window(), &enter);
    }

    // Windows that are shown beside the main one: dialogs, messages.
    int otherWindows()
    {
        int count = 0;
        for (const QWidget *widget : QApplication::topLevelWidgets())
            count += widget->isVisible() && widget != &window() ? 1 : 0;
        return count;
    }

    Scratch scratch;

private:
    std::unique_ptr<app::WindowSession> m_session;
};

} // namespace sendoff::test

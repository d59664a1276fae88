// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// drag_source FILE...: a window of another program from which files are dragged, as from a file
// manager, which also offers to move them. Prints what the target did with them.
#include <QApplication>
#include <QDrag>
#include <QFile>
#include <QMimeData>
#include <QMouseEvent>
#include <QUrl>
#include <QWidget>

#include <cstdio>

namespace {

class Source : public QWidget {
public:
    explicit Source(QList<QUrl> urls) : m_urls(std::move(urls))
    {
        setWindowTitle(QStringLiteral("drag source"));
        setGeometry(0, 0, 200, 150);
    }

protected:
    void mouseMoveEvent(QMouseEvent *) override
    {
        auto *content = new QMimeData;
        content->setUrls(m_urls);
        auto *drag = new QDrag(this);
        drag->setMimeData(content);
        const Qt::DropAction done =
            drag->exec(Qt::CopyAction | Qt::MoveAction | Qt::LinkAction, Qt::MoveAction);
        std::printf("%s\n", done == Qt::CopyAction ? "copied" : done == Qt::IgnoreAction ? "ignored" : "other");
        std::fflush(stdout);
    }

private:
    QList<QUrl> m_urls;
};

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QList<QUrl> urls;
    for (int index = 1; index < argc; ++index)
        urls.append(QUrl::fromLocalFile(QFile::decodeName(argv[index])));
    Source source(urls);
    source.show();
    return QApplication::exec();
}

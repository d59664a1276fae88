// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icons.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <memory>

static void initializeIcons()
{
    Q_INIT_RESOURCE(desktop);
    Q_INIT_RESOURCE(icons); // a static library's resources; must stand outside of any namespace
}

namespace sendoff::ui {

namespace {

// Draws the SVG at the size and in the color that are asked for, so that nothing is ever scaled.
class TintedSvg : public QIconEngine {
public:
    TintedSvg(QString name, QColor color, QColor disabled)
        : m_name(std::move(name)), m_color(std::move(color)), m_disabled(std::move(disabled))
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const double ratio = painter->device()->devicePixelRatioF();
        const QPixmap pixels = scaledPixmap(rect.size() * ratio, mode, state, 1.0);
        painter->drawPixmap(rect, pixels);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    // `size` in device pixels.
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal) override
    {
        const QColor color = mode == QIcon::Disabled ? m_disabled : m_color;
        const QString key = QStringLiteral("sendoff-icon/%1/%2x%3/%4")
                                .arg(m_name)
                                .arg(size.width())
                                .arg(size.height())
                                .arg(color.name(QColor::HexArgb));
        QPixmap pixels;
        if (QPixmapCache::find(key, &pixels))
            return pixels;
        pixels = QPixmap(size);
        pixels.fill(Qt::transparent);
        QSvgRenderer drawing(fileOf(m_name));
        drawing.setAspectRatioMode(Qt::KeepAspectRatio);
        QPainter painter(&pixels);
        drawing.render(&painter);
        painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
        painter.fillRect(pixels.rect(), color);
        painter.end();
        QPixmapCache::insert(key, pixels);
        return pixels;
    }

    QIconEngine *clone() const override { return new TintedSvg(*this); }

    static QString fileOf(const QString &name)
    {
        return QStringLiteral(":/sendoff/icons/%1.svg").arg(name);
    }

private:
    QString m_name;
    QColor m_color;
    QColor m_disabled;
};

QIcon tinted(const QString &name, const QColor &color, const QColor &disabled)
{
    initializeIcons();
    const bool isThere = QFile::exists(TintedSvg::fileOf(name));
    Q_ASSERT_X(isThere, "icon", qPrintable(name));
    return isThere ? QIcon(new TintedSvg(name, color, disabled)) : QIcon();
}

} // namespace

QIcon icon(const QString &name, const QColor &color)
{
    return tinted(name, color, color);
}

QIcon icon(const QString &name, const QPalette &palette)
{
    return tinted(name, palette.color(QPalette::Active, QPalette::WindowText),
                  palette.color(QPalette::Disabled, QPalette::WindowText));
}

QIcon applicationIcon()
{
    initializeIcons();
    QIcon drawn;
    QSvgRenderer drawing(QStringLiteral(":/sendoff/desktop/org.sendoff.Sendoff.svg"));
    for (const int side : {16, 22, 24, 32, 48, 64, 96, 128, 256}) {
        QPixmap pixels(side, side);
        pixels.fill(Qt::transparent);
        QPainter painter(&pixels);
        drawing.render(&painter);
        painter.end();
        drawn.addPixmap(pixels);
    }
    return drawn;
}

} // namespace sendoff::ui
